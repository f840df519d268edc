#!/bin/sh
# Stands in for certbot and Let's Encrypt where nobody can be reached from the open internet: it proves over HTTP
# that the webroot is served under the name, as they do, and gives a certificate of a CA that the walk made.
set -eu
while [ $# -gt 0 ]; do
    case $1 in
        -w) webroot=$2; shift ;;
        -d) name=$2; shift ;;
    esac
    shift
done
install -d "$webroot/.well-known/acme-challenge"
echo proven > "$webroot/.well-known/acme-challenge/token"
[ "$(curl --silent --fail "http://$name/.well-known/acme-challenge/token")" = proven ]
rm "$webroot/.well-known/acme-challenge/token"
install -d -m 0700 "/etc/letsencrypt/live/$name"
install -m 0600 /srv/certificates/fullchain.pem /srv/certificates/privkey.pem "/etc/letsencrypt/live/$name/"
echo "Successfully received certificate."
