"""Somebody lost their private link: it is sent again, to the address that was given for the story alone.

Whoever asks gets the same answer at the same pace for any address: it is only kept here, sealed. What is
known of it is looked up afterwards, in the rounds, so neither words nor time tell who has told a story.
"""

from datetime import timedelta

from tellback import clock, sealing
from tellback.audit import acts
from tellback.authorship.own_letter import MOST_IN_A_DAY, sent_since
from tellback.db import transaction
from tellback.outbox import messages
from tellback.stories import contact
from tellback.stories.models import LostLink, Story
from tellback.stories.states import State

KIND = "your_link_again"
# The same link is not sent twice in this time, however often somebody asks.
AGAIN_AFTER = timedelta(minutes=10)
# Letters that one request brings to an address at most: the newest stories.
MOST_STORIES = 20
# Requests looked at in one round; more wait for the next.
_MOST_AT_ONCE = 100


def ask(email: str) -> None:
    """Keep that somebody asks for the links of an address. Nothing tells them whether there are any."""
    LostLink.create(email_sealed=sealing.seal(email), asked_at=clock.now())


def answer_all() -> int:
    """Write the letters that were asked for, and forget who asked; how many letters.

    Each request is claimed by deleting it, so that any number of processes may do so at once.
    """
    contact.put_in_buckets()
    written = 0
    for asked in list(LostLink.select().order_by(LostLink.id).limit(_MOST_AT_ONCE)):
        with transaction():
            if LostLink.delete().where(LostLink.id == asked.id).execute():
                written += _answer(sealing.unseal(asked.email_sealed))
    return written


def _answer(email: str) -> int:
    told = [story for story in contact.stories_at(email) if _may_be_sent(story)][:MOST_STORIES]
    for story in told:
        messages.put(KIND, "author", story.public_id)
        acts.record(acts.Act.LINK_SENT_AGAIN, acts.SYSTEM, "story", story.public_id)
    return len(told)


def _may_be_sent(story: Story) -> bool:
    moment = clock.now()
    return (
        story.state != State.WITHDRAWN
        and not sent_since(story, moment - AGAIN_AFTER, KIND)
        and sent_since(story, moment - timedelta(days=1), KIND) < MOST_IN_A_DAY
    )
