"""Services and authors talk in private; stories are handed on, moved, and covered while people are away."""

from peewee import BlobField, BooleanField, CharField, ForeignKeyField, Model, TextField

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class Service(Model):
        class Meta:
            database = db
            table_name = "service"

    class Story(Model):
        class Meta:
            database = db
            table_name = "story"

    class Reply(Model):
        class Meta:
            database = db
            table_name = "reply"

    class NoRelay(Model):
        story = ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
        since = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "no_relay"

    class RelayThread(Model):
        public_id = CharField(max_length=24, unique=True)
        story = ForeignKeyField(Story, backref="relay_threads", on_delete="CASCADE")
        service = ForeignKeyField(Service)
        begun_at = UTCDateTimeField()
        closed_at = UTCDateTimeField(null=True)
        closed_by = CharField(max_length=10, default="")

        class Meta:
            database = db
            table_name = "relay_thread"
            indexes = ((("story", "service"), True),)

    class RelayMessage(Model):
        thread = ForeignKeyField(RelayThread, backref="messages", on_delete="CASCADE")
        from_author = BooleanField()
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        role = CharField(max_length=80, default="")
        body_sealed = BlobField()
        written_at = UTCDateTimeField()
        read_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "relay_message"

    class RelayReport(Model):
        public_id = CharField(max_length=24, unique=True)
        thread = ForeignKeyField(RelayThread, backref="reports", on_delete="CASCADE")
        message = ForeignKeyField(RelayMessage, null=True, on_delete="CASCADE", backref="+")
        told_by = CharField(max_length=10)
        words_sealed = BlobField(null=True)
        told_at = UTCDateTimeField(index=True)
        settled_at = UTCDateTimeField(null=True)
        settled_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        note = TextField(default="")

        class Meta:
            database = db
            table_name = "relay_report"

    class AnswerLinkUse(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        story = ForeignKeyField(Story, on_delete="CASCADE")
        service = ForeignKeyField(Service)
        used_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "answer_link_use"
            indexes = ((("account", "story", "service"), True),)

    class HandOn(Model):
        public_id = CharField(max_length=24, unique=True)
        story = ForeignKeyField(Story, backref="handed_on", on_delete="CASCADE")
        service = ForeignKeyField(Service)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        to_whom = CharField(max_length=80)
        note = TextField(default="")
        email_sealed = BlobField(null=True)
        token_sealed = BlobField(null=True)
        token_hash = CharField(max_length=64, unique=True)
        state = CharField(max_length=10)
        handed_at = UTCDateTimeField()
        ends_at = UTCDateTimeField()
        settled_at = UTCDateTimeField(null=True)
        responder_name = CharField(max_length=80, null=True)
        responder_role = CharField(max_length=80, null=True)
        body = TextField(null=True)
        lang = CharField(max_length=35, null=True)
        answered_at = UTCDateTimeField(null=True)
        reply = ForeignKeyField(Reply, null=True, on_delete="SET NULL")

        class Meta:
            database = db
            table_name = "hand_on"
            indexes = ((("state", "ends_at"), False),)

    class Reroute(Model):
        public_id = CharField(max_length=24, unique=True)
        story = ForeignKeyField(Story, backref="reroutes", on_delete="CASCADE")
        service = ForeignKeyField(Service, backref="+")
        proposed = ForeignKeyField(Service, null=True, backref="+")
        why = TextField()
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
        state = CharField(max_length=10)
        asked_at = UTCDateTimeField()
        moved_to = ForeignKeyField(Service, null=True, backref="+")
        note = TextField(default="")
        decided_at = UTCDateTimeField(null=True)
        decided_by = ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")

        class Meta:
            database = db
            table_name = "reroute"
            indexes = ((("state", "asked_at"), False),)

    class Absence(Model):
        account = ForeignKeyField(Account, backref="absences", on_delete="CASCADE")
        from_on = CharField(max_length=10)
        to_on = CharField(max_length=10, index=True)
        made_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "absence"

    class AbsenceCover(Model):
        absence = ForeignKeyField(Absence, backref="covers", on_delete="CASCADE")
        account = ForeignKeyField(Account, on_delete="CASCADE", backref="+")

        class Meta:
            database = db
            table_name = "absence_cover"
            indexes = ((("absence", "account"), True),)

    class ComplaintReference(Model):
        story = ForeignKeyField(Story, on_delete="CASCADE")
        organisation = ForeignKeyField(Organisation)
        account = ForeignKeyField(Account, null=True, on_delete="SET NULL")
        reference_sealed = BlobField()
        kept_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "complaint_reference"
            indexes = ((("story", "organisation"), True),)

    db.create_tables(
        [
            NoRelay,
            RelayThread,
            RelayMessage,
            RelayReport,
            AnswerLinkUse,
            HandOn,
            Reroute,
            Absence,
            AbsenceCover,
            ComplaintReference,
        ]
    )


def down(migrator, _db):
    for table in (
        "complaint_reference",
        "absence_cover",
        "absence",
        "reroute",
        "hand_on",
        "answer_link_use",
        "relay_report",
        "relay_message",
        "relay_thread",
        "no_relay",
    ):
        migrator.migrate(migrator.drop_table(table))
