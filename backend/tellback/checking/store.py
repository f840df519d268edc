"""What stands in the store: the database itself, what waits in it, and who works with it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tellback import clock, db, migrations, sealing
from tellback.accounts import registration
from tellback.accounts.roles import Action, may
from tellback.alerts.models import WebhookEndpoint
from tellback.alerts.webhooks import EndpointState
from tellback.audit import ledger, signing
from tellback.checking.lines import Line, State
from tellback.config import Settings
from tellback.errors import SettingsError
from tellback.moderation import waiting
from tellback.outbox import standing
from tellback.replies.models import Reply, ReplyDraft
from tellback.replies.states import ReplyState
from tellback.retention import turns
from tellback.stories import shelves
from tellback.stories.models import ErasedLink, PrivateLink, Story
from tellback.stories.states import State as StoryState
from tellback.stories.states import in_states

# Rounds are seconds apart: what has been due for so long, nobody does.
OVERDUE = timedelta(minutes=15)
# Stories published last whose places are looked at, and of how many a list is counted.
_LATELY, _COUNTED = 200, 1000


def database(settings: Settings) -> Iterator[Line]:
    """The database: whether it answers, with the schema of this release."""
    if settings.embedded and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        yield Line(State.BROKEN, "There is no database yet: run `tellback db upgrade`.")
        return
    try:
        db.connect(settings.database_url)
        db.database.execute_sql("SELECT 1")
        migrations.require_current()
    except SettingsError as error:
        yield Line(State.BROKEN, f"The database is not ready: {error}.")
        return
    except Exception as error:  # noqa: BLE001 (each driver has its own; its words may hold a password)
        yield Line(State.BROKEN, f"The database does not answer ({type(error).__name__}).")
        return
    name = "SQLite" if settings.embedded else "PostgreSQL"
    yield Line(State.WELL, f"The database answers ({name}), with the schema of this release.")


def keys(settings: Settings) -> Iterator[Line]:
    """The keys: whether what was sealed can be opened."""
    sealing.use(settings.contact_key)
    newest = PrivateLink.select().order_by(PrivateLink.story.desc()).first()
    if newest is None:
        return
    try:
        sealing.unseal(newest.token_sealed)
    except SettingsError:
        said = "TELLBACK_CONTACT_KEY does not open what is sealed here: name the key that it was sealed with."
        yield Line(State.BROKEN, said)
        return
    yield Line(State.WELL, "TELLBACK_CONTACT_KEY opens what was sealed last.")


def rounds(settings: Settings) -> Iterator[Line]:
    """What a running service does by itself: whether anything does it."""
    before = clock.now() - OVERDUE
    late = any(decision.takes_effect_at < before for decision in waiting.due())
    due, tried = standing.due_since() if settings.smtp_url else None, standing.last_tried()
    # What waits for a server that is away may be late, too; then others of its kind were tried.
    if late or (due and due < before and (tried is None or tried < before)):
        said = (
            "Work that was due is not done: start `tellback serve` or `tellback outbox work`, or see its log."
        )
        yield Line(State.BROKEN, said)
        return
    last = standing.last_sent()
    ago = f"the last message went out {_ago(clock.now() - last)}" if last else "no message went out yet"
    yield Line(State.WELL, f"Nothing is overdue; {ago}.")


def outbox(_settings: Settings) -> Iterator[Line]:
    """Letters and webhooks: what waits, what failed, what was given up."""
    waits = standing.waiting()
    if failing := sum(one.failing for one in waits):
        said = next((one.said for one in waits if one.said), "")
        yield Line(State.CARE, f"Failed, and tried again by itself: {_messages(failing)}. {said}".rstrip())
    elif count := sum(one.count for one in waits):
        yield Line(State.WELL, f"In the outbox: {_messages(count)}.")
    given_up = standing.given_up_by_kind()
    if given_up:
        kinds = ", ".join(f"{kind} {count}" for kind, count in given_up.items())
        said = f"Given up: {_messages(sum(given_up.values()))} ({kinds}). Send them again on /admin/outbox."
        yield Line(State.CARE, said)


def addresses(_settings: Settings) -> Iterator[Line]:
    """Addresses that refused our letters."""
    refused = standing.refused_addresses()
    if refused:
        of_authors = refused.get("author", 0)
        count = sum(refused.values())
        said = (
            f"Addresses that refuse our letters: {count}, of them {of_authors} of authors. See /admin/outbox."
        )
        yield Line(State.CARE, said)


def webhooks(_settings: Settings) -> Iterator[Line]:
    """Services' own systems that were given up."""
    gone = WebhookEndpoint.select().where(WebhookEndpoint.state == EndpointState.GIVEN_UP.value).count()
    if gone:
        yield Line(State.CARE, f"Webhooks that are switched off, since nothing arrived for days: {gone}.")


