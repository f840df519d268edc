"""What must be sent: rows written in the transaction that causes them; and each try at sending one."""

import peewee

from tellback.db import Model, UTCDateTimeField


class OutboxMessage(Model):
    """A letter or a webhook that must go out, at least once, with a stable id.

    The address is not here: `recipient_kind` and `recipient_id` are resolved when it is sent, so
    that a detail erased in the meantime is gone. `payload` holds facts for the text, no story's words.
    """

    message_id = peewee.CharField(max_length=36, unique=True)
    kind = peewee.CharField(max_length=60)
    recipient_kind = peewee.CharField(max_length=20)
    recipient_id = peewee.CharField(max_length=64)
    payload = peewee.JSONField(default=dict)
    state = peewee.CharField(max_length=10)
    # Tries since it was put in, or sent again by hand.
    attempts = peewee.IntegerField(default=0)
    created_at = UTCDateTimeField()
    # Not before this moment; while a worker holds the row, the moment its claim runs out.
    due_at = UTCDateTimeField()
    # A sentence for staff; never an address, nor a server's own words, which may quote one.
    last_error = peewee.CharField(max_length=200, null=True)
    sent_at = UTCDateTimeField(null=True)

    class Meta:
        """Workers ask for what is waiting and due; screens, for what went to one recipient."""

        indexes = ((("state", "due_at"), False), (("recipient_kind", "recipient_id"), False))


class DeliveryAttempt(Model):
    """One try at sending a message: how it ended, and the server's number for that (SMTP or HTTP), if any."""

    message = peewee.ForeignKeyField(OutboxMessage, backref="tries", on_delete="CASCADE")
    at = UTCDateTimeField()
    # One of outcomes.Outcome.
    outcome = peewee.CharField(max_length=20)
    status = peewee.IntegerField(null=True)
    took_ms = peewee.IntegerField()

    class Meta:
        """A message's tries are read in their order."""

        indexes = ((("message", "at"), False),)


class RefusedAddress(Model):
    """A recipient whose address refused our last letter, and who gave no other since."""

    recipient_kind = peewee.CharField(max_length=20)
    recipient_id = peewee.CharField(max_length=64)
    at = UTCDateTimeField()
    status = peewee.IntegerField(null=True)

    class Meta:
        """A recipient once."""

        indexes = ((("recipient_kind", "recipient_id"), True),)
