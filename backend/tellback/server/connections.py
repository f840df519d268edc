"""The connections of one process: how long each may take, and how all come to their end."""

import math
import select
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from tellback.http.refusals import Refusal, RequestTimeout
from tellback.server import limits
from tellback.server.reading import StrictParser

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment


class StayingTask(WSGITask):
    """Answers one request, and leaves the connection open after an answer that has no body.

    waitress hangs up after what gives no length. A 304 and a 204 end with their heads (RFC 9112, 6.3), and
    a reader or a proxy who comes again is mostly given one.
    """

    request: StrictParser

    def get_environment(self) -> "WSGIEnvironment":
        """What the application is given of the request."""
        if self.request.environ is None:
            self.request.environ = super().get_environment()
        return self.request.environ

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
        return self.request is not None and now - self.request.started > limits.REQUEST_DEADLINE

    def is_answered_at_once(self) -> bool:
        """Tell whether the answer to its first request is at hand, and nothing before it waits to leave.

        With much waiting, an answer is held up until the loop has sent some: the loop itself must not be.
        """
        first = self.requests[0]
        if first.error or first.command != "GET" or self.total_outbufs_len:
            return False
        return bool(self.server.at_hand(StayingTask(self, first).get_environment()))

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
    """waitress, with a deadline for each request and a stop that loses none.

    What the application has at hand is answered by the loop itself: to hand a request to a thread takes
    longer than to give kept bytes, and threads that all want the processor hold up one another.
    """

    channel_class = PrivateChannel
    stop_by: float | None = None
    # waitress would look for connections past their time by the time of day; `_turn` does, by another clock.
    next_channel_cleanup = math.inf
    next_look = 0.0

    def __init__(self, application: "WSGIApplication", *args: Any, **kwargs: Any) -> None:
        super().__init__(application, *args, **kwargs)
        self.at_hand = getattr(application, "at_hand", lambda _environ: False)
        self._loop = threading.get_ident()
        self._answered_next: deque[PrivateChannel] = deque()

    def add_task(self, channel: PrivateChannel) -> None:
        """Have the first request of a connection answered: by the loop if that is at hand, or by a thread."""
        if threading.get_ident() == self._loop and channel.is_answered_at_once():
            # Not here: whoever calls this holds the connection's lock.
            self._answered_next.append(channel)
        else:
            super().add_task(channel)

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
        self.stop_by = self.stop_by or time.monotonic() + limits.GRACE
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
        for _ in range(limits.BACKLOG):
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
        while self._answered_next:
            self._answered_next.popleft().service()
