"""What the screen of somebody's alerts shows: each in words, with what it would have told; and its form."""

from datetime import timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.alerts import keeping, timing
from tellback.alerts.keeping import Wish
from tellback.alerts.matching import Only
from tellback.alerts.models import Alert
from tellback.alerts.timing import Cadence
from tellback.charts.bars import bars
from tellback.clock import now
from tellback.digests import choosing, sending, weekly
from tellback.moderation.criticality import LEVELS
from tellback.moderation.models import Flag
from tellback.stories import topics
from tellback.stories.models import Story
from tellback.translations.languages import LANGUAGES

PLOTTED = "Stories published each week, and how many of them are answered"
# Days that are looked back on, to say what an alert would have told.
LOOKED_BACK = 30
# A list of more places than these is slower to choose from than a code is to type.
MOST_PLACES = 200
CADENCES = {
    Cadence.AT_ONCE: "At once",
    Cadence.DAILY: "Each morning at 8, when there is anything",
    Cadence.WEEKLY: "Each Monday at 8, when there is anything",
}
ONLY = {
    Only.ALL: "All: stories, what authors answer, changes that are due",
    Only.WAITING: "Only stories that wait for an answer",
    Only.FLAGGED: "Only what readers report",
}


def describe_list(account: Account) -> dict[str, Any]:
    """Somebody's alerts, as `staff/alerts.html` shows them."""
    return {
        "alerts": [_in_list(alert) for alert in keeping.of_account(account)],
        "days": LOOKED_BACK,
        "digest": choosing.wants(account),
        "urls": {
            "new": url_for("admin.new_alert"),
            "digest": url_for("admin.choose_digest"),
            "see_digest": url_for("admin.digest"),
        },
    }


def describe_form(account: Account, alert: Alert | None) -> dict[str, Any]:
    """The form of a new alert or of one that is changed, as `staff/alert.html` shows it."""
    levels = [(str(n), f"{n} {LEVELS[n].name} or more") for n in range(1, len(LEVELS))]
    return {
        "alert": alert and words_of(alert),
        "places": keeping.places_of(account, MOST_PLACES),
        "topics": [(topic.slug, topic.name) for topic in topics.every()],
        "only": [(only.value, ONLY[only]) for only in keeping.choices_of_only(account)],
        "levels": levels,
        "languages": [(tag, language.name) for tag, language in LANGUAGES.items()],
        "cadences": [(cadence.value, text) for cadence, text in CADENCES.items()],
        "values": vars(_wish(alert)) if alert else {"only": Only.ALL.value, "cadence": Cadence.AT_ONCE.value},
        "reads_all": may(account, Action.READ_UNPUBLISHED),
        "urls": {
            "back": url_for("admin.alerts"),
            "keep": url_for("admin.change_alert", alert_id=alert.id) if alert else url_for("admin.add_alert"),
        },
    }


def describe_digest(account: Account) -> dict[str, Any]:
    """The last week of all that somebody's work is about, as `staff/digest.html` shows it."""
    monday = weekly.last_week()
    return {
        "monday": monday.isoformat(),
        "sunday": (monday + timedelta(6)).isoformat(),
        "fewest": weekly.FEWEST,
        "scopes": [
            {
                **sending.described(week),
                "plot": Markup(  # noqa: S704 (charts escapes what it is given)
                    bars(f"plot-{n}", f"{PLOTTED}: {week.scope}", _in_words(week), week.weeks)
                ),
            }
            for n, week in enumerate(weekly.of_account(account))
        ],
        "urls": {"alerts": url_for("admin.alerts")},
    }


def _in_words(week: weekly.Week) -> str:
    """What the plot shows, for whoever hears it."""
    total, part = (sum(getattr(bar, name) for bar in week.weeks) for name in ("total", "part"))
    most = max(week.weeks, key=lambda bar: bar.total)
    return (
        f"{total} published in {len(week.weeks)} weeks, {part} of them answered by now. "
        f"Most, {most.total}, in the week of {most.label}. The numbers stand in the table below."
    )


def would_have_told(alert: Alert) -> str:
    """How much an alert would have told of the last days, as a sentence."""
    stories = keeping.matching_stories(alert, LOOKED_BACK)
    if alert.only == Only.FLAGGED:
        stories = stories.where(Story.id.in_(Flag.select(Flag.story)))
    found = stories.count()
    said = {0: "No story", 1: "One story"}.get(found, f"{found:,} stories")
    which = "now waits" if alert.only == Only.WAITING and found < 2 else "now wait"
    return f"{said} of the last {LOOKED_BACK} days " + (
        f"{which} and would be told." if alert.only == Only.WAITING else "would have been told."
    )


def words_of(alert: Alert) -> str:
    """An alert in a few words: what it is about."""
    place = alert.service or alert.organisation
    what = {Only.ALL: "Stories", Only.WAITING: "Stories that wait for an answer", Only.FLAGGED: "Reports"}
    said = [what[Only(alert.only)], f"of {place.name}" if place else "of all that you may read"]
    if alert.topic:
        said.append(f"on {alert.topic.name}")
    if alert.lang:
        said.append(f"in {LANGUAGES[alert.lang].name}")
    if alert.least_criticality is not None:
        said.append(f"at level {alert.least_criticality} or more")
    return " ".join(said)


def _in_list(alert: Alert) -> dict[str, Any]:
    paused = timing.is_paused(alert, now())
    return {
        "words": words_of(alert),
        "cadence": CADENCES[Cadence(alert.cadence)],
        "quiet": f"{alert.quiet_from} to {alert.quiet_until}" if alert.quiet_from else None,
        "told": would_have_told(alert),
        "id": alert.id,
        "paused_until": alert.paused_until if paused else None,
        "urls": {
            "change": url_for("admin.alert", alert_id=alert.id),
            **{
                act: url_for(f"admin.{act}_alert", alert_id=alert.id) for act in ("pause", "resume", "delete")
            },
        },
    }


def _wish(alert: Alert) -> Wish:
    place = alert.service.code if alert.service else ""
    if alert.organisation:
        place = f"{keeping.ALL_OF}{alert.organisation.code}"
    return Wish(
        place=place,
        topic=alert.topic.slug if alert.topic else "",
        only=alert.only,
        criticality=str(alert.least_criticality or ""),
        lang=alert.lang or "",
        cadence=alert.cadence,
        quiet_from=alert.quiet_from or "",
        quiet_until=alert.quiet_until or "",
    )
