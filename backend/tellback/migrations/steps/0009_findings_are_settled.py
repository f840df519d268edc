"""Findings may name another story or service, and can be dismissed; dismissed words are kept."""

from peewee import BigIntegerField, CharField, CompositeKey, ForeignKeyField, Model, PostgresqlDatabase

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    db.execute_sql("ALTER TABLE story_finding ADD COLUMN other VARCHAR(80)")
    db.execute_sql(f"ALTER TABLE story_finding ADD COLUMN dismissed_at {moment}")
    db.execute_sql(
        "ALTER TABLE story_finding ADD COLUMN dismissed_by_id INTEGER"
        " REFERENCES account (id) ON DELETE SET NULL"
    )
    db.execute_sql("CREATE INDEX story_finding_dismissed_by_id ON story_finding (dismissed_by_id)")
    # A story that names another service is looked up by its name.
    db.execute_sql("CREATE INDEX service_name ON service (name)")
    # Two rules that were of the kind "crisis" have a kind of their own.
    db.execute_sql("UPDATE story_finding SET kind = 'safeguarding' WHERE rule IN ('abuse', 'harm_to_others')")

    class Base(Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Account(Base):
        pass

    class Service(Base):
        pass

    class Story(Base):
        pass

    class DismissedWords(Base):
        service = ForeignKeyField(Service, on_delete="CASCADE")
        rule = CharField(max_length=40)
        words = CharField(max_length=100)
        dismissed_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        dismissed_at = UTCDateTimeField()

        class Meta:
            indexes = ((("service", "rule", "words"), True),)

    class StoryLikeness(Base):
        band = BigIntegerField()
        story = ForeignKeyField(Story, on_delete="CASCADE")

        class Meta:
            primary_key = CompositeKey("band", "story")

    db.create_tables([DismissedWords, StoryLikeness])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("story_likeness"), migrator.drop_table("dismissed_words"))
    db.execute_sql("UPDATE story_finding SET kind = 'crisis' WHERE kind = 'safeguarding'")
    db.execute_sql("DROP INDEX service_name")
    db.execute_sql("DROP INDEX story_finding_dismissed_by_id")
    for column in ("dismissed_by_id", "dismissed_at", "other"):
        db.execute_sql(f"ALTER TABLE story_finding DROP COLUMN {column}")
