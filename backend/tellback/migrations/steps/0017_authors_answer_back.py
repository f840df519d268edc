"""Authors answer back, say whether a reply answered them, edit what they told, and see who has read it."""

from peewee import BlobField, CharField, ForeignKeyField, Model, PostgresqlDatabase, TextField

from tellback.db import UTCDateTimeField

_COLUMNS = (
    ("reply", "verdict VARCHAR(6)"),
    ("reply", "verdict_at {moment}"),
    ("story_change", "verdict VARCHAR(6)"),
    ("story_change", "verdict_at {moment}"),
    ("story", "contact_lang VARCHAR(35)"),
    ("story", "edit_sent_at {moment}"),
    ("story_version", "facts JSON"),
    ("author_contact", "bucket VARCHAR(2)"),
)


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for table, column in _COLUMNS:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN {column.format(moment=moment)}")
    db.execute_sql("CREATE INDEX authorcontact_bucket ON author_contact (bucket)")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Reply(Model):
        class Meta:
            database = db
            table_name = "reply"

    class AnswerBack(Model):
        public_id = CharField(max_length=24, unique=True)
        reply = ForeignKeyField(Reply, backref="answers_back", on_delete="CASCADE")
        body = TextField()
        lang = CharField(max_length=35)
        state = CharField(max_length=12)
        note = TextField(null=True)
        written_at = UTCDateTimeField()
        published_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "answer_back"
            indexes = ((("state", "written_at"), False),)

    class StoryReading(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        service = ForeignKeyField(Service, on_delete="CASCADE")
        account = ForeignKeyField(Account, on_delete="CASCADE")
        at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "story_reading"
            indexes = ((("story", "service", "account"), True),)

    class ErasedLink(Model):
        token_hash = CharField(max_length=64, primary_key=True)
        erased_on = CharField(max_length=10, index=True)

        class Meta:
            database = db
            table_name = "erased_link"

    class LostLink(Model):
        email_sealed = BlobField()
        asked_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "lost_link"

    db.create_tables([AnswerBack, StoryReading, ErasedLink, LostLink])
    db.execute_sql(
        "CREATE UNIQUE INDEX answer_back_one_waits ON answer_back (reply_id) WHERE state = 'submitted'"
    )


def down(migrator, db):
    for table in ("lost_link", "erased_link", "story_reading", "answer_back"):
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql("DROP INDEX authorcontact_bucket")
    for table, column in reversed(_COLUMNS):
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN {column.partition(' ')[0]}")
