"""Topics are conditions or themes; a story's topics say how it was; words of the author's own beside them."""

from peewee import CharField


def up(migrator, db):
    # One statement on both engines: peewee would copy the table on SQLite, and drop what others refer to.
    db.execute_sql("ALTER TABLE topic ADD COLUMN kind VARCHAR(12) NOT NULL DEFAULT 'condition'")
    migrator.migrate(
        migrator.add_column("story_topic", "polarity", CharField(max_length=8, null=True)),
        migrator.add_column("story", "topic_words", CharField(max_length=100, null=True)),
    )


def down(migrator, _db):
    migrator.migrate(
        migrator.drop_column("story", "topic_words"),
        migrator.drop_column("story_topic", "polarity"),
        migrator.drop_column("topic", "kind"),
    )
