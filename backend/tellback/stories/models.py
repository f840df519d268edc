"""What was told, kept in parts that different people may see.

`Story` holds the facts, `StoryVersion` the author's words (staff only), `PublishedText` the words
the public may read, `AuthorContact` and `PrivateLink` what only the author's letters need, sealed.

`index=False`: an index of several columns begins with that one, and a second would cost each story a page.
"""

import peewee

from tellback.accounts.models import Account
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
    # The language that they read them in, where it is known.
    consent_lang = peewee.CharField(max_length=35, null=True)
    website = peewee.ForeignKeyField(Website, null=True, on_delete="SET NULL")
    website_path = peewee.CharField(max_length=300, null=True)
    # How harmful what its most negative statement tells of is, 0 to 5 (`moderation.criticality`): staff only.
    criticality = peewee.IntegerField(null=True)
    # How soon someone must read it, by what was found in its words: 2, 1 or 0 (`urgency`).
    urgency = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    # At least so urgent it is, whatever its words say: a safeguarding case is open.
    least_urgency = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    # Its place in the queue, the lower the sooner, then the longer it waits; None when it waits for nobody.
    queue_rank = peewee.IntegerField(null=True)
    waits_since = UTCDateTimeField(null=True)
    # Who of the moderators took it on.
    assigned_to = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+", index=False)
    # How many readers said that this happened to them too.
    me_too = peewee.IntegerField(default=0, constraints=[peewee.SQL("DEFAULT 0")])
    told_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)
    ended_at = UTCDateTimeField(null=True)
    ended_reason = peewee.CharField(max_length=40, null=True)
    # What its author wants to be answered and written to in, where that is not the story's language.
    contact_lang = peewee.CharField(max_length=35, null=True)
    # Since when a later version of this published story waits to be decided about (`editing`); else None.
    edit_sent_at = UTCDateTimeField(null=True)

    class Meta:
        """Read by the queue (in its order), by state, and by the public (published, newest first)."""

        indexes = (
            (("queue_rank", "waits_since", "id"), False),
            (("assigned_to", "queue_rank", "waits_since", "id"), False),
            (("state", "told_at"), False),
            (("state", "state_since"), False),
            (("published_at", "id"), False),
        )


class StoryVersion(Model):
    """The author's own words, as told or as edited by the author; these never change afterwards."""

    story = peewee.ForeignKeyField(Story, backref="versions", on_delete="CASCADE", index=False)
    number = peewee.IntegerField()
    title = peewee.CharField(max_length=100)
    body = peewee.TextField()
    what_was_good = peewee.TextField(null=True)
    what_could_be_better = peewee.TextField(null=True)
    feelings = peewee.JSONField(default=list)
    lang = peewee.CharField(max_length=35)
    # Opens the ledger's commitment to these words (`commitments.py`); gone when the words are erased.
    salt = peewee.CharField(max_length=64, null=True)
    # What else its author says of themselves in an edit of a published story: the story has it once that is
    # published, too.
    facts = peewee.JSONField(null=True)
    written_at = UTCDateTimeField()
    # Since when it waits to be read a second time by screening (`second_reading`); None once that is done, or
    # is not to be.
    unread_since = UTCDateTimeField(null=True)

    class Meta:
        """Versions of a story are numbered from 1."""

        indexes = ((("story", "number"), True),)

    @property
    def topic_words(self) -> str | None:
        """The story's own words for its topics: they are screened with the version."""
        words: str | None = self.story.topic_words
        return words


# Of few rows: it costs next to nothing to keep, and is asked for every few seconds.
StoryVersion.add_index(
    peewee.Index(
        "storyversion_unread_since",
        StoryVersion,
        (StoryVersion.unread_since,),
        where=StoryVersion.unread_since.is_null(False),
    )
)


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
    # Opens the ledger's commitment to these words: public, as they are.
    salt = peewee.CharField(max_length=64, null=True)


class StoryPause(Model):
    """A published story that is not shown while something about it is settled; nothing of it is erased.

    By its author (UK GDPR, article 18), or by a moderator, who says why.
    """

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    # What was shown, and is again once the pause ends.
    version = peewee.ForeignKeyField(StoryVersion, on_delete="CASCADE")
    by_author = peewee.BooleanField()
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    # A moderator's words for colleagues.
    why = peewee.TextField(default="", constraints=[peewee.SQL("DEFAULT ''")])
    since = UTCDateTimeField()


class StoryService(Model):
    """A service that a story is about."""

    story = peewee.ForeignKeyField(Story, backref="about_services", on_delete="CASCADE", index=False)
    service = peewee.ForeignKeyField(Service, index=False)

    class Meta:
        """Asked both ways: services of a story, stories of a service."""

        indexes = ((("story", "service"), True), (("service", "story"), False))


class ShelvedStory(Model):
    """A story that was ever public, in its place in one list of the public (`shelves`).

    `kind` is "all", "service", "organisation" or "topic"; `about` is the id of that, 0 for all.
    """

    kind = peewee.CharField(max_length=12)
    about = peewee.IntegerField()
    published_at = UTCDateTimeField()
    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    # When the public last read something new of it; None where an older release put it here.
    moved_at = UTCDateTimeField(null=True)
    # What it adds to the sums of this list (`ShelfSum`), so that this is taken back when it adds another.
    counted = peewee.TextField(default="", constraints=[peewee.SQL("DEFAULT ''")])

    class Meta:
        """Read as a list in its order, and by what moved last."""

        primary_key = peewee.CompositeKey("kind", "about", "published_at", "story")
        indexes = ((("kind", "about", "moved_at", "story"), False),)


