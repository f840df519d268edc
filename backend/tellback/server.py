"""Serve the application over HTTP, to clients that are slow, broken or hostile.

waitress reads a whole request before a thread of the application hears of it, so a thousand phones in a
tunnel hold up nobody. What it lacks is added here: it is strict about where a request ends (a request that
two servers read differently lets one visitor's words arrive as another's), it gives up on a request that
does not arrive in time, and it finishes what it has begun when it is told to stop. Nothing here writes a
client's address anywhere: there is no access log.
"""

import errno
import logging
import math
import multiprocessing
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import connection
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from tellback.errors import SettingsError, Unavailable
from tellback.http.refusals import Refusal, RequestTimeout

# Requests answered at the same moment by one process. Each waits mostly for its database, whose pool
# (`db.POOL_SIZE`) is larger.
THREADS = 8
# Connections of one process, idle ones included. Below the 1,024 open files that most systems allow a
# process, so that the database can still be opened when all are taken.
CONNECTIONS = 800
# Seconds for a whole request, first byte to last. A story of 128 kB comes in 17 s over the slowest telephone
# link that NHS pages are tested on (GPRS, 60 kbit/s); who drips a byte a second is cut off.
REQUEST_DEADLINE = 30
# Seconds that a connection may idle between requests. Longer than the 60 s after which nginx closes one that
# it keeps to us, so that it never sends a request into a connection we are closing.
IDLE = 75
# Connections that the system takes for us while all threads are busy.
BACKLOG = 1024
# Seconds between looks for connections past their time.
CLEAN_UP_EVERY = 5
# Bytes of a request's head: browsers send about 1 kB, a long referrer and cookies 8 kB.
HEAD = 32 * 1024
# Bytes of a body. More than the application takes (`app.LARGEST_BODY`), so that
# application, in words and readable from other origins; beyond that, by the server before it is read.
BODY = 256 * 1024
# Seconds in which what has begun may finish after a signal to stop; below the 10 s after which Docker kills.
GRACE = 8
# With this a worker ends that could not make its application: another in its place would end likewise.
CANNOT_BEGIN = 3
# With this one whose database was away: another takes its place, after so many seconds.
CANNOT_BEGIN_YET = 4
BEGIN_AGAIN_AFTER = 2
# Seconds for which an address that is taken is asked for again: what workers of a service that was killed
# have begun may still hold it.
TAKEN_FOR = 2

logger = logging.getLogger(__name__)


class StrictParser(HTTPRequestParser):
    """Refuses with 400 what could be read as ending in two places, which waitress alone would guess at."""

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


class StayingTask(WSGITask):
    """Answers one request, and leaves the connection open after an answer that has no body.

    waitress hangs up after what gives no length. A 304 and a 204 end with their heads (RFC 9112, 6.3), and
    a reader or a proxy who comes again is mostly given one.
    """

    def set_close_on_finish(self) -> None:
        """Hang up when the answer is sent."""
        asks_to = self.request.headers.get("CONNECTION", "").lower() == "close" or self.version != "1.1"
        if self.has_body or asks_to:
            super().set_close_on_finish()


class PrivateChannel(HTTPChannel):
    """One connection. It never shows its client's address, not even in the log of a failure."""

    parser_class = StrictParser
    task_class = StayingTask
    error_task_class = Refusal
    request: StrictParser | None
    _active_at: float

    @property
    def last_activity(self) -> float:
        """When something last came or went, on the clock that nobody sets."""
        return self._active_at

    @last_activity.setter
    def last_activity(self, _wall_time: float) -> None:
        # waitress notes the time of day: set back, that kept idle connections until the day came again.
        self._active_at = time.monotonic()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def is_overdue(self, now: float) -> bool:
        """Tell whether its request has been arriving for too long (`now` is monotonic)."""
        return self.request is not None and now - self.request.started > REQUEST_DEADLINE

    def give_up(self) -> None:
        """Answer the request that does not come to its end with 408, after those before it, and hang up."""
        with self.requests_lock:
            late, self.request = self.request, None
            if late is None:
                return
            late.error = RequestTimeout("The request did not arrive in time")
            late.completed = True
            self.requests.append(late)
            if len(self.requests) == 1:
                self.server.add_task(self)

    def is_at_rest(self) -> bool:
        """Tell whether no request is arriving, being answered, or leaving."""
        return self.request is None and not self.requests and not self.total_outbufs_len


