"""The store is kept by hand beside the registers; authors read paragraphs; some are kept out for a time."""

from peewee import BlobField, CharField, ForeignKeyField, IntegerField, Model, PostgresqlDatabase, TextField

from tellback.db import UTCDateTimeField

_COLUMNS = (
    ("organisation", "owner_name", "VARCHAR(120)"),
    ("organisation", "owner_email", "VARCHAR(254)"),
    ("organisation", "set_here", "JSON NOT NULL DEFAULT '[]'"),
    ("organisation", "revision", "INTEGER NOT NULL DEFAULT 1"),
    ("service", "nation", "VARCHAR(20)"),
    ("service", "owner_name", "VARCHAR(120)"),
    ("service", "owner_email", "VARCHAR(254)"),
    ("service", "local_codes", "JSON NOT NULL DEFAULT '[]'"),
    ("service", "closed_on", "VARCHAR(10)"),
    ("service", "set_here", "JSON NOT NULL DEFAULT '[]'"),
    ("service", "revision", "INTEGER NOT NULL DEFAULT 1"),
    ("topic", "retired_at", "{moment}"),
    ("topic", "revision", "INTEGER NOT NULL DEFAULT 1"),
)


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for table, column, kind in _COLUMNS:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column} {kind.format(moment=moment)}")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class ReasonText(Model):
        kind = CharField(max_length=12)
        reason = CharField(max_length=40)
        lang = CharField(max_length=35)
        number = IntegerField()
        text = TextField()
        written_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        written_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "reason_text"
            indexes = ((("kind", "reason", "lang", "number"), True),)

    class Block(Model):
        kind = CharField(max_length=10)
        reason = CharField(max_length=200)
        made_at = UTCDateTimeField()
        until = UTCDateTimeField()
        ended_at = UTCDateTimeField(null=True)
        times = IntegerField(default=0)
        width = CharField(max_length=8, null=True)
        digest = CharField(max_length=64, null=True)
        key_sealed = BlobField(null=True)
        phrase = CharField(max_length=100, null=True)

        class Meta:
            database = db
            table_name = "block"
            indexes = ((("kind", "ended_at", "until"), False),)

    db.create_tables([ReasonText, Block])


def down(migrator, db):
    for table in ("block", "reason_text"):
        migrator.migrate(migrator.drop_table(table))
    for table, column, _kind in reversed(_COLUMNS):
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column}")
