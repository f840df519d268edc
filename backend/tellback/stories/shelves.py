"""In which lists of the public a story stands, how many stand in each, and what is true of how many.

A list is read by the page, and says how many there are and what became of them. Among a million stories
that would take a look at all of them: so a story is put into its lists, in their order, when it is published,
moved or tagged, and counted there, and counted anew when something becomes of it. It stands in the list of
all, of each service that it is about and of those above, of the organisations of the first, and of its
topics; once it was public it stays, whatever becomes of it.

Answers and changes are told of here by the names of their tables: what they are is said in `replies`, above.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple, cast

from peewee import EXCLUDED, Expression, chunked, fn

from tellback.db import UTCDateTimeField, database, is_postgresql, prepared, transaction
from tellback.stories.models import Shelf, ShelfSum, ShelvedStory, Story, StoryService

# The list of all: its kind, and what it is about. Nobody asks for its sums, and all would wait for its rows.
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
_HOLD = "SELECT id FROM story WHERE {which} ORDER BY id FOR NO KEY UPDATE"
_STAND = """
SELECT kind, about, published_at, story_id, moved_at, counted FROM shelved_story
WHERE story_id IN (SELECT id FROM story WHERE {which})
"""
# What the public reads of stories, and when it first did.
_BECAME = """
WITH told (story, moment, ended) AS (
    SELECT id, published_at, ended_at FROM story WHERE published_at IS NOT NULL AND {which}
)
SELECT story, 'told', 0, '', moment FROM told
UNION ALL SELECT story, 'ended', 0, '', ended FROM told WHERE ended IS NOT NULL
UNION ALL SELECT story, 'read', 0, '', NULL FROM told JOIN published_text ON story_id = story
UNION ALL SELECT story, 'reply', 0, COALESCE(verdict, ''), published_at
    FROM told JOIN reply ON story_id = story WHERE state = 'published'
UNION ALL SELECT story, 'back', 0, '', answer_back.published_at
    FROM told JOIN reply ON story_id = story JOIN answer_back ON reply_id = reply.id
    WHERE reply.state = 'published' AND answer_back.state = 'published'
UNION ALL SELECT story, 'change', 0, change_claim.state, change_claim.published_at
    FROM told JOIN story_change ON story_id = story JOIN change_claim
        ON change_claim.change_id = story_change.change_id
    WHERE shown_at IS NOT NULL AND review = 'shown'
UNION ALL SELECT story, 'felt', 0, verdict, NULL
    FROM told JOIN story_change ON story_id = story WHERE shown_at IS NOT NULL AND verdict IS NOT NULL
UNION ALL SELECT story, 'topic', topic_id, COALESCE(polarity, ''), NULL
    FROM told JOIN story_topic ON story_id = story
