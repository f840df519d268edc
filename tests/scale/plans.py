"""How a database answers what is asked often, among 20,000 stories: by an index, whatever a table becomes.

Each question is put by the code itself, and each statement that it sends is explained by the database. None
may read a table that grows with the stories from end to end: only along an index, as far as a page goes.
`.venv/bin/python -m tests.scale.plans` prints the table of docs/capacity.md, of PostgreSQL where
TELLBACK_TEST_POSTGRES_URL names a server, else of SQLite.
"""

import dataclasses
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from tellback import config, db, migrations, rounds, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import answering
from tellback.audit import ledger
from tellback.authorship import erasure
from tellback.digests import weekly
from tellback.errors import Problem
from tellback.moderation import queue
from tellback.moderation.filters import Filters
from tellback.organisations.models import Organisation
from tellback.outbox import delivery
from tellback.outbox.delivery import Lane
from tellback.published import lists, shown, subjects
from tellback.published.lists import Asked, Order
from tellback.published.summary import summary
from tellback.published.transparency import transparency
from tellback.retention import rules
from tellback.stories import duplicates, private_links, shelves, standings
from tellback.stories.models import Story, StoryVersion
from tests import people
from tests.benchmarks.million import POSTGRES, databases
from tests.benchmarks.settings import settings_of
from tests.scale import nation

STORIES = 20_000
# Tables with rows for each story. `service` and `organisation` are as large as the country, and stay so.
GROW = {
    "story", "story_version", "published_text", "story_service", "story_topic", "story_finding", "reply",
    "private_link", "author_contact", "used_key", "story_likeness", "shelved_story", "audit_event",
    "ledger_entry", "outbox_message", "delivery_attempt", "public_search", "desk_search",
}  # fmt: skip

WORDS = duplicates.words_of(
    StoryVersion(body="The nurse sat with me until my daughter came to take me home.")
)

Plan = list[str]


# Months for which things are kept, so that a few come of age as on any day: nobody forgot anything yet among
# these stories, of two years, and what reads most of a table rightly reads all of it.
KEPT = 24
# A table whose whole reading PostgreSQL reckons so cheap is small: no index could be faster.
SMALL = 100.0


class _Undone(Exception):
    """Raised so that what was asked changes nothing."""


def questions(moira: Account, ruth: Account) -> dict[str, Callable[[], object]]:
    """What people ask often, by its name. Moira moderates, Ruth answers for the busiest hospital's trust."""
    told = Story.get_by_id(100)
    about = subjects.of_service(nation.BUSIEST)
    seldom = subjects.of_service("S5000")

    def second(asked: Asked) -> object:
        return lists.read(asked, cursor=lists.read(asked, limit=20).next, limit=20)

    return {
        "a service's first page": lambda: lists.newest(about, limit=20),
        "of one that is seldom told of": lambda: lists.newest(seldom, limit=20),
        "a service's next page": lambda: second(Asked(about)),
        "the whole country's first page": lambda: lists.newest(subjects.EVERYTHING, limit=20),
        "its next page": lambda: second(Asked()),
        "an organisation's first page": lambda: lists.newest(subjects.of_organisation("O1"), limit=20),
        "a topic's first page": lambda: lists.newest(subjects.of_topic("food"), limit=20),
        "what is shown of twenty stories": lambda: shown.shown(lists.newest(about, limit=20).stories, ""),
        "a service in numbers": lambda: summary(about, ""),
        "a topic in numbers": lambda: summary(subjects.of_topic("food"), ""),
        "a service's feed": lambda: lists.moved_lately(about, limit=30),
        "what became of a service's stories": lambda: transparency(about.service),
        "what became of all stories": lambda: transparency(None),
        "one story, and its entries in the ledger": lambda: shown.in_ledger(lists.get(told.public_id)),
        "an author's story, by its private link": lambda: private_links.story_of("none"),
        "a story told before": lambda: duplicates.twin_of(told, WORDS, duplicates.bands(WORDS)),
        "a place in the lists": lambda: shelves.put(told),
        "the queue's first page": lambda: queue.page(moira),
        "the next story to read": lambda: queue.next_to_read(moira, Filters()),
        "a letter to send": lambda: delivery._claim((Lane.LETTERS,), [], 60),
        "the ledger, a page": lambda: ledger.after(500, limit=100),
        "the ledger's end": ledger.newest,
        "a search of one service": lambda: lists.read(Asked(about, q="deaf 19941"), limit=20),
        "a search of all, the best first": lambda: lists.read(Asked(q="19941", order=Order.RELEVANT)),
        "what waits for an answer": lambda: answering.own_stories(ruth, show="waiting"),
        "a trust's stories as a file": lambda: list(answering.rows(ruth, "https://stories.example")),
        "a trust's week": lambda: weekly.of_account(ruth),
        "a story erased": lambda: erasure.erase(told),
    }