class Server(TcpWSGIServer):
    """waitress, with a deadline for each request and a stop that loses none."""

    channel_class = PrivateChannel
    stop_by: float | None = None
    # waitress would look for connections past their time by the time of day; `_turn` does, by another clock.
    next_channel_cleanup = math.inf
    next_look = 0.0

    def maintenance(self, now: float) -> None:
        """Close the connections that idled too long, and refuse requests that do not come to their end.

        `now` is monotonic.
        """
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_overdue(now):
                channel.give_up()

    def stop(self) -> None:
        """Take no new connections, finish what has begun, then end `run`. Safe within a signal handler."""
        self.stop_by = self.stop_by or time.monotonic() + GRACE
        self.pull_trigger()

    def run(self) -> None:
        """Serve until `stop` is called."""
        while self.stop_by is None:
            self._turn()
        self._take_in()
        self.del_channel()
        self.socket.close()
        while self.active_channels and time.monotonic() < self.stop_by:
            for channel in self.active_channels.values():
                channel.will_close = channel.will_close or channel.is_at_rest()
            self._turn()
        self.task_dispatcher.shutdown(timeout=max(0, self.stop_by - time.monotonic()))

    def _take_in(self) -> None:
        """Take the connections that wait, and what they sent: closing the listener would cut them off."""
        waiting = select.poll()
        waiting.register(self.socket, select.POLLIN)
        for _ in range(BACKLOG):
            if not waiting.poll(0):
                break
            self.handle_accept()
        self._turn(patience=0)

    def _turn(self, patience: float = 1) -> None:
        """Let every connection that can move do so, waiting for one at most so many seconds."""
        now = time.monotonic()
        if now >= self.next_look:
            self.next_look = now + self.adj.cleanup_interval
            self.maintenance(now)
        self.asyncore.loop(timeout=patience, map=self._map, use_poll=True, count=1)


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
    resting, until = threading.Event(), time.monotonic() + TAKEN_FOR
    while True:
        try:
            return socket.create_server((host, port), family=family, backlog=BACKLOG)
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
    limits = Adjustments(
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE,
        cleanup_interval=CLEAN_UP_EVERY,
        max_request_header_size=HEAD,
        max_request_body_size=BODY,
        inbuf_overflow=2 * BODY,  # above every body: what a patient tells never lies in a temporary file
        asyncore_use_poll=True,  # select() cannot watch more than 1,024 files
        clear_untrusted_proxy_headers=False,  # which proxies are trusted is the application's setting
        ident=None,  # the name of the server is nobody's business
    )
    server = Server(
        application,
        _sock=listener,
        bind_socket=False,
        sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        adj=limits,
    )

    def stop(*_signal: int | FrameType | None) -> None:
        stopping()
        server.stop()

    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, stop)
    ready()
    server.run()
    ended()


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
        if process.exitcode == CANNOT_BEGIN:
            self.failed = True
            self.stop()
            return
        if process.exitcode == CANNOT_BEGIN_YET:
            # It was said already, and each that tries would say it again.
            threading.Event().wait(BEGIN_AGAIN_AFTER)
        else:
            logger.error("A worker died (%s): another takes its place", process.exitcode)
        if not self.stopping:
            self.begin(process.name)


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
        sys.exit(CANNOT_BEGIN_YET)
    except Exception:
        logger.exception("The application cannot be made")
        sys.exit(CANNOT_BEGIN)
    _serve_here(application, listener, lambda: None, stopping, ended)
