"""Stories in every state, an answer and a change: what the asked API has to show."""

from dataclasses import dataclass, field

from tellback.moderation import decisions
from tellback.replies.models import Reply, ServiceChange
from tellback.stories.models import Story
from tests import people
from tests.embedded import Staff

# Stories told at a time: one for each way below.
STORIES = 6


@dataclass
class Here:
    """What is here: names by the parameter that asks for them, and the tokens of private links."""

    staff: Staff
    known: dict[str, list[str]] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def tell_more(self) -> None:
        """Tell a story for each way that it may go."""
        for what_becomes in (_answered, _answered, _published, _opened, _returned, _nothing):
            receipt = people.tell(
                title="The night nurse", what_was_good="She came at once.", topics=["positive:staff-attitude"]
            )
            what_becomes(receipt.story, self.staff)
            self.tokens.append(receipt.token)


def fill(staff: Staff) -> Here:
    """Tell stories, and note by what names they, their services and their answers are asked for."""
    here = Here(staff)
    here.tell_more()
    here.known = {
        "story_id": [story.public_id for story in Story.select()],
        "reply_id": [reply.public_id for reply in Reply.select()],
        "change_id": [change.public_id for change in ServiceChange.select()],
        "code": ["RXH01", "RXH01-ward-5", "G81001", "RXH"],
        "service": ["RXH01", "RXH01-ward-5"],
        "slug": ["multiple-sclerosis", "food"],
        "topic": ["multiple-sclerosis", "food"],
    }
    return here


def _nothing(_story: Story, _staff: Staff) -> None:
    """It was told, and nobody has read it yet."""


def _opened(story: Story, staff: Staff) -> None:
    decisions.open_for_review(story, staff.moira)


def _returned(story: Story, staff: Staff) -> None:
    _opened(story, staff)
    decisions.send_back(story, story.revision, staff.moira, reason="names_someone", message="Who is it?")


def _published(story: Story, staff: Staff) -> None:
    staff.let_show(story)


def _answered(story: Story, staff: Staff) -> None:
    staff.let_show(story)
    staff.answer(story, "Thank you. We told the night team.")
    staff.change(story, "A second nurse at night.")
