"""The author's own view as OpenAPI shows it."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.replies.schemas import ChangeSchema
from tellback.translations.sentences import say

_ADDRESS = say("Write the address like name@example.org.")


class LetterSchema(Schema):
    """Where the private link is to be sent."""

    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE

    token = fields.String(
        required=True,
        validate=validate.Length(max=500),
        metadata={"description": "The part of the private link after the #, or all of it."},
    )
    email = fields.Email(
        required=True,
        validate=validate.Length(max=254, error=_ADDRESS),
        error_messages={"required": _ADDRESS, "null": _ADDRESS, "invalid": _ADDRESS},
        metadata={"description": "Kept sealed, as the story's address: later letters go there too."},
    )


class LetterSentSchema(Schema):
    """The letter waits to be sent."""

    state = fields.String(metadata={"description": "`waiting`"})


class EditSchema(Schema):
    """Words that a moderator changed, and why."""

    field = fields.String()
    was = fields.String()
    now = fields.String()
    reason = fields.String()
    reason_text = fields.String()
    at = fields.String()


class OwnStorySchema(Schema):
    """Where the story stands, in words for its author."""

    id = fields.String()
    state = fields.String()
    state_text = fields.String()
    what_happens_next = fields.String()
    told_at = fields.String()
    story = fields.Dict()
    edits = fields.List(fields.Nested(EditSchema))
    messages = fields.List(fields.Dict())
    replies = fields.List(fields.Dict())
    changes = fields.List(fields.Nested(ChangeSchema))
    url = fields.Url(allow_none=True)


class WithdrawnSchema(Schema):
    """The story is withdrawn."""

    state = fields.String()
