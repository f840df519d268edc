"""Several processes that serve, and the one that watches them."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from multiprocessing import connection
from types import FrameType
from typing import Any

from tellback.server import limits

logger = logging.getLogger(__name__)


class Workers:
    """Processes that share one listening socket; one that dies is replaced.

    They end when the process that watches them does, whatever ended it: else they would hold the address, and
    go on without anyone to replace them.
    """

    def __init__(self, work: Callable[[], None], count: int, listener: socket.socket) -> None:
        # Forked, so that the socket and the settings read at the start come along.
        self.context = multiprocessing.get_context("fork")
        self.work = work
        self.listener = listener
        self.running: list[Any] = []
        self.stopping = False
        self.failed = False
        # Nothing is ever written to it. Only this process holds its other end open, for as long as it lives.
        self.watched, self.watching = os.pipe()
        for number in range(1, count + 1):
            self.begin(f"worker-{number}")

    def begin(self, name: str) -> None:
        """Start one more worker. One that takes a dead one's place takes its name, too."""
        process = self.context.Process(target=self._begun, name=name)
        process.start()
        self.running.append(process)

    def _begun(self) -> None:
        """Be a worker: as `work` says, and until nobody watches any more."""
        os.close(self.watching)
        threading.Thread(target=self._end_unwatched, daemon=True).start()
        self.work()

    def _end_unwatched(self) -> None:
        os.read(self.watched, 1)  # comes back when the other end is gone
        os.kill(os.getpid(), signal.SIGTERM)

    def stop(self, *_signal: int | FrameType | None) -> None:
        """Let every worker finish what it has begun, and then end."""
        self.stopping = True
        self.listener.close()  # else the system went on taking connections that nobody would answer
        for process in self.running:
            process.terminate()

    def watch(self) -> None:
        """Return when all workers have ended, replacing those that were not told to."""
        while self.running:
            connection.wait([process.sentinel for process in self.running])
            for process in [process for process in self.running if not process.is_alive()]:
                self.running.remove(process)
                if not self.stopping:
                    self._replace(process)

    def _replace(self, process: Any) -> None:
        """Start another in the place of a worker that died, unless another would die likewise."""
        if process.exitcode == limits.CANNOT_BEGIN:
            self.failed = True
            self.stop()
            return
        if process.exitcode == limits.CANNOT_BEGIN_YET:
            # It was said already, and each that tries would say it again.
            threading.Event().wait(limits.BEGIN_AGAIN_AFTER)
        else:
            logger.error("A worker died (%s): another takes its place", process.exitcode)
        if not self.stopping:
            self.begin(process.name)
