"""Large edits: a story of which much is taken out is published only with its author's agreement.

A moderator asks (`decisions.ask_author`); the author reads each edit on the private link, and agrees or
discusses it. Either brings the story back to the desk, and so does silence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.moderation.models import AuthorAnswer, Decision, Redaction
from tellback.moderation.redaction import of_version
from tellback.moderation.waiting import DecisionState
from tellback.rota import on_call
from tellback.screening import is_distress
from tellback.stories.models import Story, StoryVersion
from tellback.stories.states import State, hold, in_states, move
from tellback.stories.submission import TEXT_FIELDS, current_version
from tellback.translations.sentences import say

# Edits are large that take out more than a fifth of the words, or more than forty.
LARGE_SHARE = 1 / 5
LARGE_WORDS = 40
# Never are those of so few words: a name and a number fill a fifth of a story of two lines.
FEW_WORDS = 8
# How long an author has to answer.
PATIENCE = timedelta(days=14)
LONGEST_WORDS = 2000

# Between spaces; of the scripts of China and Japan, which leave none, each sign.
_SIGNS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(f"[{_SIGNS}]|[^\\s{_SIGNS}]+")

# The act of the decision that asks.
ASKED = "ask_author"


class Answer(StrEnum):
    """What an author said to large edits: yes, words to the moderator, or nothing in time."""

    AGREED = "agreed"
    DISCUSSED = "discussed"
    SILENT = "silent"


@dataclass(frozen=True)
class Extent:
    """How many of a version's words are taken out without its author's agreement, and of how many."""

    changed: int
    words: int

    @property
    def is_large(self) -> bool:
        """Whether the author must agree first."""
        return self.changed > LARGE_WORDS or self.changed > max(FEW_WORDS, self.words * LARGE_SHARE)


def extent(version: StoryVersion) -> Extent:
    """How much of a version is taken out that its author did not agree to."""
    redactions = [made for made in of_version(version) if not made.agreed_at]
    changed = words = 0
    for field in TEXT_FIELDS:
        spans = [(made.start, made.end) for made in redactions if made.field == field]
        for word in _WORD.finditer(getattr(version, field) or ""):
            words += 1
            changed += any(start < word.end() and word.start() < end for start, end in spans)
    return Extent(changed, words)


def require_agreed(version: StoryVersion) -> None:
    """Raise InvalidInput, saying what to do, while large edits lack the author's agreement."""
    found = extent(version)
    if found.is_large:
        raise InvalidInput(
            errors={
                "edits": [
                    f"{found.changed} of its {found.words} words would be taken out. "
                    "Ask the author first, or take out less."
                ]
            }
        )


def question(story: Story) -> Decision | None:
    """The latest decision to ask the author, answered or not, if one took effect."""
    asked: Decision | None = (
        story.decisions.where(Decision.act == ASKED, Decision.state == DecisionState.DONE.value)
        .order_by(Decision.id.desc())
        .first()
    )
    return asked


def answer_to(asked: Decision) -> AuthorAnswer | None:
    """What became of asking."""
    answer: AuthorAnswer | None = asked.answers.first()
    return answer


def answers_about(versions: Iterable[StoryVersion]) -> dict[int, AuthorAnswer]:
    """What authors said of the edits of these versions, by the story's id; one query for all."""
    rows = (
        AuthorAnswer.select(AuthorAnswer, Decision)
        .join(Decision)
        .where(Decision.version.in_([version.id for version in versions]))
        .order_by(AuthorAnswer.id)
    )
    return {row.decision.story_id: row for row in rows}


def answer_by(story: Story) -> date:
    """The last day on which an author who is asked can answer."""
    since: datetime = story.state_since
    return (since + PATIENCE).date()


def agree(story: Story, revision: int, words: str = "") -> None:
    """The author agrees to every edit that they were shown: it may be published.

    `revision` is that of the question they read; `words` they may add. Raises InvalidInput, or Conflict when
    the question is no longer open.
    """
    said = _checked(words)
    with transaction():
        version = current_version(story)
        _answer(story, revision, Answer.AGREED, acts.Act.EDITS_AGREED, said)
        Redaction.update(agreed_at=clock.now()).where(
            Redaction.version == version, Redaction.agreed_at.is_null()
        ).execute()


def discuss(story: Story, revision: int, words: str) -> None:
    """The author does not agree, and says why to the moderators. Raises as `agree`; words are needed.

    Words of crisis in them reach those on call at once, as in a story.
    """
    said = _checked(words)
    if not said:
        raise InvalidInput(errors={"words": [say("Write to us what should be otherwise.")]})
    with transaction():
        _answer(story, revision, Answer.DISCUSSED, acts.Act.EDITS_DISCUSSED, said)
        if is_distress(said):
            on_call.alert(story.public_id)


def bring_back_unanswered() -> int:
    """Give back to the desk, marked so, every story whose author was silent too long; how many there were."""
    overdue = Story.select().where(
        in_states(State.AWAITING_AUTHOR), Story.state_since <= clock.now() - PATIENCE
    )
    return sum(_give_up_on(story) for story in overdue)


def _checked(words: str) -> str:
    if len(words.strip()) > LONGEST_WORDS:
        raise InvalidInput(errors={"words": [say("Keep it to {count} characters.", count=LONGEST_WORDS)]})
    return words.strip()


def _give_up_on(story: Story) -> bool:
    """Bring a story back, unless its author answers at this very moment; whether it was."""
    try:
        with transaction():
            _answer(story, story.revision, Answer.SILENT, acts.Act.EDITS_UNANSWERED, by=acts.SYSTEM)
    except Conflict:
        return False
    return True


def _answer(
    story: Story,
    revision: int,
    answer: Answer,
    act: acts.Act,
    words: str = "",
    by: acts.Actor = acts.AUTHOR,
) -> None:
    hold(story)
    asked = question(story)
    if story.state != State.AWAITING_AUTHOR or story.revision != revision or asked is None:
        raise Conflict(say("This question is no longer open. Here is how your story stands now."))
    move(story, State.IN_MODERATION)
    AuthorAnswer.create(decision=asked, answer=answer.value, words=words, answered_at=clock.now())
    acts.record(act, by, "story", story.public_id)
