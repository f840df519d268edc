"""Decisions wait before they take effect; stories are scored; authors agree to large edits or not."""

from peewee import CharField, ForeignKeyField, Model, PostgresqlDatabase, TextField

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for table, column in (
        ("story", "criticality INTEGER"),
        ("redaction", f"agreed_at {moment}"),
        ("decision", "paragraph TEXT NOT NULL DEFAULT ''"),
        ("decision", "state VARCHAR(10) NOT NULL DEFAULT 'done'"),
        ("decision", "revision INTEGER"),
        ("decision", f"takes_effect_at {moment}"),
        ("decision", f"settled_at {moment}"),
        ("decision", "settled_by_id INTEGER REFERENCES account (id) ON DELETE SET NULL"),
    ):
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column}")
    db.execute_sql("UPDATE decision SET settled_at = decided_at")
    db.execute_sql("CREATE INDEX decision_settled_by_id ON decision (settled_by_id)")
    db.execute_sql("CREATE INDEX decision_state_takes_effect_at ON decision (state, takes_effect_at)")
    db.execute_sql("CREATE UNIQUE INDEX decision_one_waits ON decision (story_id) WHERE state = 'waiting'")

    class Decision(Model):
        class Meta:
            database = db
            table_name = "decision"

    class AuthorAnswer(Model):
        decision = ForeignKeyField(Decision, unique=True, on_delete="CASCADE")
        answer = CharField(max_length=10)
        words = TextField(default="")
        answered_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "author_answer"

    db.create_tables([AuthorAnswer])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("author_answer"))
    for index in ("decision_one_waits", "decision_state_takes_effect_at", "decision_settled_by_id"):
        db.execute_sql(f"DROP INDEX {index}")
    for table, column in (
        ("decision", "settled_by_id"),
        ("decision", "settled_at"),
        ("decision", "takes_effect_at"),
        ("decision", "revision"),
        ("decision", "state"),
        ("decision", "paragraph"),
        ("redaction", "agreed_at"),
        ("story", "criticality"),
    ):
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
