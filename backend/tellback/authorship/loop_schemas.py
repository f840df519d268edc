"""What an author says once their story is told, and how they are reached, as OpenAPI shows it."""

from typing import Any

from marshmallow import INCLUDE, RAISE, Schema, fields, post_load, validate

from tellback.http.words import Words
from tellback.replies.answering_back import LONGEST, AnswerState
from tellback.replies.schemas import VERDICTS, ChangeOfStorySchema
from tellback.stories.editing import FACTS, WORDS
from tellback.stories.schemas import ToldStorySchema
from tellback.translations.languages import LANGUAGES
from tellback.translations.sentences import say

_AGAIN = say("Open your private link again, and change your story there.")
_ADDRESS = say("Write the address like name@example.org.")
_WHICH = say("Choose one of the three answers.")
_LANGUAGE = say("Choose a language from the list.")


class _Strict(Schema):
    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE


class ChangedStorySchema(ToldStorySchema):
    """What is told otherwise; what is left out stays as it is."""

    class Meta:
        """What a story is about and what was agreed to stay as they were told."""

        unknown = RAISE
        exclude = (
            "idempotency_key",
            "service",
            "services",
            "topic",
            "topics",
            "topic_words",
            "contact_email",
            "consent_publish",
            "consent_licence",
            "consent_contact",
            "site_key",
            "website_path",
        )

    revision = fields.Integer(
        required=True,
        validate=validate.Range(0, 2**31 - 1, error=_AGAIN),
        error_messages={"required": _AGAIN, "null": _AGAIN, "invalid": _AGAIN},
        metadata={"description": "That of the story as the author read it."},
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(partial=(*WORDS, *FACTS), **options)

    @post_load
    def fold(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Each feeling counts once."""
        if "feelings" in given:
            given["feelings"] = list(dict.fromkeys(given["feelings"]))
        return given


class ChangedSchema(Schema):
    """It is kept. A published story stays as it is until a moderator has read the change."""

    state = fields.String()
    revision = fields.Integer()


class AnswerToReplySchema(_Strict):
    """What the author answers to a reply."""

    body = Words(
        name=say("Your answer"),
        longest=LONGEST,
        lines=True,
        required=True,
        metadata={"description": "A moderator reads it; then it shows beneath the reply."},
    )


class OwnAnswerSchema(Schema):
    """What the author answered to a reply."""

    id = fields.String()
    body = fields.String()
    lang = fields.String()
    state = fields.String(validate=validate.OneOf([state.value for state in AnswerState]))
    note = fields.String(allow_none=True, metadata={"description": "Why it is not shown."})
    written_at = fields.String()
    published_at = fields.String(allow_none=True)


class VerdictSchema(_Strict):
    """A word on a reply or a change; it shows at once, and may be said otherwise later."""

    verdict = fields.String(
        required=True,
        validate=validate.OneOf(VERDICTS, error=_WHICH),
        error_messages={"required": _WHICH, "null": _WHICH, "invalid": _WHICH},
    )


class ReachedSchema(_Strict):
    """How the author wants to be reached; what is left out stays as it is."""

    email = fields.Email(
        allow_none=True,
        validate=validate.Length(max=254, error=_ADDRESS),
        error_messages={"invalid": _ADDRESS},
        metadata={"description": "Kept sealed; the private link is sent there. Null deletes it."},
    )
    contact_lang = fields.String(
        allow_none=True,
        validate=validate.OneOf(list(LANGUAGES), error=_LANGUAGE),
        metadata={"description": "The language of letters and answers. Null: that of the story."},
    )


class LostLinkSchema(_Strict):
    """Whose links are to be sent again."""

    email = fields.Email(
        required=True,
        validate=validate.Length(max=254, error=_ADDRESS),
        error_messages={"required": _ADDRESS, "null": _ADDRESS, "invalid": _ADDRESS},
        metadata={"description": "The letters go to this address alone, if it was given for a story."},
    )


class AskedAgainSchema(Schema):
    """The same for every address."""

    state = fields.String(metadata={"description": "`asked`"})


class CopySchema(Schema):
    """All that is kept about the story and its author; docs/privacy.md says what each member is."""

    class Meta:
        """Members may be added."""

        unknown = INCLUDE

    made_at = fields.String()
    id = fields.String()
    state = fields.String()
    state_text = fields.String()
    told_at = fields.String()
    published_at = fields.String(allow_none=True)
    ended_at = fields.String(allow_none=True)
    about = fields.Dict()
    told_on = fields.Dict()
    versions = fields.List(fields.Dict())
    decisions = fields.List(fields.Dict())
    agreements = fields.Dict()
    contact = fields.Dict()
    replies = fields.List(fields.Dict())
    changes = fields.List(fields.Nested(ChangeOfStorySchema))
    read_by = fields.List(fields.Dict())
    private_talks = fields.List(fields.Dict())
    requests = fields.List(fields.Dict())
    me_too = fields.Integer()
    what_you_did = fields.List(fields.Dict())
    receipts = fields.List(fields.Dict())
