"""A story's place among all in the order of publication: one whole number that an index can be walked by."""

from datetime import datetime

# The bits of a place that are its story's id; those above are the second of its publication, until 2106.
STORY = 2**31 - 1
_SECOND = 2**31
# Above all places.
FIRST = 2**63 - 1


def place(published_at: datetime, story_id: int) -> int:
    """The place of a story, the newer the higher."""
    return int(published_at.timestamp()) * _SECOND + story_id


def story_at(place: int) -> int:
    """The id of the story at a place."""
    return place & STORY


def seconds_of(place: int) -> int:
    """When the story at a place was published, in seconds since 1970."""
    return place // _SECOND
