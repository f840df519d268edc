"""Alerts of people, what matched them, and the addresses at which systems of an organisation listen."""

import peewee

from tellback.accounts.models import Account, Membership
from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Organisation, Service
from tellback.replies.models import ChangeClaim, ServiceChange
from tellback.stories.models import Story, Topic


class Alert(Model):
    """What one person wants letters about, and how soon. A scope left open means all that they may read."""

    account = peewee.ForeignKeyField(Account, backref="alerts", on_delete="CASCADE")
    organisation = peewee.ForeignKeyField(Organisation, null=True, on_delete="CASCADE")
    # With all that belongs to it.
    service = peewee.ForeignKeyField(Service, null=True, on_delete="CASCADE")
    topic = peewee.ForeignKeyField(Topic, null=True, on_delete="CASCADE")
    # One of `keeping.Only`.
    only = peewee.CharField(max_length=8)
    least_criticality = peewee.IntegerField(null=True)
    # Only stories told in this language.
    lang = peewee.CharField(max_length=35, null=True)
    # One of `timing.Cadence`.
    cadence = peewee.CharField(max_length=8)
    # No letter between these times ("22:00", "07:00") at the desk; both, or neither.
    quiet_from = peewee.CharField(max_length=5, null=True)
    quiet_until = peewee.CharField(max_length=5, null=True)
    # The day ("2026-12-01") on which letters begin again.
    paused_until = peewee.CharField(max_length=10, null=True)
    created_at = UTCDateTimeField()


class AlertMatch(Model):
    """Something that happened and that an alert is to tell of, kept in the transaction that caused it.

    `letter` is the random id of the letter that it went into (`gathering`); None while it waits for one.
    """

    alert = peewee.ForeignKeyField(Alert, backref="matches", on_delete="CASCADE")
    # One of `matching.Occasion`.
    occasion = peewee.CharField(max_length=12)
    story = peewee.ForeignKeyField(Story, null=True, on_delete="CASCADE")
    change = peewee.ForeignKeyField(ServiceChange, null=True, on_delete="CASCADE")
    happened_at = UTCDateTimeField()
    due_at = UTCDateTimeField()
    letter = peewee.CharField(max_length=24, null=True)

    class Meta:
        """Read as what waits and is due, and as the contents of a letter."""

        indexes = ((("letter", "due_at"), False),)


class FirstAlert(Model):
    """A responder's role that was given its first alert: what they made of it since is theirs."""

    membership = peewee.ForeignKeyField(Membership, primary_key=True, on_delete="CASCADE")


class ChangeReminder(Model):
    """A planned change whose service was reminded, once its date was past."""

    claim = peewee.ForeignKeyField(ChangeClaim, primary_key=True, on_delete="CASCADE")


class DigestChoice(Model):
    """What somebody said of the weekly digest; while they said nothing, their role says it."""

    account = peewee.ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
    wanted = peewee.BooleanField(null=True)
    # The last week their digest was for ("2026-W48"), so that none is written twice.
    week = peewee.CharField(max_length=8, null=True)


class WebhookEndpoint(Model):
    """An address at which a system of an organisation hears what is published. Its secret signs what we send.

    While a new secret takes over, the old one signs too, until `old_until`.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    organisation = peewee.ForeignKeyField(Organisation, backref="webhooks", on_delete="CASCADE")
    # Only of this service and what belongs to it.
    service = peewee.ForeignKeyField(Service, null=True, on_delete="CASCADE")
    url = peewee.CharField(max_length=500)
    # Of `webhook_events.Kind`.
    kinds = peewee.JSONField()
    secret_sealed = peewee.BlobField()
    old_secret_sealed = peewee.BlobField(null=True)
    old_until = UTCDateTimeField(null=True)
    # One of `webhooks.EndpointState`.
    state = peewee.CharField(max_length=8)
    state_since = UTCDateTimeField()
    made_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    made_at = UTCDateTimeField()
