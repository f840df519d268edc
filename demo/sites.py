"""Serves the invented websites: a few files each, from an origin of its own, as a hospital's server would."""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template

from demo.cast import PAGES, Site

HOST = "127.0.0.1"

# The strictest policy that the tag works under: our address in script-src and connect-src is all it asks for.
STRICT_POLICY = Template(
    "default-src 'none'; script-src $stories; connect-src $stories; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Server(ThreadingHTTPServer):
    """One website. It holds its port from the moment it is made, and answers once `start` was called."""

    daemon_threads = True

    def __init__(self, site: Site, port: int) -> None:
        """Take the port. Raises OSError when it is not to be had."""
        super().__init__((HOST, port), Handler)
        self.site = site
        self.origin = f"http://{HOST}:{port}"
        self.files: dict[str, tuple[str, bytes]] = {}
        self.policy = ""
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)

    def start(self, facts: Mapping[str, str]) -> None:
        """Read the site's files, put `facts` into its pages, and answer from now on."""
        for path in sorted((PAGES / self.site.folder).iterdir()):
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".html":
                text = Template(text).substitute(facts)
            address = "/" if path.name == "index.html" else f"/{path.name}"
            self.files[address] = (f"{kind}; charset=utf-8", text.encode())
        if self.site.strict:
            self.policy = STRICT_POLICY.substitute(facts)
        self.thread.start()

    def stop(self) -> None:
        """Answer no more, and give the port back."""
        if self.thread.is_alive():
            self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """Answers with one of the site's files."""

    server: Server
    protocol_version = "HTTP/1.1"
    # Seconds that a browser may keep a connection without asking for anything.
    timeout = 30

    def do_GET(self) -> None:
        """Give the file of this address."""
        found = self.server.files.get(self.path.partition("?")[0])
        kind, body = found or ("text/plain; charset=utf-8", b"There is no such page here. Go back to /")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-cache")
        if self.server.policy:
            self.send_header("Content-Security-Policy", self.server.policy)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 (the name that http.server looks for)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the terminal is for the person who runs the demo."""
