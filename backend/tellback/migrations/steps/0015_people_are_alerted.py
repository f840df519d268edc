"""People and systems hear what is published: alerts, what matched them, webhooks, and the weekly digest."""

from peewee import BlobField, BooleanField, CharField, ForeignKeyField, IntegerField, JSONField, Model

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Membership(Model):
        class Meta:
            database = db
            table_name = "membership"

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Topic(Model):
        class Meta:
            database = db
            table_name = "topic"

    class ServiceChange(Model):
        class Meta:
            database = db
            table_name = "service_change"

    class ChangeClaim(Model):
        class Meta:
            database = db
            table_name = "change_claim"

    class Alert(Model):
        account = ForeignKeyField(Account, backref="alerts", on_delete="CASCADE")
        organisation = ForeignKeyField(Organisation, null=True, on_delete="CASCADE")
        service = ForeignKeyField(Service, null=True, on_delete="CASCADE")
        topic = ForeignKeyField(Topic, null=True, on_delete="CASCADE")
        only = CharField(max_length=8)
        least_criticality = IntegerField(null=True)
        lang = CharField(max_length=35, null=True)
        cadence = CharField(max_length=8)
        quiet_from = CharField(max_length=5, null=True)
        quiet_until = CharField(max_length=5, null=True)
        paused_until = CharField(max_length=10, null=True)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "alert"

    class AlertMatch(Model):
        alert = ForeignKeyField(Alert, backref="matches", on_delete="CASCADE")
        occasion = CharField(max_length=12)
        story = ForeignKeyField(Story, null=True, on_delete="CASCADE")
        change = ForeignKeyField(ServiceChange, null=True, on_delete="CASCADE")
        happened_at = UTCDateTimeField()
        due_at = UTCDateTimeField()
        letter = CharField(max_length=24, null=True)

        class Meta:
            database = db
            table_name = "alert_match"
            indexes = ((("letter", "due_at"), False),)

    class FirstAlert(Model):
        membership = ForeignKeyField(Membership, primary_key=True, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "first_alert"

    class ChangeReminder(Model):
        claim = ForeignKeyField(ChangeClaim, primary_key=True, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "change_reminder"

    class WebhookEndpoint(Model):
        public_id = CharField(max_length=24, unique=True)
        organisation = ForeignKeyField(Organisation, backref="webhooks", on_delete="CASCADE")
        service = ForeignKeyField(Service, null=True, on_delete="CASCADE")
        url = CharField(max_length=500)
        kinds = JSONField()
        secret_sealed = BlobField()
        old_secret_sealed = BlobField(null=True)
        old_until = UTCDateTimeField(null=True)
        state = CharField(max_length=8)
        state_since = UTCDateTimeField()
        made_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        made_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "webhook_endpoint"

    class DigestChoice(Model):
        account = ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
        wanted = BooleanField(null=True)
        week = CharField(max_length=8, null=True)

        class Meta:
            database = db
            table_name = "digest_choice"

    db.create_tables([Alert, AlertMatch, FirstAlert, ChangeReminder, WebhookEndpoint, DigestChoice])


def down(migrator, _db):
    for table in (
        "digest_choice",
        "webhook_endpoint",
        "change_reminder",
        "first_alert",
        "alert_match",
        "alert",
    ):
        migrator.migrate(migrator.drop_table(table))
