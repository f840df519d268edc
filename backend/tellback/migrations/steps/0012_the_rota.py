"""When the desk is staffed, by when stories are to be read, and what each person on it is on duty for."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField, JSONField, Model

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class StaffedHours(Model):
        weekday = IntegerField(unique=True)
        opens = CharField(max_length=5)
        closes = CharField(max_length=5)

        class Meta:
            database = db
            table_name = "staffed_hours"

    class ClosedDay(Model):
        day = CharField(max_length=10, unique=True)
        name = CharField(max_length=60)

        class Meta:
            database = db
            table_name = "closed_day"

    class ReadingTarget(Model):
        urgency = IntegerField(unique=True)
        amount = IntegerField()
        unit = CharField(max_length=5)

        class Meta:
            database = db
            table_name = "reading_target"

    class Duty(Model):
        account = ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
        on_call = BooleanField(default=False)
        languages = JSONField(default=list)
        no_morning_letter_since = UTCDateTimeField(null=True)
        morning_letter_on = CharField(max_length=10, null=True)

        class Meta:
            database = db
            table_name = "duty"

    class NamedReader(Model):
        lang = CharField(max_length=35, unique=True)
        account = ForeignKeyField(Account, on_delete="CASCADE")

        class Meta:
            database = db
            table_name = "named_reader"

    db.create_tables([StaffedHours, ClosedDay, ReadingTarget, Duty, NamedReader])


def down(migrator, _db):
    for table in ("named_reader", "duty", "reading_target", "closed_day", "staffed_hours"):
        migrator.migrate(migrator.drop_table(table))
