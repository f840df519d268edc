"""Private talk about one story between its author and a service; neither learns who the other is.

What is written is sealed at rest and read by the two sides alone: it is never searched, exported or
published. Moderators read a talk when a side reports it, and a message when it holds words of crisis
(`relay_reports`). It goes with the story.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tellback import clock, sealing
from tellback.accounts import recipients
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import is_postgresql, transaction
from tellback.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.outbox import messages as outbox
from tellback.replies import cover, relay_advice, relay_reports
from tellback.replies.models import NoRelay, RelayMessage, RelayThread
from tellback.screening import is_distress
from tellback.stories import contact
from tellback.stories.about import services_of
from tellback.stories.models import Story
from tellback.stories.states import State, hold
from tellback.stories.submission import new_public_id
from tellback.translations.sentences import say

# Characters of one message; more is said in the next, once the other side has read it.
LONGEST = 2000
LONGEST_ROLE = 80
# Messages of one side in a row while the other has not written: a service must not press its author.
MOST_IN_A_ROW = {"author": 5, "service": 2}
# A button pressed twice sends one message.
AGAIN_AFTER = timedelta(minutes=1)
# Unread messages of a day bring one letter.
LETTER_AFTER = timedelta(days=1)


class LookAgain(Conflict):
    """A message would say who its author is, or asks for it: sent once more with `seen`, it goes."""

    slug = "look-again"
    title = say("Look at it once more before you send it")


class Ended(StrEnum):
    """Why nobody can write any more."""

    NOT_PUBLIC = "not_public"
    MOVED = "moved"
    BY_AUTHOR = "by_author"
    BY_MODERATOR = "by_moderator"
    OFF = "off"


@dataclass(frozen=True)
class Message:
    """A message as both sides may read it: `role` is the one its responder chose, or empty."""

    id: int
    from_author: bool
    role: str
    words: str
    written_at: datetime
    read_at: datetime | None
    account_id: int | None


def threads_of(story: Story) -> list[RelayThread]:
    """The talks about a story, the first begun first."""
    query = RelayThread.select(RelayThread, Service).join(Service).where(RelayThread.story == story)
    return list(query.order_by(RelayThread.id))


def thread_of(story: Story, service: Service) -> RelayThread | None:
    """The talk about a story with a service, if there is one."""
    found: RelayThread | None = RelayThread.get_or_none(
        RelayThread.story == story, RelayThread.service == service
    )
    return found


def messages_of(thread: RelayThread) -> list[Message]:
    """What was said, the first first."""
    return [_opened(row) for row in thread.messages.order_by(RelayMessage.id)]


def is_on(story: Story) -> bool:
    """Whether the author takes private messages about the story."""
    return not NoRelay.select().where(NoRelay.story == story.id).exists()


def ended(story: Story, service: Service, thread: RelayThread | None) -> Ended | None:
    """Why nobody can write about a story to or from a service; None while they can."""
    if story.state != State.PUBLISHED:
        return Ended.NOT_PUBLIC
    if service not in services_of([story.id]).get(story.id, []):
        return Ended.MOVED
    if thread is not None and thread.closed_at:
        return Ended.BY_AUTHOR if thread.closed_by == "author" else Ended.BY_MODERATOR
    return None if is_on(story) else Ended.OFF


def may_begin(story: Story) -> bool:
    """Whether a service may write first: its author agreed to be asked about the story."""
    agreed: bool = story.consent_contact
    return agreed


def write_as_author(story: Story, service_code: str, words: str, *, seen: str = "") -> RelayMessage:
    """Have the author ask or tell a service something in private; it begins their talk or goes on with it.

    `seen` says what advice they were shown. Raises NotFound for a service that the story is not about,
    LookAgain, InvalidInput without words, Conflict when the talk is ended, TooManyRequests.
    """
    service = service_named(story, service_code)
    _check_words(words)
    if reason := ended(story, service, thread_of(story, service)):
        raise Conflict(AUTHOR_READS[reason])
    found = relay_advice.for_author(words, [service])
    if found and seen != relay_advice.mark_of(found):
        said = say(
            "This could tell the service who you are: {words}. Take it out, or send it all the same.",
            words=relay_advice.quoted(found),
        )
        raise LookAgain(said, extra={"look_at": found, "seen": relay_advice.mark_of(found)})
    with transaction():
        # Its author may have taken it back, or switched this off, while the words were looked at.
        hold(story)
        if reason := ended(story, service, thread_of(story, service)):
            raise Conflict(AUTHOR_READS[reason])
        thread = _thread(story, service)
        if again := _sent_just_now(thread, words, from_author=True):
            return again
        _check_turn(thread, from_author=True)
        made = _keep(thread, words, from_author=True)
        if _is_first_unread(made):
            for account in cover.who_answers(service):
                recipients.write(account, "relay_to_service", story=story.public_id)
        acts.record(acts.Act.RELAY_WRITTEN, acts.AUTHOR, "relay", thread.public_id)
    return made


def write_as_service(
    story: Story,
    service_code: str,
    words: str,
    role: str,
    *,
    by: Account,
    after: int,
    seen: str = "",
) -> RelayMessage:
    """Answer the author in private as `role` of a service, or write first where they agreed to be asked.

    `after` is the id of the last message they read (0 for none), `seen` the advice they were shown. Raises
    NotFound, NotAllowed for someone outside the service's organisation, InvalidInput, LookAgain,
    TooManyRequests, and Conflict when the talk is ended or somebody wrote in the meantime.
    """
    service = service_named(story, service_code)
    require(by, Action.WRITE_REPLIES, service.organisation)
    thread = thread_of(story, service)
    if reason := ended(story, service, thread):
        raise Conflict(f"{SERVICE_READS[reason]} Your words were not sent.")
    if thread is None and not may_begin(story):
        raise Conflict(
            "Its author did not agree to be asked about the story, so they would have to write first."
        )
    _check_words(words)
    if not role.strip():
        raise InvalidInput(errors={"role": ["Say as what you write: a role, not your name."]})
    found = relay_advice.for_responder(words, [service])
    if found and seen != relay_advice.mark_of(found):
        said = (
            f"Do not ask who they are, and do not say it: {relay_advice.quoted(found)}. "
            "They stay unknown to you. Change it, or send it all the same."
        )
        raise LookAgain(said, extra={"look_at": found, "seen": relay_advice.mark_of(found)})
    with transaction():
        hold(story)
        if reason := ended(story, service, thread_of(story, service)):
            raise Conflict(f"{SERVICE_READS[reason]} Your words were not sent.")
        thread = _thread(story, service)
        if again := _sent_just_now(thread, words, from_author=False):
            return again
        if _last_id(thread) != after:
            raise Conflict(
                "Somebody has written in the meantime. Read it first: what you wrote is still here."
            )
        _check_turn(thread, from_author=False)
        made = _keep(thread, words, from_author=False, role=role.strip(), account=by)
        if _is_first_unread(made) and contact.is_known(story):
            outbox.put("relay_to_author", "author", story.public_id)
        acts.record(acts.Act.RELAY_WRITTEN, acts.staff(by.id), "relay", thread.public_id)
    return made


def close(story: Story, service_code: str) -> None:
    """Let the author end the talk with a service, for good. Raises NotFound where there is none."""
    thread = own_thread(story, service_code)
    with transaction():
        if end(thread, "author"):
            acts.record(acts.Act.RELAY_CLOSED, acts.AUTHOR, "relay", thread.public_id)


def end(thread: RelayThread, by: str) -> bool:
    """End a talk for good ("author", "moderator"), in the caller's transaction; whether it was open."""
    open_still = RelayThread.update(closed_at=clock.now(), closed_by=by).where(
        RelayThread.id == thread.id, RelayThread.closed_at.is_null()
    )
    return bool(open_still.execute())


