"""Each try at sending a message is kept, and whose address refused our letters."""

from peewee import CharField, ForeignKeyField, IntegerField, Model

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    db.execute_sql(
        'CREATE INDEX "outboxmessage_recipient_kind_recipient_id" '
        'ON "outbox_message" ("recipient_kind", "recipient_id")'
    )

    class OutboxMessage(Model):
        class Meta:
            database = db
            table_name = "outbox_message"

    class DeliveryAttempt(Model):
        message = ForeignKeyField(OutboxMessage, backref="tries", on_delete="CASCADE")
        at = UTCDateTimeField()
        outcome = CharField(max_length=20)
        status = IntegerField(null=True)
        took_ms = IntegerField()

        class Meta:
            database = db
            table_name = "delivery_attempt"
            indexes = ((("message", "at"), False),)

    class RefusedAddress(Model):
        recipient_kind = CharField(max_length=20)
        recipient_id = CharField(max_length=64)
        at = UTCDateTimeField()
        status = IntegerField(null=True)

        class Meta:
            database = db
            table_name = "refused_address"
            indexes = ((("recipient_kind", "recipient_id"), True),)

    db.create_tables([DeliveryAttempt, RefusedAddress])


def down(migrator, db):
    for table in ("refused_address", "delivery_attempt"):
        migrator.migrate(migrator.drop_table(table))
    db.execute_sql('DROP INDEX "outboxmessage_recipient_kind_recipient_id"')
