"""What must be sent: rows written in the transaction that causes them."""

import peewee

from tellback.db import Model, UTCDateTimeField


class OutboxMessage(Model):
    """A letter that must go out, at least once, with a stable id.

    The address is not here: `recipient_kind` and `recipient_id` are resolved when it is sent, so
    that a detail erased in the meantime is gone. `payload` holds facts for the text, no story's words.
    """

    message_id = peewee.CharField(max_length=36, unique=True)
    kind = peewee.CharField(max_length=60)
    recipient_kind = peewee.CharField(max_length=20)
    recipient_id = peewee.CharField(max_length=64)
    payload = peewee.JSONField(default=dict)
    state = peewee.CharField(max_length=10)
    attempts = peewee.IntegerField(default=0)
    created_at = UTCDateTimeField()
    # Not before this moment; while a worker holds the row, the moment its claim runs out.
    due_at = UTCDateTimeField()
    last_error = peewee.CharField(max_length=200, null=True)
    sent_at = UTCDateTimeField(null=True)

    class Meta:
        """Workers ask for what is waiting and due."""

        indexes = ((("state", "due_at"), False),)
