"""What readers do with stories: search them, say "this happened to me too", report them."""

import re
import unicodedata

from peewee import (
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    Model,
    PostgresqlDatabase,
    TextField,
)

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    # Peewee would write the table anew on SQLite, and what hangs on a story would go with the old one.
    db.execute_sql("ALTER TABLE story ADD COLUMN me_too INTEGER NOT NULL DEFAULT 0")

    class MeToo(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        visitor = CharField(max_length=32)
        day = CharField(index=True, max_length=10)

        class Meta:
            database = db
            table_name = "me_too"
            indexes = ((("story", "visitor"), True),)

    db.create_tables([MeToo])

    class Flag(Model):
        public_id = CharField(unique=True, max_length=24)
        story = ForeignKeyField(Story, on_delete="CASCADE")
        reason = CharField(max_length=20)
        words = TextField(default="")
        times = IntegerField(default=1)
        urgent = BooleanField()
        state = CharField(max_length=8)
        told_at = UTCDateTimeField()
        settled_at = UTCDateTimeField(null=True)
        settled_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        note = TextField(default="")

        class Meta:
            database = db
            table_name = "flag"
            indexes = ((("state", "told_at"), False), (("story", "state"), False))

    db.create_tables([Flag])
    _make_index(db)
    _fill_index(db)


def down(migrator, db):
    db.execute_sql("DROP TABLE story_search")
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("DROP TEXT SEARCH CONFIGURATION tellback")
        db.execute_sql("DROP TEXT SEARCH DICTIONARY tellback_stem")
    migrator.migrate(migrator.drop_table("flag"))
    migrator.migrate(migrator.drop_table("me_too"))
    db.execute_sql("ALTER TABLE story DROP COLUMN me_too")


def _make_index(db):
    if not isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE VIRTUAL TABLE story_search USING fts5("
            "title, words, tokenize = \"porter unicode61 remove_diacritics 2 categories 'L* N* M* Co'\")"
        )
        return
    # Stems as `english` does, and leaves out no word: "was I in?" finds something on both engines.
    db.execute_sql("CREATE TEXT SEARCH DICTIONARY tellback_stem (TEMPLATE = snowball, Language = english)")
    db.execute_sql("CREATE TEXT SEARCH CONFIGURATION tellback (COPY = simple)")
    db.execute_sql("ALTER TEXT SEARCH CONFIGURATION tellback ALTER MAPPING REPLACE simple WITH tellback_stem")
    db.execute_sql(
        "CREATE TABLE story_search (story_id INTEGER PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,"
        " words TSVECTOR NOT NULL)"
    )
    db.execute_sql("CREATE INDEX story_search_words ON story_search USING gin (words)")


def _fill_index(db):
    put = (
        "INSERT INTO story_search (story_id, words) VALUES (%s,"
        " setweight(to_tsvector('tellback', %s), 'A') || setweight(to_tsvector('tellback', %s), 'D'))"
        if isinstance(db, PostgresqlDatabase)
        else "INSERT INTO story_search (rowid, title, words) VALUES (?, ?, ?)"
    )
    texts = "SELECT story_id, title, body, what_was_good, what_could_be_better FROM published_text"
    for story_id, title, *parts in db.execute_sql(texts).fetchall():
        db.execute_sql(put, (story_id, _folded(title), _folded("\n".join(part for part in parts if part))))


def _folded(text):
    plain = text.casefold().translate(dict.fromkeys(map(ord, "'’‘`´ʼ")))
    plain = unicodedata.normalize("NFKD", plain).translate(str.maketrans("łøđı", "lodi"))
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in plain if not unicodedata.combining(c))
    unspaced = "([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
    return " ".join(re.sub(unspaced, r" \1 ", "".join(kept)).split())