def by_itself(settings: config.Settings) -> dict[str, Callable[[], object]]:
    """What the service asks by itself: of rounds every few seconds, of what ends by its age each day."""
    settings = dataclasses.replace(
        settings, contact_months=KEPT, unpublished_months=KEPT, story_years=KEPT // 12 + 1
    )
    apart = (rounds.send_letters, rounds.call_webhooks, rounds.forget_what_is_over)
    return {
        **{
            f"each round: {work.__name__.replace('_', ' ')}": partial(work, settings)
            for work in rounds.ROUNDS
            if work not in apart
        },
        **{f"each day: {rule.kind}": partial(rule.forget, settings, rules.BATCH) for rule in rules.RULES},
    }


def explained(ask: Callable[[], object]) -> Iterator[tuple[str, Plan]]:
    """Each statement that looks for rows, as it was sent, and the lines of the database's plan for it."""
    # Where nothing is found the question was put all the same.
    with _overheard() as statements, suppress(Problem, _Undone), db.transaction():
        ask()
        raise _Undone
    for sql, values in statements:
        if sql.lstrip().startswith(("SELECT", "WITH", "UPDATE", "DELETE")) and "pg_" not in sql:
            explain = "EXPLAIN " if db.is_postgresql() else "EXPLAIN QUERY PLAN "
            rows = db.database.execute_sql(explain + sql, values).fetchall()
            yield sql, [str(row[0] if db.is_postgresql() else row[3]) for row in rows]


def scanned(sql: str, plan: Plan) -> set[str]:
    """The tables that grow and are read from end to end."""
    found = set()
    if "(0 = 1)" in sql:  # What Peewee makes of an empty list: no row is read.
        return found
    for line in plan:
        scan = re.search(_SCAN_POSTGRESQL if db.is_postgresql() else _SCAN_SQLITE, line)
        if not scan or (db.is_postgresql() and float(scan[2]) < SMALL):
            continue
        # SQLite also calls it a scan to go along an index, or the key where all rows count, as far as a page.
        if not db.is_postgresql() and "LIMIT" in sql and ("USING" in line or "WHERE" not in sql):
            continue
        found.add(_table(scan[1], sql))
    return found & GROW


_SCAN_POSTGRESQL = r'Seq Scan on "?(\w+).*?cost=[\d.]+\.\.([\d.]+)'
# An index of words is a virtual table, and going along it no scan.
_SCAN_SQLITE = r"^SCAN (\w+)(?! VIRTUAL TABLE INDEX)\b"


def by_index(plan: Plan) -> set[str]:
    """The indexes that a plan goes by."""
    name = r"(?:using|Index Scan on) (\w+)" if db.is_postgresql() else r"INDEX (\w+)|(PRIMARY KEY)"
    return {next(filter(None, found.groups())) for line in plan for found in re.finditer(name, line)}


def _table(name: str, sql: str) -> str:
    """The table that a statement calls so."""
    alias = re.search(rf'"(\w+)" AS "{name}"', sql)
    return alias[1] if alias else name


@contextmanager
def _overheard() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that the database is sent."""
    statements: list[tuple[str, Any]] = []
    chosen = db.database.obj  # type: ignore[attr-defined]
    real = chosen.execute_sql

    def noted(sql: str, params: Any = None, *rest: Any) -> Any:
        statements.append((sql, params))
        return real(sql, params, *rest)

    chosen.execute_sql = noted
    try:
        yield statements
    finally:
        chosen.execute_sql = real


def main() -> None:
    """Fill a database of its own, and print the table."""
    with database() as name, tempfile.TemporaryDirectory() as folder:
        moira, ruth = somebody()
        settings = settings_of(folder, "sqlite:///none")
        sealing.use(settings.contact_key)
        print(f"| {name}, {STORIES:,} stories | statements | by |\n|---|---|---|")
        for what, ask in (questions(moira, ruth) | by_itself(settings)).items():
            plans = list(explained(ask))
            ways = sorted({index for _sql, plan in plans for index in by_index(plan)})
            whole = sorted({table for sql, plan in plans for table in scanned(sql, plan)})
            said = f" **reads all of {', '.join(whole)}**" if whole else ""
            print(f"| {what} | {len(plans)} | {', '.join(f'`{way}`' for way in ways)}{said} |")


def somebody() -> tuple[Account, Account]:
    """Fill the database; who moderates, and who answers for the busiest hospital."""
    moira = people.make_account("Moira", Role.MODERATOR)
    nation.fill(STORIES)
    # As an upgrade does: from then on only what moved is counted.
    standings.keep_up(1)
    trust = Organisation.get(Organisation.code == "O1")
    return moira, people.make_account("Ruth", Role.RESPONDER, trust)


@contextmanager
def database() -> Iterator[str]:
    """A database of PostgreSQL or SQLite, connected, with the schema and no rows; its engine's name."""
    engine = "PostgreSQL" if POSTGRES else "SQLite"
    with databases(engine) as (url, _other):
        db.connect(url)
        migrations.upgrade()
        yield engine
        db.database.close_all()  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
