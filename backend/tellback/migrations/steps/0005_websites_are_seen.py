"""Websites belong to organisations, and pages that ask for the embed are seen."""

from peewee import CharField, Model

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    # One statement on both engines: peewee would copy the table on SQLite, and drop what others refer to.
    db.execute_sql(
        "ALTER TABLE website ADD COLUMN organisation_id INTEGER"
        " REFERENCES organisation (id) ON DELETE SET NULL"
    )
    db.execute_sql("CREATE INDEX website_organisation_id ON website (organisation_id)")

    class Sighting(Model):
        origin = CharField(max_length=300)
        kind = CharField(max_length=10)
        version = CharField(max_length=20, default="")
        subject = CharField(max_length=80, default="")
        first_at = UTCDateTimeField()
        last_at = UTCDateTimeField(index=True)

        class Meta:
            database = db
            table_name = "sighting"
            indexes = ((("origin", "kind", "version", "subject"), True),)

    db.create_tables([Sighting])


def down(migrator, db):
    migrator.migrate(migrator.drop_table("sighting"))
    db.execute_sql("DROP INDEX website_organisation_id")
    db.execute_sql("ALTER TABLE website DROP COLUMN organisation_id")
