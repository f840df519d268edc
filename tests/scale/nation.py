"""What a whole nation told, put straight into the tables by the database itself: a million in minutes.

200 hospitals with ten wards each and 5,800 practices: 8,000 services. The first are told of most (a twentieth
of all stories is about the first hospital), most of them seldom. Of fifty stories five wait, one was taken
down, one was not published, 43 are read; two of five are answered. Told over two years, however many, so that
a thousand and a million differ in nothing else. The words are invented, and no hash is one. No word is
counted for slips (`search.vocabulary`): `tests.benchmarks.search` does that.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from peewee import fn

from tellback import clock, db
from tellback.stories import topics
from tellback.stories.models import Topic

HOSPITALS, WARDS_OF_EACH, SERVICES = 200, 10, 8000
# Of the hospital that most is told of; its wards' are 201 to 210.
BUSIEST = "S1"
# Seconds over which all was told.
_SPAN = 2 * 365 * 86_400
# An odd number whose multiples, cut to 32 bits, lie about like chance (Knuth, volume 3, 6.4).
_ODD = 2_654_435_761
_SCRIPT = Path(__file__).with_suffix(".sql")
_HURRY_SQLITE = ("PRAGMA synchronous = off", "PRAGMA foreign_keys = off", "PRAGMA cache_size = -500000")
_HURRY_POSTGRESQL = (
    "SET statement_timeout = 0",
    "SET synchronous_commit = off",
    "SET work_mem = '256MB'",
    # Without asking for each row whether its parents are there.
    "SET session_replication_role = replica",
)
# The index that everyone searches in, with words as they are: they are found like those of other languages.
_FOLDED = "REPLACE(REPLACE(LOWER({}), '.', ''), ',', '')"
_ABOUT = "SELECT {}('s' || service_id, ' ') FROM story_service WHERE story_service.story_id = story.id"
_SERVICES = (
    "(SELECT {} FROM (SELECT 'about:' || service || ':' AS one"
    " FROM family WHERE story = nation.id ORDER BY 1) AS about)"
)
_TITLE, _BODY = _FOLDED.format("title"), _FOLDED.format("body")
_SEARCH_SQLITE = f"""
INSERT INTO public_search (rowid, title, words, about, said)
SELECT CAST(strftime('%s', published_at) AS INTEGER) * 2147483648 + story.id, {_TITLE}, {_BODY},
       ({_ABOUT.format("group_concat")}) || ' n' || story.id, ''
  FROM published_text JOIN story ON story.id = published_text.story_id ORDER BY 1;
INSERT INTO desk_search (rowid, title, words) SELECT story_id, LOWER(title), LOWER(body) FROM story_version;
"""
_WEIGHED = "setweight(to_tsvector('tellback', title), 'A') || setweight(to_tsvector('tellback', body), 'D')"
_SEARCH_POSTGRESQL = f"""
INSERT INTO public_search (place, story_id, tokens, title, words, said)
SELECT CAST(extract(epoch FROM published_at) AS BIGINT) * 2147483648 + story.id, story.id,
       to_tsvector('simple', title || ' ' || body) || array_to_tsvector(string_to_array(upper(
           ({_ABOUT.format("string_agg")})), ' ')), {_TITLE}, {_BODY}, ''
  FROM published_text JOIN story ON story.id = published_text.story_id ORDER BY 1;
INSERT INTO desk_search (story_id, words) SELECT story_id, {_WEIGHED} FROM story_version;
"""


def fill(stories: int) -> None:
    """Let an empty database that has its schema hold so many stories, and learn how its tables look."""
    run = db.database.execute_sql
    for setting in _HURRY_POSTGRESQL if db.is_postgresql() else _HURRY_SQLITE:
        run(setting)
    with db.transaction():
        topics.bring_themes()
        for statement in _statements(stories):
            # The driver of PostgreSQL takes a % for a value's place.
            run(statement.replace("%", "%%") if db.is_postgresql() else statement)
    # What autovacuum does after a while; it wants no transaction.
    run("VACUUM ANALYZE" if db.is_postgresql() else "ANALYZE")
    # The next connection is as careful as ever.
    db.database.close_all()  # type: ignore[attr-defined]


def _statements(stories: int) -> Iterator[str]:
    on_postgresql = db.is_postgresql()
    now = clock.now()
    facts = {
        "stories": stories,
        "services": SERVICES,
        "hospitals": HOSPITALS,
        "wards": WARDS_OF_EACH,
        "wards_end": HOSPITALS * (1 + WARDS_OF_EACH),
        "organisations": SERVICES - HOSPITALS * WARDS_OF_EACH,
        "topics": Topic.select().count(),
        "first_topic": Topic.select(fn.MIN(Topic.id)).scalar(),
        "odd": _ODD,
        "sealed": "'\\x00'::bytea" if on_postgresql else "x'00'",
        "moment": "TIMESTAMPTZ" if on_postgresql else "TEXT",
        "key": "'n' || right('00000000000000' || n, 15)" if on_postgresql else "printf('n%015d', n)",
        "now": _ago("0", now),
        # The newest was told a minute ago.
        "told": _ago(f"60 + ({stories} - n) * CAST({_SPAN} AS BIGINT) / {stories}", now),
        "later": "told + interval '30 seconds'" if on_postgresql else _written("told", "'+30 seconds'"),
        "month_ago": _ago(str(30 * 86_400), now),
        "quarter_ago": _ago(str(90 * 86_400), now),
        # In the order of code points, as Python sorts.
        "about_services": _SERVICES.format(
            "string_agg(one, ' ' ORDER BY one COLLATE \"C\")" if on_postgresql else "group_concat(one, ' ')"
        ),
        "day": "to_char(told, 'YYYY-MM-DD')" if on_postgresql else "substr(told, 1, 10)",
    }
    script = _SCRIPT.read_text() + (_SEARCH_POSTGRESQL if on_postgresql else _SEARCH_SQLITE)
    for statement in script.format(**facts).split(";\n"):
        if statement.strip():
            yield statement
    if on_postgresql:
        # A sequence knows nothing of numbers that were given by hand.
        for table in ("organisation", "service", "story", "story_version"):
            yield f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))"


def _ago(seconds: str, now: datetime) -> str:
    """So many seconds (SQL) before now, as a column holds a moment."""
    if db.is_postgresql():
        return f"TIMESTAMPTZ '{now.isoformat()}' - ({seconds}) * interval '1 second'"
    return _written(f"'{now:%Y-%m-%d %H:%M:%S}'", f"'-' || ({seconds}) || ' seconds'")


def _written(moment: str, change: str) -> str:
    """A moment of SQLite, changed, in the one width in which all are written (`db.UTCDateTimeField`)."""
    return f"strftime('%Y-%m-%d %H:%M:%S.000000+00:00', {moment}, {change})"
