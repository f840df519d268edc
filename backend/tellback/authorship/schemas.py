"""The author's own view as OpenAPI shows it."""

from marshmallow import Schema, fields

from tellback.replies.schemas import ChangeSchema


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
