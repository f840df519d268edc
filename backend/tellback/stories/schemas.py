"""What may be sent with a story, field by field, with what to say when it does not fit."""

import re
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, pre_load, validate
from marshmallow import validates as check

from tellback import clock
from tellback.http.traps import GuardedSchema
from tellback.http.words import Words
from tellback.organisations.nations import NATIONS
from tellback.stories.topics import THEMES
from tellback.stories.words import AUTHOR_ROLES, EXPERIENCES, FEELINGS, POLARITIES
from tellback.translations.sentences import say

MOST_SERVICES = 10
# Every theme of the closed list, and a few conditions.
MOST_TOPICS = len(THEMES) + 6
# The lengths a story may have, in code points. Peers take 3,000 characters to 1,000 words; people in distress
# write longer, and a shortened story is a lost one.
LONGEST = {
    "title": 100,
    "body": 8000,
    "what_was_good": 4000,
    "what_could_be_better": 4000,
    "display_name": 40,
    "topic_words": 100,
}

# Lower case letters, digits and hyphens, as addresses carry them.
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_KEY = re.compile(r"[\x21-\x7e]{16,128}")


def _whole(pattern: re.Pattern[str]) -> str:
    """A pattern that a whole text must match, as OpenAPI tells it."""
    return f"^{pattern.pattern}$".replace(r"\d", "[0-9]")


def _codes(meaning: str, most: int) -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(max=64)),
        load_default=list,
        metadata={"description": meaning, "maxItems": most},
    )


def _words(name: str, called: str, meaning: str, **options: Any) -> Words:
    if not options.get("required"):
        options["load_default"] = None
    return Words(name=called, longest=LONGEST[name], metadata={"description": meaning}, **options)


class KeySchema(Schema):
    """The key that makes a repeated request harmless, from a header or a field."""

    idempotency_key = fields.String(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Made by the client: the same key and story give the same answer again.",
            "pattern": _whole(_KEY),
        },
    )

    @check("idempotency_key")
    def is_key(self, value: str | None, **_: Any) -> None:
        """Long enough that nobody meets another's key by chance."""
        if value is not None and not _KEY.fullmatch(value):
            raise ValidationError(say("A key has 16 to 128 printable characters; a random UUID will do."))


