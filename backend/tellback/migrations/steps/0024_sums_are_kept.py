"""What is true of the stories of a list, and what became of those told of a service, is kept in sums.

So that numbers cost the same however many stories there are. They are counted when the steps are done
(`backups.upgrading`). A release before goes on without, and what it publishes is counted then, too.
"""

from peewee import CharField, CompositeKey, IntegerField, Model, PostgresqlDatabase


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if isinstance(db, PostgresqlDatabase) else "TEXT"
    # One statement on both engines: peewee would copy the table on SQLite.
    db.execute_sql(f"ALTER TABLE shelved_story ADD COLUMN moved_at {moment}")
    db.execute_sql("ALTER TABLE shelved_story ADD COLUMN counted TEXT NOT NULL DEFAULT ''")
    db.execute_sql(
        "CREATE INDEX shelvedstory_kind_about_moved_at_story_id"
        " ON shelved_story (kind, about, moved_at, story_id)"
    )

    class ShelfSum(Model):
        kind = CharField(max_length=12)
        about = IntegerField()
        what = CharField(max_length=8)
        number = IntegerField()
        said = CharField(max_length=8)
        times = IntegerField()

        class Meta:
            database = db
            table_name = "shelf_sum"
            primary_key = CompositeKey("kind", "about", "what", "number", "said")

    class StandingSum(Model):
        service = IntegerField()
        what = CharField(max_length=12)
        said = CharField(max_length=40)
        stories = IntegerField()

        class Meta:
            database = db
            table_name = "standing_sum"
            primary_key = CompositeKey("service", "what", "said")

    class StandingMark(Model):
        number = IntegerField()
        hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "standing_mark"

    db.create_tables([ShelfSum, StandingSum, StandingMark])


def down(migrator, db):
    migrator.migrate(*(migrator.drop_table(name) for name in ("shelf_sum", "standing_sum", "standing_mark")))
    db.execute_sql("DROP INDEX shelvedstory_kind_about_moved_at_story_id")
    db.execute_sql("ALTER TABLE shelved_story DROP COLUMN counted")
    db.execute_sql("ALTER TABLE shelved_story DROP COLUMN moved_at")
