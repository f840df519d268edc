"""Redaction: a span of the author's words that the public reads as something else, with a reason.

The author's words stay as told; what the public reads is made from them and the spans.
"""

from dataclasses import dataclass

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound
from tellback.moderation import waiting
from tellback.moderation.models import Redaction
from tellback.screening import REASONS
from tellback.stories.about import organisations_of
from tellback.stories.models import Story, StoryVersion
from tellback.stories.states import touch
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


@dataclass(frozen=True)
class Piece:
    """A stretch of a field: as told, as the public reads it, and the redaction where these differ."""

    told: str
    shown: str
    redaction: Redaction | None = None


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
    story: Story, revision: int, words: str, *, reason: str, replacement: str, by: Account
) -> int:
    """Redact these exact words wherever they stand in the story; in how many places they stood.

    A name taken out of the story and left in its title would still be a name, so all fields are
    looked through. Raises InvalidInput when the words stand nowhere outside other redactions, else
    as `redact`.
    """
    version = _open_for_review(story, by)
    taken = of_version(version)
    spans = [
        span
        for field in TEXT_FIELDS
        for span in _places(getattr(version, field) or "", words.strip(), field)
        if not _crosses(span, taken)
    ]
    if not spans:
        raise InvalidInput(errors={"words": ["These words do not stand in the story."]})
    with transaction():
        for span in spans:
            redact(story, revision, span, reason=reason, replacement=replacement, by=by)
            revision = story.revision
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


def pieces(text: str, redactions: list[Redaction]) -> list[Piece]:
    """A field's text cut where redactions begin and end; `redactions` are those of this field, in any order.

    What is told in the pieces together is the text, and what is shown what the public reads of it.
    """
    found, at = [], 0
    for redaction in sorted(redactions, key=lambda r: r.start):
        before, words = text[at : redaction.start], text[redaction.start : redaction.end]
        found += [Piece(before, before), Piece(words, redaction.replacement, redaction)]
        at = redaction.end
    rest = text[at:]
    return [piece for piece in [*found, Piece(rest, rest)] if piece.told or piece.shown]


def edited_fields(version: StoryVersion, redactions: list[Redaction] | None = None) -> dict[str, list[Piece]]:
    """Every told field of a version in pieces, in the order of its text; `redactions` are all of it."""
    redactions = of_version(version) if redactions is None else redactions
    return {
        field: pieces(text, [r for r in redactions if r.field == field])
        for field in TEXT_FIELDS
        if (text := getattr(version, field))
    }


def published_fields(
    version: StoryVersion, redactions: list[Redaction] | None = None
) -> dict[str, str | None]:
    """Every field of a version as the public reads it; `redactions` are all of it, where they are at hand."""
    shown: dict[str, str | None] = dict.fromkeys(TEXT_FIELDS)
    for field, found in edited_fields(version, redactions).items():
        shown[field] = "".join(piece.shown for piece in found)
    return shown


def _open_for_review(story: Story, by: Account) -> StoryVersion:
    require(by, Action.REDACT_STORIES)
    require_no_interest(by, organisations_of(story))
    waiting.require_open(story)
    return current_version(story)


def _check(version: StoryVersion, span: Span, reason: str) -> None:
    if reason not in REASONS:
        raise InvalidInput(errors={"reason": ["Choose a reason from the list."]})
    text = (getattr(version, span.field) or "") if span.field in TEXT_FIELDS else ""
    if not 0 <= span.start < span.end <= len(text):
        raise InvalidInput(errors={"words": ["These words do not stand in the story."]})
    if _crosses(span, of_version(version)):
        raise InvalidInput(errors={"words": ["Some of these words are redacted already. Undo that first."]})


def _crosses(span: Span, taken: list[Redaction]) -> bool:
    return any(r.field == span.field and span.start < r.end and r.start < span.end for r in taken)


def _places(text: str, words: str, field: str) -> list[Span]:
    spans, at = [], text.find(words) if words else -1
    while at >= 0:
        spans.append(Span(field, at, at + len(words)))
        at = text.find(words, at + len(words))
    return spans
