"""What services answer, and what they say they changed."""

import peewee

from tellback.accounts.models import Account
from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Organisation, Service
from tellback.stories.models import Story, Topic


class Reply(Model):
    """A service's answer to a story, read by a moderator before it shows as "Response from …"."""

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="replies", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    responder_name = peewee.CharField(max_length=80)
    responder_role = peewee.CharField(max_length=80)
    body = peewee.TextField()
    lang = peewee.CharField(max_length=35)
    state = peewee.CharField(max_length=12)
    # What it does: one of `responding.Kind`. A service answers; a charity may signpost or propose besides.
    kind = peewee.CharField(max_length=10, default="answer", constraints=[peewee.SQL("DEFAULT 'answer'")])
    # How it came: one of `responding.Via`.
    via = peewee.CharField(max_length=8, default="console", constraints=[peewee.SQL("DEFAULT 'console'")])
    # Until when its writer may take it back; None once it went on.
    due_at = UTCDateTimeField(null=True)
    # "unread" when it showed before a moderator read it (`fast_track`), "read" once one has.
    fast_track = peewee.CharField(max_length=6, null=True)
    # What the moderator asks to change, when the reply came back.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)
    # Whether it answered the author: "yes", "partly" or "no" (`verdicts`), and when they said so last.
    verdict = peewee.CharField(max_length=6, null=True)
    verdict_at = UTCDateTimeField(null=True)
    # When its service last mended it (`ReplyCorrection`), and when and why it was taken down.
    corrected_at = UTCDateTimeField(null=True)
    removed_at = UTCDateTimeField(null=True)
    removed_reason = peewee.CharField(max_length=40, null=True)

    class Meta:
        """Read under a story, as the list of replies that wait, and counted by what became of a service's."""

        indexes = (
            (("story", "published_at"), False),
            (("state", "written_at"), False),
            (("service", "state"), False),
        )


# Each a few of all: rounds ask for the first every few seconds.
Reply.add_index(peewee.Index("reply_waits", Reply, (Reply.due_at,), where=Reply.due_at.is_null(False)))
Reply.add_index(
    peewee.Index("reply_never_shown", Reply, (Reply.written_at,), where=Reply.published_at.is_null())
)


class ReplyCorrection(Model):
    """A published reply as its service would rather have it; a moderator reads it before it stands there.

    Once it does, `before` holds the words that stood there.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    reply = peewee.ForeignKeyField(Reply, backref="corrections", on_delete="CASCADE")
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    responder_name = peewee.CharField(max_length=80)
    responder_role = peewee.CharField(max_length=80)
    body = peewee.TextField()
    lang = peewee.CharField(max_length=35)
    before = peewee.TextField(null=True)
    state = peewee.CharField(max_length=12)
    # What the moderator asks to change, when it came back.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()

    class Meta:
        """Read as what waits."""

        indexes = ((("state", "written_at"), False),)


class AnswerBack(Model):
    """What an author answers to a reply, read by a moderator before it shows beneath it."""

    public_id = peewee.CharField(max_length=24, unique=True)
    reply = peewee.ForeignKeyField(Reply, backref="answers_back", on_delete="CASCADE")
    body = peewee.TextField()
    lang = peewee.CharField(max_length=35)
    state = peewee.CharField(max_length=12)
    # Why it is not shown, in words its author reads.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)

    class Meta:
        """Read under a reply, and as the list of those that wait."""

        indexes = ((("state", "written_at"), False),)


# Whatever else may fail, two never wait under one reply.
AnswerBack.add_index(
    peewee.Index(
        "answer_back_one_waits",
        AnswerBack,
        (AnswerBack.reply,),
        unique=True,
        where=AnswerBack.state == "submitted",
    )
)


class ServiceChange(Model):
    """Something a service changes because of stories. What it says of it stands in its claims."""

    public_id = peewee.CharField(max_length=24, unique=True)
    service = peewee.ForeignKeyField(Service)
    # Counts every claim; the next names the count it read, so that no colleague's is overwritten.
    revision = peewee.IntegerField(default=1)
    begun_at = UTCDateTimeField()


class ChangeClaim(Model):
    """What a service says of a change at one time: planned, made or not made. Never altered afterwards.

    A moderator reads each; `review` says how that went, and the public reads the one that is `shown`.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    change = peewee.ForeignKeyField(ServiceChange, backref="claims", on_delete="CASCADE")
    state = peewee.CharField(max_length=12)
    what = peewee.TextField()
    why = peewee.TextField(null=True)
    # The month or day it is planned for or was made on: YYYY-MM or YYYY-MM-DD.
    on = peewee.CharField(max_length=10, null=True)
    evidence = peewee.CharField(max_length=500, null=True)
    lang = peewee.CharField(max_length=35)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    review = peewee.CharField(max_length=12)
    # What the moderator asks to change, when the claim came back.
    note = peewee.TextField(null=True)
    written_at = UTCDateTimeField()
    published_at = UTCDateTimeField(null=True)
    # When and why a moderator took down what was shown.
    removed_at = UTCDateTimeField(null=True)
    removed_reason = peewee.CharField(max_length=40, null=True)

    class Meta:
        """Read as what waits, as what is shown (newest first), and as the claims of one change."""

        indexes = (
            (("review", "written_at"), False),
            (("review", "published_at"), False),
            (("change", "review"), False),
        )


