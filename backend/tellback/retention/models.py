"""When each retention rule was last gone through, and when it is its turn again."""

import peewee

from tellback.db import Model, UTCDateTimeField


class RetentionTurn(Model):
    """The turns of one rule. Whoever moves `due_at` on has claimed the turn."""

    kind = peewee.CharField(max_length=40, primary_key=True)
    due_at = UTCDateTimeField()
    done_at = UTCDateTimeField(null=True)
    # How many were forgotten by it, ever.
    forgotten = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
