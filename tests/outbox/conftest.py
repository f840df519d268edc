"""A real SMTP server on loopback."""

import queue
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Inbox:
    """What an SMTP server received. It refuses the first `busy` letters for now, and what `says` names: by an
    address, or `DATA` for any letter, the words to refuse it with."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.arrived: queue.Queue[Any] = queue.Queue()
        self.busy = 0
        self.says: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 (its name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or refuse it."""
        if address in self.says:
            return self.says[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (its name)
        """Take a letter, or ask for it later."""
        if "DATA" in self.says:
            return self.says["DATA"]
        if self.busy:
            self.busy -= 1
            return "451 Please try again later"
        self.letters.append(envelope)
        self.arrived.put(envelope)
        return "250 Taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """A real SMTP server on a free port, with the URL to reach it."""
    inbox = Inbox()
    # The controller calls itself to see that it listens, so it must know its port beforehand.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox, f"smtp://127.0.0.1:{port}"
    controller.stop()
