"""The key of the day, from which visitors' pseudonyms are made, and the proofs that were used."""

import peewee

from tellback.db import Model, UTCDateTimeField


class DailyKey(Model):
    """A random key for one day's pseudonyms, shared by every process and destroyed when the day is over."""

    day = peewee.CharField(max_length=10, primary_key=True)
    key = peewee.BlobField()
    made_at = UTCDateTimeField()


class UsedProof(Model):
    """A challenge that was solved and used (`proof_of_work`): by its signature, until it would be over
    anyway.
    """

    signature = peewee.CharField(max_length=64, primary_key=True)
    # Seconds since 1970, as the challenge says it.
    until = peewee.BigIntegerField(index=True)