def switch(story: Story, *, on: bool) -> None:
    """Let the author take private messages about the story, or none."""
    with transaction():
        if on:
            NoRelay.delete().where(NoRelay.story == story.id).execute()
        else:
            row = {"story": story, "since": clock.now()}
            NoRelay.insert(row).on_conflict_ignore().execute()
        act = acts.Act.RELAY_ON if on else acts.Act.RELAY_OFF
        acts.record(act, acts.AUTHOR, "relay", story.public_id)


def own_thread(story: Story, service_code: str) -> RelayThread:
    """The talk about a story with the service of a code. Raises NotFound."""
    for thread in threads_of(story):
        if thread.service.code == service_code:
            return thread
    raise NotFound(say("There is no such private talk."))


def service_named(story: Story, code: str) -> Service:
    """The service of this code, which the story is about or has a talk with. Raises NotFound."""
    known = [*services_of([story.id]).get(story.id, []), *(thread.service for thread in threads_of(story))]
    for service in known:
        if service.code == code:
            return catalogue.get(code)
    raise NotFound(say("Your story is not about that service."))


def note_read(threads: Iterable[RelayThread], *, by_author: bool) -> None:
    """Note that one side has opened what the other wrote."""
    ids = [thread.id for thread in threads]
    unread = RelayMessage.read_at.is_null() & (RelayMessage.from_author != by_author)
    RelayMessage.update(read_at=clock.now()).where(RelayMessage.thread.in_(ids), unread).execute()


