"""What everyone searches in holds tokens of ours, and the words that stand in published stories.

The stories come in when the steps are done (`backups.upgrading`). `story_search` stays for a while, for
processes of the code before that run beside those of this one, and no word outlives there what is shown. A
later step drops it.
"""

from peewee import PostgresqlDatabase


def up(_migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(
            "CREATE TABLE public_search (place BIGINT PRIMARY KEY,"
            " story_id INTEGER NOT NULL UNIQUE REFERENCES story (id) ON DELETE CASCADE,"
            " tokens TSVECTOR NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL, said TEXT NOT NULL)"
        )
        db.execute_sql("CREATE INDEX public_search_tokens ON public_search USING gin (tokens)")
        # In the order of code points, as SQLite has it, so that a beginning is a range.
        db.execute_sql(
            'CREATE TABLE search_word (word VARCHAR(40) COLLATE "C" PRIMARY KEY, stories INTEGER NOT NULL)'
        )
        # Not of the rows that are there: it is enough that they go with what is shown.
        db.execute_sql(
            "ALTER TABLE story_search ADD CONSTRAINT story_search_is_shown FOREIGN KEY (story_id)"
            " REFERENCES published_text (story_id) ON DELETE CASCADE NOT VALID"
        )
        return
    db.execute_sql(
        "CREATE VIRTUAL TABLE public_search"
        " USING fts5(title, words, about, said UNINDEXED, tokenize = 'ascii')"
    )
    # A virtual table can refer to nothing, and no word may outlive its story.
    db.execute_sql(
        "CREATE TRIGGER story_leaves_public_search AFTER DELETE ON story"
        " BEGIN DELETE FROM public_search WHERE rowid IN"
        " (SELECT rowid FROM public_search WHERE public_search MATCH 'about : n' || old.id); END"
    )
    db.execute_sql(
        "CREATE TABLE search_word (word VARCHAR(40) NOT NULL PRIMARY KEY, stories INTEGER NOT NULL)"
        " WITHOUT ROWID"
    )
    db.execute_sql(
        "CREATE TRIGGER published_text_leaves_story_search AFTER DELETE ON published_text"
        " BEGIN DELETE FROM story_search WHERE rowid = old.story_id; END"
    )


def down(_migrator, db):
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql("ALTER TABLE story_search DROP CONSTRAINT story_search_is_shown")
    else:
        db.execute_sql("DROP TRIGGER published_text_leaves_story_search")
        db.execute_sql("DROP TRIGGER story_leaves_public_search")
    db.execute_sql("DROP TABLE public_search")
    db.execute_sql("DROP TABLE search_word")
