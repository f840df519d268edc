"""Sessions that can be ended one by one, second factors, invitations, and sign-in by an organisation."""

from peewee import (
    BlobField,
    BooleanField,
    CharField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
)

from tellback.db import UTCDateTimeField


def up(_migrator, db):
    kinds = (
        {"BLOB": "BYTEA", "MOMENT": "TIMESTAMPTZ"} if _postgresql(db) else {"BLOB": "BLOB", "MOMENT": "TEXT"}
    )
    for column in (
        f"invited_at {kinds['MOMENT']}",
        f"totp_sealed {kinds['BLOB']}",
        "totp_counter BIGINT NOT NULL DEFAULT 0",
        "passkey_handle VARCHAR(43)",
    ):
        db.execute_sql(f"ALTER TABLE account ADD COLUMN {column}")

    class Account(Model):
        class Meta:
            database = db
            table_name = "account"

    class Organisation(Model):
        class Meta:
            database = db
            table_name = "organisation"

    class StaffSession(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        key_hash = CharField(max_length=64, unique=True)
        how = CharField(max_length=20)
        device = CharField(max_length=60)
        began_at = UTCDateTimeField(index=True)
        seen_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "staff_session"

    class RecoveryCode(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        code_hash = CharField(max_length=64)

        class Meta:
            database = db
            table_name = "recovery_code"
            indexes = ((("account", "code_hash"), True),)

    class Passkey(Model):
        account = ForeignKeyField(Account, on_delete="CASCADE")
        credential_id = BlobField(unique=True)
        public_key = BlobField()
        sign_count = IntegerField(default=0)
        transports = JSONField(default=list)
        name = CharField(max_length=60)
        created_at = UTCDateTimeField()
        used_at = UTCDateTimeField(null=True)

        class Meta:
            database = db
            table_name = "passkey"

    class IdentityProvider(Model):
        slug = CharField(max_length=40, unique=True)
        name = CharField(max_length=100)
        organisation = ForeignKeyField(Organisation, null=True, on_delete="CASCADE")
        issuer = CharField(max_length=300)
        client_id = CharField(max_length=200)
        secret_sealed = BlobField()
        active = BooleanField(default=True)
        created_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "identity_provider"

    class LinkedIdentity(Model):
        provider = ForeignKeyField(IdentityProvider, on_delete="CASCADE")
        subject = CharField(max_length=255)
        account = ForeignKeyField(Account, on_delete="CASCADE")
        linked_at = UTCDateTimeField()

        class Meta:
            database = db
            table_name = "linked_identity"
            indexes = ((("provider", "subject"), True),)

    db.create_tables([StaffSession, RecoveryCode, Passkey, IdentityProvider, LinkedIdentity])


def down(migrator, db):
    for table in ("linked_identity", "identity_provider", "passkey", "recovery_code", "staff_session"):
        migrator.migrate(migrator.drop_table(table))
    for column in ("passkey_handle", "totp_counter", "totp_sealed", "invited_at"):
        db.execute_sql(f"ALTER TABLE account DROP COLUMN {column}")


def _postgresql(db):
    return "postgres" in type(db).__name__.lower()
