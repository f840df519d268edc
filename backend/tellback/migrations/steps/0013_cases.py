"""Stories that need more than a decision have cases; a story can be held urgent whatever its words say."""

from peewee import BlobField, CharField, ForeignKeyField, Model, TextField

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    # One statement on both engines: peewee would copy the table on SQLite, and drop what refers to it.
    db.execute_sql("ALTER TABLE story ADD COLUMN least_urgency INTEGER NOT NULL DEFAULT 0")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Decision(Model):
        class Meta:
            database = db
            table_name = "decision"

    class Case(Model):
        public_id = CharField(max_length=24, unique=True)
        story = ForeignKeyField(Story, backref="cases", on_delete="CASCADE")
        kind = CharField(max_length=20)
        state = CharField(max_length=8)
        decision = ForeignKeyField(Decision, null=True, on_delete="CASCADE", backref="+")
        words = TextField(default="")
        told_sealed = BlobField(null=True)
        opened_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        opened_at = UTCDateTimeField()
        due_at = UTCDateTimeField()
        outcome = CharField(max_length=20, null=True)
        answer = TextField(default="")
        closed_at = UTCDateTimeField(null=True)
        closed_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "story_case"
            indexes = ((("state", "due_at"), False), (("story", "state"), False))

    class CaseStep(Model):
        case = ForeignKeyField(Case, backref="steps", on_delete="CASCADE")
        kind = CharField(max_length=10)
        who = CharField(max_length=200, default="")
        how = CharField(max_length=10, default="")
        words = TextField(default="")
        said_sealed = BlobField(null=True)
        at = UTCDateTimeField()
        noted_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        noted_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "case_step"

    db.create_tables([Case, CaseStep])


def down(migrator, db):
    for table in ("case_step", "story_case"):
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql("ALTER TABLE story DROP COLUMN least_urgency")
