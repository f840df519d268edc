"""Screening's second reading, a moment after a story was kept: harm said in words that no rule knows.

It takes too long to let a teller wait for it. Whoever is on call hears of what it finds as of the rest, some
seconds after the story came.
"""

import random
from collections.abc import Callable

from tellback.db import transaction
from tellback.rota import on_call
from tellback.stories import findings
from tellback.stories.about import services_of
from tellback.stories.models import StoryVersion
from tellback.stories.states import hold
from tellback.stories.submission import SCREENED_FIELDS
from tellback.stories.urgency import Urgency, reckon

# So many are looked up at once.
_AT_ONCE = 50


def read_all(goes_on: Callable[[], bool]) -> None:
    """Read what waits for it, the oldest first, until nothing does or `goes_on` says no.

    Any number of processes may: what two have read is kept once.
    """
    waiting = StoryVersion.unread_since.is_null(False)
    while ids := [
        number
        for (number,) in StoryVersion.select(StoryVersion.id)
        .where(waiting)
        .order_by(StoryVersion.unread_since)
        .limit(_AT_ONCE)
        .tuples()
    ]:
        # So that processes side by side seldom read the same.
        for number in random.sample(ids, len(ids)):
            if not goes_on():
                return
            version = StoryVersion.get_or_none(StoryVersion.id == number, waiting)
            if version is not None:
                _read(version)


def _read(version: StoryVersion) -> None:
    # Before the transaction, in which nobody else could write.
    services = services_of([version.story_id]).get(version.story_id, [])
    found = findings.look_again(version, SCREENED_FIELDS, services)
    with transaction():
        story = version.story
        hold(story)
        mine = StoryVersion.update(unread_since=None).where(
            StoryVersion.id == version.id,
            StoryVersion.unread_since.is_null(False),
        )
        if not mine.execute() or StoryVersion.get_by_id(version.id).body != version.body:
            # Somebody else read it, or its words were erased meanwhile and nothing is to be said of them.
            return
        before = story.urgency
        findings.keep_again(version, found)
        if reckon(story) == Urgency.NOW and before < Urgency.NOW:
            on_call.alert(story.public_id)
