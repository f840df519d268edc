"""A moderator reads a service's reply: it becomes public here, or goes back with a note.

Those that showed at once (`fast_track`) are read afterwards.
"""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.organisations.models import Service
from tellback.replies import fast_track, going_on
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState, check_note, decided
from tellback.stories.models import Story
from tellback.stories.states import State


def publish(reply: Reply, by: Account) -> None:
    """Show the reply under its story and tell the author.

    Raises NotAllowed, or Conflict when someone else decided or the story is not public any more.
    """
    _require_decider(reply, by)
    story = reply.story
    if story.state != State.PUBLISHED:
        raise Conflict("The story is not public any more, so its reply cannot be shown.")
    with transaction():
        decided(reply, ReplyState.PUBLISHED, published_at=clock.now())
        acts.record(
            acts.Act.REPLY_PUBLISHED, acts.staff(by.id), "story", story.public_id, reply=reply.public_id
        )
        going_on.shows(reply, story)


def send_back(reply: Reply, by: Account, *, note: str) -> None:
    """Return the reply to whoever wrote it, saying what should change. Raises as `publish`."""
    _require_decider(reply, by)
    said = check_note(note)
    with transaction():
        decided(reply, ReplyState.RETURNED, note=said)
        acts.record(
            acts.Act.REPLY_RETURNED, acts.staff(by.id), "story", reply.story.public_id, reply=reply.public_id
        )


def read_afterwards(reply: Reply, by: Account) -> None:
    """Note that a reply which showed at once is good as it is. Raises as `publish`."""
    _require_decider(reply, by)
    with transaction():
        noted = (
            Reply.update(fast_track=fast_track.READ)
            .where(Reply.id == reply.id, Reply.fast_track == fast_track.UNREAD)
            .execute()
        )
        if not noted:
            raise Conflict("Someone else has read this reply already.")
        acts.record(
            acts.Act.REPLY_READ, acts.staff(by.id), "story", reply.story.public_id, reply=reply.public_id
        )


def unread() -> list[Reply]:
    """The replies that showed at once and that no moderator has read since, the first first."""
    query = Reply.select(Reply, Service, Story).join(Service).switch(Reply).join(Story)
    query = query.where(Reply.fast_track == fast_track.UNREAD, Reply.state == ReplyState.PUBLISHED.value)
    return list(query.order_by(Reply.published_at, Reply.id))


def _require_decider(reply: Reply, by: Account) -> None:
    require(by, Action.DECIDE_REPLIES)
    require_no_interest(by, [reply.service.organisation])
