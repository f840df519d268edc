"""What a service changed, as OpenAPI shows it."""

from marshmallow import Schema, fields, validate

from tellback.replies.changes import ChangeState


class ChangedServiceSchema(Schema):
    """The service that changes something."""

    code = fields.String()
    name = fields.String()
    url = fields.Url()


class ChangeSchema(Schema):
    """What a service says it changes because of stories; a moderator read it before it was shown."""

    id = fields.String()
    state = fields.String(validate=validate.OneOf([state.value for state in ChangeState]))
    what = fields.String(metadata={"description": "The change in plain words, up to 500 characters."})
    why = fields.String(allow_none=True, metadata={"description": "Why it is made, or why it was not."})
    on = fields.String(
        allow_none=True,
        metadata={
            "description": "When it is planned for or was made: a day, or a month (YYYY-MM) where no day is "
            "known. None for what was not made."
        },
    )
    evidence = fields.Url(allow_none=True, metadata={"description": "A page that shows it."})
    service = fields.Nested(ChangedServiceSchema)
    published_at = fields.String(metadata={"description": "When it was first shown in this state and words."})
    lang = fields.String()
