"""The shapes of public answers, as OpenAPI shows them, and the query of a list."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from tellback.published.lists import Order
from tellback.replies.schemas import ChangeSchema
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
    q = fields.String(
        load_default="",
        metadata={
            "description": "Words that a story must hold, in any of their forms; "
            "in quotation marks, side by side.",
            "maxLength": LONGEST_SEARCH,
        },
    )
    order = fields.Enum(
        Order,
        by_value=True,
        load_default=Order.NEWEST,
        metadata={
            "description": "`newest` first; `relevant` to `q` first; `waiting`: those that no service has "
            "answered, the longest waiting first; `changed`: those for which a change is planned or made, "
            "the newest change first."
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


class ReplySchema(Schema):
    """A service's answer."""

    id = fields.String()
    from_ = fields.String(data_key="from")
    responder_name = fields.String()
    responder_role = fields.String()
    body = fields.String()
    published_at = fields.String()
    lang = fields.String()


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
    changes = fields.List(fields.Nested(ChangeSchema))
    removed_at = fields.String()
    reason = fields.String()
    reason_text = fields.String()


class KeeperSchema(Schema):
    """Who keeps these stories."""

    name = fields.String()
    independent = fields.Boolean()
    url = fields.Url()


class StoriesSchema(Schema):
    """A page of stories. `total` counts every story ever published here, removed ones too.

    `matching` counts those in this list, by what its reader looks for.
    """

    items = fields.List(fields.Nested(ShownStorySchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    matching = fields.Integer()
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


class SummarySchema(Schema):
    """The stories told of a service or a topic in numbers."""

    about = fields.Dict()
    stories = fields.Integer(metadata={"description": "Ever published, those taken down too."})
    answered = fields.Integer(metadata={"description": "Those that a service has answered."})
    change_planned = fields.Integer(metadata={"description": "Those for which a change is planned."})
    change_made = fields.Integer(metadata={"description": "Those for which a change was made."})
    removed = fields.Integer(metadata={"description": "Those taken down, or taken back by their authors."})
    topics = fields.List(
        fields.Nested(CountedTopicSchema), metadata={"description": "Most raised first, up to 10."}
    )
    services = fields.List(
        fields.Nested(CountedServiceSchema),
        metadata={"description": "Most stories first, up to 100; of a service, those below it."},
    )
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


class ChangesSchema(Schema):
    """A page of changes, newest first. `total` counts all of them, whatever became of them."""

    items = fields.List(fields.Nested(ListedChangeSchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    shown = fields.Integer()
    keeper = fields.Nested(KeeperSchema)
    about = fields.Dict()
