"""Serve the application over HTTP, to clients that are slow, broken or hostile.

waitress reads a whole request before a thread of the application hears of it, so a thousand phones in a
tunnel hold up nobody. What it lacks is added here: it is strict about where a request ends (a request that
two servers read differently lets one visitor's words arrive as another's), it gives up on a request that
does not arrive in time, and it finishes what it has begun when it is told to stop. Nothing here writes a
client's address anywhere: there is no access log.
"""

import errno
import logging
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments

from tellback.errors import SettingsError, Unavailable
from tellback.server import limits
from tellback.server.connections import Server
from tellback.server.workers import Workers

logger = logging.getLogger(__name__)


def serve(
    factory: Callable[[], WSGIApplication],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    ready: Callable[[str], Any] = lambda _address: None,
    stopping: Callable[[], Any] = lambda: None,
    ended: Callable[[], Any] = lambda: None,
) -> None:
    """Serve what `factory` makes until SIGTERM or SIGINT, then finish the requests that have begun.

    `factory` is called once in each of the `workers` processes (one process, this one, when there is one), so
    that none shares a database connection. `port` 0 takes a free one. `ready` is called with the address,
    such as "http://127.0.0.1:8000", when connections are taken; of several processes, in the one that watches
    them. In each process that serves, `stopping` is called when it is told to stop, within a signal handler,
    and `ended` when its requests are answered. Raises SettingsError when the address is not to be had, and
    whatever `factory` raises; of several workers the failing one logs it, and all end with status 1.

    An application may tell by a method `at_hand` of a request's environ, without waiting for anything,
    whether it can answer it at once: such a request is answered before all others, and by no thread.
    """
    # How long the queue is, is no news; a warning for each waiting request would fill a disk.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    logging.getLogger("waitress").addFilter(_without_path)
    with listen(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}"
        if workers == 1:
            _serve_here(factory(), listener, lambda: ready(address), stopping, ended)
        else:

            def work() -> None:
                _work(factory, listener, stopping, ended)

            _serve_in_processes(work, listener, workers, lambda: ready(address))


def _without_path(record: logging.LogRecord) -> bool:
    """Take the path out of what waitress says of a request: a visitor may have written anything into it."""
    record.msg = str(record.msg).partition(" while serving ")[0]
    return True


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises SettingsError, with what to do, when the address stays taken or is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    resting, until = threading.Event(), time.monotonic() + limits.TAKEN_FOR
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=limits.BACKLOG)
        except (OSError, OverflowError) as error:
            taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
            if not taken or time.monotonic() >= until:
                raise SettingsError(
                    f"cannot listen on {host}, port {port} ({error}): choose by --host and --port"
                ) from error
        resting.wait(0.05)


def _serve_here(
    application: WSGIApplication,
    listener: socket.socket,
    ready: Callable[[], Any],
    stopping: Callable[[], Any],
    ended: Callable[[], Any],
) -> None:
    """Serve `application` from this process until a signal says stop."""
    adjustments = Adjustments(
        threads=limits.THREADS,
        connection_limit=limits.CONNECTIONS,
        channel_timeout=limits.IDLE,
        cleanup_interval=limits.CLEAN_UP_EVERY,
        max_request_header_size=limits.HEAD,
        max_request_body_size=limits.BODY,
        # Above every body: what a patient tells never lies in a temporary file.
        inbuf_overflow=2 * limits.BODY,
        asyncore_use_poll=True,  # select() cannot watch more than 1,024 files
        clear_untrusted_proxy_headers=False,  # which proxies are trusted is the application's setting
        ident=None,  # the name of the server is nobody's business
    )
    server = Server(
        application,
        _sock=listener,
        bind_socket=False,
        sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        adj=adjustments,
    )

    def stop(*_signal: int | FrameType | None) -> None:
        stopping()
        server.stop()

    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, stop)
    ready()
    server.run()
    ended()


def _serve_in_processes(
    work: Callable[[], None], listener: socket.socket, count: int, ready: Callable[[], Any]
) -> None:
    """Serve from `count` processes, each doing `work`, until a signal says stop."""
    workers = Workers(work, count, listener)
    for stopping in (signal.SIGTERM, signal.SIGINT):
        signal.signal(stopping, workers.stop)
    ready()
    workers.watch()
    if workers.failed:
        sys.exit(1)


def _work(
    factory: Callable[[], WSGIApplication],
    listener: socket.socket,
    stopping: Callable[[], Any],
    ended: Callable[[], Any],
) -> None:
    """Be one of several processes. Until it serves, a signal to stop ends it at once: nothing has begun."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        application = factory()
    except Unavailable as away:
        logger.warning("The application cannot be made yet: %s", away)
        sys.exit(limits.CANNOT_BEGIN_YET)
    except Exception:
        logger.exception("The application cannot be made")
        sys.exit(limits.CANNOT_BEGIN)
    _serve_here(application, listener, lambda: None, stopping, ended)