"""


class Sum(NamedTuple):
    """What is true of stories of a list, and how often.

    Of all stories `what` is "topic", with its id as `number` and how it was as `said`; in the list of a topic
    also "about", with the id of a service. Of those that can be read it is "read"; "answered", with the days
    until the first reply; "planned" and "made"; "reply" and "felt", with what authors `said` of replies and
    of changes, of which a story may have several.
    """

    what: str
    number: int
    said: str
    times: int


class _Became(NamedTuple):
    """What became of a story: when it last moved, and what it adds to sums, as a place keeps that."""

    moved_at: Any
    counted: tuple[str, ...]


# Where a story stands, and what is kept there: when it was published, when it moved, what it adds.
_Place = tuple[str, int, int]
_Kept = tuple[Any, Any, str]


def told(kind: str, about: int) -> int:
    """How many stories were ever published in this list."""
    return sum(number for (number,) in _told(kind, about))


@prepared
def _told(kind: Any, about: Any) -> Any:
    return Shelf.select(Shelf.told).where(Shelf.kind == kind, Shelf.about == about).tuples()


def sums(kind: str, about: int, *what: str) -> list[Sum]:
    """What is true of the stories of this list, of these kinds of sums; none for the list of all."""
    return [Sum(*row) for row in _sums(kind, about, *what)]


@prepared
def _sums(kind: Any, about: Any, *what: Any) -> Any:
    columns = (ShelfSum.what, ShelfSum.number, ShelfSum.said, ShelfSum.times)
    kept = ShelfSum.select(*columns).where(ShelfSum.kind == kind, ShelfSum.about == about)
    return kept.where(ShelfSum.what.in_(what), ShelfSum.times > 0).tuples()


def stand_in(kind: str, about: int) -> tuple[Expression, Expression]:
    """The conditions that places (`ShelvedStory`) are in this list."""
    return ShelvedStory.kind == kind, ShelvedStory.about == about


def put(*stories: Story) -> None:
    """Let stories stand where they belong and nowhere else, and be counted; in the caller's transaction.

    To be called after one is published, after any change of its services or topics, and of what the public
    reads beneath it or that it reads it at all.
    """
    for some in chunked(sorted({story.id for story in stories}), _AT_ONCE):
        _settle(f"id IN ({', '.join(map(str, some))})")


def put_family(services: Collection[int]) -> None:
    """The same for all stories of these services, which were moved with what is below them."""
    told_of = StoryService.select(StoryService.story).where(StoryService.service.in_(services)).distinct()
    for some in chunked((number for (number,) in told_of.tuples()), _AT_ONCE):
        _settle(f"id IN ({', '.join(map(str, some))})")


def put_all() -> int:
    """Put all stories where they belong, some at a time; in how many places one was missing, gone or wrong.

    After an upgrade, when a release that knew nothing of it may have published, and after a register.
    """
    last, changed = Story.select(fn.MAX(Story.id)).scalar() or 0, 0
    for first in range(1, last + 1, _AT_ONCE):
        with transaction():
            changed += _settle(f"id BETWEEN {first} AND {first + _AT_ONCE - 1}")
    return changed


def count_anew() -> int:
    """Put all stories where they belong, and correct counts and sums that are not those of their places.

    How many places, counts and sums were wrong. Nobody publishes while the places are counted.
    """
    changed = put_all()
    with transaction():
        if is_postgresql():
            # SQLite lets one writer in anyway.
            database.execute_sql("LOCK TABLE shelf, shelf_sum IN SHARE ROW EXCLUSIVE MODE")
        told, counted = _counted_in(ShelvedStory.select())
        told.subtract(_kept_counts())
        counted.subtract(_kept_sums())
        _count(told)
        _count_sums(counted)
    return changed + sum(map(bool, (*told.values(), *counted.values())))


def wrong_lately(stories: int, longest: int) -> int:
    """How many places of the stories published last are wrong, and sums of the last one's lists.

    Of its lists those are counted that hold no more than `longest`: it costs little, whatever there is.
    """
    latest = (
        Story.select(Story.id).where(Story.published_at.is_null(False)).order_by(Story.published_at.desc())
    )
    numbers = [number for (number,) in latest.limit(stories).tuples()]
    if not numbers:
        return 0
    which = f"id IN ({', '.join(map(str, numbers))})"
    belong, stand = _belong(which), _stand(which)
    wrong = sum(belong.get(place) != stand.get(place) for place in belong.keys() | stand.keys())
    for kind, about, story in sorted(stand):
        if story == numbers[0] and told(kind, about) <= longest:
            told_here, counted = _counted_in(ShelvedStory.select().where(*stand_in(kind, about)))
            told_here.subtract({(kind, about): told(kind, about)})
            of_it = (ShelfSum.kind == kind, ShelfSum.about == about)
            counted.subtract(_kept_sums(*of_it))
            wrong += sum(map(bool, (*told_here.values(), *counted.values())))
    return wrong


def _counted_in(places: Any) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, int, str]]]:
    """What the counts and sums of these places have to be."""
    told: Counter[tuple[str, int]] = Counter()
    counted: Counter[tuple[str, int, str]] = Counter()
    columns = (ShelvedStory.kind, ShelvedStory.about, ShelvedStory.counted)
    for kind, about, one in places.select(*columns).tuples().iterator():
        told[kind, about] += 1
        if (kind, about) != ALL:
            counted.update((kind, about, what) for what in one.split())
    return told, counted


def _kept_counts() -> dict[tuple[str, int], int]:
    return {(kind, about): told for kind, about, told in Shelf.select().tuples()}


def _kept_sums(*of_it: Expression) -> dict[tuple[str, int, str], int]:
    rows = ShelfSum.select().where(*of_it) if of_it else ShelfSum.select()
    return {
        (kind, about, f"{what}:{number}:{said}"): times
        for kind, about, what, number, said, times in rows.tuples()
    }


def _settle(which: str) -> int:
    """Put these stories (a condition of ours) where they belong; how many places changed."""
    if is_postgresql():
        # Who changes one story at the same time waits, and counts what it became by both.
        _rows(_HOLD, which)
    belong, stand = _belong(which), _stand(which)
    missing, gone = belong.keys() - stand.keys(), stand.keys() - belong.keys()
    wrong = {place for place in belong.keys() & stand.keys() if belong[place] != stand[place]}
    _write(belong, stand, missing, gone, wrong)
    told: Counter[tuple[str, int]] = Counter()
    counted: Counter[tuple[str, int, str]] = Counter()
    for places, kept, sign in ((missing | wrong, belong, 1), (gone | wrong, stand, -1)):
        for place in places:
            list_of = place[:2]
            told[list_of] += sign
            if list_of != ALL:
                for one in kept[place][2].split():
                    counted[*list_of, one] += sign
    _count(told)
    _count_sums(counted)
    return len(missing) + len(gone) + len(wrong)


def _belong(which: str) -> dict[_Place, _Kept]:
    """Where these stories belong."""
    places, services = _rows(_BELONG, which), defaultdict(list)
    for kind, about, _moment, story in places:
        if kind == "service":
            services[story].append(f"about:{about}:")
    became = _became(which)
    return {
        (kind, about, story): (
            moment,
            became[story].moved_at,
            " ".join(sorted((*became[story].counted, *(services[story] if kind == "topic" else ())))),
        )
        for kind, about, moment, story in places
    }


def _stand(which: str) -> dict[_Place, _Kept]:
    """Where they stand."""
    return {
        (kind, about, story): (moment, moved, counted)
        for kind, about, moment, story, moved, counted in _rows(_STAND, which)
    }


def _became(which: str) -> dict[int, _Became]:
    by_story = defaultdict(list)
    for story, *what in _rows(_BECAME, which):
        by_story[story].append(what)
    return {
        story: _Became(max(moment for *_, moment in rows if moment), tuple(_counted(rows)))
        for story, rows in by_story.items()
    }


def _counted(rows: list[list[Any]]) -> Iterable[str]:
    """What a story adds to the sums of its lists, by the rows of `_BECAME`."""
    yield from (f"topic:{number}:{said}" for what, number, said, _moment in rows if what == "topic")
    if all(what != "read" for what, *_ in rows):
        return
    yield "read:0:"
    yield from (f"{what}:0:{said}" for what, _, said, _moment in rows if what in ("reply", "felt") and said)
    yield from {f"{said}:0:" for what, _, said, _moment in rows if what == "change" and said != "not_made"}
    replies = [moment for what, _, _, moment in rows if what == "reply"]
    if replies:
        (told_at,) = (moment for what, _, _, moment in rows if what == "told")
        read = _MOMENT.python_value
        # Python's own moments, since the engines count days each in their way.
        since, first = cast(datetime, read(told_at)), cast(datetime, read(min(replies)))
        yield f"answered:{max((first - since).days, 0)}:"


def _write(
    belong: dict[_Place, _Kept],
    stand: dict[_Place, _Kept],
    missing: set[_Place],
    gone: set[_Place],
    wrong: set[_Place],
) -> None:
    """Let the places be as they belong."""
    moved = {place for place in wrong if belong[place][0] != stand[place][0]}
    for kind, about, story in gone | moved:
        row = (ShelvedStory.kind == kind, ShelvedStory.about == about, ShelvedStory.story == story)
        moment = _MOMENT.python_value(stand[kind, about, story][0])
        ShelvedStory.delete().where(*row, ShelvedStory.published_at == moment).execute()
    for some in chunked(sorted(missing | moved), _ROWS):
        rows = [
            (kind, about, _MOMENT.python_value(moment), story, _MOMENT.python_value(moved_at), counted)
            for kind, about, story in some
            for moment, moved_at, counted in [belong[kind, about, story]]
        ]
        ShelvedStory.insert_many(rows).execute()
    # A story's places differ little: in that of a topic its services are counted besides.
    alike = defaultdict(set)
    for place in wrong - moved:
        kind, _about, story = place
        alike[story, belong[place][1:]].add(kind)
    for (story, (moved_at, counted)), kinds in alike.items():
        ShelvedStory.update(moved_at=_MOMENT.python_value(moved_at), counted=counted).where(
            ShelvedStory.story == story, ShelvedStory.kind.in_(sorted(kinds))
        ).execute()


def _count(told: Counter[tuple[str, int]]) -> None:
    # Always in one order, the list of all first, so that of two who publish one waits for the other.
    changed = [(*which, told[which]) for which in sorted(told) if told[which]]
    for some in chunked(changed, _ROWS):
        Shelf.insert_many(some, fields=[Shelf.kind, Shelf.about, Shelf.told]).on_conflict(
            conflict_target=[Shelf.kind, Shelf.about], update={Shelf.told: Shelf.told + EXCLUDED.told}
        ).execute()


def _count_sums(counted: Counter[tuple[str, int, str]]) -> None:
    """The same of sums, each named as a place keeps it; what is not in that form was counted nowhere."""
    changed = [
        (kind, about, what, int(number), said, counted[kind, about, one])
        for kind, about, one in sorted(counted)
        if counted[kind, about, one] and one.count(":") == 2
        for what, number, said in [one.split(":")]
    ]
    key = [ShelfSum.kind, ShelfSum.about, ShelfSum.what, ShelfSum.number, ShelfSum.said]
    for some in chunked(changed, _ROWS):
        ShelfSum.insert_many(some, fields=[*key, ShelfSum.times]).on_conflict(
            conflict_target=key, update={ShelfSum.times: ShelfSum.times + EXCLUDED.times}
        ).execute()


def _rows(query: str, which: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in database.execute_sql(query.format(which=which)).fetchall()]
