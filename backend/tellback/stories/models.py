"""What was told, kept in parts that different people may see.

`Story` holds the facts, `StoryVersion` the author's words (staff only), `PublishedText` the words
the public may read, `AuthorContact` and `PrivateLink` what only the author's letters need, sealed.
"""

import peewee

from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Service
from tellback.websites.models import Website


class Story(Model):
    """One told experience. `public_id` cannot be guessed, nor a story found that nobody published."""

    public_id = peewee.CharField(max_length=24, unique=True)
    state = peewee.CharField(max_length=20)
    state_since = UTCDateTimeField()
    # Counts every change; a decision names the one it read, so a stale one is refused.
    revision = peewee.IntegerField(default=1)
    author_role = peewee.CharField(max_length=20)
    display_name = peewee.CharField(max_length=40, null=True)
    overall_experience = peewee.CharField(max_length=12, null=True)
    visited_on = peewee.CharField(max_length=7, null=True)
    # What else it was about, in the author's own words: for staff, never shown.
    topic_words = peewee.CharField(max_length=100, null=True)
    consent_publish = peewee.BooleanField()
    consent_licence = peewee.BooleanField()
    consent_contact = peewee.BooleanField()
    # Which wording of the three agreements the author read.
    consent_version = peewee.CharField(max_length=20)
    website = peewee.ForeignKeyField(Website, null=True, on_delete="SET NULL")
    website_path = peewee.CharField(max_length=300, null=True)
    # How many readers said that this happened to them too.
    me_too = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    told_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)
    ended_reason = peewee.CharField(max_length=40, null=True)

    class Meta:
        """Read by the queue (state, oldest first) and by the public (published, newest first)."""

        indexes = ((("state", "told_at"), False), (("published_at", "id"), False))


class StoryVersion(Model):
    """The author's own words, as told or as edited by the author; never changed afterwards."""

    story = peewee.ForeignKeyField(Story, backref="versions", on_delete="CASCADE")
    number = peewee.IntegerField()
    title = peewee.CharField(max_length=100)
    body = peewee.TextField()
    what_was_good = peewee.TextField(null=True)
    what_could_be_better = peewee.TextField(null=True)
    feelings = peewee.JSONField(default=list)
    lang = peewee.CharField(max_length=35)
    written_at = UTCDateTimeField()

    class Meta:
        """Versions of a story are numbered from 1."""

        indexes = ((("story", "number"), True),)

    @property
    def topic_words(self) -> str | None:
        """The story's own words for its topics: they are screened with the version."""
        words: str | None = self.story.topic_words
        return words


class PublishedText(Model):
    """The words the public may read: a version, redacted. Gone when the story is withdrawn or removed."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    version = peewee.ForeignKeyField(StoryVersion, on_delete="CASCADE")
    title = peewee.TextField()
    body = peewee.TextField()
    what_was_good = peewee.TextField(null=True)
    what_could_be_better = peewee.TextField(null=True)
    # [{"field": …, "reason": …}], in the order of the text.
    redactions = peewee.JSONField(default=list)


class StoryService(Model):
    """A service that a story is about."""

    story = peewee.ForeignKeyField(Story, backref="about_services", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)

    class Meta:
        """Asked both ways: services of a story, stories of a service."""

        indexes = ((("story", "service"), True), (("service", "story"), False))


class Topic(Model):
    """What stories are gathered under across services.

    `kind` is "condition" (multiple sclerosis: named by whoever keeps the stories) or "theme" (food: of the
    closed list in themes.json).
    """

    slug = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=120)
    kind = peewee.CharField(
        max_length=12, default="condition", constraints=[peewee.SQL("DEFAULT 'condition'")]
    )
    created_at = UTCDateTimeField()


class StoryTopic(Model):
    """A topic that a story is about, and how it was: "positive", "neutral", "negative", or not said."""

    story = peewee.ForeignKeyField(Story, backref="about_topics", on_delete="CASCADE")
    topic = peewee.ForeignKeyField(Topic)
    polarity = peewee.CharField(max_length=8, null=True)

    class Meta:
        """Asked both ways."""

        indexes = ((("story", "topic"), True), (("topic", "story"), False))


class MeToo(Model):
    """A reader to whom this happened too: the day's pseudonym alone, and gone when that day is over."""

    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    visitor = peewee.CharField(max_length=32)
    day = peewee.CharField(max_length=10, index=True)

    class Meta:
        """A reader says it of a story once a day."""

        indexes = ((("story", "visitor"), True),)


class StoryFinding(Model):
    """What screening marked in a version: where (code points of a field), what rule, how sure."""

    version = peewee.ForeignKeyField(StoryVersion, backref="findings", on_delete="CASCADE")
    field = peewee.CharField(max_length=24)
    kind = peewee.CharField(max_length=20)
    rule = peewee.CharField(max_length=40)
    start = peewee.IntegerField()
    end = peewee.IntegerField()
    certainty = peewee.CharField(max_length=10)
    # What may stand in its place (screening.OFFERS), where that depends on the words: "a doctor", "a nurse".
    offer = peewee.CharField(max_length=20, null=True)


class AuthorContact(Model):
    """How to reach an author who asked to be told: sealed with a key that is not in the database."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    email_sealed = peewee.BlobField()
    created_at = UTCDateTimeField()


class PrivateLink(Model):
    """The author's way back: found by the token's hash; sealed too, so that it can be sent again."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    token_hash = peewee.CharField(max_length=64, unique=True)
    token_sealed = peewee.BlobField()


class UsedKey(Model):
    """An idempotency key that told a story: the same key and body find the same story again."""

    key_hash = peewee.CharField(max_length=64, unique=True)
    body_hash = peewee.CharField(max_length=64)
    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    created_at = UTCDateTimeField()
