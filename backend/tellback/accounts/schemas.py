"""What the forms around signing in send."""

from marshmallow import EXCLUDE, Schema, fields


class _Form(Schema):
    """A form of ours; the token against forged forms is read elsewhere, and rules say what is missing."""

    class Meta:
        """marshmallow's options."""

        unknown = EXCLUDE


def _secret() -> fields.String:
    # As it was typed: a space at the end of a password is part of it.
    return fields.String(load_default="")


class AddressSchema(_Form):
    """An email address to write to."""

    email = fields.String(load_default="")


class ChosenPasswordSchema(_Form):
    """A new password, by the token of a letter or the link it stood in."""

    token = fields.String(load_default="")
    password = _secret()


class CodeSchema(_Form):
    """A code of an app, or a recovery code."""

    code = fields.String(load_default="")


class PasskeySchema(_Form):
    """What an authenticator answered, as the browser's script wrote it down."""

    credential = fields.String(load_default="")
