"""An author answers a service's reply; a moderator reads it before it shows beneath the reply."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import peewee

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.replies.models import AnswerBack, Reply
from tellback.replies.responding import ReplyState
from tellback.rota import on_call
from tellback.screening import DISTRESS, screen
from tellback.stories.models import Story
from tellback.stories.states import State, in_states
from tellback.stories.submission import current_version, new_public_id
from tellback.translations.sentences import say

# Characters: an answer, or a question back; who has a new story to tell tells it as one.
LONGEST = 2000
# Shown beneath one reply: beyond that it is a talk, and the private way between the two is made for it.
MOST_SHOWN = 5
# Written to all replies of a story in a day.
MOST_IN_A_DAY = 10


class AnswerState(StrEnum):
    """Where an answer back stands with the moderators."""

    SUBMITTED = "submitted"
    PUBLISHED = "published"
    REJECTED = "rejected"


def answer_back(story: Story, reply_id: str, body: str) -> AnswerBack:
    """Keep what the author answers to a reply until a moderator has read it.

    Words of crisis in it reach those on call at once, as in a story. Raises InvalidInput, NotFound for no
    published reply of this story, Conflict when the story is not public, when one waits already (a second
    press of the button), or when enough stands beneath the reply.
    """
    said = _checked(body)
    if story.state != State.PUBLISHED:
        raise Conflict(say("Your story is not public, so this answer cannot be shown. It was not sent."))
    reply = Reply.get_or_none(
        Reply.public_id == reply_id, Reply.story == story, Reply.state == ReplyState.PUBLISHED.value
    )
    if reply is None:
        raise NotFound(say("This answer is not shown any more."))
    _require_room(story, reply)
    try:
        with transaction():
            made = AnswerBack.create(
                public_id=new_public_id(),
                reply=reply,
                body=said,
                lang=current_version(story).lang,
                state=AnswerState.SUBMITTED.value,
                written_at=clock.now(),
            )
            if any(finding.kind in DISTRESS for finding in screen(said)):
                on_call.alert(story.public_id)
            acts.record(
                acts.Act.ANSWER_WRITTEN,
                acts.AUTHOR,
                "story",
                story.public_id,
                reply=reply.public_id,
                answer=made.public_id,
            )
    except peewee.IntegrityError as error:
        raise _one_waits() from error
    return made


def get(public_id: str) -> AnswerBack:
    """The answer of this id. Raises NotFound."""
    query = AnswerBack.select(AnswerBack, Reply).join(Reply)
    found: AnswerBack | None = query.where(AnswerBack.public_id == public_id).first()
    if found is None:
        raise NotFound("There is no such answer.")
    return found


def waiting(most: int) -> list[AnswerBack]:
    """Those that wait for a moderator, the longest waiting first, with their replies and stories at hand.

    What was answered beneath a story that is not public any more waits for nobody.
    """
    return list(_waiting().order_by(AnswerBack.written_at, AnswerBack.id).limit(most))


def waiting_count() -> int:
    """How many wait for a moderator."""
    count: int = _waiting().count()
    return count


def of_replies(reply_ids: Iterable[int], *states: AnswerState) -> dict[int, list[AnswerBack]]:
    """The answers to replies in these states (all, where none is named), the first first; one query."""
    query = AnswerBack.select().where(AnswerBack.reply.in_(list(reply_ids)))
    if states:
        query = query.where(AnswerBack.state.in_([state.value for state in states]))
    found: dict[int, list[AnswerBack]] = {}
    for answer in query.order_by(AnswerBack.id):
        found.setdefault(answer.reply_id, []).append(answer)
    return found


def describe(answer: AnswerBack) -> dict[str, Any]:
    """A published answer as it stands beneath its reply."""
    return described(answer.public_id, answer.body, answer.published_at, answer.lang)


def described(public_id: str, body: str, published_at: datetime | None, lang: str) -> dict[str, Any]:
    """The same of an answer's columns."""
    return {"id": public_id, "body": body, "published_at": _moment(published_at), "lang": lang}


def decided(answer: AnswerBack, state: AnswerState, **changes: object) -> None:
    """Settle a waiting answer, in the caller's transaction. Raises Conflict when someone else did."""
    changed = (
        AnswerBack.update(state=state.value, **changes)
        .where(AnswerBack.id == answer.id, AnswerBack.state == AnswerState.SUBMITTED.value)
        .execute()
    )
    if not changed:
        raise Conflict("Someone else has decided on this answer. Nothing was changed.")


def may_answer(story: Story, answers: list[AnswerBack]) -> bool:
    """Whether the author can answer a reply of their story now, given what they have answered to it."""
    shown = sum(answer.state == AnswerState.PUBLISHED for answer in answers)
    waits = any(answer.state == AnswerState.SUBMITTED for answer in answers)
    return story.state == State.PUBLISHED and not waits and shown < MOST_SHOWN


def _waiting() -> "peewee.ModelSelect[AnswerBack]":
    query: peewee.ModelSelect[AnswerBack] = (
        AnswerBack.select(AnswerBack, Reply, Story)
        .join(Reply)
        .join(Story)
        .where(AnswerBack.state == AnswerState.SUBMITTED.value, in_states(State.PUBLISHED))
    )
    return query


def _checked(body: str) -> str:
    said = body.strip()
    if not said:
        raise InvalidInput(errors={"body": [say("Write your answer.")]})
    if len(said) > LONGEST:
        raise InvalidInput(errors={"body": [say("Keep it to {count} characters.", count=LONGEST)]})
    return said


def _require_room(story: Story, reply: Reply) -> None:
    to_it = of_replies([reply.id]).get(reply.id, [])
    if any(answer.state == AnswerState.SUBMITTED for answer in to_it):
        raise _one_waits()
    if not may_answer(story, to_it):
        raise Conflict(
            say(
                "You have answered this reply {count} times, which is as many as show beneath it.",
                count=MOST_SHOWN,
            )
        )
    today = (
        AnswerBack.select()
        .join(Reply)
        .where(Reply.story == story, AnswerBack.written_at > clock.now() - timedelta(days=1))
    )
    if today.count() >= MOST_IN_A_DAY:
        raise Conflict(say("You have written several answers today. Please go on tomorrow."))


def _one_waits() -> Conflict:
    return Conflict(say("A moderator is reading your last answer. What you wrote now was not sent."))


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
