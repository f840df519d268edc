"""Errors of the domains: raised by rules, rendered in one place (`http/problems.py`).

Each is a problem in the sense of RFC 9457. `title` and `detail` are read by patients
and webmasters, so they are plain sentences that say what to do.
"""

from typing import Any, ClassVar

from tellback.translations.sentences import say


class Problem(Exception):
    """Something a person asked that cannot be done, with what to do instead.

    `slug` ends the problem's `type` address; `detail` is a sentence for people;
    `errors` maps a field's name to sentences; `retry_after` is in seconds;
    `extra` holds further members of the JSON object. What is not `counted` uses up nobody's limits.
    """

    counted: ClassVar[bool] = True
    status: ClassVar[int] = 400
    slug: ClassVar[str] = "bad-request"
    title: ClassVar[str] = say("We could not read that request")

    def __init__(
        self,
        detail: str = "",
        *,
        errors: dict[str, list[str]] | None = None,
        retry_after: int | None = None,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        self.extra = extra or {}


class BadRequest(Problem):
    """The request itself is broken: JSON that does not parse, bytes that are no text."""


class InvalidInput(Problem):
    """One or more fields need another answer; `errors` names each."""

    status = 422
    slug = "invalid-input"
    title = say("Some answers need another look")


class KeyReused(Problem):
    """An idempotency key came back with another body: sent, then changed and sent again."""

    status = 422
    slug = "idempotency-key-reused"
    title = say("You have already sent this story")


class NotSignedIn(Problem):
    """A token or a session is missing, wrong or over."""

    status = 401
    slug = "not-signed-in"
    title = say("We could not tell who you are")


class NotAllowed(Problem):
    """The person is known and may not do this."""

    status = 403
    slug = "not-allowed"
    title = say("You may not do this")


class OriginNotAllowed(NotAllowed):
    """A browser sent a story from a page that no website of ours allows."""

    slug = "origin-not-allowed"
    title = say("This page may not send stories yet")


class NotFound(Problem):
    """There is nothing here, or nothing that is public."""

    status = 404
    slug = "not-found"
    title = say("We could not find that")


class Gone(Problem):
    """It was here, and was taken away for good."""

    status = 410
    slug = "gone"
    title = say("It was erased")


class Conflict(Problem):
    """Someone else acted first, or the state does not allow this move."""

    status = 409
    slug = "conflict"
    title = say("Something changed in the meantime")


class TooLarge(Problem):
    """The request is bigger than any story."""

    status = 413
    slug = "too-large"
    title = say("That is more than we can take in one go")


class WrongHost(Problem):
    """The request is for another host than this service answers by."""

    status = 421
    slug = "wrong-host"
    title = say("There is nothing by this name here")


class TooManyRequests(Problem):
    """A limit was reached; `retry_after` says for how long."""

    status = 429
    slug = "too-many-requests"
    title = say("Please wait a little")


class Unavailable(Problem):
    """The service cannot answer just now; nothing was stored by halves."""

    counted = False
    status = 503
    slug = "unavailable"
    title = say("We cannot answer just now")


class SettingsError(Exception):
    """A setting is missing, unknown or malformed; the message names it and says what to write."""


class NotDone(Exception):
    """What an operator asked could not be done, and nothing is half done; the message says what to do."""
