"""Keeping one's own alerts: made, changed, paused while away, and deleted by nobody but their owner."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from peewee import JOIN

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations, require_somewhere
from tellback.alerts.matching import Only
from tellback.alerts.models import Alert
from tellback.alerts.scopes import answered, stories_of
from tellback.alerts.timing import Cadence
from tellback.db import transaction
from tellback.errors import InvalidInput, NotAllowed, NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation, Service
from tellback.organisations.naming import tidy_code
from tellback.rota import hours
from tellback.stories.models import Story, Topic
from tellback.translations.languages import LANGUAGES

# Of one person: whoever wants more wants a wider one.
MOST_ALERTS = 20
# Before the code of an organisation whose code one of its services has, too: a practice and its only place.
ALL_OF = "all-of-"
# An absence; whoever is away for longer deletes the alert.
LONGEST_PAUSE = timedelta(days=366)
LEVELS = ("1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Wish:
    """An alert as a form sends it: each text empty when its question was left open.

    `place` is the code of a service, or of an organisation; `topic` a slug; `criticality` the least.
    """

    place: str = ""
    topic: str = ""
    only: str = Only.ALL
    criticality: str = ""
    lang: str = ""
    cadence: str = Cadence.AT_ONCE
    quiet_from: str = ""
    quiet_until: str = ""


def of_account(account: Account) -> list[Alert]:
    """Somebody's alerts, the oldest first."""
    query = (
        Alert.select(Alert, Organisation, Service, Topic)
        .join(Organisation, JOIN.LEFT_OUTER)
        .switch(Alert)
        .join(Service, JOIN.LEFT_OUTER)
        .switch(Alert)
        .join(Topic, JOIN.LEFT_OUTER)
        .where(Alert.account == account)
    )
    return list(query.order_by(Alert.id))


def get(account: Account, alert_id: int) -> Alert:
    """One of somebody's own alerts. Raises NotFound for any other."""
    alert: Alert | None = Alert.get_or_none(Alert.id == alert_id, Alert.account == account)
    if alert is None:
        raise NotFound("You have no such alert any more.")
    return alert


def add(account: Account, wish: Wish) -> Alert:
    """Begin an alert. Raises NotAllowed for who reads no stories here, and InvalidInput by field."""
    checked = _checked(account, wish)
    with transaction():
        if Alert.select().where(Alert.account == account).count() >= MOST_ALERTS:
            raise InvalidInput(
                f"You have {MOST_ALERTS} alerts, which is the most. Widen or delete one first."
            )
        return Alert.create(account=account, created_at=clock.now(), **checked)


def drawn(account: Account, wish: Wish) -> Alert:
    """The alert that a wish would begin, kept nowhere: to see what it would tell. Raises as `add`."""
    return Alert(account=account, **_checked(account, wish))


def change(alert: Alert, wish: Wish) -> None:
    """Let an alert be for something else from now on. Raises as `add`."""
    Alert.update(**_checked(alert.account, wish)).where(Alert.id == alert.id).execute()


def delete(alert: Alert) -> None:
    """End an alert, and what it was still to tell."""
    alert.delete_instance()


def pause(alert: Alert, until: str) -> None:
    """Tell nothing before this day ("2026-12-01"); nothing of the days between is told later.

    Raises InvalidInput for a day that is not to come, or over a year away.
    """
    today = hours.local_day(clock.now())
    try:
        day = date.fromisoformat(until.strip())
    except ValueError:
        day = today
    if not today < day <= today + LONGEST_PAUSE:
        raise InvalidInput(errors={"until": ["Choose the day on which you are back, within a year."]})
    Alert.update(paused_until=day.isoformat()).where(Alert.id == alert.id).execute()


def resume(alert: Alert) -> None:
    """Tell again, from now on."""
    Alert.update(paused_until=None).where(Alert.id == alert.id).execute()


def matching_stories(alert: Alert, days: int) -> Any:
    """A query of the stories of the last days that the alert would have told of, as they stand now.

    For an alert of reported stories: those it reaches over, whether reported or not.
    """
    query = stories_of(alert, clock.now() - timedelta(days=days))
    return query.where(Story.id.not_in(answered())) if alert.only == Only.WAITING else query


