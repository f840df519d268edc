"""An author's private talk with services as OpenAPI shows it, and what is sent to it."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.http.words import Words
from tellback.replies.relay import LONGEST
from tellback.replies.relay_reports import LONGEST as LONGEST_REPORT
from tellback.translations.sentences import say

_WHICH = say("Say which service you write to.")


class _RelaySchema(Schema):
    """What is sent to a service's private talk."""

    class Meta:
        """A misspelt field would be lost, so it is refused."""

        unknown = RAISE

    service = fields.String(
        required=True,
        validate=validate.Length(min=1, max=64, error=_WHICH),
        error_messages={"required": _WHICH, "null": _WHICH, "invalid": _WHICH},
        metadata={"description": "The code of a service that the story is about."},
    )


class RelayMessageSchema(_RelaySchema):
    """A private message to a service."""

    words = Words(
        name=say("Your message"),
        longest=LONGEST,
        lines=True,
        required=True,
        metadata={"description": "To that service; nobody else reads it."},
    )
    seen = fields.String(
        load_default="",
        validate=validate.Length(max=64),
        metadata={
            "description": "What the answer `look-again` (409) gave: the message goes, whatever it says of "
            "its author."
        },
    )


class RelayEndSchema(_RelaySchema):
    """The talk that its author ends for good."""


class RelayReportSchema(_RelaySchema):
    """The talk that moderators are to read, and why."""

    words = Words(name=say("Your message"), longest=LONGEST_REPORT, lines=True, load_default="")


class RelaySwitchSchema(Schema):
    """Whether the author takes private messages about the story."""

    on = fields.Boolean(required=True)


class RelayedSchema(Schema):
    """One private message. A responder is a service and a role they chose, never a name."""

    said_by = fields.String(attribute="from", data_key="from")
    from_author = fields.Boolean()
    words = fields.String()
    at = fields.String(metadata={"description": "The day."})
    new = fields.Boolean()


class TalkSchema(Schema):
    """What the author and one service said to each other in private."""

    service = fields.Dict()
    messages = fields.List(fields.Nested(RelayedSchema))
    open = fields.Boolean()
    ended_text = fields.String(allow_none=True)
    reported = fields.Boolean()


class OwnRelaySchema(Schema):
    """Private talk about a story: neither side learns who the other is."""

    on = fields.Boolean(metadata={"description": "Whether the author takes private messages."})
    may_be_used = fields.Boolean()
    may_ask = fields.List(
        fields.Dict(), metadata={"description": "Services that the author has not written to yet."}
    )
    talks = fields.List(fields.Nested(TalkSchema))
