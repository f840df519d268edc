"""Many waiting stories, put straight into the tables: more than a test could tell in its time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from peewee import chunked

from tellback import clock, db
from tellback.organisations.models import Service
from tellback.stories.models import Story, StoryFinding, StoryService, StoryVersion
from tellback.stories.urgency import rank

# Rows in one statement: far under the number of values that SQLite takes.
_AT_ONCE = 500
_BODY = "The nurse sat with me until my daughter came, and I was not afraid any more. It was night {}."

# All words at once, plain as they are: what `stories.desk_words` would put in for each.
_INDEXED_SQLITE = (
    "INSERT INTO desk_search (rowid, title, words)"
    " SELECT story_id, LOWER(title), LOWER(body) FROM story_version WHERE story_id >= ?"
)
_INDEXED_POSTGRESQL = (
    "INSERT INTO desk_search (story_id, words) SELECT story_id,"
    " setweight(to_tsvector('tellback', title), 'A') || setweight(to_tsvector('tellback', body), 'D')"
    " FROM story_version WHERE story_id >= %s"
)


def wait(count: int, service: Service) -> None:
    """Let `count` stories more wait for a moderator, told over a month, in every place of the queue.

    One in fifty is urgent in some way, one in five has a score, one in forty is in Polish.
    """
    first = 1 + (Story.select().order_by(Story.id.desc()).limit(1).scalar() or 0)
    numbers = range(first, first + count)
    with db.transaction():
        _put(Story, (_story(n) for n in numbers))
        _put(StoryVersion, (_version(n) for n in numbers))
        _put(StoryService, ({"story": n, "service": service.id} for n in numbers))
        versions = StoryVersion.select(StoryVersion.id, StoryVersion.story).where(StoryVersion.story >= first)
        _put(
            StoryFinding, (_finding(*row) for row in versions.tuples() if _urgency(row[1]) or row[1] % 3 == 0)
        )
        Story.update(queue_rank=rank()).where(Story.id >= first).execute()
        db.database.execute_sql(_INDEXED_POSTGRESQL if db.is_postgresql() else _INDEXED_SQLITE, (first,))
    if db.is_postgresql():
        # A sequence knows nothing of numbers that were given by hand.
        db.database.execute_sql("SELECT setval('story_id_seq', (SELECT MAX(id) FROM story))")
    # The database learns how its tables look, as it does by itself after a while.
    db.database.execute_sql("ANALYZE")


def _story(n: int) -> dict[str, Any]:
    told = clock.now() - timedelta(minutes=n % 43_200)
    return {
        "id": n,
        "public_id": f"c{n:015}",
        "state": "submitted" if n % 7 else "in_moderation",
        "state_since": told,
        "author_role": "patient",
        "consent_publish": True,
        "consent_licence": False,
        "consent_contact": False,
        "consent_version": "2026",
        "told_at": told,
        "waits_since": told,
        "urgency": _urgency(n),
        "criticality": None if n % 5 else n // 5 % 6,
    }


def _version(n: int) -> dict[str, Any]:
    return {
        "story": n,
        "number": 1,
        "title": f"Night {n}",
        "body": _BODY.format(n),
        "lang": "en" if n % 40 else "pl",
        "written_at": clock.now(),
    }


def _finding(version: int, story: int) -> dict[str, Any]:
    kind = "crisis" if _urgency(story) else "personal_data"
    certainty = "possible" if _urgency(story) == 1 else "sure"
    return {
        "version": version, "field": "body", "kind": kind, "rule": "suicide", "start": 0, "end": 3,
        "certainty": certainty,
    }  # fmt: skip


def _urgency(n: int) -> int:
    return 2 if n % 200 == 0 else 1 if n % 50 == 0 else 0


def _put(model: type[db.Model], rows: Iterator[dict[str, Any]]) -> None:
    for some in chunked(rows, _AT_ONCE):
        model.insert_many(some).execute()
