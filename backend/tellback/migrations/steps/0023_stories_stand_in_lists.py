"""Published stories stand in their lists, in order, and are counted there, so that no list is looked for.

They are put there when the steps are done (`backups.upgrading`). The release before goes on without.
"""

from peewee import CharField, CompositeKey, ForeignKeyField, IntegerField, Model

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class ShelvedStory(Model):
        kind = CharField(max_length=12)
        about = IntegerField()
        published_at = UTCDateTimeField()
        story = ForeignKeyField(Story, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "shelved_story"
            primary_key = CompositeKey("kind", "about", "published_at", "story")

    class Shelf(Model):
        kind = CharField(max_length=12)
        about = IntegerField()
        told = IntegerField()

        class Meta:
            database = db
            table_name = "shelf"
            primary_key = CompositeKey("kind", "about")

    db.create_tables([ShelvedStory, Shelf])


def down(migrator, _db):
    migrator.migrate(migrator.drop_table("shelved_story"), migrator.drop_table("shelf"))
