"""Public answers given again as the bytes that they are, compressed once, before Flask is asked.

A shared cache as RFC 9111 knows it, in each process. Nothing is given again for a whole second without a look
whether anything was written meanwhile (`edition.py`), so that what is published or taken down shows
everywhere within one, without any process telling another; while nothing was, an answer stands. Kept is what
says of itself that all may have it (`Cache-Control: public`), by what it says it varies by.
"""

import threading
import time
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from tellback import logs
from tellback.http.translations import first_of_ours

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Seconds after which one request looks whether it still stands, while others are given what is kept.
FRESH = 0.5
# Seconds after which nobody is given it unlooked, however slow that one is.
OVER = 0.9
# Seconds after which it is made anew whatever was written: some answers speak of today.
LONGEST = 60
# Bytes of all that a process keeps, and of one answer: some hundred pages.
MOST = 8 * 1024 * 1024
LARGEST = 512 * 1024
# Bytes that an answer takes besides its body and what it was asked by: its headers, twice.
_BESIDES = 4096
# Answers that are nobody else's business, or files that need no Flask to be cheap.
_NEVER = ("/admin", "/my-story", "/answer", "/static/")
# Writes after which everyone reads what they read before: a story is told to be moderated first.
_CHANGES_NOTHING = ("/api/v1/stories", "/tell")
# What an answer may vary by and yet be kept; what pages of other origins are given says so to all of them.
_MAY_VARY_BY = {"accept-encoding", "accept-language"}
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# Of the bytes that a 304 does not bring (RFC 9110, 15.4.5).
_OF_THE_BODY = {"content-length", "content-type", "content-encoding", "content-language"}
# Best first: what an answer is compressed by.
_ENCODINGS = ("br", "gzip")
# Characters of an `Accept-Encoding` that are read; a browser's has some twenty.
_LONGEST_ACCEPTED = 200
# Seconds between two requests of one page of another origin for one address that go the whole way: there it
# is noted whose pages are alive (`sightings.py`), at most once a minute.
_SEEN_EVERY = 60
_MOST_SEEN = 5_000
# Characters of an origin or a Referer that tell pages apart; a sender may write thousands.
_LONGEST_PAGE = 200

# Host, path, query, encoding, language of the reader (empty where the answer is the same to all).
Key = tuple[str, str, str, str, str]
# A page of another origin, and the path and the query that it asks for.
Page = tuple[str, str, str]

# Where a request bears the answer that is at hand for it.
AT_HAND = "tellback.at_hand"
# Where a request bears whether it looks if an answer still stands, which others are given meanwhile.
_LOOKS = "tellback.looks"


@dataclass
class Kept:
    """An answer: its headers with a body and without, the body, what it was made from, and when (seconds)."""

    headers: list[tuple[str, str]]
    headers_of_304: list[tuple[str, str]]
    body: bytes
    etag: str
    # The route that made it, for whoever notes requests.
    route: str
    # What of the database it was made from; None where nobody could say.
    edition: Hashable
    made_at: float
    # When it was last known to stand.
    stood_at: float
    # Until then all are given it; the first who comes later looks.
    until: float


