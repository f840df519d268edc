"""What a reader may send of a story, and what they get back."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from tellback.http.traps import GuardedSchema
from tellback.http.words import Words
from tellback.moderation.case_requests import GROUNDS, LONGEST_NAME
from tellback.moderation.cases import LONGEST_WORDS as LONGEST_REQUEST
from tellback.moderation.flags import LONGEST_WORDS, REASONS
from tellback.translations.sentences import say

_CHOOSE = say("Choose a reason from the list.")
_ADDRESS = say("Write the address like name@example.org.")


class FlagSchema(GuardedSchema):
    """A report of a story."""

    class Meta:
        """Unknown fields are refused, so that a misspelt one is not silently lost."""

        unknown = RAISE

    error_messages = {"unknown": say("We do not know this field. Leave it out.")}

    reason = fields.String(
        required=True,
        validate=validate.OneOf(REASONS, error=_CHOOSE),
        error_messages={"required": _CHOOSE},
        metadata={"description": "What is wrong with the story."},
    )
    words = Words(
        name=say("What you wrote"),
        longest=LONGEST_WORDS,
        lines=True,
        load_default=None,
        metadata={"description": "More about it, for moderators alone."},
    )
    site_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={"description": "Which website, where one origin carries several."},
    )


class FlagFormSchema(FlagSchema):
    """The same from our own page, whose address and button may add to it."""

    class Meta:
        """marshmallow's options."""

        unknown = EXCLUDE


class FlagReceiptSchema(Schema):
    """What a reader gets back."""

    state = fields.String(metadata={"description": "`received`: a moderator will read it."})


class RemovalSchema(GuardedSchema):
    """What somebody asks who wants a story taken down, and who they are; a rule says what a notice needs."""

    class Meta:
        """Our own page's address and button may add to it."""

        unknown = EXCLUDE

    ground = fields.String(
        required=True,
        validate=validate.OneOf(GROUNDS, error=_CHOOSE),
        error_messages={"required": _CHOOSE, "null": _CHOOSE},
    )
    words = Words(name=say("What you wrote"), longest=LONGEST_REQUEST, lines=True, required=True)
    meaning = Words(name=say("What is wrong with it"), longest=LONGEST_REQUEST, lines=True, load_default=None)
    author_unknown = fields.Boolean(load_default=False)
    share = fields.Boolean(load_default=False)
    name = Words(name=say("Your name"), longest=LONGEST_NAME, required=True)
    email = fields.Email(
        required=True,
        validate=validate.Length(max=254, error=_ADDRESS),
        error_messages={"required": _ADDRESS, "null": _ADDRESS, "invalid": _ADDRESS},
    )
