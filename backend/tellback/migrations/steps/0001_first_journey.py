"""The tables of the first journey: told, moderated, answered, read."""

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    TextField,
)

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        email = CharField(unique=True, max_length=254)
        name = CharField(max_length=100)
        password = CharField()
        active = BooleanField(default=True)
        fs_uniquifier = CharField(unique=True, max_length=64)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "account"

    db.create_tables([Account])

    class AuditEvent(Model):
        at = UTCDateTimeField()
        act = CharField(max_length=60)
        actor_kind = CharField(max_length=20)
        actor_id = CharField(max_length=40)
        subject_kind = CharField(max_length=20)
        subject_id = CharField(max_length=64)
        detail = JSONField(default=dict)

        class Meta:
            database = db
            table_name = "audit_event"
            indexes = ((("subject_kind", "subject_id", "id"), False),)

    db.create_tables([AuditEvent])

    class Website(Model):
        name = CharField(max_length=200)
        site_key = CharField(unique=True, max_length=40)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "website"

    db.create_tables([Website])

    class Story(Model):
        public_id = CharField(unique=True, max_length=24)
        state = CharField(max_length=20)
        state_since = UTCDateTimeField()
        revision = IntegerField(default=1)
        author_role = CharField(max_length=20)
        display_name = CharField(null=True, max_length=40)
        overall_experience = CharField(null=True, max_length=12)
        visited_on = CharField(null=True, max_length=7)
        consent_publish = BooleanField()
        consent_licence = BooleanField()
        consent_contact = BooleanField()
        consent_version = CharField(max_length=20)
        website = ForeignKeyField(Website, null=True, on_delete="SET NULL")
        website_path = CharField(null=True, max_length=300)
        told_at = UTCDateTimeField()
        published_at = UTCDateTimeField(null=True)
        ended_at = UTCDateTimeField(null=True)
        ended_reason = CharField(null=True, max_length=40)

        class Meta:
            database = db
            table_name = "story"
            indexes = ((("state", "told_at"), False), (("published_at", "id"), False))

    db.create_tables([Story])

    class AuthorContact(Model):
        story = ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
        email_sealed = BlobField()
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "author_contact"

    db.create_tables([AuthorContact])

    class DailyKey(Model):
        day = CharField(primary_key=True, max_length=10)
        key = BlobField()
        made_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "daily_key"

    db.create_tables([DailyKey])

    class StoryVersion(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        number = IntegerField()
        title = CharField(max_length=100)
        body = TextField()
        what_was_good = TextField(null=True)
        what_could_be_better = TextField(null=True)
        feelings = JSONField(default=list)
        lang = CharField(max_length=35)
        written_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "story_version"
            indexes = ((("story", "number"), True),)

    db.create_tables([StoryVersion])

    class Decision(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        version = ForeignKeyField(StoryVersion, on_delete="CASCADE")
        act = CharField(max_length=20)
        reason = CharField(null=True, max_length=40)
        message = TextField(default="")
        decided_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        decided_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "decision"

    db.create_tables([Decision])

    class Organisation(Model):
        code = CharField(unique=True, max_length=64)
        name = CharField(max_length=200)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "organisation"

    db.create_tables([Organisation])

    class Membership(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        role = CharField(max_length=20)
        organisation = ForeignKeyField(Organisation, null=True, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "membership"
            indexes = ((("account", "role", "organisation"), True),)

    db.create_tables([Membership])

    class OutboxMessage(Model):
        message_id = CharField(unique=True, max_length=36)
        kind = CharField(max_length=60)
        recipient_kind = CharField(max_length=20)
        recipient_id = CharField(max_length=64)
        payload = JSONField(default=dict)
        state = CharField(max_length=10)
        attempts = IntegerField(default=0)
        created_at = UTCDateTimeField()
        due_at = UTCDateTimeField()
        last_error = CharField(null=True, max_length=200)
        sent_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "outbox_message"
            indexes = ((("state", "due_at"), False),)

    db.create_tables([OutboxMessage])

    class PrivateLink(Model):
        story = ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
        token_hash = CharField(unique=True, max_length=64)
        token_sealed = BlobField()

        class Meta:
            database = db
            table_name = "private_link"

    db.create_tables([PrivateLink])

    class PublishedText(Model):
        story = ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
        version = ForeignKeyField(StoryVersion, on_delete="CASCADE")
        title = TextField()
        body = TextField()
        what_was_good = TextField(null=True)
        what_could_be_better = TextField(null=True)
        redactions = JSONField(default=list)

        class Meta:
            database = db
            table_name = "published_text"

    db.create_tables([PublishedText])

    class Redaction(Model):
        version = ForeignKeyField(StoryVersion, on_delete="CASCADE")
        field = CharField(max_length=24)
        start = IntegerField()
        end = IntegerField()
        replacement = CharField(max_length=100)
        reason = CharField(max_length=40)
        made_by = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        made_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "redaction"

    db.create_tables([Redaction])

    class Service(Model):
        code = CharField(unique=True, max_length=64)
        name = CharField(max_length=200)
        official_name = CharField(max_length=200)
        kind = CharField(max_length=20)
        organisation = ForeignKeyField(Organisation)
        parent = ForeignKeyField("self", null=True)
        address = CharField(max_length=400)
        town = CharField(max_length=80)
        postcode = CharField(max_length=10)
        latitude = DoubleField(null=True)
        longitude = DoubleField(null=True)
        search_words = TextField()
        created_at = UTCDateTimeField()
        updated_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "service"

    db.create_tables([Service])

    class Reply(Model):
        public_id = CharField(unique=True, max_length=24)
        story = ForeignKeyField(Story, on_delete="CASCADE")
        service = ForeignKeyField(Service)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        responder_name = CharField(max_length=80)
        responder_role = CharField(max_length=80)
        body = TextField()
        lang = CharField(max_length=35)
        state = CharField(max_length=12)
        note = TextField(null=True)
        written_at = UTCDateTimeField()
        published_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "reply"
            indexes = ((("story", "published_at"), False), (("state", "written_at"), False))

    db.create_tables([Reply])

    class StoryFinding(Model):
        version = ForeignKeyField(StoryVersion, on_delete="CASCADE")
        field = CharField(max_length=24)
        kind = CharField(max_length=20)
        rule = CharField(max_length=40)
        start = IntegerField()
        end = IntegerField()
        certainty = CharField(max_length=10)

        class Meta:
            database = db
            table_name = "story_finding"

    db.create_tables([StoryFinding])

    class StoryService(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        service = ForeignKeyField(Service)

        class Meta:
            database = db
            table_name = "story_service"
            indexes = ((("story", "service"), True), (("service", "story"), False))

    db.create_tables([StoryService])

    class Topic(Model):
        slug = CharField(unique=True, max_length=64)
        name = CharField(max_length=120)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "topic"

    db.create_tables([Topic])

    class StoryTopic(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        topic = ForeignKeyField(Topic)

        class Meta:
            database = db
            table_name = "story_topic"
            indexes = ((("story", "topic"), True), (("topic", "story"), False))

    db.create_tables([StoryTopic])

    class UsedKey(Model):
        key_hash = CharField(unique=True, max_length=64)
        body_hash = CharField(max_length=64)
        story = ForeignKeyField(Story, on_delete="CASCADE")
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "used_key"

    db.create_tables([UsedKey])

    class WebsiteOrigin(Model):
        website = ForeignKeyField(Website, on_delete="CASCADE")
        origin = CharField(index=True, max_length=300)

        class Meta:
            database = db
            table_name = "website_origin"
            indexes = ((("website", "origin"), True),)

    db.create_tables([WebsiteOrigin])


def down(migrator, _db):
    migrator.migrate(migrator.drop_table("website_origin"))
    migrator.migrate(migrator.drop_table("used_key"))
    migrator.migrate(migrator.drop_table("story_topic"))
    migrator.migrate(migrator.drop_table("topic"))
    migrator.migrate(migrator.drop_table("story_service"))
    migrator.migrate(migrator.drop_table("story_finding"))
    migrator.migrate(migrator.drop_table("reply"))
    migrator.migrate(migrator.drop_table("service"))
    migrator.migrate(migrator.drop_table("redaction"))
    migrator.migrate(migrator.drop_table("published_text"))
    migrator.migrate(migrator.drop_table("private_link"))
    migrator.migrate(migrator.drop_table("outbox_message"))
    migrator.migrate(migrator.drop_table("membership"))
    migrator.migrate(migrator.drop_table("organisation"))
    migrator.migrate(migrator.drop_table("decision"))
    migrator.migrate(migrator.drop_table("story_version"))
    migrator.migrate(migrator.drop_table("daily_key"))
    migrator.migrate(migrator.drop_table("author_contact"))
    migrator.migrate(migrator.drop_table("story"))
    migrator.migrate(migrator.drop_table("website"))
    migrator.migrate(migrator.drop_table("audit_event"))
    migrator.migrate(migrator.drop_table("account"))
