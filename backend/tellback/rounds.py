"""What a running service does by itself, every few seconds: letters that are due, and the like.

Each piece of work claims what it does by a conditional update, so any number of processes may go round.
"""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence

from tellback import metrics
from tellback.accounts import recipients as staff
from tellback.alerts import beginning, gathering, overdue, webhooks
from tellback.alerts import recipients as alerted
from tellback.audit import signing
from tellback.authorship import lost_links
from tellback.authorship import recipients as authors
from tellback.blocking import blocks
from tellback.config import LONGEST_SETTING, Settings
from tellback.db import database, empty_log
from tellback.digests import sending as digests
from tellback.http import proof_of_work, pseudonyms
from tellback.moderation import agreement, case_requests, cases, decisions, morning, waiting
from tellback.outbox import delivery
from tellback.outbox.delivery import Lane, Resolver, by_kind, deliver_due
from tellback.outbox.messages import WEBHOOK
from tellback.replies import going_on, handing_on
from tellback.retention import turns
from tellback.stories import second_reading, standings
from tellback.websites import witnesses

log = logging.getLogger(__name__)

# Seconds between two rounds.
BETWEEN_ROUNDS = 5
# Seconds that a process which stops gives its rounds, after its requests had theirs (`server.GRACE`).
LAST_MOMENT = 1
# Seconds for a round that has very much to do. Who takes longer hangs.
LONGEST_ROUND = 900


def recipients(settings: Settings) -> Resolver:
    """Whom letters go to: authors, people who sign in, and those who asked that a story be taken down."""
    return by_kind(
        {
            "author": authors.resolver(settings.public_url),
            staff.KIND: staff.resolver(settings),
            cases.OUTSIDER: case_requests.resolver(),
            alerted.KIND: alerted.resolver(settings),
            WEBHOOK: webhooks.resolver(settings),
            digests.KIND: digests.resolver(settings),
            handing_on.KIND: handing_on.resolver(settings.public_url),
        }
    )


def end_what_was_handed_on(_settings: Settings) -> None:
    """End the links to stories that nobody answered in time, and forget where they went."""
    handing_on.end_over()


def carry_out_decisions(_settings: Settings) -> None:
    """Let the decisions take effect whose time has come."""
    decisions.carry_out_due()


def carry_on_replies(_settings: Settings) -> None:
    """Let the replies go on that nobody took back in time."""
    going_on.carry_on_due()


def bring_back_unanswered(_settings: Settings) -> None:
    """Give the desk back what its authors did not answer in time."""
    agreement.bring_back_unanswered()


def answer_lost_links(_settings: Settings) -> None:
    """Write to those who lost their private links, at the addresses that they gave."""
    lost_links.answer_all()


def forget_what_is_over(settings: Settings) -> None:
    """Forget what was kept for as long as it is (`retention.rules`)."""
    turns.take(settings)


def write_in_the_morning(_settings: Settings) -> None:
    """Tell those who moderate what waits, as the desk opens."""
    morning.write_letters()


def give_first_alerts(_settings: Settings) -> None:
    """Give whoever answers for a service an alert to begin with."""
    beginning.give_first_alerts()


def remind_of_changes(_settings: Settings) -> None:
    """Remind services of changes whose date is over."""
    overdue.remind()


def write_alerts(_settings: Settings) -> None:
    """Put what alerts are to tell now into letters."""
    gathering.write_letters()


def write_digests(_settings: Settings) -> None:
    """Send the week in numbers on Monday morning."""
    digests.write_digests()


def destroy_keys(_settings: Settings) -> None:
    """End the blocks that have stood their time, and destroy the key of a day that is over, whoever comes.

    With them goes what an address could be tested against, and the proofs of work that nobody can use again.
    """
    if blocks.end_expired() + pseudonyms.destroy_old():
        _in_the_log.add("keys")
    # Somebody may be reading it just now: then in the next round.
    if _in_the_log and empty_log():
        _in_the_log.clear()
    proof_of_work.forget_used()


def make_keys(_settings: Settings) -> None:
    """Make the key of the day that is about to begin, while nobody waits for it."""
    pseudonyms.make_ready()


def bring_near(settings: Settings) -> None:
    """Let nothing wait for a day that a wrong clock made up: a year, where that was set back by one."""
    gathering.bring_near()
    delivery.bring_near()
    waiting.bring_near(settings.decision_wait, LONGEST_SETTING)
    going_on.bring_near(settings.reply_wait, LONGEST_SETTING)


