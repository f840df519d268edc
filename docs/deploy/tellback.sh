#!/bin/sh
# /usr/local/bin/tellback: the command line with the service's own settings and keys, as its own user. For root.
set -eu
umask 077
if [ "$(id -u)" -ne 0 ]; then echo "Run it as root: sudo tellback …" >&2; exit 1; fi
set -a
# shellcheck source=docs/deploy/tellback.env
. /etc/tellback/tellback.env
set +a
export TELLBACK_DATA_DIR="${TELLBACK_DATA_DIR:-/var/lib/tellback}"
for key in SECRET_KEY CONTACT_KEY LEDGER_KEY SMTP_URL; do
    file=/etc/tellback/keys/$(echo "$key" | tr '[:upper:]' '[:lower:]')
    export "TELLBACK_$key=$(cat "$file")"
done
cd /var/lib/tellback
exec runuser -u tellback -- /opt/tellback/bin/tellback "$@"
