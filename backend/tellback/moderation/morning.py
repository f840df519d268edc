"""The morning letter: what waits at the desk and about how long it takes, as it opens on a staffed day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from peewee import fn

from tellback import clock
from tellback.accounts import recipients
from tellback.accounts.models import Account
from tellback.audit.acts import Act
from tellback.audit.models import AuditEvent
from tellback.db import transaction
from tellback.moderation import cases, flags, targets
from tellback.moderation.models import Decision
from tellback.replies import answering_back
from tellback.replies.changes import Review
from tellback.replies.models import ChangeClaim, Reply
from tellback.replies.responding import ReplyState
from tellback.rota import hours, on_call
from tellback.rota.models import Duty
from tellback.stories.models import Story, StoryVersion
from tellback.stories.urgency import Urgency, in_queue

# How many of the latest decisions tell how long one takes here; fewer than the second number tell nothing.
_LATEST, _FEWEST = 100, 10
# Whoever needed longer was called away.
_LONGEST = timedelta(minutes=30)
# Until there are enough: reading, at the usual pace of careful readers, and a minute to decide.
_CHARACTERS_A_MINUTE = 200 * 6
_MINUTES_TO_DECIDE = 1


@dataclass(frozen=True)
class Morning:
    """What waits: counts, and about how many minutes the stories take."""

    stories: int
    urgent: int
    late: int
    replies: int
    answers: int
    changes: int
    reports: int
    minutes: int

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.stories or self.replies or self.answers or self.changes or self.reports)


def waiting() -> Morning:
    """What waits at the desk now."""
    stories = Story.select().where(in_queue())
    count = stories.count()
    return Morning(
        stories=count,
        urgent=stories.where(Story.urgency == int(Urgency.NOW)).count(),
        late=Story.select().where(targets.current().is_late()).count(),
        replies=Reply.select().where(Reply.state == ReplyState.SUBMITTED.value).count(),
        answers=answering_back.waiting_count(),
        changes=ChangeClaim.select().where(ChangeClaim.review == Review.WAITING.value).count(),
        reports=flags.open_count(),
        minutes=ceil(_minutes(count)),
    )


def write_letters() -> None:
    """Write to everyone who moderates and wants it, once on each staffed day, when there is anything to do.

    Safe in several processes at once: a day's letter to someone is claimed before it is written.
    """
    moment = clock.now()
    window = hours.current().window(hours.local_day(moment))
    if window is None or not window[0] <= moment < window[1]:
        return
    today = hours.local_day(moment).isoformat()
    # One query for all: this is asked in every round.
    settled = {duty.account_id for duty in Duty.select() if not _wants(duty, today)}
    unwritten = [account for account in on_call.moderators() if account.id not in settled]
    if not unwritten:
        return
    morning = waiting()
    for account in unwritten:
        on_call.duty_of(account.id)
        with transaction():
            claimed = (
                Duty.update(morning_letter_on=today).where(Duty.account == account, _not_yet(today)).execute()
            )
            # Not the same for all: nobody works on cases of services where they have a role.
            own = cases.open_count(account)
            if claimed and (morning.anything or own):
                recipients.write(account, "morning", **vars(morning), cases=own)


def wants_letters(account: Account, wanted: bool) -> None:
    """Remember whether someone wants the morning letter."""
    on_call.duty_of(account.id)
    since = None if wanted else clock.now()
    Duty.update(no_morning_letter_since=since).where(Duty.account == account).execute()


def _wants(duty: Duty, today: str) -> bool:
    return not duty.no_morning_letter_since and duty.morning_letter_on != today


def _not_yet(today: str) -> object:
    return Duty.morning_letter_on.is_null() | (Duty.morning_letter_on != today)


def _minutes(count: int) -> float:
    measured = _measured()
    if len(measured) >= _FEWEST:
        return count * median(measured)
    latest = StoryVersion.alias()
    newest = latest.select(fn.MAX(latest.number)).where(latest.story == StoryVersion.story)
    text = fn.LENGTH(StoryVersion.body) + fn.LENGTH(fn.COALESCE(StoryVersion.what_was_good, ""))
    text += fn.LENGTH(fn.COALESCE(StoryVersion.what_could_be_better, ""))
    characters = (
        StoryVersion.select(fn.SUM(text))
        .join(Story)
        .where(in_queue(), StoryVersion.number == newest)
        .scalar()
    )
    return float(characters or 0) / _CHARACTERS_A_MINUTE + count * _MINUTES_TO_DECIDE


def _measured() -> list[float]:
    """Minutes from opening a story to deciding about it, of the latest decisions."""
    decided = list(
        Decision.select(Decision.decided_at, Story.public_id)
        .join(Story)
        .where(Decision.act != "remove")
        .order_by(Decision.id.desc())
        .limit(_LATEST)
    )
    opened: dict[str, datetime] = {
        event.subject_id: event.at
        for event in AuditEvent.select().where(
            AuditEvent.subject_kind == "story",
            AuditEvent.subject_id.in_([decision.story.public_id for decision in decided]),
            AuditEvent.act == Act.STORY_OPENED.value,
        )
    }
    took = [
        decision.decided_at - opened[decision.story.public_id]
        for decision in decided
        if decision.story.public_id in opened
    ]
    return [time.total_seconds() / 60 for time in took if timedelta(0) <= time <= _LONGEST]
