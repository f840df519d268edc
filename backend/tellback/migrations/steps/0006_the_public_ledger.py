"""The public ledger, the keys and heads that sign it, and the salts of its commitments."""

from peewee import CharField, ForeignKeyField, IntegerField, Model

from tellback.db import UTCDateTimeField


def up(migrator, db):
    class LedgerEntry(Model):
        number = IntegerField(primary_key=True)
        day = CharField(max_length=10)
        story = CharField(max_length=24, index=True)
        step = CharField(max_length=12)
        reason = CharField(max_length=40)
        commitment = CharField(max_length=64)
        previous = CharField(max_length=64)
        hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "ledger_entry"

    class LedgerKey(Model):
        id = CharField(max_length=16, primary_key=True)
        public = CharField(max_length=64)
        since = CharField(max_length=10)

        class Meta:
            database = db
            table_name = "ledger_key"

    class LedgerHead(Model):
        day = CharField(max_length=10, primary_key=True)
        number = IntegerField()
        hash = CharField(max_length=64)
        ledger = CharField(max_length=300)
        key = ForeignKeyField(LedgerKey, column_name="key")
        signature = CharField(max_length=128)
        mailed_in = CharField(max_length=8, null=True, unique=True)

        class Meta:
            database = db
            table_name = "ledger_head"

    db.create_tables([LedgerEntry, LedgerKey, LedgerHead])
    migrator.migrate(
        migrator.add_column("story_version", "salt", CharField(max_length=64, null=True)),
        migrator.add_column("published_text", "salt", CharField(max_length=64, null=True)),
        migrator.add_column("account", "no_witness_letters_since", UTCDateTimeField(null=True)),
    )


def down(migrator, _db):
    migrator.migrate(
        migrator.drop_column("account", "no_witness_letters_since"),
        migrator.drop_column("published_text", "salt"),
        migrator.drop_column("story_version", "salt"),
        migrator.drop_table("ledger_head"),
        migrator.drop_table("ledger_key"),
        migrator.drop_table("ledger_entry"),
    )