class KeptAnswers:
    """A WSGI application that gives again what the one behind it answered to everybody."""

    def __init__(
        self,
        application: "WSGIApplication",
        now: Callable[[], float] = time.monotonic,
        edition: Callable[[], Hashable] = lambda: None,
    ) -> None:
        """Keep what `application` answers. `edition` says what of the database is read now; None: unknown."""
        self._application = application
        self._now = now
        self._edition = edition
        self._lock = threading.Lock()
        self._answers: dict[Key, Kept] = {}
        self._size = 0
        self._written_at = float("-inf")
        self._seen: dict[Page, float] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from what is kept, or ask the application, and keep what it says when all may have it."""
        if AT_HAND in environ:
            return _give(environ[AT_HAND], environ, start_response)
        if environ["REQUEST_METHOD"] != "GET":
            return self._write(environ, start_response)
        if _is_never_kept(environ):
            return self._application(environ, start_response)
        key = _key(environ)
        kept, now = self._kept_for(key), self._now()
        looks = environ.get(_LOOKS, False)
        if kept is None or self._sees(key, environ, now) or not self._stands(kept, now, looks):
            return self._ask(key, now, environ, start_response)
        return _give(kept, environ, start_response)

    def at_hand(self, environ: "WSGIEnvironment") -> bool:
        """Tell whether a request can be answered with no look at anything, so that nobody waits for it.

        If so, `environ` bears what is then given.
        """
        if environ["REQUEST_METHOD"] != "GET" or _is_never_kept(environ):
            return False
        key = _key(environ)
        kept, now = self._kept_for(key), self._now()
        if kept is None or self._is_to_be_seen(_page(key, environ), now):
            return False
        if not self._is_fresh(kept, now):
            # Whoever answers this one looks; those that came with it are given what is kept.
            environ[_LOOKS] = self._is_soon_fresh(kept, now)
            return False
        environ[AT_HAND] = kept
        return True

    def _kept_for(self, key: Key) -> Kept | None:
        return self._answers.get((*key[:4], "")) or self._answers.get(key)

    def _is_fresh(self, kept: Kept, now: float) -> bool:
        return now < kept.until and kept.stood_at > self._written_at

    def _write(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = self._application(environ, start_response)
        reads = environ["REQUEST_METHOD"] in ("HEAD", "OPTIONS")
        if not reads and environ.get("PATH_INFO") not in _CHANGES_NOTHING:
            # Whoever wrote reads what they wrote; other processes follow within the second.
            self._written_at = self._now()
        return answer

    def _is_soon_fresh(self, kept: Kept, now: float) -> bool:
        """Whether others are given an answer while one request looks if it stands: from now on they are."""
        over = min(kept.stood_at + OVER, kept.made_at + LONGEST)
        soon = now < over and kept.stood_at > self._written_at
        if soon:
            kept.until = kept.stood_at + OVER
        return soon

    def _stands(self, kept: Kept, now: float, looks: bool) -> bool:
        """Whether an answer may be given again: that was so a moment ago, or nothing was written since.

        `looks`: whether this request looks that others need not.
        """
        if self._is_fresh(kept, now) and not looks:
            return True
        if now >= kept.made_at + LONGEST:
            return False
        self._is_soon_fresh(kept, now)
        if kept.edition is None or kept.edition != self._edition():
            return False
        kept.stood_at, kept.until = now, now + FRESH
        return True

    def _ask(
        self, key: Key, now: float, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        said: list[Any] = []

        def hear(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = status, headers, exc_info

        # Before the answer is made: what is written meanwhile may be in it or not.
        edition = self._edition()
        # The whole answer, also for who has it already: it is for others, too, who say the same otherwise.
        asked = {name: value for name, value in environ.items() if name not in _CONDITIONS}
        asked |= {"HTTP_ACCEPT_ENCODING": key[3], "HTTP_ACCEPT_LANGUAGE": key[4]}
        answer = self._application(asked, hear)
        status, headers, exc_info = said
        varies_by = _kept_by(status, Headers(headers))
        if varies_by is None:
            start_response(status, headers, exc_info)
            return answer
        try:
            body = b"".join(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        without_body = [(name, value) for name, value in headers if name.lower() not in _OF_THE_BODY]
        etag = Headers(headers)["ETag"] or ""
        kept = Kept(headers, without_body, body, etag, _route(), edition, now, now, now + FRESH)
        self._keep(key if "accept-language" in varies_by else (*key[:4], ""), kept)
        return _given(kept, environ, start_response)

    def _keep(self, key: Key, kept: Kept) -> None:
        with self._lock:
            before = self._answers.get(key)
            if before and before.made_at > kept.made_at:
                # A slower thread must not bring back what was before.
                return
            self._drop(key)
            self._answers[key] = kept
            self._size += _weight(key, kept)
            while self._size > MOST:
                # The one that was made first.
                self._drop(next(iter(self._answers)))

    def _drop(self, key: Key) -> None:
        dropped = self._answers.pop(key, None)
        self._size -= _weight(key, dropped) if dropped else 0

    def _is_to_be_seen(self, page: Page | None, now: float) -> bool:
        """Whether a page of another origin asks for this for the first time in the minute."""
        return page is not None and now >= self._seen.get(page, float("-inf")) + _SEEN_EVERY

    def _sees(self, key: Key, environ: "WSGIEnvironment", now: float) -> bool:
        """The same, and whoever asks after this one does not for the first time."""
        page = _page(key, environ)
        if page is None or not self._is_to_be_seen(page, now):
            return False
        with self._lock:
            if len(self._seen) >= _MOST_SEEN:
                self._seen.clear()
            self._seen[page] = now
        return True


def _route() -> str:
    """The route that has just answered."""
    request = logs.asked.get()
    return request.route if request else ""


def _is_never_kept(environ: "WSGIEnvironment") -> bool:
    """Whether an answer is for one reader alone, or a part."""
    return (
        environ["PATH_INFO"].startswith(_NEVER) or "HTTP_AUTHORIZATION" in environ or "HTTP_RANGE" in environ
    )


def _page(key: Key, environ: "WSGIEnvironment") -> Page | None:
    """The page of another origin that asks; None where it is ours, or does not say."""
    page = environ.get("HTTP_ORIGIN") or environ.get("HTTP_REFERER")
    if not page or page.partition("://")[2].partition("/")[0] == key[0]:
        return None
    return page[:_LONGEST_PAGE], key[1], key[2]


def _key(environ: "WSGIEnvironment") -> Key:
    """What tells answers apart. Of what a reader accepts only what we have, so that most share one answer."""
    language = first_of_ours(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return (
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        _encoding(environ.get("HTTP_ACCEPT_ENCODING", "")[:_LONGEST_ACCEPTED]),
        language.tag if language else "",
    )


@lru_cache(1000)
def _encoding(accepted: str) -> str:
    """The encoding of ours that a reader can undo; empty for none."""
    can = parse_accept_header(accepted, Accept)
    return next((encoding for encoding in _ENCODINGS if can[encoding] > 0), "")


def _weight(key: Key, kept: Kept) -> int:
    """The bytes that an answer takes. Who asks chooses the key, and may ask for little at great length."""
    return len(kept.body) + sum(map(len, key)) + _BESIDES


def _kept_by(status: str, headers: Headers) -> set[str] | None:
    """What an answer that may be kept varies by; None of one that may not."""
    if not status.startswith("200") or "public" not in (headers["Cache-Control"] or ""):
        return None
    if "Set-Cookie" in headers or int(headers["Content-Length"] or LARGEST + 1) > LARGEST:
        return None
    varies_by = {name.strip().lower() for name in (headers["Vary"] or "").split(",") if name.strip()}
    return varies_by if varies_by <= _MAY_VARY_BY else None


def _give(kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """Give again what is kept, and say so to whoever notes requests."""
    if request := logs.asked.get():
        request.route, request.kept = kept.route, True
    return _given(kept, environ, start_response)


def _given(kept: Kept, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    has = environ.get("HTTP_IF_NONE_MATCH")
    if has and kept.etag and kept.etag in has:
        start_response("304 Not Modified", kept.headers_of_304)
        return []
    start_response("200 OK", kept.headers)
    return [kept.body]
