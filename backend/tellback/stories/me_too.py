"""\"This happened to me too\": a reader says so with one press, and nobody keeps who it was."""

import peewee

from tellback import clock
from tellback.db import transaction
from tellback.errors import NotFound
from tellback.stories.models import MeToo, PublishedText, Story
from tellback.translations.sentences import say


def add(public_id: str, visitor: str) -> tuple[int, bool]:
    """Count a reader on a public story; how many there are now, and whether this one was counted.

    `visitor` is the day's pseudonym: a second press on the same day changes nothing. Those of days gone by
    are forgotten here; their count stays. Raises NotFound for a story that nobody can read.
    """
    query = Story.select().join(PublishedText).where(Story.public_id == public_id)
    story = query.where(Story.published_at.is_null(False)).first()
    if story is None:
        raise NotFound(say("This story is not here to be read any more."))
    today = clock.today().isoformat()
    try:
        with transaction():
            MeToo.delete().where(MeToo.day < today).execute()
            MeToo.create(story=story, visitor=visitor, day=today)
            Story.update(me_too=Story.me_too + 1).where(Story.id == story.id).execute()
    except peewee.IntegrityError:
        return story.me_too, False
    # Read again: another reader may have pressed in the meantime.
    return Story.get_by_id(story.id).me_too, True