# What either side reads of a talk that is ended.
AUTHOR_READS = {
    Ended.NOT_PUBLIC: say("Your story is not public any more, so nobody can write here."),
    Ended.MOVED: say("Your story is with another service now, so nobody can write here."),
    Ended.BY_AUTHOR: say("You ended this talk. Nobody can write in it any more."),
    Ended.BY_MODERATOR: say("A moderator ended this talk. Nobody can write in it any more."),
    Ended.OFF: say("You take no private messages about your story."),
}
SERVICE_READS = {
    Ended.NOT_PUBLIC: "The story is not public any more, so this talk is over.",
    Ended.MOVED: "The story is with another service now, so this talk is over.",
    Ended.BY_AUTHOR: "Its author ended this talk.",
    Ended.BY_MODERATOR: "A moderator ended this talk.",
    Ended.OFF: "Its author takes no private messages about this story.",
}


def _thread(story: Story, service: Service) -> RelayThread:
    """The talk, begun where there was none; nobody else writes in it until the transaction ends."""
    row = {"public_id": new_public_id(), "story": story, "service": service, "begun_at": clock.now()}
    RelayThread.insert(row).on_conflict_ignore().execute()
    query = RelayThread.select().where(RelayThread.story == story, RelayThread.service == service)
    # SQLite lets one writer in anyway.
    thread: RelayThread = (query.for_update() if is_postgresql() else query).get()
    if thread.closed_at:
        raise Conflict(say("This talk was ended in the meantime. What you wrote was not sent."))
    return thread


def _keep(
    thread: RelayThread, words: str, *, from_author: bool, role: str = "", account: Account | None = None
) -> RelayMessage:
    made: RelayMessage = RelayMessage.create(
        thread=thread,
        from_author=from_author,
        account=account,
        role=role,
        body_sealed=sealing.seal(words),
        written_at=clock.now(),
    )
    if from_author and is_distress(words):
        relay_reports.raise_alarm(made)
    return made


def _opened(row: RelayMessage) -> Message:
    return Message(
        id=row.id,
        from_author=row.from_author,
        role=row.role,
        words=sealing.unseal(row.body_sealed),
        written_at=row.written_at,
        read_at=row.read_at,
        account_id=row.account_id,
    )


def _sent_just_now(thread: RelayThread, words: str, *, from_author: bool) -> RelayMessage | None:
    last: RelayMessage | None = thread.messages.order_by(RelayMessage.id.desc()).first()
    if last is None or last.from_author != from_author or last.written_at < clock.now() - AGAIN_AFTER:
        return None
    return last if sealing.unseal(last.body_sealed) == words else None


def _last_id(thread: RelayThread) -> int:
    return int(
        thread.messages.select(RelayMessage.id).order_by(RelayMessage.id.desc()).limit(1).scalar() or 0
    )


def _check_turn(thread: RelayThread, *, from_author: bool) -> None:
    """Raise TooManyRequests for a side that has written enough and waits for the other."""
    side = "author" if from_author else "service"
    latest = thread.messages.order_by(RelayMessage.id.desc()).limit(MOST_IN_A_ROW[side])
    rows = list(latest)
    if len(rows) < MOST_IN_A_ROW[side] or any(row.from_author != from_author for row in rows):
        return
    if from_author:
        raise TooManyRequests(
            say("You have written several messages. Wait for the service to answer; yours are not lost.")
        )
    raise Conflict("Two messages of yours wait for an answer. The author decides whether to write again.")


def _is_first_unread(made: RelayMessage) -> bool:
    """Whether the other side is to have a letter: none of the last day's messages lies unread already."""
    earlier = RelayMessage.select().where(
        RelayMessage.thread == made.thread,
        RelayMessage.id != made.id,
        RelayMessage.from_author == made.from_author,
        RelayMessage.read_at.is_null(),
        RelayMessage.written_at > clock.now() - LETTER_AFTER,
    )
    return not earlier.exists()


def _check_words(words: str) -> None:
    if not words.strip():
        raise InvalidInput(errors={"words": [say("Write what you want to say.")]})
    if len(words) > LONGEST:
        raise InvalidInput(
            errors={"words": [say("A message may have up to {longest} characters.", longest=LONGEST)]}
        )
