"""What the forms of the staff screens send."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from tellback.admin.wording import LANGUAGES
from tellback.http.words import Words
from tellback.moderation.decisions import LONGEST_MESSAGE
from tellback.moderation.redaction import LONGEST_REPLACEMENT
from tellback.replies.changes import LONGEST as LONGEST_CHANGE
from tellback.replies.changes import MOST_STORIES
from tellback.stories.schemas import LONGEST
from tellback.websites.origins import LONGEST as LONGEST_ORIGIN
from tellback.websites.registration import LONGEST_NAME as LONGEST_WEBSITE_NAME
from tellback.websites.registration import MOST_ORIGINS

LONGEST_REPLY = 4000
# As many origins as a website may have, each as long as one may be.
LONGEST_ORIGINS = MOST_ORIGINS * (LONGEST_ORIGIN + 2)


def _number() -> fields.Integer:
    # Within what both databases take, so that a made-up number is refused and no error.
    again = "Open the story again."
    return fields.Integer(
        required=True,
        validate=validate.Range(0, 2**31 - 1, error=again),
        error_messages={"required": again, "invalid": again},
    )


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

    revision = _number()


class HowSchema(ReadStorySchema):
    """What the public reads instead of words taken out, and why."""

    reason = fields.String(load_default="")
    replacement = Words(name="What to show instead", longest=LONGEST_REPLACEMENT, load_default="")


class SpanSchema(HowSchema):
    """The place of a finding, in code points of one field."""

    field = fields.String(required=True)
    start = _number()
    end = _number()


class WordsSchema(HowSchema):
    """Exact words, wherever they stand in the story."""

    words = Words(name="The words to take out", longest=LONGEST["body"], lines=True, load_default="")


class UndoSchema(ReadStorySchema):
    """A redaction to take back."""

    redaction = _number()


class DecisionSchema(ReadStorySchema):
    """A decision: the reason its author reads, and a message in the moderator's own words."""

    reason = fields.String(load_default="")
    message = Words(name="Your message", longest=LONGEST_MESSAGE, lines=True, load_default="")


class NoteSchema(StaffForm):
    """What a responder should change in a reply."""

    note = Words(name="Your note", longest=LONGEST_MESSAGE, lines=True, load_default="")


class ReplySchema(StaffForm):
    """An answer to a story."""

    service = Words(name="The service that answers", longest=64, required=True)
    responder_name = Words(name="Your name", longest=80, required=True)
    responder_role = Words(name="Your role", longest=80, required=True)
    body = Words(name="Your reply", longest=LONGEST_REPLY, lines=True, required=True)
    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES, error="Choose the language of your reply."),
    )


def _part_of_date() -> fields.String:
    return fields.String(load_default="", validate=validate.Length(max=20, error="Check the date."))


class NewChangeSchema(StaffForm):
    """What a service plans or made because of stories; the rule says what is missing."""

    service = Words(name="The service that changes it", longest=64, load_default="")
    state = fields.String(load_default="")
    what = Words(name="What you say of the change", longest=LONGEST_CHANGE, lines=True, load_default="")
    why = Words(name="The reason", longest=LONGEST_CHANGE, lines=True, load_default="")
    on_day = _part_of_date()
    on_month = _part_of_date()
    on_year = _part_of_date()
    evidence = Words(name="The address", longest=500, load_default="")
    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES, error="Choose the language you write in."),
    )
    stories = fields.List(
        fields.String(validate=validate.Predicate("isalnum", error="Choose again from the list.")),
        load_default=list,
        validate=validate.Length(
            max=MOST_STORIES, error=f"Choose up to {MOST_STORIES} stories at once, and the others later."
        ),
    )

    @post_load
    def as_date(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Three boxes as one month or day, such as 2027-01-05; the rule says whether there is such a date."""
        day, month, year = (given.pop(f"on_{part}").strip() for part in ("day", "month", "year"))
        parts = [year, month.zfill(2), *([day.zfill(2)] if day else [])]
        return {**given, "on": "-".join(parts) if day or month or year else ""}


class ChangeSchema(NewChangeSchema):
    """What became of a change, as it was read: `revision` is the one the screen showed."""

    revision = _number()


class WebsiteSchema(StaffForm):
    """A website: its name, its origins (one on each line), and whose it is."""

    name = Words(name="The name", longest=LONGEST_WEBSITE_NAME, load_default="")
    origins = Words(name="The origins", longest=LONGEST_ORIGINS, lines=True, load_default="")
    organisation = Words(name="The organisation", longest=64, load_default="")