class StoryChange(Model):
    """A story that a change answers; the public is told once a moderator has read that, too."""

    change = peewee.ForeignKeyField(ServiceChange, backref="answers", on_delete="CASCADE")
    story = peewee.ForeignKeyField(Story, backref="changes", on_delete="CASCADE")
    linked_at = UTCDateTimeField()
    shown_at = UTCDateTimeField(null=True)
    # Whether it has really changed, says the story's author: "yes", "partly" or "no"; and when they said so.
    verdict = peewee.CharField(max_length=6, null=True)
    verdict_at = UTCDateTimeField(null=True)

    class Meta:
        """Asked both ways."""

        indexes = ((("change", "story"), True), (("story", "change"), False))


class NoRelay(Model):
    """An author who wants no private messages about a story: the row is there while they do not."""

    story = peewee.ForeignKeyField(Story, primary_key=True, on_delete="CASCADE")
    since = UTCDateTimeField()


class RelayThread(Model):
    """What the author of a story and one of its services say to each other in private (`relay`)."""

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="relay_threads", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)
    begun_at = UTCDateTimeField()
    # Ended for good, by "author" or "moderator".
    closed_at = UTCDateTimeField(null=True)
    closed_by = peewee.CharField(max_length=10, default="")

    class Meta:
        """A story has one with each of its services."""

        indexes = ((("story", "service"), True),)


class RelayMessage(Model):
    """One message of such a talk, sealed. A responder stands in it by the role they chose, never by name."""

    thread = peewee.ForeignKeyField(RelayThread, backref="messages", on_delete="CASCADE")
    from_author = peewee.BooleanField()
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    role = peewee.CharField(max_length=80, default="")
    body_sealed = peewee.BlobField()
    written_at = UTCDateTimeField()
    # When the other side first opened it.
    read_at = UTCDateTimeField(null=True)


