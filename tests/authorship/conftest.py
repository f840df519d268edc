"""A story that everyone can read and its service has answered, for its author to say something to."""

from dataclasses import dataclass

import pytest

from tellback.accounts.models import Account
from tellback.moderation import change_decisions, decisions
from tellback.replies import changes
from tellback.replies.models import Reply
from tellback.replies.responding import ReplyState
from tellback.stories.models import Story
from tellback.stories.submission import new_public_id
from tests.conftest import A_MORNING
from tests.people import Places, tell


@dataclass
class Answered:
    """A story, its private link's token, the reply to it, and the id of a change that came of it."""

    story: Story
    token: str
    reply: Reply
    change_id: str

    @property
    def bearer(self) -> dict[str, str]:
        """The header that opens the story."""
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def answered(places: Places, moira: Account, ruth: Account) -> Answered:
    """Ada's story, published, answered and followed by a change."""
    told = tell(title="A night", body="They came at two.", contact_email="ada@example.org")
    story = told.story
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    reply = Reply.create(
        public_id=new_public_id(),
        story=story,
        service=places.hospital,
        account=ruth,
        responder_name="Ruth Bell",
        responder_role="Matron",
        body="Thank you. Somebody sits at night now.",
        lang="en",
        state=ReplyState.PUBLISHED.value,
        written_at=A_MORNING,
        published_at=A_MORNING,
    )
    said = {
        "state": "made",
        "what": "Somebody sits on the ward at night.",
        "why": "",
        "on": "2026-10",
        "evidence": "",
        "lang": "en",
    }
    claim = changes.record("RXH01", [story.public_id], said, by=ruth)
    change_decisions.publish(claim, moira)
    return Answered(story, told.token, reply, claim.change.public_id)
