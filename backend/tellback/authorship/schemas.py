"""The author's own view as OpenAPI shows it."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.http.words import Words
from tellback.moderation.agreement import LONGEST_WORDS
from tellback.replies.schemas import ChangeOfStorySchema
from tellback.translations.sentences import say

_ADDRESS = say("Write the address like name@example.org.")
_AGAIN = say("Open your private link again, and answer there.")
_WHETHER = say("Say whether you agree.")


class LetterSchema(Schema):
    """Where the private link is to be sent."""

    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE

    token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=500),
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


class PieceSchema(Schema):
    """A stretch of a field as told, and as everyone reads it."""

    told = fields.String()
    shown = fields.String()


class InPlaceSchema(Schema):
    """An edited field in pieces: what is told in them together is the field as told."""

    field = fields.String()
    pieces = fields.List(fields.Nested(PieceSchema))


class QuestionSchema(Schema):
    """The edits are large, and wait for their author's agreement."""

    revision = fields.Integer(metadata={"description": "To be sent with the answer."})
    answer_by = fields.String()


class GivenAnswerSchema(Schema):
    """What the author said to large edits: `agreed`, or `discussed` with their words."""

    answer = fields.String()
    words = fields.String()
    at = fields.String()


class AnswerSchema(Schema):
    """Whether the author agrees to the edits they were asked about."""

    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE

    revision = fields.Integer(
        required=True,
        validate=validate.Range(0, 2**31 - 1, error=_AGAIN),
        error_messages={"required": _AGAIN, "null": _AGAIN, "invalid": _AGAIN},
        metadata={"description": "That of the question."},
    )
    said = fields.String(
        required=True,
        data_key="answer",
        validate=validate.OneOf(("agree", "discuss"), error=_WHETHER),
        error_messages={"required": _WHETHER, "null": _WHETHER, "invalid": _WHETHER},
        metadata={"description": "`agree` or `discuss`"},
    )
    words = Words(
        name=say("Your message"),
        longest=LONGEST_WORDS,
        lines=True,
        load_default="",
        metadata={"description": "To the moderators; nobody else reads it. Needed to discuss."},
    )


class WordsSchema(Schema):
    """What the author writes to the moderators."""

    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE

    words = Words(
        name=say("Your message"),
        longest=LONGEST_WORDS,
        lines=True,
        load_default="",
        metadata={"description": "To the moderators; nobody else reads it."},
    )


class AppealedSchema(Schema):
    """A second moderator looks at it."""

    state = fields.String(metadata={"description": "`waiting`"})


class AppealSchema(Schema):
    """What became of asking a second moderator: `waiting`, `reopened` or `stands`, with their answer."""

    state = fields.String()
    words = fields.String()
    at = fields.String()
    answer = fields.String()
    answered_at = fields.String(allow_none=True)


class AskedSchema(Schema):
    """What a moderator asks the author; `notice` holds what somebody wrote whose name they say is harmed."""

    text = fields.String()
    message = fields.String()
    notice = fields.Dict(allow_none=True)
    at = fields.String()
    answer_by = fields.String()


class AnsweredSchema(Schema):
    """The story is with the moderators again."""

    state = fields.String(metadata={"description": "`in_moderation`"})


class LedgerReceiptSchema(Schema):
    """What proves that words were received, or published, by a day: who has it can open the entry.

    SHA-256 over the 32 bytes of `salt` and `words` as JSON by RFC 8785 is `commitment`.
    """

    ledger = fields.Url(metadata={"description": "Where the ledger is read."})
    number = fields.Integer(metadata={"description": "Of the entry, whose hash is `hash`."})
    day = fields.String()
    step = fields.String()
    hash = fields.String()
    commitment = fields.String()
    salt = fields.String(metadata={"description": "32 bytes, in hexadecimal. Keep it to yourself."})
    words = fields.Dict()


class ReadBySchema(Schema):
    """How many people of a service have opened the story."""

    service = fields.Dict()
    people = fields.Integer()
    first_on = fields.String(metadata={"description": "The day on which the first of them did."})


class LaterVersionSchema(Schema):
    """What the author told otherwise of a published story, and is not published."""

    state = fields.String(
        validate=validate.OneOf(["waiting", "returned", "rejected"]),
        metadata={"description": "With a moderator, or what one decided: the story stands as it was."},
    )
    sent_at = fields.String()
    story = fields.Dict()


class ContactSchema(Schema):
    """How the author is reached."""

    email = fields.String(allow_none=True, metadata={"description": "Its first letter and its host."})
    came_back = fields.Boolean(metadata={"description": "Whether the last letter could not be delivered."})
    lang = fields.String(metadata={"description": "The language of letters to them."})
    chosen_lang = fields.String(allow_none=True, metadata={"description": "The same, if they chose one."})


class MovedSchema(Schema):
    """A moderator found that the story is about another service than it was told about."""

    moved_from = fields.Dict(attribute="from", data_key="from")
    to = fields.Dict()
    on = fields.String(metadata={"description": "The day."})


class OwnStorySchema(Schema):
    """Where the story stands, in words for its author."""

    id = fields.String()
    state = fields.String()
    revision = fields.Integer(metadata={"description": "To be sent with a change of the story."})
    may_edit = fields.Boolean(metadata={"description": "Whether the story can be told otherwise now."})
    may_resume = fields.Boolean(
        metadata={"description": "Whether it is paused, and its author can end that."}
    )
    edit = fields.Nested(LaterVersionSchema, allow_none=True)
    read_by = fields.List(fields.Nested(ReadBySchema))
    contact = fields.Nested(ContactSchema)
    state_text = fields.String()
    what_happens_next = fields.String()
    told_at = fields.String()
    story = fields.Dict()
    edits = fields.List(fields.Nested(EditSchema))
    in_place = fields.List(fields.Nested(InPlaceSchema))
    question = fields.Nested(QuestionSchema, allow_none=True)
    answer = fields.Nested(GivenAnswerSchema, allow_none=True)
    may_appeal = fields.Boolean(
        metadata={"description": "Whether a second moderator can be asked to look at the decision."}
    )
    appeal = fields.Nested(AppealSchema, allow_none=True)
    asked = fields.Nested(AskedSchema, allow_none=True)
    messages = fields.List(fields.Dict())
    replies = fields.List(
        fields.Dict(),
        metadata={
            "description": "As everyone reads them; `answers_back` has all that the author answered, "
            "with `state` and `note`, and `may_answer` says whether they can answer now."
        },
    )
    changes = fields.List(fields.Nested(ChangeOfStorySchema))
    taken_down = fields.List(
        fields.Dict(),
        metadata={"description": "What a service said under the story and moderators took down."},
    )
    url = fields.Url(allow_none=True)
    moved = fields.List(fields.Nested(MovedSchema))
    receipts = fields.List(fields.Nested(LedgerReceiptSchema))


class WithdrawnSchema(Schema):
    """The story is withdrawn."""

    state = fields.String()
