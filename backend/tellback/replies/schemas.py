"""What services answer and changed, as OpenAPI shows it."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.http.words import Words
from tellback.replies.answering_for import Kind
from tellback.replies.changes import ChangeState
from tellback.replies.composing import LANGUAGES
from tellback.replies.responding import LONGEST as LONGEST_REPLY
from tellback.replies.states import ReplyState
from tellback.replies.verdicts import Verdict

VERDICTS = [verdict.value for verdict in Verdict]


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


class ChangeOfStorySchema(ChangeSchema):
    """A change as it stands under a story that it answers."""

    verdict = fields.String(
        allow_none=True,
        validate=validate.OneOf(VERDICTS),
        metadata={"description": "Whether it has really changed, if the story's author said so."},
    )


class VerdictsSchema(Schema):
    """How many authors of public stories said which."""

    yes = fields.Integer()
    partly = fields.Integer()
    no = fields.Integer()


class WrittenReplySchema(Schema):
    """A reply as a program sends it."""

    class Meta:
        """Unknown fields are refused, so that a misspelt one is not silently lost."""

        unknown = RAISE

    service = Words(
        name="The service that answers", longest=64, required=True, metadata={"description": "Its code."}
    )
    responder_name = Words(name="The name", longest=80, required=True)
    responder_role = Words(name="The role", longest=80, required=True)
    body = Words(name="The reply", longest=LONGEST_REPLY, lines=True, required=True)
    lang = fields.String(load_default="en", validate=validate.OneOf(list(LANGUAGES)))
    kind = fields.String(
        load_default=Kind.ANSWER.value,
        validate=validate.OneOf([kind.value for kind in Kind]),
        metadata={"description": "Only charities and patient groups may signpost or propose."},
    )


class LookAgainSchema(Schema):
    """A piece of advice on a reply: it stops nothing."""

    title = fields.String()
    advice = fields.String()
    words = fields.List(fields.String())


class SentReplySchema(Schema):
    """Where a reply stands."""

    id = fields.String()
    story = fields.String()
    service = fields.String()
    from_ = fields.String(data_key="from")
    kind = fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    state = fields.String(
        validate=validate.OneOf([state.value for state in ReplyState]),
        metadata={
            "description": "`waiting`: its writer can still take it back; `submitted`: a moderator reads it; "
            "`published`; `returned`: see `note`; `removed`: taken down; `kept`: the story ended first."
        },
    )
    written_at = fields.String()
    goes_on_at = fields.String(allow_none=True)
    published_at = fields.String(allow_none=True)
    note = fields.String(allow_none=True, metadata={"description": "What a moderator asks to change."})
    look_again = fields.List(fields.Nested(LookAgainSchema))