class Shelf(Model):
    """How many stories stand in one list of the public; as `ShelvedStory` names it."""

    kind = peewee.CharField(max_length=12)
    about = peewee.IntegerField()
    told = peewee.IntegerField()

    class Meta:
        """A list once."""

        primary_key = peewee.CompositeKey("kind", "about")


class ShelfSum(Model):
    """How often something is true of the stories of one list (`shelves.Sum`); none is kept of all stories."""

    kind = peewee.CharField(max_length=12)
    about = peewee.IntegerField()
    what = peewee.CharField(max_length=8)
    number = peewee.IntegerField()
    said = peewee.CharField(max_length=8)
    times = peewee.IntegerField()

    class Meta:
        """A sum of a list once; of a kind of sums the largest are read."""

        primary_key = peewee.CompositeKey("kind", "about", "what", "number", "said")
        indexes = ((("kind", "about", "what", "times"), False),)


class StandingSum(Model):
    """How many stories told of a service, and of those below it, stand how by the ledger (`standings`).

    `service` is its id, 0 for all.
    """

    service = peewee.IntegerField()
    what = peewee.CharField(max_length=12)
    said = peewee.CharField(max_length=40)
    stories = peewee.IntegerField()

    class Meta:
        """A sum of a service once."""

        primary_key = peewee.CompositeKey("service", "what", "said")


class StandingMark(Model):
    """Up to which entry of the ledger `StandingSum` counts: one row, once anything is counted."""

    number = peewee.IntegerField()
    hash = peewee.CharField(max_length=64)


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
    # Offered no more since then; what is gathered under it stays.
    retired_at = UTCDateTimeField(null=True)
    revision = peewee.IntegerField(default=1, constraints=[peewee.SQL("DEFAULT 1")])
    created_at = UTCDateTimeField()


class StoryTopic(Model):
    """A topic that a story is about, and how it was: "positive", "neutral", "negative", or not said."""

    story = peewee.ForeignKeyField(Story, backref="about_topics", on_delete="CASCADE", index=False)
    topic = peewee.ForeignKeyField(Topic, index=False)
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
    """What was marked in a version: where (code points of a field), what rule, how sure.

    A finding about the whole story has the field "story" and the places 0 and 0.
    """

    version = peewee.ForeignKeyField(StoryVersion, backref="findings", on_delete="CASCADE")
    field = peewee.CharField(max_length=24)
    kind = peewee.CharField(max_length=20)
    rule = peewee.CharField(max_length=40)
    start = peewee.IntegerField()
    end = peewee.IntegerField()
    certainty = peewee.CharField(max_length=10)
    # What may stand in its place (screening.OFFERS), where that depends on the words: "a doctor", "a nurse".
    offer = peewee.CharField(max_length=20, null=True)
    # What the finding names besides: another story (its public id), or a service (its code).
    other = peewee.CharField(max_length=80, null=True)
    dismissed_at = UTCDateTimeField(null=True)
    dismissed_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")


class DismissedWords(Model):
    """Words (folded) that a rule marks no more in stories about a service, because a moderator said so."""

    service = peewee.ForeignKeyField(Service, on_delete="CASCADE")
    rule = peewee.CharField(max_length=40)
    words = peewee.CharField(max_length=100)
    dismissed_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    dismissed_at = UTCDateTimeField()

    class Meta:
        """Read by the services of a story that is being told; dismissing the same words twice is one row."""

        indexes = ((("service", "rule", "words"), True),)


class StoryLikeness(Model):
    """One of the numbers that stories in nearly the same words share (`duplicates`)."""

    band = peewee.BigIntegerField()
    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")

    class Meta:
        """Read by number: which other stories have it."""

        primary_key = peewee.CompositeKey("band", "story")


class AuthorContact(Model):
    """How to reach an author who asked to be told: sealed with a key that is not in the database."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    email_sealed = peewee.BlobField()
    # One of 256 (`sealing.buckets`): among so few of all is looked when somebody lost their link.
    bucket = peewee.CharField(max_length=2, null=True, index=True)
    created_at = UTCDateTimeField(index=True)


class PrivateLink(Model):
    """The author's way back: found by the token's hash; sealed too, so that it can be sent again."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    token_hash = peewee.CharField(max_length=64, unique=True)
    token_sealed = peewee.BlobField()


class ErasedLink(Model):
    """The hash of a private link whose story was erased, and nothing of that story; gone after a while.

    Whoever opens the link reads that it was erased, instead of wondering.
    """

    token_hash = peewee.CharField(max_length=64, primary_key=True)
    erased_on = peewee.CharField(max_length=10, index=True)


class LostLink(Model):
    """Somebody asked for the links of an address, sealed; gone once the letters to it are written."""

    email_sealed = peewee.BlobField()
    asked_at = UTCDateTimeField()


class StoryReading(Model):
    """Someone of a service has opened a published story about it: when they first did."""

    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service, on_delete="CASCADE")
    account = peewee.ForeignKeyField(Account, on_delete="CASCADE")
    at = UTCDateTimeField()

    class Meta:
        """A person of a service is counted once."""

        indexes = ((("story", "service", "account"), True),)


class UsedKey(Model):
    """An idempotency key that told a story: the same key and body find the same story again."""

    key_hash = peewee.CharField(max_length=64, unique=True)
    body_hash = peewee.CharField(max_length=64)
    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    created_at = UTCDateTimeField(index=True)
