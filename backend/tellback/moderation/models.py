"""What moderators did to a story: redactions and decisions, each with its reason."""

import peewee

from tellback.accounts.models import Account
from tellback.db import Model, UTCDateTimeField
from tellback.stories.models import Story, StoryVersion


class Redaction(Model):
    """A span (code points) of one field of a version that the public reads as `replacement`, and why."""

    version = peewee.ForeignKeyField(StoryVersion, backref="redactions", on_delete="CASCADE")
    field = peewee.CharField(max_length=24)
    start = peewee.IntegerField()
    end = peewee.IntegerField()
    replacement = peewee.CharField(max_length=100)
    reason = peewee.CharField(max_length=40)
    made_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    made_at = UTCDateTimeField()


class Decision(Model):
    """One decision on a story, with the words its author reads."""

    story = peewee.ForeignKeyField(Story, backref="decisions", on_delete="CASCADE")
    version = peewee.ForeignKeyField(StoryVersion, on_delete="CASCADE")
    act = peewee.CharField(max_length=20)
    reason = peewee.CharField(max_length=40, null=True)
    message = peewee.TextField(default="")
    decided_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    decided_at = UTCDateTimeField()


class Flag(Model):
    """What a reader reports about a story, without saying who they are; a moderator settles it.

    The same reason and words again count on the open one: `times`.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="flags", on_delete="CASCADE")
    reason = peewee.CharField(max_length=20)
    words = peewee.TextField(default="")
    times = peewee.IntegerField(default=1)
    # Words of crisis stand in it.
    urgent = peewee.BooleanField()
    state = peewee.CharField(max_length=8)
    told_at = UTCDateTimeField()
    settled_at = UTCDateTimeField(null=True)
    settled_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    note = peewee.TextField(default="")

    class Meta:
        """Read as the list of what is open, and beside a story."""

        indexes = ((("state", "told_at"), False), (("story", "state"), False))
