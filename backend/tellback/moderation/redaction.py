"""Redaction: a span of the author's words that the public reads as something else, with a reason.

The author's words stay as told; what the public reads is made from them and the spans.
"""

from dataclasses import dataclass

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.moderation.models import Redaction
from tellback.screening import REASONS
from tellback.stories.models import Story, StoryVersion
from tellback.stories.states import State, touch
from tellback.stories.submission import TEXT_FIELDS, current_version

# What stands where words were taken out, unless the moderator writes better ("a nurse").
DEFAULT_REPLACEMENT = "[removed]"
LONGEST_REPLACEMENT = 100


@dataclass(frozen=True)
class Span:
    """A place in one field: code points from `start` up to, not including, `end`."""

    field: str
    start: int
    end: int


def redact(
    story: Story, revision: int, span: Span, *, reason: str, replacement: str, by: Account
) -> Redaction:
    """Have the public read `replacement` for a span of the story's current version.

    `revision` is the one the moderator read. Raises InvalidInput for a span outside the text, across
    another redaction, or a reason not in the list; Conflict when the story is decided or changed since.
    """
    version = _open_for_review(story, by)
    _check(version, span, reason)
    with transaction():
        touch(story, revision)
        redaction = Redaction.create(
            version=version,
            field=span.field,
            start=span.start,
            end=span.end,
            replacement=replacement.strip()[:LONGEST_REPLACEMENT] or DEFAULT_REPLACEMENT,
            reason=reason,
            made_by=by,
            made_at=clock.now(),
        )
        acts.record(
            acts.Act.STORY_REDACTED,
            acts.staff(by.id),
            "story",
            story.public_id,
            field=span.field,
            reason=reason,
            redaction=redaction.id,
        )
    return redaction


def redact_words(
    story: Story, revision: int, field: str, words: str, *, reason: str, replacement: str, by: Account
) -> int:
    """Redact every place where these exact words stand in a field; how many there were.

    Raises InvalidInput when they stand nowhere outside other redactions, else as `redact`.
    """
    version = _open_for_review(story, by)
    if field not in TEXT_FIELDS:
        raise InvalidInput(errors={"field": ["Choose a part of the story."]})
    taken = [(r.start, r.end) for r in of_version(version) if r.field == field]
    spans = [
        span
        for span in _places(getattr(version, field) or "", words.strip(), field)
        if not _crosses(span, taken)
    ]
    if not spans:
        raise InvalidInput(errors={"words": ["These words do not stand in that part of the story."]})
    with transaction():
        for span in spans:
            redact(story, story.revision if span is not spans[0] else revision, span,
                   reason=reason, replacement=replacement, by=by)  # fmt: skip
    return len(spans)


def undo(story: Story, revision: int, redaction_id: int, *, by: Account) -> None:
    """Take a redaction back. Raises NotFound for one of another story, Conflict as `redact` does."""
    version = _open_for_review(story, by)
    redaction = Redaction.get_or_none(Redaction.id == redaction_id, Redaction.version == version)
    if redaction is None:
        raise NotFound("This redaction is not on the story any more.")
    with transaction():
        touch(story, revision)
        redaction.delete_instance()
        acts.record(
            acts.Act.STORY_UNREDACTED,
            acts.staff(by.id),
            "story",
            story.public_id,
            field=redaction.field,
            reason=redaction.reason,
            redaction=redaction_id,
        )


def of_version(version: StoryVersion) -> list[Redaction]:
    """The redactions of a version in the order of its text."""
    found = list(version.redactions.order_by(Redaction.start))
    return sorted(found, key=lambda r: (TEXT_FIELDS.index(r.field), r.start))


def applied(text: str, redactions: list[Redaction]) -> str:
    """A field's text as the public reads it; `redactions` are those of this field, in any order."""
    parts, at = [], 0
    for redaction in sorted(redactions, key=lambda r: r.start):
        parts += [text[at : redaction.start], redaction.replacement]
        at = redaction.end
    return "".join([*parts, text[at:]])


def published_fields(version: StoryVersion) -> dict[str, str | None]:
    """Every field of a version as the public reads it."""
    redactions = of_version(version)
    return {
        field: applied(text, [r for r in redactions if r.field == field])
        if (text := getattr(version, field))
        else None
        for field in TEXT_FIELDS
    }


def _open_for_review(story: Story, by: Account) -> StoryVersion:
    require(by, Action.REDACT_STORIES)
    if story.state != State.IN_MODERATION:
        raise Conflict(
            "This story is not being read just now, so its words cannot be changed.",
            extra={"state": story.state},
        )
    return current_version(story)


def _check(version: StoryVersion, span: Span, reason: str) -> None:
    if reason not in REASONS:
        raise InvalidInput(errors={"reason": ["Choose a reason from the list."]})
    text = (getattr(version, span.field) or "") if span.field in TEXT_FIELDS else ""
    if not 0 <= span.start < span.end <= len(text):
        raise InvalidInput(errors={"words": ["These words do not stand in the story."]})
    if _crosses(span, [(r.start, r.end) for r in of_version(version) if r.field == span.field]):
        raise InvalidInput(errors={"words": ["Some of these words are redacted already. Undo that first."]})


def _crosses(span: Span, taken: list[tuple[int, int]]) -> bool:
    return any(span.start < end and start < span.end for start, end in taken)


def _places(text: str, words: str, field: str) -> list[Span]:
    spans, at = [], text.find(words) if words else -1
    while at >= 0:
        spans.append(Span(field, at, at + len(words)))
        at = text.find(words, at + len(words))
    return spans
