"""What moderators did to a story: redactions and decisions, each with its reason."""

import peewee

from tellback.accounts.models import Account
from tellback.db import Model, UTCDateTimeField
from tellback.stories.models import Story, StoryVersion


class Redaction(Model):
    """A span (code points) of one field of a version that the public reads as `replacement`, and why."""

    version = peewee.ForeignKeyField(StoryVersion, backref="redactions", on_delete="CASCADE")
    field = peewee.CharField(max_length=24)
    start = peewee.IntegerField()
    end = peewee.IntegerField()
    replacement = peewee.CharField(max_length=100)
    reason = peewee.CharField(max_length=40)
    made_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    made_at = UTCDateTimeField()
    # When the author agreed to it, where they were asked.
    agreed_at = UTCDateTimeField(null=True)


class Decision(Model):
    """One decision on a story, with the words its author reads.

    It waits, and then it is carried out; until then it can be undone (`decisions`).
    """

    story = peewee.ForeignKeyField(Story, backref="decisions", on_delete="CASCADE")
    version = peewee.ForeignKeyField(StoryVersion, on_delete="CASCADE")
    act = peewee.CharField(max_length=20)
    reason = peewee.CharField(max_length=40, null=True)
    message = peewee.TextField(default="")
    # What the installation has its authors read for this reason, as it stood when this was decided.
    paragraph = peewee.TextField(default="", constraints=[peewee.SQL("DEFAULT ''")])
    decided_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="decisions")
    decided_at = UTCDateTimeField()
    state = peewee.CharField(max_length=10, default="done", constraints=[peewee.SQL("DEFAULT 'done'")])
    # The story's revision once this was decided: when it has another, something else happened to the story.
    revision = peewee.IntegerField(null=True)
    # For one that waits, or waited; none for what took effect at once.
    takes_effect_at = UTCDateTimeField(null=True)
    # When it took effect, was undone or was overtaken, and who did that, unless its time did.
    settled_at = UTCDateTimeField(null=True)
    settled_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")

    class Meta:
        """Read by what is due."""

        indexes = ((("state", "takes_effect_at"), False),)


# Whatever else may fail, two decisions never wait for one story.
Decision.add_index(
    peewee.Index(
        "decision_one_waits", Decision, (Decision.story,), unique=True, where=Decision.state == "waiting"
    )
)


class AuthorAnswer(Model):
    """What an author said who was asked about large edits: `decision` is the asking (`agreement`)."""

    decision = peewee.ForeignKeyField(Decision, unique=True, on_delete="CASCADE", backref="answers")
    answer = peewee.CharField(max_length=10)
    words = peewee.TextField(default="")
    answered_at = UTCDateTimeField()


class Flag(Model):
    """What a reader reports about a story, without saying who they are; a moderator settles it.

    The same reason and words again count on the open one: `times`.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="flags", on_delete="CASCADE")
    reason = peewee.CharField(max_length=20)
    words = peewee.TextField(default="")
    times = peewee.IntegerField(default=1)
    # Words of crisis stand in it.
    urgent = peewee.BooleanField()
    # Rules by which it may be from a machine, or holds an unwanted phrase; with spaces between them.
    marks = peewee.CharField(max_length=120, default="", constraints=[peewee.SQL("DEFAULT ''")])
    state = peewee.CharField(max_length=8)
    told_at = UTCDateTimeField()
    settled_at = UTCDateTimeField(null=True)
    settled_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    note = peewee.TextField(default="")

    class Meta:
        """Read as the list of what is open, and beside a story."""

        indexes = ((("state", "told_at"), False), (("story", "state"), False))


class Reading(Model):
    """Someone has a story open: when they last did anything with it (`reading`)."""

    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    account = peewee.ForeignKeyField(Account, on_delete="CASCADE")
    at = UTCDateTimeField(index=True)

    class Meta:
        """One row for each reader of a story."""

        indexes = ((("story", "account"), True),)


class SavedView(Model):
    """What someone looks at in the queue again and again: its filters, by a name; shared, all see it."""

    owner = peewee.ForeignKeyField(Account, on_delete="CASCADE")
    name = peewee.CharField(max_length=60)
    asked = peewee.JSONField()
    shared = peewee.BooleanField()
    made_at = UTCDateTimeField()

    class Meta:
        """Nobody needs one name twice."""

        indexes = ((("owner", "name"), True),)


class DeskHabit(Model):
    """How someone works at the desk: by keys or without, and from story to story or back to the list."""

    account = peewee.ForeignKeyField(Account, primary_key=True, on_delete="CASCADE")
    by_keys = peewee.BooleanField(default=True)
    onward = peewee.BooleanField(default=True)


class ReasonText(Model):
    """A paragraph that authors read beneath the sentence of a reason, in one language (`templates`).

    Rows are only ever added: the one of the highest number stands, and an empty one takes the paragraph away.
    """

    kind = peewee.CharField(max_length=12)
    reason = peewee.CharField(max_length=40)
    lang = peewee.CharField(max_length=35)
    number = peewee.IntegerField()
    text = peewee.TextField()
    written_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    written_at = UTCDateTimeField()

    class Meta:
        """Two who write from the same one cannot both be next."""

        indexes = ((("kind", "reason", "lang", "number"), True),)


class Case(Model):
    """A story that needs more than a decision, on its path (`case_paths`) until somebody closes it.

    What somebody from outside wrote is sealed, as is who they are: the author who appeals, a named person, a
    service. `words` are a moderator's: why the case was opened. `answer` is what is said to whoever asked.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="cases", on_delete="CASCADE")
    kind = peewee.CharField(max_length=20)
    state = peewee.CharField(max_length=8)
    # The decision that an appeal is about.
    decision = peewee.ForeignKeyField(Decision, null=True, on_delete="CASCADE", backref="+")
    words = peewee.TextField(default="")
    told_sealed = peewee.BlobField(null=True)
    # Rules by which what came from outside may be from a machine, or holds an unwanted phrase; with spaces
    # between them.
    marks = peewee.CharField(max_length=120, default="", constraints=[peewee.SQL("DEFAULT ''")])
    opened_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    opened_at = UTCDateTimeField()
    # By when the next thing is to be done in it.
    due_at = UTCDateTimeField()
    outcome = peewee.CharField(max_length=20, null=True)
    answer = peewee.TextField(default="")
    closed_at = UTCDateTimeField(null=True)
    closed_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")

    class Meta:
        """Read as the list of what is open, the first due first, and beside a story."""

        table_name = "story_case"
        indexes = ((("state", "due_at"), False), (("story", "state"), False))


class CaseStep(Model):
    """One thing done in a case: somebody was told, the author was asked or answered, a note was made.

    `at` is when it happened, `noted_at` when it was written down. What an author answers is sealed.
    """

    case = peewee.ForeignKeyField(Case, backref="steps", on_delete="CASCADE")
    kind = peewee.CharField(max_length=10)
    who = peewee.CharField(max_length=200, default="")
    how = peewee.CharField(max_length=10, default="")
    words = peewee.TextField(default="")
    said_sealed = peewee.BlobField(null=True)
    at = UTCDateTimeField()
    noted_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    noted_at = UTCDateTimeField()
