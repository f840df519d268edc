"""The public ledger as OpenAPI shows it, and the queries of its lists."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.audit.ledger import Step

MOST_ENTRIES = 500


class LedgerQuerySchema(Schema):
    """Which stretch of the ledger."""

    class Meta:
        """A misspelt name would show another stretch, so it is refused."""

        unknown = RAISE

    after = fields.Integer(
        load_default=0,
        # Beyond what a database counts there is nothing.
        validate=validate.Range(0, 2**31 - 1),
        metadata={"description": "`number` of the last entry that you have, or `next` of the page before."},
    )
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, MOST_ENTRIES),
        metadata={"description": "Entries on a page, 1 to 500."},
    )
    story = fields.String(
        validate=validate.Length(max=24), metadata={"description": "Only the entries of this story."}
    )


class HeadsQuerySchema(Schema):
    """Which heads."""

    class Meta:
        """As of the ledger."""

        unknown = RAISE

    after = fields.Date(metadata={"description": "A day, or `next` of the page before: heads of later days."})
    limit = fields.Integer(
        load_default=100,
        validate=validate.Range(1, MOST_ENTRIES),
        metadata={"description": "Heads on a page, 1 to 500."},
    )


class EntrySchema(Schema):
    """One step of one story. `hash` is SHA-256 over the other members as JSON by RFC 8785, in hexadecimal."""

    number = fields.Integer(metadata={"description": "Counted from 1, without a gap."})
    day = fields.String(metadata={"description": "A day in UTC."})
    story = fields.String(metadata={"description": "The story's id."})
    step = fields.String(validate=validate.OneOf([step.value for step in Step]))
    reason = fields.String(metadata={"description": "A code, or empty."})
    commitment = fields.String(
        metadata={
            "description": "SHA-256 over a salt of 32 bytes and the words as JSON by RFC 8785, in "
            "hexadecimal; empty for a step that brings no words."
        }
    )
    previous = fields.String(metadata={"description": "`hash` of the entry before; 64 noughts in the first."})
    hash = fields.String()


class HeadSchema(Schema):
    """How far the ledger had come. `signature` is Ed25519 over the other members as JSON by RFC 8785."""

    day = fields.String()
    number = fields.Integer(metadata={"description": "The last entry of that moment."})
    hash = fields.String(metadata={"description": "That entry's hash."})
    ledger = fields.Url(metadata={"description": "The public address of the ledger."})
    key = fields.String(metadata={"description": "`id` of the key that signed it."})
    signature = fields.String(metadata={"description": "128 hexadecimal digits."})


class KeySchema(Schema):
    """A public key by which heads were ever signed."""

    id = fields.String(metadata={"description": "The first 16 digits of the SHA-256 of the key's 32 bytes."})
    public = fields.String(metadata={"description": "The key's 32 bytes, in hexadecimal."})
    since = fields.String(metadata={"description": "The day it was published on."})


class LedgerSchema(Schema):
    """A page of the ledger, and the newest signed head."""

    items = fields.List(fields.Nested(EntrySchema))
    next = fields.Integer(allow_none=True, metadata={"description": "What to give as `after`, or null."})
    total = fields.Integer()
    shown = fields.Integer()
    head = fields.Nested(HeadSchema, allow_none=True)


class HeadsSchema(Schema):
    """A page of signed heads, and the keys that they name."""

    items = fields.List(fields.Nested(HeadSchema))
    next = fields.String(allow_none=True, metadata={"description": "What to give as `after`, or null."})
    total = fields.Integer()
    shown = fields.Integer()
    keys = fields.List(fields.Nested(KeySchema))
