"""The states of a story as words, and the only moves between them."""

from enum import StrEnum

import peewee

from tellback import clock
from tellback.errors import Conflict
from tellback.stories.models import Story
from tellback.translations.sentences import say


class State(StrEnum):
    """Where a story stands."""

    SUBMITTED = "submitted"
    IN_MODERATION = "in_moderation"
    AWAITING_AUTHOR = "awaiting_author"
    PUBLISHED = "published"
    RETURNED = "returned"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


# Waiting for a moderator.
WAITING = (State.SUBMITTED, State.IN_MODERATION)

MOVES: dict[State, frozenset[State]] = {
    State.SUBMITTED: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.IN_MODERATION: frozenset(
        {
            State.PUBLISHED,
            State.RETURNED,
            State.REJECTED,
            State.ESCALATED,
            State.AWAITING_AUTHOR,
            State.WITHDRAWN,
        }
    ),
    State.AWAITING_AUTHOR: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.ESCALATED: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.REMOVED, State.WITHDRAWN}),
    State.REJECTED: frozenset({State.WITHDRAWN}),
    State.REMOVED: frozenset({State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


def move(story: Story, to: State, *, revision: int | None = None, **changes: object) -> None:
    """Move a story on, with other columns changed in the same statement.

    `revision` is the one the caller read. Raises Conflict when the table has no such move, or when
    someone else changed the story since: the update is conditional, so two can never both win.
    """
    if to not in MOVES[State(story.state)]:
        raise Conflict(
            f"A story that is {_said(story.state)} cannot become {_said(to)}.",
            extra={"state": story.state},
        )
    read = story.revision if revision is None else revision
    values = {"state": to.value, "state_since": clock.now(), "revision": read + 1, **changes}
    changed = (
        Story.update(values)
        .where(Story.id == story.id, Story.revision == read, Story.state == story.state)
        .execute()
    )
    if not changed:
        raise _overtaken(read)
    for name, value in values.items():
        setattr(story, name, value)


def touch(story: Story, revision: int) -> None:
    """Count a change that is no move (a redaction). Raises Conflict as `move` does."""
    changed = (
        Story.update(revision=Story.revision + 1)
        .where(Story.id == story.id, Story.revision == revision)
        .execute()
    )
    if not changed:
        raise _overtaken(revision)
    story.revision = revision + 1


def in_states(*states: State) -> peewee.Expression:
    """The condition that a story is in one of these states."""
    return Story.state.in_([state.value for state in states])


def _said(state: str) -> str:
    return state.replace("_", " ")


def _overtaken(read: int) -> Conflict:
    return Conflict(
        say("Someone else worked on this story while you were reading. Nothing was changed; open it again."),
        extra={"revision": read},
    )
