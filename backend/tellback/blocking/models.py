"""What is blocked, why, and until when."""

import peewee

from tellback.db import Model, UTCDateTimeField


class Block(Model):
    """An address that stories are not taken from, or a phrase that is marked for the desk, until a moment.

    Who made it and who ended it stand in the audit trail. No address is ever kept: `digest` is its HMAC under
    a key of this block's own, itself sealed, and both go when the block ends (`blocking.addresses`).
    """

    kind = peewee.CharField(max_length=10)
    reason = peewee.CharField(max_length=200)
    made_at = UTCDateTimeField()
    until = UTCDateTimeField()
    ended_at = UTCDateTimeField(null=True)
    # How many stories it refused, or how many it marked.
    times = peewee.IntegerField(default=0)
    # Of an address: what part of it counts ("ipv4/24"); the HMAC in hexadecimal digits; the key.
    width = peewee.CharField(max_length=8, null=True)
    digest = peewee.CharField(max_length=64, null=True)
    key_sealed = peewee.BlobField(null=True)
    # Of a phrase: as it was typed.
    phrase = peewee.CharField(max_length=100, null=True)

    class Meta:
        """Read whenever a story is told: what stands, of a kind."""

        indexes = ((("kind", "ended_at", "until"), False),)
