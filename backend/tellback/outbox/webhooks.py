"""A webhook: an event as JSON, signed as Standard Webhooks says (https://www.standardwebhooks.com), and sent.

One try takes ten seconds at most, follows no redirect, and reads little of what comes back.
"""

import contextlib
import http.client
import io
import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from standardwebhooks import Webhook

from tellback import __version__, clock
from tellback.outbox import guard
from tellback.outbox.guard import NoAnswer, Reach, Target, UnfitAddress
from tellback.outbox.models import OutboxMessage
from tellback.outbox.outcomes import Outcome, Tried

# Bytes of an answer that are read; only its status matters to us.
LARGEST_ANSWER = 64 * 1024


def _facts_alone(_kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    return facts


@dataclass(frozen=True)
class Endpoint:
    """Where a webhook goes, and the secret that it is signed with (`whsec_…`, base64).

    `body` makes the event's `data` of its kind and the facts of its row, at the moment it is sent.
    """

    url: str
    secret: str
    body: Callable[[str, dict[str, Any]], dict[str, Any]] = _facts_alone
    # Signs as well, while its receiver changes to the new one.
    old_secret: str | None = None


def send(message: OutboxMessage, endpoint: Endpoint, reach: Reach) -> Tried:
    """Try once to bring the event to its endpoint; what came of it.

    The body is `{"type", "timestamp", "data"}`: the event's kind, when it happened, and its facts.
    """
    event = {
        "type": message.kind,
        "timestamp": message.created_at.isoformat(),
        "data": endpoint.body(message.kind, message.payload),
    }
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    moment = clock.now()
    secrets = (endpoint.secret, *([endpoint.old_secret] if endpoint.old_secret else []))
    # Standard Webhooks: a receiver takes what any of several signatures fits.
    signature = " ".join(Webhook(secret).sign(message.message_id, moment, body) for secret in secrets)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Tellback/{__version__}",
        "webhook-id": message.message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }
    try:
        return _judge(_post(guard.read(endpoint.url, reach), headers, body.encode(), reach))
    except UnfitAddress as unfit:
        return Tried(Outcome.NOT_PUBLIC, unfit.detail)
    except NoAnswer:
        return Tried(Outcome.UNREACHABLE, "Its server's name is not known.")
    except TimeoutError:
        return Tried(Outcome.TOO_SLOW, f"Its server did not answer within {reach.seconds:g} seconds.")
    except ssl.SSLCertVerificationError:
        return Tried(Outcome.UNREACHABLE, "Its server's certificate is not valid for its name.")
    except http.client.HTTPException:
        return Tried(Outcome.ANSWERED_WRONG, "Its server answered something that is not HTTP.")
    except OSError as error:
        return Tried(Outcome.UNREACHABLE, f"Its server could not be reached ({type(error).__name__}).")


def _judge(status: int) -> Tried:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Tried(Outcome.SENT, status=status)
    if status == HTTPStatus.GONE:
        # Standard Webhooks: the receiver wants no more of them.
        return Tried(Outcome.GONE, "Its server says that it wants no more of them (410).", status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        said = f"Its server points elsewhere ({status}), where we do not follow."
        return Tried(Outcome.ANSWERED_WRONG, said, status)
    return Tried(Outcome.ANSWERED_WRONG, f"Its server answered {status}.", status)


def _post(target: Target, headers: dict[str, str], body: bytes, reach: Reach) -> int:
    """The status that the target answers. Raises TimeoutError, OSError or HTTPException when none came."""
    until = time.monotonic() + reach.seconds
    found = guard.addresses_of(target, reach)
    line = _Line(_connect(target, found, until, reach), until)
    try:
        line.send(_request(target, headers, body))
        answer = http.client.HTTPResponse(line, method="POST")  # type: ignore[arg-type]
        answer.begin()
        # Its status is known, and nothing else of it matters.
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer.read(LARGEST_ANSWER)
        return answer.status
    finally:
        line.hang_up()


def _request(target: Target, headers: dict[str, str], body: bytes) -> bytes:
    usual = (target.scheme, target.port) in (("https", 443), ("http", 80))
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.host}" if usual else f"Host: {target.host}:{target.port}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _connect(target: Target, found: list[tuple[str, int]], until: float, reach: Reach) -> socket.socket:
    """A connection to the first of these addresses that answers, by TLS in the name of the target."""
    failed: OSError | None = None
    for tried, where in enumerate(found):
        try:
            # To the address itself: to look its name up again could find another. Each has its share of time.
            line = socket.create_connection(where, timeout=_left(until) / (len(found) - tried))
            break
        except OSError as error:
            failed = error
    else:
        raise failed or ConnectionError
    if target.scheme != "https":
        return line
    try:
        line.settimeout(_left(until))
        return reach.tls().wrap_socket(line, server_hostname=target.host)
    except BaseException:
        line.close()
        raise


def _left(until: float) -> float:
    """Seconds until a moment. Raises TimeoutError when it has passed."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Line(io.RawIOBase):
    """A connection that ends at a moment, however slowly and steadily the other side goes on."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what has come. Raises TimeoutError when the moment has passed."""
        self._line.settimeout(_left(self._until))
        return self._line.recv_into(buffer)

    def send(self, request: bytes) -> None:
        """Send all of it. Raises TimeoutError when the moment has passed."""
        self._line.settimeout(_left(self._until))
        self._line.sendall(request)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads an answer from."""
        return io.BufferedReader(self)

    def hang_up(self) -> None:
        """End it, whatever is still to come."""
        self._line.close()
