"""Replies are drafted, looked at by a colleague, wait, and come from charities and programs, too."""

from peewee import CharField, ForeignKeyField, IntegerField, Model, PostgresqlDatabase, TextField

from tellback.db import UTCDateTimeField

_COLUMNS = (
    ("organisation", "kind VARCHAR(16) NOT NULL DEFAULT 'provider'"),
    ("organisation", "reply_days INTEGER"),
    ("reply", "kind VARCHAR(10) NOT NULL DEFAULT 'answer'"),
    ("reply", "via VARCHAR(8) NOT NULL DEFAULT 'console'"),
    ("reply", "due_at {moment}"),
    ("reply", "fast_track VARCHAR(6)"),
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

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Topic(Model):
        class Meta:
            database = db
            table_name = "topic"

    class Reply(Model):
        class Meta:
            database = db
            table_name = "reply"

    class ReplyDraft(Model):
        story = ForeignKeyField(Story, backref="drafts", on_delete="CASCADE")
        organisation = ForeignKeyField(Organisation, on_delete="CASCADE")
        service = CharField(max_length=64, default="")
        kind = CharField(max_length=10)
        responder_name = CharField(max_length=80, default="")
        responder_role = CharField(max_length=80, default="")
        body = TextField(default="")
        lang = CharField(max_length=35)
        revision = IntegerField(default=1)
        saved_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        saved_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "reply_draft"
            indexes = ((("story", "organisation"), True),)

    class SecondLook(Model):
        draft = ForeignKeyField(ReplyDraft, backref="looks", on_delete="CASCADE")
        asked_by = ForeignKeyField(Account, on_delete="CASCADE", backref="+")
        asked_of = ForeignKeyField(Account, on_delete="CASCADE", backref="+")
        asked_at = UTCDateTimeField()
        outcome = CharField(max_length=8, null=True)
        words = TextField(default="")
        answered_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "second_look"

    class AnsweringFor(Model):
        organisation = ForeignKeyField(Organisation, backref="answers_for", on_delete="CASCADE")
        service = ForeignKeyField(Service, null=True, on_delete="CASCADE")
        topic = ForeignKeyField(Topic, null=True, on_delete="CASCADE")
        allowed_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "answering_for"
            indexes = ((("organisation", "service", "topic"), True),)

    class ReplyKey(Model):
        key_hash = CharField(max_length=64, unique=True)
        body_hash = CharField(max_length=64)
        reply = ForeignKeyField(Reply, on_delete="CASCADE")
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "reply_key"

    class ApiToken(Model):
        account = ForeignKeyField(Account, backref="tokens", on_delete="CASCADE")
        name = CharField(max_length=60)
        token_hash = CharField(max_length=64, unique=True)
        scope = CharField(max_length=20)
        created_at = UTCDateTimeField()
        expires_at = UTCDateTimeField()
        used_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "api_token"

    db.create_tables([ReplyDraft, SecondLook, AnsweringFor, ReplyKey, ApiToken])


def down(migrator, db):
    for table in ("api_token", "reply_key", "answering_for", "second_look", "reply_draft"):
        migrator.migrate(migrator.drop_table(table))
    for table, column in reversed(_COLUMNS):
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
