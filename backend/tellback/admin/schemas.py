"""What the forms of the staff screens send."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load

from tellback.http.words import Words
from tellback.moderation.decisions import LONGEST_MESSAGE
from tellback.moderation.redaction import LONGEST_REPLACEMENT

LONGEST_REPLY = 4000


class StaffForm(Schema):
    """A form of a staff screen; the token against forged forms is read elsewhere."""

    class Meta:
        """marshmallow's options."""

        unknown = EXCLUDE

    @post_load
    def as_text(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An empty box is an empty text: rules say what is missing."""
        return {
            name: "" if value is None and isinstance(self.fields[name], Words) else value
            for name, value in given.items()
        }


class ReadStorySchema(StaffForm):
    """An act on a story as it was read: `revision` is the one the screen showed."""

    revision = fields.Integer(
        required=True,
        error_messages={"required": "Open the story again.", "invalid": "Open the story again."},
    )


class RedactionSchema(ReadStorySchema):
    """What to take out: the place of a finding, or exact words wherever they stand in one field."""

    finding = fields.Integer(load_default=None)
    field = fields.String(load_default="body")
    words = Words(name="The words to take out", longest=4000, lines=True, load_default="")
    reason = fields.String(load_default="")
    replacement = Words(name="What to show instead", longest=LONGEST_REPLACEMENT, load_default="")


class DecisionSchema(ReadStorySchema):
    """A decision: the reason its author reads, and a message in the moderator's own words."""

    reason = fields.String(load_default="")
    message = Words(name="Your message", longest=LONGEST_MESSAGE, lines=True, load_default="")


class NoteSchema(StaffForm):
    """What a responder should change in a reply."""

    note = Words(name="Your note", longest=LONGEST_MESSAGE, lines=True, load_default="")


class ReplySchema(StaffForm):
    """An answer to a story."""

    service = fields.String(required=True, error_messages={"required": "Say which service answers."})
    responder_name = Words(name="Your name", longest=80, required=True)
    responder_role = Words(name="Your role", longest=80, required=True)
    body = Words(name="Your reply", longest=LONGEST_REPLY, lines=True, required=True)
