"""What services changed because of stories: the changes, each claim read before it shows, and the stories."""

from peewee import CharField, ForeignKeyField, IntegerField, Model, TextField

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class ServiceChange(Model):
        public_id = CharField(unique=True, max_length=24)
        service = ForeignKeyField(Service)
        revision = IntegerField(default=1)
        begun_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "service_change"

    class ChangeClaim(Model):
        public_id = CharField(unique=True, max_length=24)
        change = ForeignKeyField(ServiceChange, on_delete="CASCADE")
        state = CharField(max_length=12)
        what = TextField()
        why = TextField(null=True)
        on = CharField(null=True, max_length=10)
        evidence = CharField(null=True, max_length=500)
        lang = CharField(max_length=35)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        review = CharField(max_length=12)
        note = TextField(null=True)
        written_at = UTCDateTimeField()
        published_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "change_claim"
            indexes = (
                (("review", "written_at"), False),
                (("review", "published_at"), False),
                (("change", "review"), False),
            )

    class StoryChange(Model):
        change = ForeignKeyField(ServiceChange, on_delete="CASCADE")
        story = ForeignKeyField(Story, on_delete="CASCADE")
        linked_at = UTCDateTimeField()
        shown_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "story_change"
            indexes = ((("change", "story"), True), (("story", "change"), False))

    db.create_tables([ServiceChange, ChangeClaim, StoryChange])


def down(migrator, _db):
    for table in ("story_change", "change_claim", "service_change"):
        migrator.migrate(migrator.drop_table(table))
