"""What the forms of those who answer send: replies, changes, private talk, handing on."""

from typing import Any

from marshmallow import fields, post_load, validate

from tellback.admin.schemas import StaffForm, part_of_date, revision_number
from tellback.admin.wording import LANGUAGES
from tellback.http.words import Words
from tellback.replies.answering_for import Kind
from tellback.replies.changes import LONGEST as LONGEST_CHANGE
from tellback.replies.changes import MOST_STORIES
from tellback.replies.complaint_references import LONGEST as LONGEST_REFERENCE
from tellback.replies.handing_on import LONGEST_NOTE as LONGEST_HAND_ON
from tellback.replies.relay import LONGEST as LONGEST_PRIVATE
from tellback.replies.relay import LONGEST_ROLE
from tellback.replies.relay_reports import LONGEST as LONGEST_PRIVATE_REPORT
from tellback.replies.rerouting import LONGEST as LONGEST_MOVE
from tellback.replies.responding import LONGEST as LONGEST_REPLY
from tellback.replies.second_looks import LONGEST as LONGEST_LOOK
from tellback.replies.second_looks import Outcome


class CorrectionSchema(StaffForm):
    """A published reply as it should be."""

    responder_name = Words(name="Your name", longest=80, required=True)
    responder_role = Words(name="Your role", longest=80, required=True)
    body = Words(name="Your reply", longest=LONGEST_REPLY, lines=True, required=True)
    lang = fields.String(
        load_default="en", validate=validate.OneOf(list(LANGUAGES), error="Choose a language.")
    )


class DraftSchema(StaffForm):
    """An answer to a story as far as it is written; `revision` is the draft's that was read, 0 for none."""

    service = Words(name="The service that answers", longest=64, required=True)
    kind = fields.String(
        load_default=Kind.ANSWER.value,
        validate=validate.OneOf([kind.value for kind in Kind], error="Choose what your reply is."),
    )
    responder_name = Words(name="Your name", longest=80, load_default="")
    responder_role = Words(name="Your role", longest=80, load_default="")
    body = Words(name="Your reply", longest=LONGEST_REPLY, lines=True, load_default="")
    lang = fields.String(
        load_default="en",
        validate=validate.OneOf(LANGUAGES, error="Choose the language of your reply."),
    )
    revision = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**31 - 1, error="Open the story again."),
        error_messages={"invalid": "Open the story again."},
    )


class ReplySchema(DraftSchema):
    """An answer to a story, to be sent."""

    responder_name = Words(name="Your name", longest=80, required=True)
    responder_role = Words(name="Your role", longest=80, required=True)
    body = Words(name="Your reply", longest=LONGEST_REPLY, lines=True, required=True)


class AskForLookSchema(DraftSchema):
    """A draft, and the colleague who is asked to look at it (an account's number)."""

    colleague = fields.Integer(
        required=True,
        validate=validate.Range(0, 2**31 - 1, error="Choose a colleague."),
        error_messages={"required": "Choose a colleague.", "invalid": "Choose a colleague."},
    )


class GiveLookSchema(StaffForm):
    """What a colleague says of a draft: by which button, and in words."""

    outcome = fields.String(
        load_default=Outcome.COMMENT.value, validate=validate.OneOf([one.value for one in Outcome])
    )
    words = Words(name="Your comment", longest=LONGEST_LOOK, lines=True, load_default="")


class RevisionSchema(StaffForm):
    """A draft as it was read."""

    revision = revision_number()


class NewChangeSchema(StaffForm):
    """What a service plans or made because of stories; the rule says what is missing."""

    service = Words(name="The service that changes it", longest=64, load_default="")
    state = fields.String(load_default="")
    what = Words(name="What you say of the change", longest=LONGEST_CHANGE, lines=True, load_default="")
    why = Words(name="The reason", longest=LONGEST_CHANGE, lines=True, load_default="")
    on_day = part_of_date()
    on_month = part_of_date()
    on_year = part_of_date()
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

    revision = revision_number()


class PrivateMessageSchema(StaffForm):
    """A private message to an author; `after` is the id of the last message that was read, 0 for none."""

    service = Words(name="The service", longest=64, load_default="")
    words = Words(name="Your message", longest=LONGEST_PRIVATE, lines=True, load_default="")
    role = Words(name="Your role", longest=LONGEST_ROLE, load_default="")
    after = revision_number()
    seen = fields.String(load_default="", validate=validate.Length(max=64))


class PrivateReportSchema(StaffForm):
    """The talk that moderators are to read, and why."""

    service = Words(name="The service", longest=64, load_default="")
    words = Words(name="What is wrong", longest=LONGEST_PRIVATE_REPORT, lines=True, load_default="")


class HandOnSchema(StaffForm):
    """To whom a story is handed on; the rule says what is missing."""

    service = Words(name="The service that answers", longest=64, load_default="")
    to_whom = Words(name="Whom it is for", longest=80, load_default="")
    email = Words(name="The address", longest=254, load_default="")
    note = Words(name="What you ask", longest=LONGEST_HAND_ON, lines=True, load_default="")


class NotOursSchema(StaffForm):
    """Which service a story is not about, and which it is; the rule says what is missing."""

    service = Words(name="Your service", longest=64, load_default="")
    proposed = Words(name="The other service", longest=64, load_default="")
    why = Words(name="Your reason", longest=LONGEST_MOVE, lines=True, load_default="")


class ComplaintSchema(StaffForm):
    """The number under which a story is also a complaint at an organisation."""

    organisation = Words(name="The organisation", longest=64, load_default="")
    reference = Words(name="The number", longest=LONGEST_REFERENCE, load_default="")


class AwaySchema(StaffForm):
    """When a responder is away, and who covers; the rule says what is wrong with it."""

    from_on = fields.String(load_default="", validate=validate.Length(max=20, error="Check the day."))
    to_on = fields.String(load_default="", validate=validate.Length(max=20, error="Check the day."))
    covers = fields.List(
        fields.Integer(validate=validate.Range(0, 2**31 - 1, error="Choose from the list.")),
        load_default=list,
    )
