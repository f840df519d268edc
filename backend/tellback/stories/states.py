"""The states of a story as words, and the only moves between them."""

from enum import StrEnum

import peewee

from tellback import clock
from tellback.db import is_postgresql
from tellback.errors import Conflict
from tellback.stories.models import Story
from tellback.stories.urgency import place, rank
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
    # Published, and not shown while something about it is settled.
    PAUSED = "paused"
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
    State.PUBLISHED: frozenset({State.REMOVED, State.PAUSED, State.WITHDRAWN}),
    State.PAUSED: frozenset({State.PUBLISHED, State.REMOVED, State.WITHDRAWN}),
    # Back to the desk when a second moderator, or a case, wants them read again.
    State.REJECTED: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.REMOVED: frozenset({State.IN_MODERATION, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


def hold(story: Story) -> None:
    """See the story as it is now, and let whoever else would change it wait until the transaction ends.

    For acts that must win whatever was read before: an author's withdrawal, the carrying out of a decision.
    """
    query = Story.select().where(Story.id == story.id)
    if is_postgresql():
        # SQLite lets one writer in anyway.
        query = query.for_update()
    story.__data__.update(query.get().__data__)


def require_move(story: Story, to: State) -> None:
    """Raise Conflict when the table has no such move from where the story stands."""
    if to not in MOVES[State(story.state)]:
        raise Conflict(
            f"A story that is {_said(story.state)} cannot become {_said(to)}.",
            extra={"state": story.state},
        )


def move(story: Story, to: State, *, revision: int | None = None, **changes: object) -> None:
    """Move a story on, with other columns changed in the same statement.

    `revision` is the one the caller read. Raises Conflict when the table has no such move, or when
    someone else changed the story since: the update is conditional, so two can never both win.
    """
    require_move(story, to)
    read = story.revision if revision is None else revision
    moved = {"state": to.value, "state_since": clock.now(), "revision": read + 1}
    # Only beneath a published story does an edit wait; where that is taken down, it is part of the story.
    values = {**moved, "edit_sent_at": None, **changes}
    if to in WAITING and story.state not in WAITING:
        values["waits_since"] = clock.now()
    changed = (
        Story.update({**values, "queue_rank": rank() if to in WAITING else None})
        .where(Story.id == story.id, Story.revision == read, Story.state == story.state)
        .execute()
    )
    if not changed:
        raise _overtaken(read)
    for name, value in values.items():
        setattr(story, name, value)


def touch(story: Story, revision: int, **changes: object) -> None:
    """Count a change that is no move (a redaction), with other columns changed in the same statement.

    Raises Conflict as `move` does.
    """
    values = {"revision": revision + 1, **changes}
    changed = Story.update(values).where(Story.id == story.id, Story.revision == revision).execute()
    if not changed:
        raise _overtaken(revision)
    if "criticality" in changes:
        place(story)
    for name, value in values.items():
        setattr(story, name, value)


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
