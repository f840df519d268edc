"""What is over is forgotten in turns; stories can be paused; a consent knows the language it was read in."""

from peewee import SQL, BooleanField, CharField, ForeignKeyField, IntegerField, Model, TextField

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    # One statement on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    db.execute_sql("ALTER TABLE story ADD COLUMN consent_lang VARCHAR(35)")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class StoryVersion(Model):
        class Meta:
            database = db
            table_name = "story_version"

    class StoryPause(Model):
        story = ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
        version = ForeignKeyField(StoryVersion, on_delete="CASCADE")
        by_author = BooleanField()
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        why = TextField(default="", constraints=[SQL("DEFAULT ''")])
        since = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "story_pause"

    class RetentionTurn(Model):
        kind = CharField(max_length=40, primary_key=True)
        due_at = UTCDateTimeField()
        done_at = UTCDateTimeField(null=True)
        forgotten = IntegerField(default=0, constraints=[SQL("DEFAULT 0")])

        class Meta:
            database = db
            table_name = "retention_turn"

    db.create_tables([StoryPause, RetentionTurn])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("retention_turn"), migrator.drop_table("story_pause"))
    db.execute_sql("ALTER TABLE story DROP COLUMN consent_lang")
