"""Letters of alerts: all that is due of one alert goes into one letter, claimed by a conditional update.

A match is kept in the transaction that causes it, and its letter is put by the next round, seconds later. So
three stories published together are one letter, and no process that dies between the two loses any.
"""

from datetime import timedelta

from tellback import clock
from tellback.accounts import recipients as accounts
from tellback.alerts.models import Alert, AlertMatch
from tellback.alerts.recipients import KIND
from tellback.db import transaction
from tellback.outbox import messages
from tellback.replies import cover
from tellback.stories.about import services_of
from tellback.stories.submission import new_public_id

# A week until Monday, and somebody's quiet hours after that.
LONGEST_WAIT = timedelta(days=8)


def write_letters() -> int:
    """Put a letter for each alert that has something due; how many. Safe in several processes at once."""
    moment = clock.now()
    due = AlertMatch.letter.is_null() & (AlertMatch.due_at <= moment)
    written = 0
    alerts = Alert.select().where(Alert.id.in_(AlertMatch.select(AlertMatch.alert).where(due)))
    # Read to its end first: SQLite lets nobody write from within a reading that somebody else has overtaken.
    for alert in list(alerts):
        letter = new_public_id()
        with transaction():
            claimed = AlertMatch.update(letter=letter).where(AlertMatch.alert == alert, due).execute()
            if claimed:
                messages.put("alert", KIND, letter)
                _tell_who_covers(alert, letter)
                written += 1
    return written


def bring_near() -> int:
    """Make due what waits for longer than a week: the clock was wrong when it happened. How many."""
    moment = clock.now()
    far = AlertMatch.update(due_at=moment).where(
        AlertMatch.letter.is_null(), AlertMatch.due_at > moment + LONGEST_WAIT
    )
    return int(far.execute())


def _tell_who_covers(alert: Alert, letter: str) -> None:
    """Write to those who cover for somebody away, unless an alert of their own tells them of the same."""
    told = AlertMatch.select().where(AlertMatch.letter == letter, AlertMatch.story.is_null(False))
    stories = {match.story_id for match in told}
    covers: set[int] = set()
    for story_id, services in services_of(stories).items():
        hears = AlertMatch.select(Alert.account).join(Alert).where(AlertMatch.story == story_id).tuples()
        heard = {account_id for (account_id,) in hears}
        for service in services:
            covers |= {one.id for one in cover.covering(alert.account, service.organisation)} - heard
    for account_id in sorted(covers):
        messages.put("alert_for_colleague", accounts.KIND, str(account_id), away=alert.account.name)