class ToldStorySchema(KeySchema, GuardedSchema):
    """A story as it is told."""

    class Meta:
        """Unknown fields are refused, so that a misspelt one is not silently lost."""

        unknown = RAISE

    error_messages = {"unknown": say("We do not know this field. Leave it out.")}

    service = _codes(
        "A service's code. Repeat it in a form for several; in JSON a list or one text.", MOST_SERVICES
    )
    services = _codes("The same as `service`; both together may name ten.", MOST_SERVICES)
    topic = _codes(
        "A topic's slug: a condition or a theme, with how it was in front, as in `positive:food`, or bare. "
        "A story is about a service, a topic, or both.",
        MOST_TOPICS,
    )
    topics = _codes("The same as `topic`.", MOST_TOPICS)
    topic_words = _words(
        "topic_words",
        say("What else it was about"),
        "What else it was about, in free words. Only staff read it.",
    )
    title = _words("title", say("The title"), "Made of the first words when it is left out.")
    body = _words("body", say("Your story"), "What happened.", lines=True, required=True)
    what_was_good = _words("what_was_good", say("What was good"), "What was good.", lines=True)
    what_could_be_better = _words(
        "what_could_be_better", say("What could be better"), "What could be better.", lines=True
    )
    feelings = fields.List(
        fields.String(validate=validate.OneOf(FEELINGS, error=say("Choose feelings from the list."))),
        load_default=list,
        validate=validate.Length(max=len(FEELINGS), error=say("Choose feelings from the list.")),
        metadata={"description": "How it felt: polarity and word."},
    )
    author_role = fields.String(
        required=True,
        validate=validate.OneOf(AUTHOR_ROLES, error=say("Choose who you are in this story.")),
        error_messages={"required": say("Choose who you are in this story.")},
        metadata={"description": "Who the author is in this story."},
    )
    display_name = _words("display_name", say("The name to show"), "A name to show; not a real one.")
    overall_experience = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.OneOf(EXPERIENCES, error=say("Choose one of the six answers, or leave it out.")),
        metadata={"description": "The answer to the Friends and Family Test question."},
    )
    visited_on = fields.String(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Year and month, such as 2026-10: one that has begun, from 1900 on.",
            "pattern": _whole(_MONTH),
        },
    )
    lang = fields.String(
        load_default="en",
        metadata={"description": "The story's language (BCP 47).", "pattern": _whole(_LANGUAGE)},
    )
    contact_email = fields.Email(
        load_default=None,
        allow_none=True,
        validate=validate.Length(
            max=254, error=say("Write the address like name@example.org, or leave it out.")
        ),
        error_messages={"invalid": say("Write the address like name@example.org, or leave it out.")},
        metadata={"description": "For letters about this story; kept sealed, never shown."},
    )
    consent_publish = fields.Boolean(
        required=True,
        error_messages={
            "required": say("We can only take your story if you agree that it may be published.")
        },
        metadata={"description": "The author agrees to publication: only `true` is taken.", "enum": [True]},
    )
    consent_licence = fields.Boolean(
        load_default=False, metadata={"description": "Others may use the story under CC BY 4.0."}
    )
    consent_contact = fields.Boolean(
        load_default=False, metadata={"description": "The author may be asked about the story."}
    )
    site_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=40),
        metadata={"description": "Which website, where one origin carries several."},
    )
    website_path = Words(
        name=say("The page’s path"),
        longest=300,
        load_default=None,
        metadata={"description": "Path of the page it was told on, from its first `/`; no query."},
    )

    @pre_load
    def gather(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One code may come as text, several as a list."""
        for name in ("service", "services", "topic", "topics"):
            if isinstance(given.get(name), str):
                given = {**given, name: [given[name]]}
        return given

    @check("consent_publish")
    def agreed(self, value: bool, **_: Any) -> None:
        """Publishing is what a story is told for."""
        if not value:
            raise ValidationError(say("We can only take your story if you agree that it may be published."))

    @check("lang")
    def is_language(self, value: str, **_: Any) -> None:
        """A language tag (BCP 47) of the common shape."""
        if not _LANGUAGE.fullmatch(value):
            raise ValidationError(say("Name the language by its tag, such as en, cy or zh-Hans."))

    @check("visited_on")
    def is_past_month(self, value: str | None, **_: Any) -> None:
        """A month that has begun, within a lifetime."""
        if value is None:
            return
        found = _MONTH.fullmatch(value) if value.isascii() else None
        if not found:
            raise ValidationError(say("Write the month as year and month, like 2026-10, or leave it out."))
        if int(found[1]) < 1900 or date(int(found[1]), int(found[2]), 1) > clock.today():
            raise ValidationError(say("Choose a month that has already begun, or leave it out."))

    @check("website_path")
    def is_path(self, value: str | None, **_: Any) -> None:
        """A path only: a query could hold what the person searched for."""
        if value is not None and (not value.startswith("/") or "?" in value or "#" in value):
            raise ValidationError(say("Send the page's path only, without query or fragment."))

    @post_load
    def fold(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """`service` and `services` mean the same; each code counts once. Topics: [slug, polarity or None]."""
        services = list(dict.fromkeys(given.pop("service") + given["services"]))
        topics = _raised(given.pop("topic") + given["topics"])
        if len(services) > MOST_SERVICES:
            raise ValidationError(
                say("A story may be about up to {most} services.", most=MOST_SERVICES), "services"
            )
        if len(topics) > MOST_TOPICS:
            raise ValidationError(say("A story may have up to {most} topics.", most=MOST_TOPICS), "topics")
        feelings = list(dict.fromkeys(given["feelings"]))
        return {**given, "services": services, "topics": topics, "feelings": feelings}


def _raised(values: list[str]) -> list[list[str | None]]:
    """Topics as told, each slug once with its polarity. Raises ValidationError for one with two."""
    found: dict[str, str | None] = {}
    for value in values:
        said, colon, slug = value.rpartition(":")
        polarity = said if colon else None
        if polarity is not None and polarity not in POLARITIES:
            raise ValidationError(
                f"Say how it was as positive, neutral or negative, such as positive:{slug}.", "topics"
            )
        before = found.get(slug)
        if before and polarity and before != polarity:
            raise ValidationError(f"Say once how it was: {before}:{slug} or {polarity}:{slug}.", "topics")
        found[slug] = polarity or before
    return [[slug, polarity] for slug, polarity in found.items()]


class HalfToldStorySchema(ToldStorySchema):
    """A story on its way through the hosted form: what the form's own buttons add is left out."""

    class Meta:
        """The button's name and the like are no part of a story."""

        unknown = EXCLUDE


class TellingQuerySchema(Schema):
    """What a story is to be about, and what it is written in."""

    class Meta:
        """A misspelt field would answer for something else, so it is refused."""

        unknown = RAISE

    service = fields.List(
        fields.String(validate=validate.Length(max=64)),
        load_default=list,
        validate=validate.Length(max=MOST_SERVICES),
        metadata={"description": "A service's code; repeated for several, of which the first counts most."},
    )
    topic = fields.String(validate=validate.Length(max=64), metadata={"description": "A topic's slug."})
    lang = fields.String(
        load_default="en",
        validate=validate.Length(max=35),
        metadata={"description": "The language of the answer and of the story (BCP 47)."},
    )


class SupportLineSchema(Schema):
    """Who helps someone in crisis."""

    id = fields.String()
    name = fields.String()
    call = fields.String(allow_none=True)
    text = fields.String(allow_none=True, metadata={"description": "A number for text messages."})
    url = fields.Url(allow_none=True)
    when = fields.String()


class ComplaintsSchema(Schema):
    """Where a complaint goes."""

    name = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    phone = fields.String(allow_none=True)
    url = fields.Url(allow_none=True)
    text = fields.String(allow_none=True)
    own = fields.Boolean(
        metadata={"description": "Whether it was named for this service; else it is its nation's advice."}
    )


class TellingSchema(Schema):
    """What a form needs to know before somebody tells."""

    about = fields.Dict(metadata={"description": "`service` and `topic`, or null."})
    keeper = fields.Dict(metadata={"description": "Who keeps the stories: name, independent, url."})
    nation = fields.String(allow_none=True, validate=validate.OneOf(NATIONS))
    support = fields.List(fields.Nested(SupportLineSchema))
    complaints = fields.Nested(
        ComplaintsSchema, allow_none=True, metadata={"description": "Null where no service is asked for."}
    )
    own_names = fields.List(
        fields.String(), metadata={"description": "Names, towns and postcodes that are nobody's secret."}
    )
    themes = fields.List(fields.Dict(), metadata={"description": "The closed list: slug and name."})
    languages = fields.List(
        fields.Dict(),
        metadata={"description": "`tag`, own `name`, `checked` by one who grew up with it."},
    )
    can_check = fields.Dict(
        metadata={"description": "Whether numbers, names and words of crisis are looked for in `lang`."}
    )
    opened = fields.String(
        metadata={"description": "This moment, signed: a form that was opened now may send it along."}
    )
    staffed = fields.Dict(
        metadata={
            "description": "`now`: whether somebody reads at this hour; `opens`: else from when on, such as "
            "2026-11-24T09:00 in London."
        }
    )


class ProofQuerySchema(Schema):
    """What a proof of work is for."""

    class Meta:
        """A misspelt field would answer for something else, so it is refused."""

        unknown = RAISE

    purpose = fields.String(
        data_key="for",
        load_default="story",
        validate=validate.OneOf(("story", "report")),
        metadata={"description": "What is to be sent with it."},
    )


class ChallengeSchema(Schema):
    """A challenge of ALTCHA's protocol, version 2."""

    needed = fields.Boolean(
        metadata={"description": "Whether what is sent from here now has to bring a proof."}
    )
    challenge = fields.Dict(
        metadata={"description": "`parameters` and `signature`, as ALTCHA's clients read it."}
    )


class CodeSchema(Schema):
    """A QR code: stroke `path` in black, one wide, in a white square of `size` by `size`."""

    size = fields.Integer(metadata={"description": "Modules on a side, with four of white all round."})
    path = fields.String(metadata={"description": "The `d` of an SVG path."})


class ReceiptSchema(Schema):
    """What the teller gets back."""

    id = fields.String(metadata={"description": "The story's public id."})
    state = fields.String(metadata={"description": "`submitted`: kept, waiting for a moderator."})
    private_link = fields.Url(
        metadata={"description": "The author's way back. Shown once more for the same key."}
    )
    qr = fields.Nested(CodeSchema, metadata={"description": "The private link for the camera of a phone."})
    changed = fields.List(
        fields.String(),
        metadata={
            "description": "What was changed in the words, in sentences for who wrote them; else empty."
        },
    )
