"""What services answer."""

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
