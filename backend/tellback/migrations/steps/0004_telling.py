"""Topics are conditions or themes; a story's topics say how it was; contacts for complaints."""

from peewee import CharField, ForeignKeyField, Model

from tellback.db import UTCDateTimeField


def up(migrator, db):
    # One statement on both engines: peewee would copy the table on SQLite, and drop what others refer to.
    db.execute_sql("ALTER TABLE topic ADD COLUMN kind VARCHAR(12) NOT NULL DEFAULT 'condition'")
    migrator.migrate(
        migrator.add_column("story_topic", "polarity", CharField(max_length=8, null=True)),
        migrator.add_column("story", "topic_words", CharField(max_length=100, null=True)),
        migrator.add_column("story_finding", "offer", CharField(max_length=20, null=True)),
    )

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class ComplaintsContact(Model):
        service = ForeignKeyField(Service, null=True, unique=True, on_delete="CASCADE")
        organisation = ForeignKeyField(Organisation, null=True, unique=True, on_delete="CASCADE")
        name = CharField(max_length=200)
        email = CharField(max_length=254, null=True)
        phone = CharField(max_length=40, null=True)
        url = CharField(max_length=500, null=True)
        text = CharField(max_length=1000, null=True)
        updated_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "complaints_contact"

    db.create_tables([ComplaintsContact])


def down(migrator, _db):
    migrator.migrate(
        migrator.drop_table("complaints_contact"),
        migrator.drop_column("story_finding", "offer"),
        migrator.drop_column("story", "topic_words"),
        migrator.drop_column("story_topic", "polarity"),
        migrator.drop_column("topic", "kind"),
    )
