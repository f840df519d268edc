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
        """Read as the time line of one subject."""

        indexes = ((("subject_kind", "subject_id", "id"), False),)
