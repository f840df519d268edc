"""A moderator reads what an author answers to a reply: it shows beneath it, or they read why not."""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import matching
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.outbox import messages
from tellback.replies.answering_back import AnswerState, decided
from tellback.replies.models import AnswerBack
from tellback.replies.responding import ReplyState, check_note
from tellback.stories import contact, shelves
from tellback.stories.about import organisations_of
from tellback.stories.states import State


def publish(answer: AnswerBack, by: Account) -> None:
    """Show it beneath the reply; its author is told, and the services that the story is about.

    Raises NotAllowed, or Conflict when someone else decided or the reply is not public any more.
    """
    _require_decider(answer, by)
    story = answer.reply.story
    if story.state != State.PUBLISHED or answer.reply.state != ReplyState.PUBLISHED:
        raise Conflict("The reply is not public any more, so what its author answers cannot be shown.")
    with transaction():
        decided(answer, AnswerState.PUBLISHED, published_at=clock.now())
        shelves.put(story)
        _record(answer, acts.Act.ANSWER_PUBLISHED, by)
        matching.author_answered(story, answer.reply)
        if contact.is_known(story):
            messages.put("answer_published", "author", story.public_id)


def reject(answer: AnswerBack, by: Account, *, note: str) -> None:
    """Do not show it; `note` is why, as its author reads it. Raises as `publish`, and InvalidInput."""
    _require_decider(answer, by)
    said, story = check_note(note), answer.reply.story
    with transaction():
        decided(answer, AnswerState.REJECTED, note=said)
        _record(answer, acts.Act.ANSWER_REJECTED, by)
        if contact.is_known(story):
            messages.put("answer_not_published", "author", story.public_id)


def _record(answer: AnswerBack, act: acts.Act, by: Account) -> None:
    facts = {"reply": answer.reply.public_id, "answer": answer.public_id}
    acts.record(act, acts.staff(by.id), "story", answer.reply.story.public_id, **facts)


def _require_decider(answer: AnswerBack, by: Account) -> None:
    require(by, Action.DECIDE_REPLIES)
    require_no_interest(by, organisations_of(answer.reply.story))
