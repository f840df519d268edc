"""Screening reads stories a second time, after they were told: which versions wait for that.

What is there counts as read, and so does what a release before tells while both run: that one screens it by
its own wide net.
"""

from tellback.db import is_postgresql


def up(_migrator, db):
    moment = "TIMESTAMPTZ" if is_postgresql() else "TEXT"
    db.execute_sql(f"ALTER TABLE story_version ADD COLUMN unread_since {moment}")
    db.execute_sql(
        "CREATE INDEX storyversion_unread_since ON story_version (unread_since)"
        " WHERE unread_since IS NOT NULL"
    )


def down(_migrator, db):
    db.execute_sql("DROP INDEX storyversion_unread_since")
    db.execute_sql("ALTER TABLE story_version DROP COLUMN unread_since")
