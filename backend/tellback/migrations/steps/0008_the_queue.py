"""A story carries its place in the queue; who reads it; saved views; staff find it by all its words."""

import re
import unicodedata

from peewee import (
    BooleanField,
    CharField,
    ForeignKeyField,
    JSONField,
    Model,
    PostgresqlDatabase,
)

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for column in (
        "urgency INTEGER NOT NULL DEFAULT 0",
        "queue_rank INTEGER",
        f"waits_since {moment}",
        "assigned_to_id INTEGER REFERENCES account (id) ON DELETE SET NULL",
    ):
        db.execute_sql(f"ALTER TABLE story ADD COLUMN {column}")
    _place_what_waits(db)
    db.execute_sql("CREATE INDEX story_queue_rank_waits_since_id ON story (queue_rank, waits_since, id)")
    db.execute_sql(
        "CREATE INDEX story_assigned_to_id_queue_rank_waits_since_id"
        " ON story (assigned_to_id, queue_rank, waits_since, id)"
    )

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Reading(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        account = ForeignKeyField(Account, on_delete="CASCADE")
        at = UTCDateTimeField(index=True)

        class Meta:
            database = db
            table_name = "reading"
            indexes = ((("story", "account"), True),)

    class SavedView(Model):
        owner = ForeignKeyField(Account, on_delete="CASCADE")
        name = CharField(max_length=60)
        asked = JSONField()
        shared = BooleanField()
        made_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "saved_view"
            indexes = ((("owner", "name"), True),)

    class DeskHabit(Model):
        account = ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
        by_keys = BooleanField(default=True)
        onward = BooleanField(default=True)

        class Meta:
            database = db
            table_name = "desk_habit"

    db.create_tables([Reading, SavedView, DeskHabit])
    _make_index(db)
    _fill_index(db)


def down(migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP TABLE desk_search")
    else:
        db.execute_sql("DROP TRIGGER story_leaves_desk_search")
        db.execute_sql("DROP TABLE desk_search")
    for table in ("desk_habit", "saved_view", "reading"):
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql("DROP INDEX story_queue_rank_waits_since_id")
    db.execute_sql("DROP INDEX story_assigned_to_id_queue_rank_waits_since_id")
    for column in ("assigned_to_id", "waits_since", "queue_rank", "urgency"):
        db.execute_sql(f"ALTER TABLE story DROP COLUMN {column}")


def _place_what_waits(db):
    # Words of crisis in the latest version: the surest of them count.
    db.execute_sql(
        "UPDATE story SET urgency = (SELECT COALESCE(MAX("
        " CASE story_finding.certainty WHEN 'possible' THEN 1 ELSE 2 END), 0)"
        " FROM story_version JOIN story_finding ON story_finding.version_id = story_version.id"
        " WHERE story_version.story_id = story.id AND story_finding.kind IN ('crisis', 'safeguarding')"
        " AND story_version.number ="
        " (SELECT MAX(number) FROM story_version AS other WHERE other.story_id = story.id))"
    )
    db.execute_sql(
        "UPDATE story SET waits_since = told_at,"
        " queue_rank = (2 - urgency) * 10 + COALESCE(5 - criticality, 9)"
        " WHERE state IN ('submitted', 'in_moderation')"
    )


def _make_index(db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE TABLE desk_search (story_id INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,"
            " words TSVECTOR NOT NULL)"
        )
        db.execute_sql("CREATE INDEX desk_search_words ON desk_search USING gin (words)")
        return
    db.execute_sql(
        "CREATE VIRTUAL TABLE desk_search USING fts5("
        "title, words, tokenize = \"porter unicode61 remove_diacritics 2 categories 'L* N* M* Co'\")"
    )
    # A virtual table can refer to nothing, and no word may outlive its story.
    db.execute_sql(
        "CREATE TRIGGER story_leaves_desk_search AFTER DELETE ON story"
        " BEGIN DELETE FROM desk_search WHERE rowid = old.id; END"
    )


def _fill_index(db):
    put = (
        "INSERT INTO desk_search (story_id, words) VALUES (%s,"
        " setweight(to_tsvector('tellback', %s), 'A') || setweight(to_tsvector('tellback', %s), 'D'))"
        if isinstance(db, PostgresqlDatabase)
        else "INSERT INTO desk_search (rowid, title, words) VALUES (?, ?, ?)"
    )
    stories = db.execute_sql(
        "SELECT story.id, story.state, story.public_id, story.visited_on, website.name, story.display_name,"
        " story.topic_words FROM story LEFT JOIN website ON website.id = story.website_id"
    ).fetchall()
    about = _by_story(
        db,
        "SELECT story_service.story_id, service.name, service.code, organisation.name, organisation.code"
        " FROM story_service JOIN service ON service.id = story_service.service_id"
        " JOIN organisation ON organisation.id = service.organisation_id ORDER BY story_service.id",
        "SELECT story_topic.story_id, topic.name"
        " FROM story_topic JOIN topic ON topic.id = story_topic.topic_id ORDER BY story_topic.id",
    )
    titles = _by_story(db, "SELECT story_id, title FROM story_version ORDER BY story_id, number")
    said = _by_story(
        db,
        "SELECT story_id, body, what_was_good, what_could_be_better FROM story_version"
        " ORDER BY story_id, number",
    )
    for number, state, *facts in stories:
        told = state != "withdrawn"
        words = [
            *(facts if told else facts[:3]),
            *about.get(number, []),
            *(said.get(number, []) if told else []),
        ]
        title = "\n".join(titles.get(number, []) if told else [])
        db.execute_sql(put, (number, _folded(title), _folded("\n".join(word for word in words if word))))


def _by_story(db, *queries):
    found = {}
    for query in queries:
        for number, *words in db.execute_sql(query).fetchall():
            found.setdefault(number, []).extend(words)
    return found


def _folded(text):
    plain = text.casefold().translate(dict.fromkeys(map(ord, "'’‘`´ʼ")))
    plain = unicodedata.normalize("NFKD", plain).translate(str.maketrans("łøđı", "lodi"))
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in plain if not unicodedata.combining(c))
    unspaced = "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    return " ".join(re.sub(unspaced, r" \1 ", "".join(kept)).split())