def count_standings(_settings: Settings) -> None:
    """Take over into sums how the stories stand that moved since."""
    standings.keep_up()


def read_again(_settings: Settings) -> None:
    """Let screening read what was told a second time, as long as that takes."""
    second_reading.read_all(_goes_on)


def send_letters(settings: Settings) -> None:
    """Send the letters that are due, when there is a server to send them by."""
    if settings.smtp_url:
        deliver_due(settings, recipients(settings), lanes=(Lane.LETTERS,), goes_on=_goes_on)


def call_webhooks(settings: Settings) -> None:
    """Bring the events that are due to their endpoints."""
    deliver_due(settings, recipients(settings), lanes=(Lane.WEBHOOKS,), goes_on=_goes_on)


# What was destroyed, while the database's log may still hold it.
_in_the_log: set[str] = set()

# In this order, so that what one piece causes (a letter) the next one carries on.
ROUNDS: list[Callable[[Settings], None]] = [
    bring_near,
    # Early, so that whoever was added a moment ago hears of what is published now.
    give_first_alerts,
    carry_out_decisions,
    carry_on_replies,
    bring_back_unanswered,
    end_what_was_handed_on,
    signing.sign_today,
    witnesses.write_to_witnesses,
    answer_lost_links,
    forget_what_is_over,
    write_in_the_morning,
    destroy_keys,
    make_keys,
    remind_of_changes,
    write_alerts,
    write_digests,
    count_standings,
    read_again,
    send_letters,
    call_webhooks,
]
# What takes long, or waits for servers that are not ours, goes round by itself and holds up nothing else.
_BESIDE = (read_again, send_letters, call_webhooks)


# When each of this process's threads last began a round, on the clock that nobody sets.
_began: dict[str, float] = {}
_threads: list[threading.Thread] = []
_stopping = threading.Event()


def begin(settings: Settings) -> None:
    """Go round beside whatever else this process does, until it ends."""
    ours = [work for work in ROUNDS if work not in _BESIDE]
    for name, works in (("rounds", ours), *((one.__name__, [one]) for one in _BESIDE)):
        thread = threading.Thread(target=_go_for_ever, args=(settings, works, name), daemon=True)
        thread.start()
        _threads.append(thread)


def stop() -> None:
    """Begin no further work; what has begun may finish. Safe within a signal handler."""
    if _goes_on():
        _stopping.set()


def end() -> None:
    """Wait a moment for what has begun, then let others have what this process was sending."""
    stop()
    until = time.monotonic() + LAST_MOMENT
    for thread in _threads:
        thread.join(max(0, until - time.monotonic()))
    try:
        delivery.release()
    except Exception as error:  # noqa: BLE001 (the database may be away; then the claim runs out by itself)
        log.warning("what was being sent could not be given back (%s)", type(error).__name__)
    _give_back()


def are_on_time() -> bool:
    """Whether every thread that goes round in this process does."""
    return all(time.monotonic() - began < LONGEST_ROUND for began in list(_began.values()))


def go_for_ever(settings: Settings) -> None:
    """Go round and do nothing else, until SIGTERM or SIGINT."""
    told = (signal.SIGTERM, signal.SIGINT)
    # Threads begun from here on have them blocked, too, so that they come to the call below.
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    begin(settings)
    signal.sigwait(told)
    end()


def go_round(settings: Settings, works: Sequence[Callable[[Settings], None]] = ROUNDS) -> None:
    """Do all that is due now. What fails is tried again in the next round, and holds up nothing else."""
    for work in works:
        if not _goes_on():
            return
        try:
            work(settings)
        except BaseException as error:  # noqa: BLE001 (no work, lack of memory or lost database may end the rounds)
            # Only the kind of failure: a driver's message may quote a row.
            log.warning("%s failed (%s); it is tried again", work.__name__, type(error).__name__)


def _goes_on() -> bool:
    return not _stopping.is_set()


def _go_for_ever(settings: Settings, works: Sequence[Callable[[Settings], None]], name: str) -> None:
    _began[name] = time.monotonic()
    while not _stopping.wait(BETWEEN_ROUNDS):
        _began[name] = time.monotonic()
        go_round(settings, works)
        metrics.went_round(name)
        _give_back()


def _give_back() -> None:
    """Give the connection back, and a broken one away."""
    try:
        if not database.is_closed():
            database.close()
    except Exception as error:  # noqa: BLE001 (the next round opens another)
        log.warning("a connection could not be given back (%s)", type(error).__name__)
