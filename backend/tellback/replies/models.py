"""What services answer, and what they say they changed."""

import peewee

from tellback.accounts.models import Account
from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Service
from tellback.stories.models import Story


class Reply(Model):
    """A service's answer to a story, read by a moderator before it shows as "Response from …"."""

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="replies", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    responder_name = peewee.CharField(max_length=80)
    responder_role = peewee.CharField(max_length=80)
    body = peewee.TextField()
    lang = peewee.CharField(max_length=35)
    state = peewee.CharField(max_length=12)
    # What the moderator asks to change, when the reply came back.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)

    class Meta:
        """Read under a story, and as the list of replies that wait."""

        indexes = ((("story", "published_at"), False), (("state", "written_at"), False))


class ServiceChange(Model):
    """Something a service changes because of stories. What it says of it stands in its claims."""

    public_id = peewee.CharField(max_length=24, unique=True)
    service = peewee.ForeignKeyField(Service)
    # Counts every claim; the next names the count it read, so that no colleague's is overwritten.
    revision = peewee.IntegerField(default=1)
    begun_at = UTCDateTimeField()


class ChangeClaim(Model):
    """What a service says of a change at one time: planned, made or not made. Never altered afterwards.

    A moderator reads each; `review` says how that went, and the public reads the one that is `shown`.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    change = peewee.ForeignKeyField(ServiceChange, backref="claims", on_delete="CASCADE")
    state = peewee.CharField(max_length=12)
    what = peewee.TextField()
    why = peewee.TextField(null=True)
    # The month or day it is planned for or was made on: YYYY-MM or YYYY-MM-DD.
    on = peewee.CharField(max_length=10, null=True)
    evidence = peewee.CharField(max_length=500, null=True)
    lang = peewee.CharField(max_length=35)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    review = peewee.CharField(max_length=12)
    # What the moderator asks to change, when the claim came back.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)

    class Meta:
        """Read as what waits, as what is shown (newest first), and as the claims of one change."""

        indexes = (
            (("review", "written_at"), False),
            (("review", "published_at"), False),
            (("change", "review"), False),
        )


class StoryChange(Model):
    """A story that a change answers; the public is told once a moderator has read that, too."""

    change = peewee.ForeignKeyField(ServiceChange, backref="answers", on_delete="CASCADE")
    story = peewee.ForeignKeyField(Story, backref="changes", on_delete="CASCADE")
    linked_at = UTCDateTimeField()
    shown_at = UTCDateTimeField(null=True)

    class Meta:
        """Asked both ways."""

        indexes = ((("change", "story"), True), (("story", "change"), False))
