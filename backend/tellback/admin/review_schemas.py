"""What the forms of those who moderate send: the queue, a story, its cases."""

from typing import Any

from marshmallow import fields, post_load, validate

from tellback.admin.schemas import ReadStorySchema, StaffForm, part_of_date, revision_number, time_of_day
from tellback.http.words import Words
from tellback.moderation.case_steps import LONGEST_WHO
from tellback.moderation.cases import LONGEST_WORDS as LONGEST_CASE_WORDS
from tellback.moderation.criticality import LEVELS
from tellback.moderation.decisions import LONGEST_MESSAGE
from tellback.moderation.pausing import LONGEST_WHY
from tellback.moderation.redaction import LONGEST_REPLACEMENT
from tellback.replies.relay_reports import LONGEST as LONGEST_PRIVATE_REPORT
from tellback.stories.schemas import LONGEST

_SCORE = "Choose how critical it is, from 0 to 5."


class HowSchema(ReadStorySchema):
    """What the public reads instead of words taken out, and why."""

    reason = fields.String(load_default="")
    replacement = Words(name="What to show instead", longest=LONGEST_REPLACEMENT, load_default="")


class SpanSchema(HowSchema):
    """The place of a finding, in code points of one field."""

    field = fields.String(required=True)
    start = revision_number()
    end = revision_number()


class WordsSchema(HowSchema):
    """Exact words, wherever they stand in the story."""

    words = Words(name="The words to take out", longest=LONGEST["body"], lines=True, load_default="")


class UndoSchema(ReadStorySchema):
    """A redaction to take back."""

    redaction = revision_number()


class FindingSchema(ReadStorySchema):
    """A finding to mark again."""

    finding = revision_number()


class DismissSchema(FindingSchema):
    """A finding that is nothing; `remember` its words, so that they are not marked again."""

    remember = fields.Boolean(load_default=False)


class DecisionSchema(ReadStorySchema):
    """A decision: the reason its author reads, and a message in the moderator's own words."""

    reason = fields.String(load_default="")
    message = Words(name="Your message", longest=LONGEST_MESSAGE, lines=True, load_default="")


class PauseSchema(StaffForm):
    """Why a story is not shown for a while, for colleagues."""

    why = Words(name="The reason", longest=LONGEST_WHY, lines=True, load_default="")


class AskSchema(ReadStorySchema):
    """What the author is asked about the edits."""

    message = Words(name="Your message", longest=LONGEST_MESSAGE, lines=True, load_default="")


class ScoreSchema(ReadStorySchema):
    """How critical a story is: no story is published from the desk without a score."""

    criticality = fields.Integer(
        required=True,
        attribute="level",
        validate=validate.Range(0, len(LEVELS) - 1, error=_SCORE),
        error_messages={"required": _SCORE, "invalid": _SCORE},
    )


class TopicsSchema(ReadStorySchema):
    """What a story is about: the slugs of all its topics."""

    topics = fields.List(fields.String(), load_default=list, validate=validate.Length(max=200))


class FiltersSchema(StaffForm):
    """What somebody looks for among stories (`moderation.filters`), and how they search."""

    about = Words(name="The service", longest=200, load_default="")
    topic = Words(name="The topic", longest=64, load_default="")
    state = Words(name="The state", longest=20, load_default="")
    urgency = Words(name="The urgency", longest=2, load_default="")
    criticality = Words(name="The score", longest=4, load_default="")
    found = Words(name="The finding", longest=20, load_default="")
    lang = Words(name="The language", longest=35, load_default="")
    website = Words(name="The website", longest=40, load_default="")
    assigned = Words(name="The person", longest=10, load_default="")
    late = Words(name="The target", longest=3, load_default="")


class ViewSchema(StaffForm):
    """Filters to keep by a name; the filters themselves are read by `FiltersSchema`."""

    name = Words(name="The name", longest=200, load_default="")
    shared = fields.Boolean(load_default=False)


class AssignmentSchema(StaffForm):
    """Who takes a story on: an account's number, or nobody."""

    to = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 2**31 - 1, error="Choose somebody from the list."),
        error_messages={"invalid": "Choose somebody from the list."},
    )


class SpamSchema(StaffForm):
    """Stories to reject as advertising, each as it was shown: its id, a colon, its revision."""

    stories = fields.List(
        fields.String(validate=validate.Regexp(r"[0-9a-z]{1,24}:[0-9]{1,9}$", error="Tick them again.")),
        load_default=list,
    )

    @post_load
    def as_revisions(self, given: dict[str, Any], **_: Any) -> dict[str, dict[str, int]]:
        """Revisions by story."""
        pairs = (one.split(":") for one in given["stories"])
        return {"stories": {public_id: int(revision) for public_id, revision in pairs}}


class HabitsSchema(StaffForm):
    """How somebody works at the desk; what is left out stays."""

    by_keys = fields.Boolean(error_messages={"invalid": "Choose with keys or without."})
    onward = fields.Boolean(error_messages={"invalid": "Choose what follows a decision."})


class OpenCaseSchema(ReadStorySchema):
    """Why a story needs more than a decision; the kind, where it is not safeguarding."""

    kind = fields.String(load_default="")
    why = Words(name="The reason", longest=LONGEST_CASE_WORDS, lines=True, load_default="")


class TellingSchema(StaffForm):
    """Whom somebody told in a case, how, and when by the desk's clock."""

    who = Words(name="Whom you told", longest=LONGEST_WHO, load_default="")
    how = fields.String(load_default="")
    day = part_of_date()
    hour = time_of_day()
    words = Words(name="What they said", longest=LONGEST_MESSAGE, lines=True, load_default="")


class MessageSchema(StaffForm):
    """What is said to an author beside the question of a case."""

    message = Words(name="Your message", longest=LONGEST_MESSAGE, lines=True, load_default="")


class CaseNoteSchema(StaffForm):
    """What was found in a case."""

    words = Words(name="Your note", longest=LONGEST_CASE_WORDS, lines=True, load_default="")


class ClosingSchema(StaffForm):
    """How a case ends; the rule says what that needs."""

    outcome = fields.String(load_default="")
    answer = Words(name="Your answer", longest=LONGEST_MESSAGE, lines=True, load_default="")
    note = Words(name="Your note", longest=LONGEST_CASE_WORDS, lines=True, load_default="")


class PrivateSettlingSchema(StaffForm):
    """What became of a report on private talk; with `end` nobody writes in it any more."""

    note = Words(name="Your note", longest=LONGEST_PRIVATE_REPORT, lines=True, load_default="")
    end = fields.Boolean(load_default=False)


class MoveSchema(StaffForm):
    """The service that a story is about."""

    to = Words(name="The service", longest=64, load_default="")
