"""Whether this process is alive, and can do its work: for whoever restarts it, or sends it requests."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, jsonify

from tellback import db
from tellback.errors import SettingsError
from tellback.troubles import ERRORS, Trouble, trouble_of

log = logging.getLogger(__name__)

# Seconds for which an answer of /readyz stands: to find it writes to the disk, and anyone may ask.
_STANDS_FOR = 5
# Seconds after which whoever asks for what is not ready may ask again.
_ASK_AGAIN = 10
_WELL, _DEGRADED = "well", "degraded"
_EXTENSION = "tellback_readiness"
# Set once in the life of a process, when it is told to stop.
_stopping = threading.Event()


@dataclass(frozen=True)
class _Found:
    """What was found, part by part, and whether stories can be told."""

    ready: bool
    parts: dict[str, str]

    @property
    def state(self) -> str:
        if not self.ready:
            return "not ready"
        return "ready" if set(self.parts.values()) == {_WELL} else _DEGRADED


class _Readiness:
    """Looks at what the service needs, one thread at a time and at most every few seconds."""

    def __init__(self, require_schema: Callable[[], None]) -> None:
        self.beside: dict[str, Callable[[], bool]] = {}
        self._require_schema = require_schema
        self._lock = threading.Lock()
        self._found: _Found | None = None
        self._until = 0.0

    def begin_anew(self) -> None:
        """Look again when next asked, and at nothing beside the database."""
        self.beside.clear()
        self._found, self._until = None, 0.0

    def look(self) -> _Found:
        """What stands how."""
        if _stopping.is_set():
            # Whoever sends requests should send no more of them here, however well all stands.
            return _Found(False, {"service": "stopping"})
        with self._lock:
            if self._found is None or time.monotonic() >= self._until:
                before, self._found = self._found, self._look()
                self._until = time.monotonic() + _STANDS_FOR
                if before is not None and before.parts != self._found.parts:
                    # Words of our own alone: a driver's may hold an address or a password.
                    log.warning("now %s: %s", self._found.state, self._found.parts)
            return self._found

    def _look(self) -> _Found:
        parts = {"database": _database()}
        if parts["database"] == _WELL:
            parts["schema"] = self._schema()
        ready = set(parts.values()) == {_WELL}
        parts |= {name: _WELL if is_well() else _DEGRADED for name, is_well in self.beside.items()}
        return _Found(ready, parts)

    def _schema(self) -> str:
        try:
            self._require_schema()
        except SettingsError:
            return "of another release"
        except ERRORS as error:
            return str(trouble_of(error) or Trouble.AWAY)
        return _WELL


def init_app(app: Flask, require_schema: Callable[[], None]) -> None:
    """Answer /healthz and /readyz. `require_schema` raises SettingsError for one of another release."""
    app.extensions[_EXTENSION] = _Readiness(require_schema)

    @app.get("/healthz")
    def healthz() -> Response:
        # Without the database: a process that is started anew does not bring that back.
        return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})

    @app.get("/readyz")
    def readyz() -> Response:
        found = _readiness(current_app).look()
        answer = jsonify(state=found.state, **found.parts)
        answer.headers["Cache-Control"] = "no-store"
        if not found.ready:
            answer.status_code = 503
            answer.headers["Retry-After"] = str(_ASK_AGAIN)
        return answer


def stop() -> None:
    """Have /readyz say from now on that this process stops. Safe within a signal handler."""
    _stopping.set()


def parts(app: Flask) -> dict[str, bool]:
    """Whether each part that /readyz speaks of is well."""
    return {name: state == _WELL for name, state in _readiness(app).look().parts.items()}


def watch(app: Flask, name: str, is_well: Callable[[], bool]) -> None:
    """Have /readyz say how something else stands, without which stories can still be told."""
    _readiness(app).beside[name] = is_well


def forget(app: Flask) -> None:
    """Forget what was found a moment ago, and what was watched: as if the service had just started."""
    app.extensions[_EXTENSION].begin_anew()


def _readiness(app: Any) -> _Readiness:
    readiness: _Readiness = app.extensions[_EXTENSION]
    return readiness


def _database() -> str:
    """Whether something can be written, and is then on the disk."""
    try:
        db.try_writing()
    except ERRORS as error:
        return str(trouble_of(error) or Trouble.AWAY)
    return _WELL
