"""Moderators take down what a service said in public: a note with the reason stays in its place.

Authors and the systems that listen are told. What was said stays on record; the ledger is of stories
and knows neither replies nor changes.
"""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import webhook_events
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.outbox import messages
from tellback.replies.answering_back import AnswerState
from tellback.replies.changes import Review
from tellback.replies.models import AnswerBack, ChangeClaim, Reply, ServiceChange, StoryChange
from tellback.replies.states import ReplyState
from tellback.stories import contact, shelves
from tellback.stories.models import Story
from tellback.stories.states import State

_NOTHING = "This is not shown any more. Nothing was changed."


def reply(reply: Reply, by: Account, *, reason: str) -> None:
    """Take a published reply down, with what its story's author says of it.

    `reason` is a key of REMOVED_ANSWERS. Raises InvalidInput for another, NotAllowed, Conflict when it is not
    shown.
    """
    require(by, Action.DECIDE_REPLIES)
    require_no_interest(by, [reply.service.organisation])
    _check(reason)
    with transaction():
        removed = (
            Reply.update(state=ReplyState.REMOVED.value, removed_at=clock.now(), removed_reason=reason)
            .where(Reply.id == reply.id, Reply.state == ReplyState.PUBLISHED.value)
            .execute()
        )
        if not removed:
            raise Conflict(_NOTHING)
        shelves.put(reply.story)
        facts = {"reply": reply.public_id, "reason": reason}
        acts.record(acts.Act.REPLY_REMOVED, acts.staff(by.id), "story", reply.story.public_id, **facts)
        webhook_events.reply_removed(reply)
        answered = AnswerBack.select().where(
            AnswerBack.reply == reply, AnswerBack.state == AnswerState.PUBLISHED.value
        )
        _tell_author(reply.story, "reply_removed", reason, answered=answered.exists())


def change(change: ServiceChange, by: Account, *, reason: str) -> None:
    """Take down what is shown of a change, under every story. Raises as `reply`.

    Its service may say it anew: as any claim, a moderator reads it before it shows.
    """
    _require_decider(change, by)
    _check(reason)
    with transaction():
        removed = (
            ChangeClaim.update(review=Review.REMOVED.value, removed_at=clock.now(), removed_reason=reason)
            .where(ChangeClaim.change == change, ChangeClaim.review == Review.SHOWN.value)
            .execute()
        )
        if not removed:
            raise Conflict(_NOTHING)
        by_whom, facts = acts.staff(by.id), {"change": change.public_id, "reason": reason}
        acts.record(acts.Act.CHANGE_REMOVED, by_whom, "change", change.public_id, reason=reason)
        webhook_events.change_removed(change)
        links = list(StoryChange.select(StoryChange, Story).join(Story).where(StoryChange.change == change))
        shelves.put(*(link.story for link in links))
        for link in links:
            acts.record(acts.Act.CHANGE_REMOVED, by_whom, "story", link.story.public_id, **facts)
            # Under a story that a moderator has yet to read it for, it never stood.
            if link.shown_at:
                _tell_author(link.story, "change_removed", reason)


def unlink(change: ServiceChange, story: Story, by: Account) -> None:
    """Take one story from a change that does not answer it; the change stays under the others.

    Raises NotAllowed, NotFound when it does not stand there, Conflict when no other story would be left.
    """
    _require_decider(change, by)
    with transaction():
        links = StoryChange.select().where(StoryChange.change == change, StoryChange.shown_at.is_null(False))
        if not links.where(StoryChange.story == story).exists():
            raise NotFound("This change does not stand under that story.")
        if links.count() == 1:
            raise Conflict("It answers no other story. Take the change down, and say why.")
        StoryChange.delete().where(StoryChange.change == change, StoryChange.story == story).execute()
        shelves.put(story)
        by_whom = acts.staff(by.id)
        facts = {"change": change.public_id}
        acts.record(acts.Act.CHANGE_UNLINKED, by_whom, "story", story.public_id, **facts)
        acts.record(acts.Act.CHANGE_UNLINKED, by_whom, "change", change.public_id, story=story.public_id)


def _tell_author(story: Story, letter: str, reason: str, **facts: bool) -> None:
    """Write to a story's author, who can be written to, while they and everyone read what is under it."""
    if story.state == State.PUBLISHED and contact.is_known(story):
        messages.put(letter, "author", story.public_id, why=str(REMOVED_ANSWERS[reason]), **facts)


def _require_decider(change: ServiceChange, by: Account) -> None:
    require(by, Action.DECIDE_CHANGES)
    require_no_interest(by, [change.service.organisation])


def _check(reason: str) -> None:
    if reason not in REMOVED_ANSWERS:
        raise InvalidInput(errors={"reason": ["Choose why it is taken down. Everyone reads it."]})
