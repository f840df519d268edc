"""How critical a story is: the score of its most negative statement, for those who moderate alone.

It scores one statement, neither the average of a story nor its author's own rating, so that one grave
sentence in a page of praise is not lost. It orders the queue. Nothing that the public reads shows it.
"""

from dataclasses import dataclass

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.moderation import waiting
from tellback.stories.about import organisations_of
from tellback.stories.models import Story
from tellback.stories.states import touch


@dataclass(frozen=True)
class Level:
    """A score: what it is called, and when it is given."""

    name: str
    when: str


# The names are those of the field (Care Opinion's five); the definitions are ours.
LEVELS = (
    Level("Not critical", "Nothing in it is negative: thanks, praise, plain facts."),
    Level(
        "Minimally critical", "Something could be a little better, and nobody was worse off: a sign, a menu."
    ),
    Level(
        "Mildly critical",
        "It cost time, money or comfort, and was put right or soon over: a long wait, a late letter.",
    ),
    Level(
        "Moderately critical",
        "Someone was upset, ignored or embarrassed, or care that was due did not come; no harm to health.",
    ),
    Level(
        "Strongly critical",
        "Someone’s health was harmed or could well have been, or they were shamed or neglected.",
    ),
    Level(
        "Severely critical",
        "Lasting harm, a death, abuse, or a danger that may go on: think of safeguarding first.",
    ),
)


def check(level: int | None) -> None:
    """Raise InvalidInput for a score that is none of the levels; None is no score."""
    if level is not None and not 0 <= level < len(LEVELS):
        raise InvalidInput(errors={"criticality": ["Choose how critical it is, from 0 to 5."]})


def score(story: Story, revision: int, level: int, by: Account) -> None:
    """Keep a score without deciding yet, so that the queue knows it.

    Raises NotAllowed, InvalidInput, or Conflict when the story is decided or changed since.
    """
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, organisations_of(story))
    check(level)
    waiting.require_open(story)
    with transaction():
        touch(story, revision, criticality=level)
        acts.record(acts.Act.STORY_SCORED, acts.staff(by.id), "story", story.public_id, criticality=level)
