"""Staff who sign in, and what each is where."""

import peewee

from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Organisation


class Account(Model):
    """Someone who signs in. `fs_uniquifier` (Flask-Security's name) changes to end every session at once.

    `invited_at` is set until they have chosen a password. `totp_sealed` is the key that their app makes codes
    from, sealed; `totp_counter` the step of the last code they used, so that none works twice.
    `passkey_handle` is what their authenticators know them by: random, so that it names nobody.
    """

    email = peewee.CharField(max_length=254, unique=True)
    name = peewee.CharField(max_length=100)
    password = peewee.CharField(max_length=255)
    active = peewee.BooleanField(default=True)
    fs_uniquifier = peewee.CharField(max_length=64, unique=True)
    # A webmaster who wants no weekly head of the ledger (`admin/witnesses.py`).
    no_witness_letters_since = UTCDateTimeField(null=True)
    created_at = UTCDateTimeField()
    invited_at = UTCDateTimeField(null=True)
    totp_sealed = peewee.BlobField(null=True)
    totp_counter = peewee.BigIntegerField(default=0)
    passkey_handle = peewee.CharField(max_length=43, null=True)


class Membership(Model):
    """A role someone holds: of the installation (no organisation) or of one organisation."""

    account = peewee.ForeignKeyField(Account, backref="memberships", on_delete="CASCADE")
    role = peewee.CharField(max_length=20)
    organisation = peewee.ForeignKeyField(Organisation, null=True, on_delete="CASCADE")

    class Meta:
        """Asked by account."""

        indexes = ((("account", "role", "organisation"), True),)


class StaffSession(Model):
    """Someone signed in on one device. Its key is in that browser's cookie; here is its hash."""

    account = peewee.ForeignKeyField(Account, backref="sessions", on_delete="CASCADE")
    key_hash = peewee.CharField(max_length=64, unique=True)
    # What they proved themselves by: one of `sessions.How`.
    how = peewee.CharField(max_length=20)
    # Such as "Firefox on Windows": enough for a person to know their own.
    device = peewee.CharField(max_length=60)
    began_at = UTCDateTimeField(index=True)
    seen_at = UTCDateTimeField()


class RecoveryCode(Model):
    """A code for whoever lost their second factor, as its hash; the row goes when it is used."""

    account = peewee.ForeignKeyField(Account, backref="recovery_codes", on_delete="CASCADE")
    code_hash = peewee.CharField(max_length=64)

    class Meta:
        """Looked up by account and hash."""

        indexes = ((("account", "code_hash"), True),)


class Passkey(Model):
    """A key pair that an authenticator of someone's made for us: here is the public half."""

    account = peewee.ForeignKeyField(Account, backref="passkeys", on_delete="CASCADE")
    credential_id = peewee.BlobField(unique=True)
    public_key = peewee.BlobField()
    # How often it signed, for authenticators that count; most that are carried between devices say 0.
    sign_count = peewee.IntegerField(default=0)
    transports = peewee.JSONField(default=list)
    name = peewee.CharField(max_length=60)
    created_at = UTCDateTimeField()
    used_at = UTCDateTimeField(null=True)


class IdentityProvider(Model):
    """Where an organisation's people sign in (OpenID Connect); without one, the installation's own people."""

    slug = peewee.CharField(max_length=40, unique=True)
    name = peewee.CharField(max_length=100)
    organisation = peewee.ForeignKeyField(Organisation, null=True, on_delete="CASCADE")
    issuer = peewee.CharField(max_length=300)
    client_id = peewee.CharField(max_length=200)
    secret_sealed = peewee.BlobField()
    active = peewee.BooleanField(default=True)
    created_at = UTCDateTimeField()


class LinkedIdentity(Model):
    """Who someone is at a provider: its name for them never changes, unlike an email address."""

    provider = peewee.ForeignKeyField(IdentityProvider, on_delete="CASCADE")
    subject = peewee.CharField(max_length=255)
    account = peewee.ForeignKeyField(Account, backref="identities", on_delete="CASCADE")
    linked_at = UTCDateTimeField()

    class Meta:
        """Looked up by provider and subject."""

        indexes = ((("provider", "subject"), True),)


class ApiToken(Model):
    """A key by which a program acts as somebody, within one scope: its hash, for the key is shown once."""

    account = peewee.ForeignKeyField(Account, backref="tokens", on_delete="CASCADE")
    name = peewee.CharField(max_length=60)
    token_hash = peewee.CharField(max_length=64, unique=True)
    # One of `tokens.Scope`.
    scope = peewee.CharField(max_length=20)
    created_at = UTCDateTimeField()
    expires_at = UTCDateTimeField()
    used_at = UTCDateTimeField(null=True)
