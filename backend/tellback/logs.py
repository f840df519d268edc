"""What the log says: lines for people, or JSON for programs, each with the request that it belongs to.

It goes to standard error. A line never holds a word of a request: no address, no path, no query, no text of
an exception, which may quote one. What is no plain character is escaped, so that no line can be forged.
"""

import json
import logging
import multiprocessing
import re
import sys
import traceback
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

FORMATS = ("text", "json")
LEVELS = ("warning", "info")

# Control characters but the newline, and what some programs take for a newline.
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def new_id() -> str:
    """An id for a request: 32 hexadecimal digits."""
    return uuid.uuid4().hex


@dataclass
class Asked:
    """A request that is being answered: its id, and the route that answers it once that is known."""

    id: str = field(default_factory=new_id)
    # The route's template, such as `/stories/<story_id>`; empty where no route is asked.
    route: str = ""
    # Whether it is given an answer that was kept.
    kept: bool = False


asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def current_id() -> str:
    """The id of the request that is being answered here; empty beside one."""
    now = asked.get()
    return now.id if now else ""


def worker() -> str:
    """The name of this process among those that serve; one that takes a dead one's place has its name."""
    return multiprocessing.current_process().name


def begin(format_: str, level: str) -> None:
    """Write the log of this process to standard error from now on.

    `format_` is one of FORMATS. `level`, one of LEVELS, is ours alone: libraries are heard from WARNING on.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJSON() if format_ == "json" else AsText())
    # Where a line cannot be written, logging would print it elsewhere, with what was to be filled in.
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("tellback").setLevel(level.upper())


class _Formatter(logging.Formatter):
    """What both formats share. A record's `facts` (from `extra`) are members of its JSON."""

    def formatException(  # noqa: N802 (the name that logging calls)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """Where it happened and of what kind; an exception's own words may quote what a patient wrote."""
        kind, _error, trace = ei
        return "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")

    def _trace(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class AsText(_Formatter):
    """A line for people; what follows of the same record is indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Such as `2026-11-23T09:30:00.120Z error tellback.http.problems: database away … (request …)`."""
        said = "\n".join(filter(None, (record.getMessage(), self._trace(record))))
        first, *more = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], said).split("\n")
        first = f"{_moment(record)} {record.levelname.lower()} {record.name}: {first}"
        first += f" (request {current_id()})" if current_id() else ""
        return "\n    ".join([first, *more])


class AsJSON(_Formatter):
    """An object on one line, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Its members: time, level, logger, message, worker; request_id and trace where there are any."""
        said: dict[str, Any] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "worker": worker(),
        }
        if request_id := current_id():
            said["request_id"] = request_id
        if trace := self._trace(record):
            said["trace"] = trace
        return json.dumps(said | getattr(record, "facts", {}))


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
