"""An OpenID provider on this machine, over real HTTP: an organisation's own sign-in, as it is and gone wrong.

It checks what a provider must (client, redirect, PKCE, a code used once) and signs with a key of its own. A
test bends what it signs by `claims` or `key`, to be what a broken or a hostile provider is.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet


class Provider:
    """A provider for one client; `person` is who signs in."""

    client_id, secret = "tellback", "a secret between the two"

    def __init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.published = self.key
        self.person: dict[str, Any] = {
            "sub": "u-1",
            "email": "ruth@hospital.example",
            "email_verified": True,
        }
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self._codes: dict[str, dict[str, str]] = {}
        # It looks often whether it should end, so that nobody waits for it.
        serving = {"poll_interval": 0.01}
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs=serving, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def configuration(self) -> dict[str, Any]:
        """What stands at .well-known/openid-configuration."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["ES256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }

    def keys(self) -> dict[str, Any]:
        """The public half of the key it says it signs with."""
        return dict(KeySet([self.published]).as_dict(private=False))

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes once its person has signed in there."""
        assert query["client_id"] == self.client_id
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(query["scope"].split())
        self.asked = query
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.issuer}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """An ID token for a code, once, to the client that asked for it."""
        wanted = base64.b64encode(f"{self.client_id}:{self.secret.replace(' ', '+')}".encode()).decode()
        plain = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        asked = self._codes.pop(form["code"], None)
        if authorization not in (f"Basic {wanted}", f"Basic {plain}") or asked is None:
            return 401, {"error": "invalid_client"}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge.rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.person,
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        signed = jwt.encode({"alg": "ES256", "kid": "one"}, told, self.key)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": signed}

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (the handler's self is another)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                pages: dict[str, Callable[[], dict[str, Any]]] = {
                    "/.well-known/openid-configuration": provider.configuration,
                    "/keys": provider.keys,
                }
                if path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(_flat(urlsplit(self.path).query)))
                    self.end_headers()
                else:
                    self._answer(200, pages[path]())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._answer(*provider.token(_flat(body), self.headers["Authorization"] or ""))

            def _answer(self, status: int, told: dict[str, Any]) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
