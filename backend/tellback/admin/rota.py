"""What the rota's screen shows: hours, who is on call, targets, readers, and what one has said of oneself."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.moderation import targets
from tellback.moderation.targets import Unit
from tellback.rota import hours, languages, on_call
from tellback.rota.hours import WEEKDAYS
from tellback.stories.urgency import Urgency
from tellback.translations.languages import LANGUAGES, SOURCE

URGENCIES = {
    Urgency.NOW: "Words of crisis or of harm",
    Urgency.PERHAPS: "Perhaps words of crisis",
    Urgency.USUAL: "All others",
}
UNITS = {Unit.HOURS: "staffed hours", Unit.DAYS: "working days"}


def describe(account: Account) -> dict[str, Any]:
    """The whole screen; what only administrators change is told to all who read stories."""
    kept, wanted = hours.current(), targets.current().by_urgency
    duty = on_call.duty_of(account.id)
    people = on_call.moderators()
    called = {person.id for person in on_call.people()}
    return {
        "may_keep": may(account, Action.KEEP_ROTA),
        "week": [
            {"weekday": n, "name": name, **dict(zip(("opens", "closes"), _times(kept, n), strict=True))}
            for n, name in enumerate(WEEKDAYS)
        ],
        "closed": "\n".join(f"{day.day} {day.name}".strip() for day in hours.closed_days()),
        "targets": [
            {"urgency": int(u), "name": URGENCIES[u], "amount": wanted[u].amount, "unit": wanted[u].unit}
            for u in sorted(Urgency, reverse=True)
        ],
        "units": list(UNITS.items()),
        "people": [
            {
                "id": person.id,
                "name": person.name,
                "on_call": person.id in called,
                "languages": [LANGUAGES[tag].name for tag in languages.read_by(person) if tag in LANGUAGES],
            }
            for person in people
        ],
        "languages": [(tag, language.name) for tag, language in LANGUAGES.items() if tag != SOURCE],
        "named": [
            {
                "lang": named.lang,
                "language": _language(named.lang),
                "name": named.account.name,
                "url": url_for("admin.forget_reader", lang=named.lang),
            }
            for named in languages.named_readers()
        ],
        "own": {"languages": duty.languages, "letter": duty.no_morning_letter_since is None},
        "urls": {
            name: url_for(f"admin.{name}")
            for name in ("keep_hours", "keep_on_call", "keep_targets", "name_reader", "keep_own_duty")
        },
    }


def _times(kept: hours.Hours, weekday: int) -> tuple[str, str]:
    opens, closes = kept.week.get(weekday, (None, None))
    return (opens.strftime("%H:%M"), closes.strftime("%H:%M")) if opens and closes else ("", "")


def _language(tag: str) -> str:
    return next((one.name for full, one in LANGUAGES.items() if full.partition("-")[0] == tag), tag)