def _checked(account: Account, wish: Wish) -> dict[str, Any]:
    """The wish as columns of an alert. Raises NotAllowed, and InvalidInput naming each wrong field."""
    require_somewhere(account, Action.KEEP_ALERTS)
    wrong: dict[str, list[str]] = {}
    columns: dict[str, Any] = {"organisation": None, "service": None, "topic": None}
    try:
        columns |= _place(account, wish.place.strip())
    except (NotFound, NotAllowed) as problem:
        wrong["place"] = [str(problem.detail)]
    if wish.topic:
        columns["topic"] = Topic.get_or_none(Topic.slug == wish.topic)
        if columns["topic"] is None:
            wrong["topic"] = ["Choose a topic from the list."]
    if wish.only not in choices_of_only(account):
        wrong["only"] = ["Choose what to hear from the list."]
    if wish.criticality not in ("", *LEVELS):
        wrong["criticality"] = ["Choose a level from the list."]
    if wish.lang and wish.lang not in LANGUAGES:
        wrong["lang"] = ["Choose a language from the list."]
    if wish.cadence not in list(Cadence):
        wrong["cadence"] = ["Choose how soon from the list."]
    quiet = _quiet(wish, wrong)
    if wrong:
        raise InvalidInput("Nothing was kept yet, and what you typed is still here.", errors=wrong)
    return {
        **columns,
        **quiet,
        "only": wish.only,
        "least_criticality": int(wish.criticality) if wish.criticality else None,
        "lang": wish.lang or None,
        "cadence": wish.cadence,
    }


def choices_of_only(account: Account) -> list[Only]:
    """What somebody may choose to hear: reports are for those who settle them."""
    return [only for only in Only if only != Only.FLAGGED or may(account, Action.SETTLE_FLAGS)]


def _place(account: Account, code: str) -> dict[str, Any]:
    """The scope that a code names. Raises NotFound for no code of ours, NotAllowed for somebody else's."""
    if not code:
        return {}
    whole = code.lower().startswith(ALL_OF)
    found = None if whole else next(iter(catalogue.by_codes([code])), None)
    organisation = found.organisation if found else _organisation(code[len(ALL_OF) :] if whole else code)
    own = organisations(account, Action.READ_OWN_STORIES)
    if not may(account, Action.READ_UNPUBLISHED) and organisation.id not in own:
        raise NotAllowed("You have no role at this organisation. Choose one of yours.")
    return {"service": found} if found else {"organisation": organisation}


def _organisation(code: str) -> Organisation:
    organisation: Organisation | None = Organisation.get_or_none(Organisation.code == tidy_code(code))
    if organisation is None:
        raise NotFound("No service or organisation here has this code. Find it in the Store, or by its page.")
    return organisation


def _quiet(wish: Wish, wrong: dict[str, list[str]]) -> dict[str, str | None]:
    given = (wish.quiet_from.strip(), wish.quiet_until.strip())
    if not any(given):
        return {"quiet_from": None, "quiet_until": None}
    try:
        begins, ends = (time.fromisoformat(text).strftime("%H:%M") for text in given)
    except ValueError:
        wrong["quiet_from"] = ["Write both times like 22:00 and 07:00, or neither."]
        return {}
    if begins == ends:
        wrong["quiet_from"] = [
            "Quiet hours that begin as they end would last all day. Pause the alert instead."
        ]
    return {"quiet_from": begins, "quiet_until": ends}


def places_of(account: Account, most: int) -> list[tuple[str, str]] | None:
    """Code and name of all places somebody may choose; None beyond `most`, or for whoever reads all."""
    if may(account, Action.READ_UNPUBLISHED):
        return None
    own = organisations(account, Action.READ_OWN_STORIES)
    services = list(
        Service.select().where(Service.organisation.in_(own)).order_by(Service.name).limit(most + 1)
    )
    if len(services) > most:
        return None
    places = Organisation.select().where(Organisation.id.in_(own)).order_by(Organisation.name)
    return [(f"{ALL_OF}{place.code}", f"All of {place.name}") for place in places] + [
        (service.code, service.name) for service in services
    ]
