"""Staff who sign in, and what each is where."""

import peewee

from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Organisation


class Account(Model):
    """Someone who signs in. `fs_uniquifier` (Flask-Security's name) changes to end every session at once."""

    email = peewee.CharField(max_length=254, unique=True)
    name = peewee.CharField(max_length=100)
    password = peewee.CharField(max_length=255)
    active = peewee.BooleanField(default=True)
    fs_uniquifier = peewee.CharField(max_length=64, unique=True)
    created_at = UTCDateTimeField()


class Membership(Model):
    """A role someone holds: of the installation (no organisation) or of one organisation."""

    account = peewee.ForeignKeyField(Account, backref="memberships", on_delete="CASCADE")
    role = peewee.CharField(max_length=20)
    organisation = peewee.ForeignKeyField(Organisation, null=True, on_delete="CASCADE")

    class Meta:
        """Asked by account."""

        indexes = ((("account", "role", "organisation"), True),)
