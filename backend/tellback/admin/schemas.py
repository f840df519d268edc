"""What the forms of the staff screens send, as far as several parts share it."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from tellback.http.words import Words
from tellback.moderation.decisions import LONGEST_MESSAGE


def revision_number() -> fields.Integer:
    """The revision of what was read, by which a form is found stale."""
    # Within what both databases take, so that a made-up number is refused and no error.
    again = "Open the story again."
    return fields.Integer(
        required=True,
        validate=validate.Range(0, 2**31 - 1, error=again),
        error_messages={"required": again, "invalid": again},
    )


def part_of_date() -> fields.String:
    """A day, month or year, as typed."""
    return fields.String(load_default="", validate=validate.Length(max=20, error="Check the date."))


def time_of_day() -> fields.String:
    """A time, as typed."""
    return fields.String(load_default="", validate=validate.Length(max=20, error="Write a time like 09:00."))


class StaffForm(Schema):
    """A form of a staff screen; the token against forged forms is read elsewhere."""

    class Meta:
        """marshmallow's options."""

        unknown = EXCLUDE

    @post_load
    def as_text(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """An empty box is an empty text: rules say what is missing."""
        texts = {field.attribute or name for name, field in self.fields.items() if isinstance(field, Words)}
        return {name: "" if value is None and name in texts else value for name, value in given.items()}


class ReadStorySchema(StaffForm):
    """An act on a story as it was read: `revision` is the one the screen showed."""

    revision = revision_number()


class NoteSchema(StaffForm):
    """What a responder should change in a reply."""

    note = Words(name="Your note", longest=LONGEST_MESSAGE, lines=True, load_default="")


class ReasonSchema(StaffForm):
    """Why something that a service said is taken down."""

    reason = fields.String(load_default="")


class ReadSchema(StaffForm):
    """An act on something in the store as it was read: `revision` is the one the screen showed."""

    revision = revision_number()
