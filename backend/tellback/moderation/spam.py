"""Deciding about many stories at once: for advertising alone, which needs no careful reading.

A story is taken only where screening found advertising in it, nothing in it is urgent, and nobody else is
reading it. It is rejected like any other: its author reads why, and until it takes effect it can be undone.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.errors import Conflict, InvalidInput, Problem
from tellback.moderation import decisions, reading
from tellback.moderation.models import Decision
from tellback.stories.about import is_latest
from tellback.stories.models import Story, StoryFinding, StoryVersion

# The kind of finding, and the reason its author reads.
KIND = "spam"
REASON = "commercial"
# As many as one screen of the queue holds.
MOST = 50


@dataclass
class Outcome:
    """What became of the stories chosen: decisions, and for each that was left alone why, by its id."""

    decided: list[Decision] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)


def reject(chosen: dict[str, int], by: Account, *, wait: timedelta) -> Outcome:
    """Reject stories as advertising: `chosen` are their public ids, each with the revision that was shown.

    Each is decided by itself, so one that changed meanwhile holds up no other. Raises NotAllowed, and
    InvalidInput when none is chosen or more than a screen holds.
    """
    require(by, Action.DECIDE_STORIES)
    if not 0 < len(chosen) <= MOST:
        raise InvalidInput(errors={"stories": ["Tick the stories that advertise something."]})
    outcome = Outcome()
    for public_id, revision in chosen.items():
        try:
            outcome.decided.append(_reject(public_id, revision, by, wait))
        except Problem as problem:
            outcome.left[public_id] = problem.detail
    return outcome


def is_safe(urgency: int, found: dict[str, int]) -> bool:
    """Whether a story may be decided about with others: it advertises, and is not urgent."""
    return urgency == 0 and KIND in found


def _reject(public_id: str, revision: int, by: Account, wait: timedelta) -> Decision:
    story = Story.get_or_none(Story.public_id == public_id)
    if story is None or story.revision != revision:
        raise Conflict("Something happened to it since it was shown.")
    if others := reading.readers([story.id], besides=by):
        raise Conflict(f"{others[story.id][0].name} is reading it.")
    spam = StoryFinding.select().join(StoryVersion).where(StoryVersion.story == story, is_latest())
    found = spam.where(StoryFinding.kind == KIND, StoryFinding.dismissed_at.is_null()).exists()
    if not is_safe(story.urgency, {KIND: 1} if found else {}):
        raise Conflict("It is urgent, or no advertising was marked in it: read it by itself.")
    decisions.open_for_review(story, by)
    return decisions.reject(story, story.revision, by, reason=REASON, message="", wait=wait)
