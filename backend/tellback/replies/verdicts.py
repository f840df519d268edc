"""Whether a reply answered its story's author, and whether a change was felt: a word each, public at once.

A fixed word carries no text, so no moderator reads it. Its author may change it at any time.
"""

from collections.abc import Iterable
from enum import StrEnum

from peewee import fn

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.replies.changes import ChangeState, shown_claim
from tellback.replies.models import Reply, ServiceChange, StoryChange
from tellback.replies.responding import ReplyState
from tellback.stories import shelves
from tellback.stories.models import PublishedText, Story
from tellback.stories.states import State, hold
from tellback.translations.sentences import say


class Verdict(StrEnum):
    """What an author can say of either."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


def of_reply(story: Story, reply_id: str, verdict: str) -> None:
    """The author says whether a reply answered them. Saying the same again changes nothing.

    Raises NotFound for no published reply of this story, Conflict when the story is not public, InvalidInput.
    """
    said = _checked(story, verdict)
    reply = Reply.get_or_none(
        Reply.public_id == reply_id, Reply.story == story, Reply.state == ReplyState.PUBLISHED.value
    )
    if reply is None:
        raise NotFound(say("This answer is not shown any more."))
    if reply.verdict == said:
        return
    with transaction():
        hold(story)
        Reply.update(verdict=said.value, verdict_at=clock.now()).where(Reply.id == reply.id).execute()
        shelves.put(story)
        acts.record(
            acts.Act.REPLY_JUDGED,
            acts.AUTHOR,
            "story",
            story.public_id,
            reply=reply.public_id,
            verdict=said.value,
        )


def of_change(story: Story, change_id: str, verdict: str) -> None:
    """The author says whether what a service says it changed has really changed.

    Raises as `of_reply`, and Conflict while the service does not say that it is made.
    """
    said = _checked(story, verdict)
    link = (
        StoryChange.select()
        .join(ServiceChange)
        .where(
            ServiceChange.public_id == change_id,
            StoryChange.story == story,
            StoryChange.shown_at.is_null(False),
        )
        .first()
    )
    if link is None:
        raise NotFound(say("This change is not shown any more."))
    shown = shown_claim(link.change)
    if shown is None or shown.state != ChangeState.MADE:
        raise Conflict(say("The service does not say yet that it has changed."))
    if link.verdict == said:
        return
    with transaction():
        hold(story)
        StoryChange.update(verdict=said.value, verdict_at=clock.now()).where(
            StoryChange.id == link.id
        ).execute()
        shelves.put(story)
        acts.record(
            acts.Act.CHANGE_JUDGED,
            acts.AUTHOR,
            "story",
            story.public_id,
            change=change_id,
            verdict=said.value,
        )


def counts(verdicts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many said which: every word is there, also with none."""
    return {verdict.value: 0 for verdict in Verdict} | dict(verdicts)


def of_changes(change_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What the authors of public stories said of changes, counted, by the change; one query for all."""
    rows = (
        StoryChange.select(StoryChange.change, StoryChange.verdict, fn.COUNT(StoryChange.id))
        .where(
            StoryChange.change.in_(list(change_ids)),
            StoryChange.shown_at.is_null(False),
            StoryChange.verdict.is_null(False),
            StoryChange.story.in_(PublishedText.select(PublishedText.story)),
        )
        .group_by(StoryChange.change, StoryChange.verdict)
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for change_id, verdict, count in rows.tuples():
        found.setdefault(change_id, []).append((verdict, count))
    return {change_id: counts(said) for change_id, said in found.items()}


def _checked(story: Story, verdict: str) -> Verdict:
    if story.state != State.PUBLISHED:
        raise Conflict(say("Your story is not public, so there is nothing to say of it any more."))
    try:
        return Verdict(verdict)
    except ValueError as error:
        raise InvalidInput(errors={"verdict": [say("Choose one of the three answers.")]}) from error
