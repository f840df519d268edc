"""The shapes of public answers, as OpenAPI shows them, and the query of a list."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.replies.schemas import ChangeSchema

MOST_STORIES = 50


class StoriesQuerySchema(Schema):
    """Which stories: about a service, a topic, or all; where to go on."""

    class Meta:
        """A misspelt filter would show everything, so it is refused."""

        unknown = RAISE

    service = fields.String(validate=validate.Length(max=64), metadata={"description": "A service's code."})
    topic = fields.String(validate=validate.Length(max=64), metadata={"description": "A topic's slug."})
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
    topics = fields.List(fields.Nested(TopicSchema))
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
    """A page of stories. `total` counts every story ever published here, removed ones too."""

    items = fields.List(fields.Nested(ShownStorySchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    shown = fields.Integer()
    order = fields.String()
    keeper = fields.Nested(KeeperSchema)
    about = fields.Dict()


class ChangesQuerySchema(StoriesQuerySchema):
    """Which stretch of a list of changes."""

    class Meta:
        """The address says of what, so the filters of stories have no place here."""

        unknown = RAISE
        fields = ("cursor", "limit")


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
