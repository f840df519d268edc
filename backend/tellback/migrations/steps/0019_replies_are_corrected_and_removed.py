"""Published replies can be corrected by their service, and replies and changes be taken down."""

from peewee import CharField, ForeignKeyField, Model, PostgresqlDatabase, TextField

from tellback.db import UTCDateTimeField

_COLUMNS = (
    ("reply", "corrected_at {moment}"),
    ("reply", "removed_at {moment}"),
    ("reply", "removed_reason VARCHAR(40)"),
    ("change_claim", "removed_at {moment}"),
    ("change_claim", "removed_reason VARCHAR(40)"),
)


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for table, column in _COLUMNS:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column.format(moment=moment)}")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Reply(Model):
        class Meta:
            database = db
            table_name = "reply"

    class ReplyCorrection(Model):
        public_id = CharField(max_length=24, unique=True)
        reply = ForeignKeyField(Reply, backref="corrections", on_delete="CASCADE")
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        responder_name = CharField(max_length=80)
        responder_role = CharField(max_length=80)
        body = TextField()
        lang = CharField(max_length=35)
        before = TextField(null=True)
        state = CharField(max_length=12)
        note = TextField(null=True)
        written_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "reply_correction"
            indexes = ((("state", "written_at"), False),)

    db.create_tables([ReplyCorrection])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("reply_correction"))
    for table, column in reversed(_COLUMNS):
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
