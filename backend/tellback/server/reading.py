"""Where a request ends, read strictly."""

import time
from typing import TYPE_CHECKING

from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import RequestEntityTooLarge

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class StrictParser(HTTPRequestParser):
    """Refuses with 400 what could be read as ending in two places, which waitress alone would guess at."""

    # What the application is given of it, once that is made.
    environ: "WSGIEnvironment | None" = None

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.started = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        """Parse a request's head.

        Raises ParsingError (answered with 400) when it gives its length both ways or not in the way of its
        version (RFC 9112, 6.1: "ought to be handled as an error"), or names no host or several (3.2).
        """
        fields = [line.partition(b":") for line in header_plus.lower().split(b"\r\n")[1:]]
        names = [name.strip() for name, _, _ in fields]
        codings = [value.strip() for name, _, value in fields if name.strip() == b"transfer-encoding"]
        if codings not in ([], [b"chunked"]):
            raise ParsingError("Transfer-Encoding may be chunked, once, and nothing else")
        if codings and b"content-length" in names:
            raise ParsingError("Transfer-Encoding may not stand beside Content-Length")
        super().parse_header(header_plus)
        if codings and self.version != "1.1":
            raise ParsingError("Transfer-Encoding is of HTTP/1.1")
        if names.count(b"host") != 1 and self.version == "1.1":
            raise ParsingError("Host is wanted, once")

    def received(self, data: bytes) -> int:
        """Take in some bytes of a request and return how many; refuse a chunk that announces too much."""
        consumed = super().received(data)
        if getattr(self.body_rcv, "chunk_remainder", 0) > self.adj.max_request_body_size:
            self.error = RequestEntityTooLarge("A chunk is larger than a whole body may be")
            self.completed = True
        return consumed
