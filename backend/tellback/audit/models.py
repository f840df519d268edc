"""Who did what to what, when. Rows are only ever added."""

import peewee

from tellback.db import Model, UTCDateTimeField


class AuditEvent(Model):
    """One act. Actor and subject are a kind and an id, so that they outlive what they name.

    `detail` holds facts such as a reason's slug; never a story's words, never contact details.
    """

    at = UTCDateTimeField()
    act = peewee.CharField(max_length=60)
    actor_kind = peewee.CharField(max_length=20)
    actor_id = peewee.CharField(max_length=40)
    subject_kind = peewee.CharField(max_length=20)
    subject_id = peewee.CharField(max_length=64)
    detail = peewee.JSONField(default=dict)

    class Meta:
        """Read as the time line of one subject; forgotten by its age, some acts sooner than others."""

        indexes = ((("subject_kind", "subject_id", "id"), False), (("at",), False), (("act", "at"), False))


class LedgerEntry(Model):
    """One step of one story, for everyone to read. Rows are only ever added, each holding the hash before it.

    `commitment` opens with the words and their salt (`audit.ledger.commit`), `reason` is a code; both may be
    empty.
    """

    number = peewee.IntegerField(primary_key=True)
    # A day in UTC. No time: an entry must not say when somebody sat at the form.
    day = peewee.CharField(max_length=10)
    # The story's public id: an entry outlives what it names.
    story = peewee.CharField(max_length=24, index=True)
    step = peewee.CharField(max_length=12)
    reason = peewee.CharField(max_length=40)
    commitment = peewee.CharField(max_length=64)
    previous = peewee.CharField(max_length=64)
    hash = peewee.CharField(max_length=64)


class LedgerKey(Model):
    """A public key (Ed25519) by which heads were ever signed: it stays when the private one is replaced."""

    # The first 16 digits of the key's SHA-256: a head names its key by it.
    id = peewee.CharField(max_length=16, primary_key=True)
    public = peewee.CharField(max_length=64)
    since = peewee.CharField(max_length=10)


class LedgerHead(Model):
    """How far the ledger had come on a day, signed: whoever keeps a head can prove a later rewrite."""

    day = peewee.CharField(max_length=10, primary_key=True)
    # The last entry: how many there were, and its hash.
    number = peewee.IntegerField()
    hash = peewee.CharField(max_length=64)
    # The public address that the head speaks for.
    ledger = peewee.CharField(max_length=300)
    key = peewee.ForeignKeyField(LedgerKey, column_name="key")
    signature = peewee.CharField(max_length=128)
    # The week (ISO 8601) in whose letters to witnesses it went, if it did: one head a week.
    mailed_in = peewee.CharField(max_length=8, null=True, unique=True)
