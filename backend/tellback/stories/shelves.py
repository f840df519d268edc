"""In which lists of the public a story stands, and how many stand in each.

A list is read by the page, and says how many there are. Among a million stories both would take a look at all
of them: so a story is put into its lists, in their order, when it is published, moved or tagged, and counted
there. It stands in the list of all, of each service that it is about and of those above, of the organisations
of the first, and of its topics; once it was public it stays, whatever becomes of it.
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from peewee import EXCLUDED, Expression, chunked, fn

from tellback.db import UTCDateTimeField, database, prepared, transaction
from tellback.stories.models import Shelf, ShelvedStory, Story, StoryService

# The list of all: its kind, and what it is about.
ALL = ("all", 0)
# Stories that are looked at together; and in one transaction, where all are.
_AT_ONCE = 2000
# Rows of one statement: far under the number of values that SQLite takes.
_ROWS = 500
_MOMENT = UTCDateTimeField()

# In which lists stories belong, and where in them; {which} is a condition of stories. A ring of parents ends,
# too: UNION follows no pair twice.
_BELONG = """
WITH RECURSIVE told (story, moment) AS (
    SELECT id, published_at FROM story WHERE published_at IS NOT NULL AND {which}
), family (story, service) AS (
    SELECT story, service_id FROM told JOIN story_service ON story_id = story
    UNION SELECT family.story, parent_id FROM family JOIN service ON id = family.service
    WHERE parent_id IS NOT NULL
)
SELECT 'all', 0, moment, story FROM told
UNION ALL SELECT 'service', service, moment, told.story FROM told JOIN family ON family.story = told.story
UNION ALL SELECT DISTINCT 'organisation', organisation_id, moment, story
    FROM told JOIN story_service ON story_id = story JOIN service ON service.id = service_id
UNION ALL SELECT 'topic', topic_id, moment, story FROM told JOIN story_topic ON story_id = story
"""
_STAND = """
SELECT kind, about, published_at, story_id FROM shelved_story
WHERE story_id IN (SELECT id FROM story WHERE {which})
"""

_Row = tuple[str, int, Any, int]


def told(kind: str, about: int) -> int:
    """How many stories were ever published in this list."""
    return sum(number for (number,) in _told(kind, about))


@prepared
def _told(kind: Any, about: Any) -> Any:
    return Shelf.select(Shelf.told).where(Shelf.kind == kind, Shelf.about == about).tuples()


def stand_in(kind: str, about: int) -> tuple[Expression, Expression]:
    """The conditions that places (`ShelvedStory`) are in this list."""
    return ShelvedStory.kind == kind, ShelvedStory.about == about


def put(story: Story) -> None:
    """Let a story stand where it belongs and nowhere else; in the caller's transaction.

    To be called after it is published, and after any change of its services or topics.
    """
    _settle(f"id = {story.id}")


def put_family(services: Collection[int]) -> None:
    """The same for all stories of these services, which were moved with what is below them."""
    told_of = StoryService.select(StoryService.story).where(StoryService.service.in_(services)).distinct()
    for some in chunked((number for (number,) in told_of.tuples()), _AT_ONCE):
        _settle(f"id IN ({', '.join(map(str, some))})")


def put_all() -> int:
    """Put all stories where they belong, some at a time; in how many places one was missing or too many.

    After an upgrade, when a release that knew nothing of it may have published, and after a register.
    """
    last, changed = Story.select(fn.MAX(Story.id)).scalar() or 0, 0
    for first in range(1, last + 1, _AT_ONCE):
        with transaction():
            changed += _settle(f"id BETWEEN {first} AND {first + _AT_ONCE - 1}")
    return changed


def _settle(which: str) -> int:
    """Put these stories (a condition of ours) where they belong; how many places changed."""
    belong, stand = _rows(_BELONG, which), _rows(_STAND, which)
    missing, gone = belong - stand, stand - belong
    for kind, about, moment, story in gone:
        row = (ShelvedStory.kind == kind, ShelvedStory.about == about, ShelvedStory.story == story)
        ShelvedStory.delete().where(*row, ShelvedStory.published_at == _MOMENT.python_value(moment)).execute()
    for some in chunked(sorted(missing), _ROWS):
        rows = [(kind, about, _MOMENT.python_value(moment), story) for kind, about, moment, story in some]
        ShelvedStory.insert_many(rows).execute()
    _count(Counter(row[:2] for row in missing), Counter(row[:2] for row in gone))
    return len(missing) + len(gone)


def _count(come: Counter[tuple[str, int]], gone: Counter[tuple[str, int]]) -> None:
    # Always in one order, the list of all first, so that of two who publish one waits for the other.
    changed = [(*which, come[which] - gone[which]) for which in sorted(come.keys() | gone.keys())]
    for some in chunked((row for row in changed if row[2]), _ROWS):
        Shelf.insert_many(some, fields=[Shelf.kind, Shelf.about, Shelf.told]).on_conflict(
            conflict_target=[Shelf.kind, Shelf.about], update={Shelf.told: Shelf.told + EXCLUDED.told}
        ).execute()


def _rows(query: str, which: str) -> set[_Row]:
    return {tuple(row) for row in database.execute_sql(query.format(which=which)).fetchall()}
