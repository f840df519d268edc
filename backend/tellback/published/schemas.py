"""The shapes of public answers, as OpenAPI shows them, and the query of a list."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from tellback.audit.schemas import EntrySchema, HeadSchema
from tellback.organisations.models import ORGANISATION_KINDS
from tellback.published.lists import Order
from tellback.replies.answering_for import Kind
from tellback.replies.schemas import VERDICTS, ChangeOfStorySchema, ChangeSchema, VerdictsSchema
from tellback.search.words import LONGEST as LONGEST_SEARCH
from tellback.stories.words import POLARITIES

MOST_STORIES = 50


class StoriesQuerySchema(Schema):
    """Which stories: told of a service, a topic, or all; what their reader looks for; where to go on."""

    class Meta:
        """A misspelt filter would show everything, so it is refused."""

        unknown = RAISE

    service = fields.String(validate=validate.Length(max=64), metadata={"description": "A service's code."})
    topic = fields.String(validate=validate.Length(max=64), metadata={"description": "A topic's slug."})
    organisation = fields.String(
        validate=validate.Length(max=64),
        metadata={"description": "An organisation's code: the stories of all its services."},
    )
    q = fields.String(
        load_default="",
        metadata={
            "description": "Words that a story must hold, in any of their forms; "
            "in quotation marks, side by side; with a star, by their beginning.",
            "maxLength": LONGEST_SEARCH,
        },
    )
    order = fields.Enum(
        Order,
        by_value=True,
        load_default=Order.NEWEST,
        metadata={
            "description": "`newest` first; `relevant` to `q` first, and new; `waiting`: those that no "
            "service has answered, the longest waiting first; `changed`: those for which a change is planned "
            "or made, the newest change first."
        },
    )
    about_topic = fields.String(
        validate=validate.Length(max=64), metadata={"description": "Only stories that raise this topic."}
    )
    about_service = fields.String(
        validate=validate.Length(max=64),
        metadata={"description": "Only stories of this service and those below it."},
    )
    cursor = fields.String(
        validate=validate.Length(max=400), metadata={"description": "`next` of the page before."}
    )
    limit = fields.Integer(
        load_default=10,
        validate=validate.Range(1, MOST_STORIES),
        metadata={"description": "Stories on a page, 1 to 50."},
    )
    lang = fields.String(
        validate=validate.Length(max=35),
        metadata={"description": "Language of our own words (BCP 47): reasons, names of topics."},
    )


class PageQuerySchema(StoriesQuerySchema):
    """What the reader of a page of stories looks for."""

    class Meta:
        """Addresses of pages gather additions on their way through letters and other people's pages."""

        unknown = EXCLUDE
        fields = ("q", "order", "about_topic", "about_service", "cursor")

    order = fields.Enum(Order, by_value=True)


class NamedSchema(Schema):
    """A service beside a story."""

    code = fields.String()
    name = fields.String()
    url = fields.Url()


class TopicSchema(Schema):
    """A topic."""

    slug = fields.String()
    name = fields.String()
    url = fields.Url()


class RaisedTopicSchema(TopicSchema):
    """A topic as a story raises it."""

    polarity = fields.String(
        allow_none=True, validate=validate.OneOf(POLARITIES), metadata={"description": "How it was."}
    )


class ToldOnSchema(Schema):
    """The website on which a story was told, and the page's path there."""

    name = fields.String()
    origin = fields.String(allow_none=True)
    path = fields.String(allow_none=True)


class RedactionSchema(Schema):
    """Words that a moderator took out, and why."""

    field = fields.String()
    reason = fields.String()
    reason_text = fields.String()


class AnswerBackSchema(Schema):
    """What the story's author answers to a reply; a moderator read it before it was shown."""

    id = fields.String()
    body = fields.String()
    published_at = fields.String()
    lang = fields.String()


class ReplySchema(Schema):
    """A service's answer."""

    id = fields.String()
    from_ = fields.String(data_key="from")
    responder_name = fields.String()
    responder_role = fields.String()
    body = fields.String()
    published_at = fields.String()
    lang = fields.String()
    kind = fields.String(
        validate=validate.OneOf([kind.value for kind in Kind]),
        metadata={"description": "A service answers; a charity or a patient group may signpost or propose."},
    )
    from_kind = fields.String(
        validate=validate.OneOf(ORGANISATION_KINDS),
        metadata={"description": "What answers: who gives care, or who speaks beside those that do."},
    )
    corrected_at = fields.String(
        allow_none=True, metadata={"description": "When its service put other words in their place."}
    )
    answers_back = fields.List(fields.Nested(AnswerBackSchema))
    verdict = fields.String(
        allow_none=True,
        validate=validate.OneOf(VERDICTS),
        metadata={"description": "Whether it answered the story's author, if they said so."},
    )


