"""The private link by letter, for an author who asks for it once the story is told."""

from datetime import datetime, timedelta

from tellback import clock
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, TooManyRequests
from tellback.outbox import messages
from tellback.outbox.models import OutboxMessage
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.stories.states import State, hold
from tellback.translations.sentences import say

KIND = "your_link"
# A button pressed twice sends one letter.
AGAIN_AFTER = timedelta(minutes=1)
# Letters of one story in a day: a slip in the address or two, and no more mail than that to a stranger's.
MOST_IN_A_DAY = 5


def send_link(story: Story, email: str) -> None:
    """Send the private link to an address, which is kept as the story's: later letters go there too.

    The same address within a minute gets no second letter. Raises Conflict for a story that was taken back,
    TooManyRequests when the story sent its letters of the day.
    """
    moment = clock.now()
    with transaction():
        # A second press waits until the first is done; and who takes the story back meanwhile is obeyed.
        hold(story)
        if story.state == State.WITHDRAWN:
            raise Conflict(say("You took this story back, so we send no more letters about it."))
        if contact.address_of(story) == email and sent_since(story, moment - AGAIN_AFTER):
            return
        if sent_since(story, moment - timedelta(days=1)) >= MOST_IN_A_DAY:
            raise TooManyRequests(
                say("We have sent this link several times today. Copy it from this page, or try tomorrow."),
                retry_after=int(timedelta(days=1).total_seconds()),
            )
        contact.keep(story, email)
        messages.put(KIND, "author", story.public_id)
        acts.record(acts.Act.CONTACT_GIVEN, acts.AUTHOR, "story", story.public_id)


def sent_since(story: Story, moment: datetime, kind: str = KIND) -> int:
    """How many letters of a kind the story's author was sent after a moment, or will be."""
    query = OutboxMessage.select().where(
        OutboxMessage.kind == kind,
        OutboxMessage.recipient_id == story.public_id,
        OutboxMessage.created_at > moment,
    )
    return int(query.count())
