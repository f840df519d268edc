"""The key of the day, from which visitors' pseudonyms are made."""

import peewee

from tellback.db import Model, UTCDateTimeField


class DailyKey(Model):
    """A random key for one day's pseudonyms, shared by every process and destroyed when the day is over."""

    day = peewee.CharField(max_length=10, primary_key=True)
    key = peewee.BlobField()
    made_at = UTCDateTimeField()