class TakenDownSchema(Schema):
    """That something of a service stood under a story, and why it does not any more."""

    kind = fields.String(validate=validate.OneOf(["reply", "change"]))
    from_ = fields.String(data_key="from")
    removed_at = fields.String()
    reason = fields.String()
    reason_text = fields.String()


class InLedgerSchema(Schema):
    """What the public ledger holds of a story, and what opens the commitment to the words shown."""

    entries = fields.List(fields.Nested(EntrySchema))
    salt = fields.String(allow_none=True, metadata={"description": "32 bytes, in hexadecimal."})


class ShownStorySchema(Schema):
    """A public story, or the tombstone of one (`state` is `removed`, and the text is gone)."""

    id = fields.String()
    url = fields.Url()
    state = fields.String(validate=validate.OneOf(["published", "removed"]))
    told_at = fields.String(metadata={"description": "A day."})
    published_at = fields.String()
    services = fields.List(fields.Nested(NamedSchema))
    topics = fields.List(fields.Nested(RaisedTopicSchema))
    website = fields.Nested(ToldOnSchema, allow_none=True)
    me_too = fields.Integer(metadata={"description": "Readers who said that this happened to them too."})
    title = fields.String()
    body = fields.String()
    what_was_good = fields.String(allow_none=True)
    what_could_be_better = fields.String(allow_none=True)
    feelings = fields.List(fields.String())
    author_role = fields.String()
    display_name = fields.String(allow_none=True)
    overall_experience = fields.String(allow_none=True)
    visited_on = fields.String(allow_none=True)
    lang = fields.String()
    licence = fields.String(
        allow_none=True, metadata={"description": "SPDX id, when the author agreed to it."}
    )
    redactions = fields.List(fields.Nested(RedactionSchema))
    replies = fields.List(fields.Nested(ReplySchema))
    days_to_reply = fields.Integer(
        allow_none=True,
        metadata={"description": "Whole days from its publication to the first reply; null without one."},
    )
    changes = fields.List(fields.Nested(ChangeOfStorySchema))
    taken_down = fields.List(fields.Nested(TakenDownSchema))
    removed_at = fields.String()
    reason = fields.String()
    reason_text = fields.String()
    highlights = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.List(fields.Integer())),
        metadata={
            "description": "Of a search: where the words stand in `title`, `body`, `what_was_good` and "
            "`what_could_be_better`, by the first code point and the one after the last."
        },
    )
    ledger = fields.Nested(InLedgerSchema, metadata={"description": "Of a story asked for alone."})


class KeeperSchema(Schema):
    """Who keeps these stories."""

    name = fields.String()
    independent = fields.Boolean()
    url = fields.Url()


