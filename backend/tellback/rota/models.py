"""When the desk is staffed, by when stories are to be read, and what each person on it is on duty for."""

import peewee

from tellback.accounts.models import Account
from tellback.db import Model, UTCDateTimeField


class StaffedHours(Model):
    """When the desk is staffed on a day of the week (0 is Monday), as "09:00" in the desk's own time."""

    weekday = peewee.IntegerField(unique=True)
    opens = peewee.CharField(max_length=5)
    closes = peewee.CharField(max_length=5)


class ClosedDay(Model):
    """A day on which nobody reads, such as a bank holiday: "2026-12-25"."""

    day = peewee.CharField(max_length=10, unique=True)
    name = peewee.CharField(max_length=60)


class ReadingTarget(Model):
    """By when a story of some urgency is to be read: so many staffed "hours" or working "days"."""

    urgency = peewee.IntegerField(unique=True)
    amount = peewee.IntegerField()
    unit = peewee.CharField(max_length=5)


class Duty(Model):
    """What someone at the desk is on duty for."""

    account = peewee.ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
    on_call = peewee.BooleanField(default=False)
    # Tags of languages they read besides English.
    languages = peewee.JSONField(default=list)
    no_morning_letter_since = UTCDateTimeField(null=True)
    # The day their last morning letter was for, so that none is written twice.
    morning_letter_on = peewee.CharField(max_length=10, null=True)


class NamedReader(Model):
    """Who reads stories in a language that nobody else at the desk reads."""

    lang = peewee.CharField(max_length=35, unique=True)
    account = peewee.ForeignKeyField(Account, on_delete="CASCADE")
