"""A reply goes on from its writer: to a moderator, or at once to everyone where `fast_track` lets it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.outbox import messages
from tellback.replies import fast_track
from tellback.replies.models import Reply
from tellback.replies.states import ReplyState
from tellback.stories import contact, shelves
from tellback.stories.models import Story
from tellback.stories.states import State, hold

_told: list[Callable[[Reply], None]] = []


def carry_on_due() -> None:
    """Let the replies go on whose time to be taken back is over."""
    due = Reply.select().where(Reply.state == ReplyState.WAITING.value, Reply.due_at <= clock.now())
    for reply in list(due.order_by(Reply.due_at, Reply.id)):
        try:
            go_on(reply)
        except Conflict:
            # Its writer, or another process, was first.
            continue


def bring_near(wait: timedelta, longest: timedelta) -> int:
    """Let replies wait from now on that wait for longer than any may: they were sent by a wrong clock.

    `wait` is how long one waits by the settings, `longest` the most that they allow. How many there were.
    """
    moment = clock.now()
    far = Reply.update(due_at=moment + wait).where(
        Reply.state == ReplyState.WAITING.value, Reply.due_at > moment + longest
    )
    return int(far.execute())


def go_on(reply: Reply) -> None:
    """End a reply's waiting: published, with a moderator, or kept where its story is public no more.

    Raises Conflict when it waits no more.
    """
    with transaction():
        story = Story.get_by_id(reply.story_id)
        hold(story)
        if story.state != State.PUBLISHED:
            end_waiting(reply, ReplyState.KEPT)
            _record(acts.Act.REPLY_KEPT, reply, story)
            return
        broken = fast_track.against(reply)
        if broken:
            end_waiting(reply, ReplyState.SUBMITTED)
            _record(acts.Act.REPLY_SENT_ON, reply, story, read_first_because=broken)
            return
        end_waiting(reply, ReplyState.PUBLISHED, published_at=clock.now(), fast_track=fast_track.UNREAD)
        held = [rule.slug for rule in fast_track.RULES]
        _record(acts.Act.REPLY_FAST_TRACKED, reply, story, because=held)
        shows(reply, story)


def end_waiting(reply: Reply, state: ReplyState, **changes: object) -> None:
    """Move a reply on from waiting, in the caller's transaction. Raises Conflict when it waits no more."""
    values: dict[str, Any] = {"state": state.value, "due_at": None, **changes}
    changed = (
        Reply.update(values).where(Reply.id == reply.id, Reply.state == ReplyState.WAITING.value).execute()
    )
    if not changed:
        raise Conflict("This reply has gone on already.")
    for name, value in values.items():
        setattr(reply, name, value)


def shows(reply: Reply, story: Story) -> None:
    """Tell of a reply that everyone can read from now on: its author, who left an address, and `on_shown`.

    And count it. In the transaction that shows it.
    """
    shelves.put(story)
    if contact.is_known(story):
        messages.put("reply_published", "author", story.public_id)
    for told in _told:
        told(reply)


def on_shown(function: Callable[[Reply], None]) -> None:
    """Have `function` told of each reply as it is shown, in the transaction that shows it."""
    _told.append(function)


def _record(act: acts.Act, reply: Reply, story: Story, **detail: Any) -> None:
    acts.record(act, acts.SYSTEM, "story", story.public_id, reply=reply.public_id, **detail)
