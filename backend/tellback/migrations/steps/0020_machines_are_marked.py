"""Proofs of work are good once; reports and requests that stepped into a trap say so."""

from peewee import BigIntegerField, CharField, Model

_TABLES = ("flag", "story_case")


def up(_migrator, db):
    class UsedProof(Model):
        signature = CharField(max_length=64, primary_key=True)
        until = BigIntegerField(index=True)

        class Meta:
            database = db
            table_name = "used_proof"

    db.create_tables([UsedProof])
    # One statement each on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    for table in _TABLES:
        db.execute_sql(f"ALTER TABLE {table} ADD COLUMN marks VARCHAR(120) NOT NULL DEFAULT ''")


def down(migrator, db):
    migrator.migrate(migrator.drop_table("used_proof"))
    for table in _TABLES:
        db.execute_sql(f"ALTER TABLE {table} DROP COLUMN marks")