class RelayReport(Model):
    """Why moderators may read a private talk: a side asked them to, or one message holds words of crisis.

    `told_by` is "author", "service" or "screening"; with `message`, that one alone may be read.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    thread = peewee.ForeignKeyField(RelayThread, backref="reports", on_delete="CASCADE")
    message = peewee.ForeignKeyField(RelayMessage, null=True, on_delete="CASCADE", backref="+")
    told_by = peewee.CharField(max_length=10)
    words_sealed = peewee.BlobField(null=True)
    told_at = UTCDateTimeField(index=True)
    settled_at = UTCDateTimeField(null=True)
    settled_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    note = peewee.TextField(default="")


class AnswerLinkUse(Model):
    """That someone answered a story by a signed link: links of theirs from before then send nothing more."""

    account = peewee.ForeignKeyField(Account, on_delete="CASCADE")
    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)
    used_at = UTCDateTimeField()

    class Meta:
        """One row says it."""

        indexes = ((("account", "story", "service"), True),)


class HandOn(Model):
    """A story handed on to somebody without an account, who writes the answer for whoever handed it on.

    Address and token are sealed, and gone once the answer is there, or the link was called back or is over.
    """

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="handed_on", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    # Whom it is for, as its responders call them: "Ward 5, the night sister".
    to_whom = peewee.CharField(max_length=80)
    # What they are asked, by whoever handed it on.
    note = peewee.TextField(default="")
    email_sealed = peewee.BlobField(null=True)
    token_sealed = peewee.BlobField(null=True)
    token_hash = peewee.CharField(max_length=64, unique=True)
    state = peewee.CharField(max_length=10)
    handed_at = UTCDateTimeField()
    ends_at = UTCDateTimeField()
    settled_at = UTCDateTimeField(null=True)
    # What they answered, until it is sent on as a reply.
    responder_name = peewee.CharField(max_length=80, null=True)
    responder_role = peewee.CharField(max_length=80, null=True)
    body = peewee.TextField(null=True)
    lang = peewee.CharField(max_length=35, null=True)
    answered_at = UTCDateTimeField(null=True)
    reply = peewee.ForeignKeyField(Reply, null=True, on_delete="SET NULL")

    class Meta:
        """Read as what waits."""

        indexes = ((("state", "ends_at"), False),)


class Reroute(Model):
    """A responder says that a story is not about their service; a moderator decides."""

    public_id = peewee.CharField(max_length=24, unique=True)
    story = peewee.ForeignKeyField(Story, backref="reroutes", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service, backref="+")
    # Where it belongs, in the responder's view; None when they do not know.
    proposed = peewee.ForeignKeyField(Service, null=True, backref="+")
    why = peewee.TextField()
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    state = peewee.CharField(max_length=10)
    asked_at = UTCDateTimeField()
    # Where it went, when a moderator agreed; what they said to the responder, when they did not.
    moved_to = peewee.ForeignKeyField(Service, null=True, backref="+")
    note = peewee.TextField(default="")
    decided_at = UTCDateTimeField(null=True)
    decided_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")

    class Meta:
        """Read as what waits."""

        indexes = ((("state", "asked_at"), False),)


class Absence(Model):
    """Days (2026-11-23, the last one included) on which a responder is away."""

    account = peewee.ForeignKeyField(Account, backref="absences", on_delete="CASCADE")
    from_on = peewee.CharField(max_length=10)
    to_on = peewee.CharField(max_length=10, index=True)
    made_at = UTCDateTimeField()


class AbsenceCover(Model):
    """A colleague who answers while somebody is away."""

    absence = peewee.ForeignKeyField(Absence, backref="covers", on_delete="CASCADE")
    account = peewee.ForeignKeyField(Account, on_delete="CASCADE", backref="+")

    class Meta:
        """Each colleague once."""

        indexes = ((("absence", "account"), True),)


class ComplaintReference(Model):
    """The number of a complaint that a story is also, sealed: for its organisation alone.

    Beside a name in a complaints system it could say who told the story.
    """

    story = peewee.ForeignKeyField(Story, on_delete="CASCADE")
    organisation = peewee.ForeignKeyField(Organisation)
    account = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL")
    reference_sealed = peewee.BlobField()
    kept_at = UTCDateTimeField()

    class Meta:
        """One for each organisation."""

        indexes = ((("story", "organisation"), True),)


class ReplyDraft(Model):
    """A reply as far as it is written: one for each story and organisation, which all who answer there share.

    `revision` counts every save; the next names the one it read, so that no colleague's is overwritten.
    `service` is a code, as the form sends it: it may still be empty.
    """

    story = peewee.ForeignKeyField(Story, backref="drafts", on_delete="CASCADE")
    organisation = peewee.ForeignKeyField(Organisation, on_delete="CASCADE")
    service = peewee.CharField(max_length=64, default="")
    kind = peewee.CharField(max_length=10)
    responder_name = peewee.CharField(max_length=80, default="")
    responder_role = peewee.CharField(max_length=80, default="")
    body = peewee.TextField(default="")
    lang = peewee.CharField(max_length=35)
    revision = peewee.IntegerField(default=1)
    saved_by = peewee.ForeignKeyField(Account, null=True, on_delete="SET NULL", backref="+")
    saved_at = UTCDateTimeField()

    class Meta:
        """One for each story and organisation."""

        indexes = ((("story", "organisation"), True),)


class SecondLook(Model):
    """A colleague was asked to look at a draft; `outcome` is what they said: "good" or "comment"."""

    draft = peewee.ForeignKeyField(ReplyDraft, backref="looks", on_delete="CASCADE")
    asked_by = peewee.ForeignKeyField(Account, on_delete="CASCADE", backref="+")
    asked_of = peewee.ForeignKeyField(Account, on_delete="CASCADE", backref="+")
    asked_at = UTCDateTimeField()
    outcome = peewee.CharField(max_length=8, null=True)
    words = peewee.TextField(default="")
    answered_at = UTCDateTimeField(null=True)


class AnsweringFor(Model):
    """A service (with what belongs to it) or a topic whose stories another organisation may answer, too."""

    organisation = peewee.ForeignKeyField(Organisation, backref="answers_for", on_delete="CASCADE")
    service = peewee.ForeignKeyField(Service, null=True, on_delete="CASCADE")
    topic = peewee.ForeignKeyField(Topic, null=True, on_delete="CASCADE")
    allowed_at = UTCDateTimeField()

    class Meta:
        """Asked by organisation."""

        indexes = ((("organisation", "service", "topic"), True),)


class ReplyKey(Model):
    """An idempotency key that sent a reply: the same key and body find the same reply again."""

    key_hash = peewee.CharField(max_length=64, unique=True)
    body_hash = peewee.CharField(max_length=64)
    reply = peewee.ForeignKeyField(Reply, on_delete="CASCADE")
    created_at = UTCDateTimeField()
