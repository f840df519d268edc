"""A service's own system that takes webhooks: a real server with a certificate, on this machine."""

import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tellback.outbox.guard import Reach

NAME = "hooks.hospital.example"
TEN_MB = 10_000_000


@dataclass
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came in, and how to answer: a status, or a function that writes to the connection as it likes."""

    port: int = 0
    requests: list[Received] = field(default_factory=list)
    answer: int | Callable[[Any], None] = 204
    # Bytes of the answer that the other side let it send.
    written: int = 0

    @property
    def ids(self) -> list[str]:
        """The ids of all events that came, in their order."""
        return [request.headers["webhook-id"] for request in self.requests]

    def reach(self, **changes: Any) -> Reach:
        """A reach under which every name stands for this server, and this server counts as public."""
        usual: dict[str, Any] = {
            "admits": lambda address: address == ip_address("127.0.0.1"),
            "look_up": lambda _host, _port: [("127.0.0.1", self.port)],
            "schemes": frozenset({"http", "https"}),
        }
        return Reach(**usual | changes)


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate for NAME that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    form = serialization.PrivateFormat.PKCS8
    path = folder / "receiver.pem"
    path.write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()) + made.public_bytes(pem))
    return path


@contextlib.contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens on a free port until the block ends."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received = {name.lower(): value for name, value in self.headers.items()}
            receiver.requests.append(Received(self.path, received, body))
            if callable(receiver.answer):
                with contextlib.suppress(OSError):
                    receiver.answer(self)
                return
            self.send_response(receiver.answer)
            if 300 <= receiver.answer < 400:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Keep the tests' output to the tests."""

    class Server(ThreadingHTTPServer):
        # A handshake that fails is the other side's to tell.
        def handle_error(self, *_who: object) -> None:
            """Keep the tests' output to the tests."""

        def finish_request(self, request: Any, client_address: Any) -> None:
            if tls:
                request = tls.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)
            if tls:
                request.close()

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def ten_megabytes(receiver: Receiver) -> Callable[[Any], None]:
    """Answer 200 and far more than anybody reads."""

    def write(handler: Any) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Length: {TEN_MB}\r\n\r\n".encode())
        while receiver.written < TEN_MB:
            receiver.written += handler.wfile.write(b"x" * 50_000)

    return write


def drip(handler: Any) -> None:
    """Answer a byte at a time, for as long as anybody listens."""
    between = threading.Event()
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"." * 10_000:
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        between.wait(0.01)