def left_behind(_settings: Settings) -> Iterator[Line]:
    """What came to an end while somebody was still at it, and what is kept of that."""
    unsent = [ReplyState.WAITING.value, ReplyState.KEPT.value, ReplyState.RETURNED.value]
    gone = ~in_states(StoryState.PUBLISHED)
    replies = Reply.select().join(Story).where(gone, Reply.state.in_(unsent)).count()
    drafts = ReplyDraft.select().join(Story).where(gone, ReplyDraft.body != "").count()
    if kept := replies + drafts:
        said = f"Replies to stories that are public no more: {kept}, not sent, kept for who wrote them."
        yield Line(State.WELL, said)
    if erased := ErasedLink.select().count():
        yield Line(
            State.WELL, f"Private links of erased stories, which say so when they are opened: {erased}."
        )


def retention(_settings: Settings) -> Iterator[Line]:
    """What is over: whether it is forgotten in time."""
    stands = turns.standing()
    if stands.last is None:
        return  # No round was gone yet; `rounds` says so where that is wrong.
    if stands.overdue:
        late = ", ".join(stands.overdue)
        said = f"Not forgotten in time: {late}. Run `tellback privacy forget`, or see the log."
        yield Line(State.CARE, said)
        return
    yield Line(State.WELL, f"What is over is forgotten, last {_ago(clock.now() - stands.last)}.")


def lists(_settings: Settings) -> Iterator[Line]:
    """The lists of the public: whether what was published last stands there and is counted."""
    wrong = shelves.wrong_lately(_LATELY, _COUNTED)
    if wrong:
        said = f"Places and sums of stories in the public's lists that are wrong: {wrong}."
        yield Line(State.CARE, f"{said} Run `tellback lists rebuild`.")


def public_ledger(_settings: Settings) -> Iterator[Line]:
    """The public ledger: whether its head of today is signed."""
    if ledger.newest() is None:
        return
    head = signing.newest_head()
    if head and head.day == clock.today().isoformat():
        yield Line(State.WELL, "The ledger's head of today is signed.")
    elif clock.now().hour == 0:
        yield Line(State.WELL, "The ledger's head of today is signed within the hour.")
    else:
        said = "The ledger has no signed head of today: start `tellback serve` or `tellback outbox work`."
        yield Line(State.BROKEN, said)


def safe_on_disk(_settings: Settings) -> Iterator[Line]:
    """Whether PostgreSQL keeps what it says it has kept: a 201 means that a story is on the disk."""
    if not db.is_postgresql():
        return  # SQLite is told so by each connection of ours.
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        (value,) = db.database.execute_sql(f"SHOW {name}").fetchone()
        if value == "off":
            yield Line(State.BROKEN, f"PostgreSQL's {name} is off: a power cut loses stories. Set it to on.")


def connections(_settings: Settings) -> Iterator[Line]:
    """Whether PostgreSQL lets in all that the processes running now may open."""
    if not db.is_postgresql():
        return
    room = sum(
        sign * int(db.database.execute_sql(f"SHOW {name}").fetchone()[0])
        for sign, name in ((1, "max_connections"), (-1, "superuser_reserved_connections"))
    )
    processes = db.processes()
    wanted = processes * db.POOL_SIZE
    if wanted > room:
        said = f"{processes} processes may open {wanted} connections, and PostgreSQL lets in {room}"
        yield Line(State.CARE, f"{said}: raise its max_connections, or run fewer.")


def people(settings: Settings) -> Iterator[Line]:
    """Those who moderate: whether there are enough of them, and how they prove who they are."""
    count = sum(may(account, Action.DECIDE_STORIES) for account in registration.everyone())
    if not count:
        yield Line(State.CARE, "Nobody moderates yet: `tellback account add --role moderator`.")
    elif count == 1:
        text = "One person alone moderates: an appeal needs another than who decided. Have two."
        yield Line(State.CARE, text)
    if count and not settings.second_factor_required:
        text = "A password alone opens the desk: set TELLBACK_SECOND_FACTOR_REQUIRED=true."
        yield Line(State.CARE, text)


def _messages(count: int) -> str:
    return f"{count} {'message' if count == 1 else 'messages'}"


def _ago(since: timedelta) -> str:
    """How long ago, in the largest whole unit."""
    for unit, seconds in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if count := int(since.total_seconds()) // seconds:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "within the last minute"