class StoriesSchema(Schema):
    """A page of stories. `total` counts every story ever published here, removed ones too.

    `matching` counts those in this list, by what its reader looks for; of a search up to 1,000, and
    `more_match` says whether there are more.
    """

    items = fields.List(fields.Nested(ShownStorySchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    matching = fields.Integer()
    more_match = fields.Boolean()
    match = fields.String(
        validate=validate.OneOf(["all", "some"]),
        metadata={
            "description": "`some`: no story here holds all that `q` asks for, and these hold a part of it. "
            "Only in the order `relevant`."
        },
    )
    suggestion = fields.String(
        allow_none=True,
        metadata={
            "description": "What `q` may have meant, where hardly anything was found and this finds more."
        },
    )
    shown = fields.Integer()
    order = fields.Enum(Order, by_value=True)
    keeper = fields.Nested(KeeperSchema)
    about = fields.Dict()


class CountedTopicSchema(TopicSchema):
    """A topic, how many stories raise it, and in how many of these it was good, in between, not good."""

    stories = fields.Integer()
    positive = fields.Integer()
    neutral = fields.Integer()
    negative = fields.Integer()


class CountedServiceSchema(NamedSchema):
    """A service, and how many stories are told of it and of those below it."""

    stories = fields.Integer()


class SaidSchema(Schema):
    """What authors say: whether replies answered them, and whether what was changed has really changed."""

    replies = fields.Nested(VerdictsSchema)
    changes = fields.Nested(VerdictsSchema)


class SummarySchema(Schema):
    """The stories told of a service or a topic in numbers."""

    about = fields.Dict()
    stories = fields.Integer(metadata={"description": "Ever published, those taken down too."})
    answered = fields.Integer(metadata={"description": "Those that a service has answered."})
    change_planned = fields.Integer(metadata={"description": "Those for which a change is planned."})
    change_made = fields.Integer(metadata={"description": "Those for which a change was made."})
    removed = fields.Integer(metadata={"description": "Those taken down, or taken back by their authors."})
    median_days_to_reply = fields.Float(
        allow_none=True, metadata={"description": "Of the answered stories, their `days_to_reply`."}
    )
    verdicts = fields.Nested(SaidSchema, metadata={"description": "What authors say of what came back."})
    topics = fields.List(
        fields.Nested(CountedTopicSchema), metadata={"description": "Most raised first, up to 10."}
    )
    services = fields.List(
        fields.Nested(CountedServiceSchema),
        metadata={"description": "Most stories first, up to 100; of a service, those below it."},
    )
    keeper = fields.Nested(KeeperSchema)


class CountedReasonSchema(Schema):
    """A reason, and how many stories ended by it."""

    reason = fields.String()
    reason_text = fields.String(metadata={"description": "As their authors read it."})
    stories = fields.Integer()


class TransparencySchema(Schema):
    """What became of all stories told of a service, or of all: `told` is the sum of the six below it."""

    about = fields.Dict()
    told = fields.Integer(metadata={"description": "Ever received, whatever became of them."})
    waiting = fields.Integer(metadata={"description": "Received, and not decided yet."})
    published = fields.Integer(metadata={"description": "Those that can be read now."})
    returned = fields.Integer(metadata={"description": "Sent back to their authors for a change."})
    rejected = fields.Integer(metadata={"description": "Not published."})
    removed = fields.Integer(metadata={"description": "Taken down after they were published."})
    withdrawn = fields.Integer(metadata={"description": "Taken back by their authors."})
    few = fields.Boolean(metadata={"description": "So few that one more may change every number."})
    rejected_by_reason = fields.List(
        fields.Nested(CountedReasonSchema),
        allow_none=True,
        metadata={
            "description": "Null where they are so few, of one service, that one could point to somebody."
        },
    )
    removed_by_reason = fields.List(fields.Nested(CountedReasonSchema))
    replies_taken_down = fields.Integer(metadata={"description": "Replies of services."})
    changes_taken_down = fields.Integer(metadata={"description": "What services said they changed."})
    ever_published = fields.Integer(metadata={"description": "Those of which the median speaks."})
    median_days_to_publish = fields.Float(allow_none=True)
    longest_waiting_days = fields.Integer(allow_none=True)
    head = fields.Nested(HeadSchema, allow_none=True)
    keeper = fields.Nested(KeeperSchema)


class MeTooSchema(Schema):
    """How many readers said that this happened to them too, and whether this one was counted now."""

    me_too = fields.Integer()
    counted = fields.Boolean(metadata={"description": "False for a second time on the same day."})


class ChangesQuerySchema(StoriesQuerySchema):
    """Which stretch of a list of changes."""

    class Meta:
        """The address says of what, so the filters of stories have no place here."""

        unknown = RAISE
        fields = ("cursor", "limit", "lang")


class AnsweredStorySchema(Schema):
    """A story that a change answers."""

    id = fields.String()
    url = fields.Url()
    title = fields.String()


class ListedChangeSchema(ChangeSchema):
    """A change with the public stories that it answers."""

    stories = fields.List(fields.Nested(AnsweredStorySchema))
    verdicts = fields.Nested(
        VerdictsSchema, metadata={"description": "Whether it has really changed, say authors of them."}
    )


class ChangesSchema(Schema):
    """A page of changes, newest first. `total` counts all of them, whatever became of them."""

    items = fields.List(fields.Nested(ListedChangeSchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    shown = fields.Integer()
    keeper = fields.Nested(KeeperSchema)
    about = fields.Dict()
