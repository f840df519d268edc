"""Who may call the API from a browser: any page may, and never with credentials.

A write is guarded by its origin (`origins.py`), not by CORS, so that a page which is not yet
allowed can read the problem that says how to be.
"""

from flask import Flask
from flask_cors import CORS

# Seconds for which a browser remembers that it may post JSON.
_PREFLIGHT_KEPT = 86_400


def init_app(app: Flask) -> None:
    """Open the API and the embed's file to pages of every origin, without cookies."""
    CORS(
        app,
        resources={
            r"/api/.*": {},
            r"/v1/.*": {},
            r"/\d+\.\d+\.\d+/.*": {},
            r"/openapi\.json": {},
            r"/oembed": {},
        },
        origins="*",
        send_wildcard=True,
        supports_credentials=False,
        allow_headers=["Content-Type", "Idempotency-Key", "Authorization"],
        expose_headers=["Location", "Retry-After", "ETag"],
        max_age=_PREFLIGHT_KEPT,
    )
