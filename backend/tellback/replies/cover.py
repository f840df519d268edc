"""Who answers for a service; and who does so while a colleague is away."""

from collections.abc import Collection
from datetime import date, timedelta

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import MAY, Action, require_somewhere
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound
from tellback.organisations.models import Organisation, Service
from tellback.replies.models import Absence, AbsenceCover

# A longer leave is said again; somebody who left is switched off.
LONGEST = timedelta(days=366)
# Colleagues who cover for one person: a team, not everybody.
MOST_COVERS = 10


def who_answers(service: Service, day: date | None = None) -> list[Account]:
    """Everyone who may answer for a service and can sign in: those at work on that day (today) first.

    Who is away stays in the list: what comes then goes to their colleagues too, and waits for them.
    """
    return _at_work_first(responders({service.organisation_id}), day or clock.today())


def covering(account: Account, organisation: Organisation, day: date | None = None) -> list[Account]:
    """The colleagues who cover for somebody on a day (today), and may answer for that organisation."""
    at = (day or clock.today()).isoformat()
    query = (
        Account.select()
        .join(AbsenceCover, on=AbsenceCover.account == Account.id)
        .join(Absence)
        .where(Absence.account == account.id, Absence.from_on <= at, Absence.to_on >= at)
        .distinct()
    )
    able = {one.id for one in responders({organisation.id})}
    return [one for one in query.order_by(Account.name) if one.id in able]


def responders(organisation_ids: Collection[int]) -> list[Account]:
    """Those who may answer for one of these organisations and can sign in, by name."""
    roles = [role.value for role, actions in MAY.items() if Action.WRITE_REPLIES in actions]
    held = Membership.select(Membership.account).where(
        Membership.role.in_(roles), Membership.organisation.in_(list(organisation_ids))
    )
    there = Account.active & Account.invited_at.is_null()
    return list(Account.select().where(Account.id.in_(held), there).order_by(Account.name))


def colleagues(account: Account) -> list[Account]:
    """Who could cover for somebody: the others who answer for an organisation that they answer for."""
    own = {
        held.organisation_id
        for held in account.memberships
        if held.organisation_id is not None and Action.WRITE_REPLIES in MAY[held.role]
    }
    return [one for one in responders(own) if one.id != account.id]


def away(account: Account, from_on: str, to_on: str, cover_ids: Collection[int]) -> Absence:
    """Say that somebody is away on these days, both included, and which colleagues cover.

    Raises NotAllowed for who answers for nobody, InvalidInput by field.
    """
    require_somewhere(account, Action.WRITE_REPLIES)
    errors = _wrong_with_days(from_on, to_on)
    known = {one.id for one in colleagues(account)}
    if not cover_ids or not set(cover_ids) <= known:
        errors["covers"] = ["Choose a colleague who answers for the same organisation."]
    elif len(set(cover_ids)) > MOST_COVERS:
        errors["covers"] = [f"Choose up to {MOST_COVERS} colleagues."]
    if errors:
        raise InvalidInput(errors=errors)
    with transaction():
        absence: Absence = Absence.create(account=account, from_on=from_on, to_on=to_on, made_at=clock.now())
        for cover in sorted(set(cover_ids)):
            AbsenceCover.create(absence=absence, account=cover)
        acts.record(
            acts.Act.COVER_NAMED,
            acts.staff(account.id),
            "account",
            str(account.id),
            days=[from_on, to_on],
            people=sorted(set(cover_ids)),
        )
    return absence


def come_back(account: Account, absence_id: int) -> None:
    """Take an absence of one's own back. Raises NotFound for any other."""
    with transaction():
        own = (Absence.id == absence_id) & (Absence.account == account.id)
        if not Absence.delete().where(own).execute():
            raise NotFound("There is nothing of yours to take back here.")
        acts.record(acts.Act.COVER_ENDED, acts.staff(account.id), "account", str(account.id))


def absences(accounts: Collection[Account], day: date | None = None) -> list[Absence]:
    """When these people are away, today or later, the first first."""
    at = (day or clock.today()).isoformat()
    query = (
        Absence.select(Absence, Account)
        .join(Account)
        .where(Absence.account.in_([one.id for one in accounts]), Absence.to_on >= at)
    )
    return list(query.order_by(Absence.from_on, Absence.id))


def _at_work_first(people: list[Account], day: date) -> list[Account]:
    gone = {one.account_id for one in absences(people, day) if one.from_on <= day.isoformat()}
    return sorted(people, key=lambda one: one.id in gone)


def _wrong_with_days(from_on: str, to_on: str) -> dict[str, list[str]]:
    days: dict[str, date] = {}
    errors: dict[str, list[str]] = {}
    for name, text in (("from_on", from_on), ("to_on", to_on)):
        try:
            days[name] = date.fromisoformat(text)
        except ValueError:
            errors[name] = ["Give the day."]
    if errors:
        return errors
    if days["to_on"] < days["from_on"]:
        return {"to_on": ["The last day is before the first."]}
    if days["to_on"] < clock.today():
        return {"to_on": ["These days are over."]}
    if days["to_on"] - days["from_on"] > LONGEST:
        return {"to_on": ["That is longer than a year. Say it again when it is nearer."]}
    return {}
