"""Bringing a register in: what is new is made, what changed is renewed, what was named or set here stays."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from peewee import chunked

from tellback import clock, db
from tellback.audit import acts
from tellback.organisations import finder
from tellback.organisations.catalogue import renew_search_words
from tellback.organisations.models import Organisation, Service
from tellback.organisations.registers import Entry, Register, Remark

# Rows of one transaction: few enough that a story told meanwhile hardly waits.
_BATCH = 500
_FROM_REGISTER = (
    Service.name,
    Service.official_name,
    Service.kind,
    Service.organisation,
    Service.address,
    Service.town,
    Service.postcode,
    Service.latitude,
    Service.longitude,
    Service.search_words,
)
# Of these, what can be set by hand instead (`editing`); a register then leaves it.
BY_HAND = ("name", "kind", "organisation", "town", "postcode")


@dataclass
class Outcome:
    """What became of a register's lines: counts, and remarks by line.

    `closed` were listed as closed: they are not made, and those that stand are closed, but stay, with their
    stories.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    closed: int = 0
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """The counts in one line."""
        counts = {
            "new": self.created,
            "changed": self.changed,
            "as before": self.unchanged,
            "closed": self.closed,
            "refused": len(self.refused),
        }
        return ", ".join(f"{count:,} {what}" for what, count in counts.items())


def bring_in(register: Register, progress: Callable[[int], object] = lambda _lines: None) -> Outcome:
    """Make and renew services and their organisations as the register lists them; a second time changes none.

    `progress` is told, batch by batch, how many lines more are done. Refused lines are in the outcome and
    hinder no other. Should it break off, what was done stays, and another run completes it.
    """
    outcome = Outcome(refused=register.refused, warnings=register.warnings)
    for batch in chunked(register.entries(), _BATCH):
        entries = [entry for entry in batch if entry]
        listed = [entry for entry in entries if entry.open]
        outcome.closed += len(entries) - len(listed)
        with db.transaction():
            _renew(listed, outcome)
            _close_and_open(entries)
        progress(len(batch))
    return outcome


def _renew(entries: Sequence[Entry], outcome: Outcome) -> None:
    organisations = _organisations(entries)
    codes = [entry.code for entry in entries]
    standing = {service.code: service for service in Service.in_full().where(Service.code.in_(codes))}
    fresh = [_service(e, organisations[e.organisation_code], standing.get(e.code)) for e in entries]
    new = [service for service in fresh if service.code not in standing]
    changed = [s for s in fresh if s.code in standing and _facts(s) != _facts(standing[s.code])]
    _store([*new, *changed])
    renew_search_words([standing[service.code].id for service in changed])
    outcome.created += len(new)
    outcome.changed += len(changed)
    outcome.unchanged += len(fresh) - len(new) - len(changed)


def _close_and_open(entries: Sequence[Entry]) -> None:
    """Close what the register lists as closed, and open again what it opened, unless that was set by hand."""
    listed = {entry.code: entry.open for entry in entries}
    shut = [entry.code for entry in entries if not entry.open]
    concerned = Service.closed_on.is_null(False) | Service.code.in_(shut)
    for service in Service.select().where(Service.code.in_(list(listed)), concerned):
        opens = listed[service.code]
        if "closed_on" in service.set_here or opens == (service.closed_on is None):
            continue
        service.closed_on = None if opens else clock.today().isoformat()
        service.save(only=[Service.closed_on])
        act = acts.Act.SERVICE_OPENED if opens else acts.Act.SERVICE_CLOSED
        acts.record(act, acts.SYSTEM, "service", service.code)


def _organisations(entries: Sequence[Entry]) -> dict[str, Organisation]:
    """The entries' organisations by code, made or renamed where needed."""
    # The first line that names an organisation decides, so that two spellings in one file do not take turns.
    names: dict[str, str] = {}
    for entry in entries:
        names.setdefault(entry.organisation_code, entry.organisation_name)
    of_these = Organisation.select().where(Organisation.code.in_(list(names)))
    standing = {one.code: names[one.code] if "name" in one.set_here else one.name for one in of_these}
    now = clock.now()
    changed = {code: name for code, name in names.items() if standing.get(code) != name}
    rows = [{"code": code, "name": name, "created_at": now} for code, name in changed.items()]
    if rows:
        Organisation.insert_many(rows).on_conflict(
            conflict_target=[Organisation.code], preserve=[Organisation.name]
        ).execute()
    return {organisation.code: organisation for organisation in of_these.clone()}


def _service(entry: Entry, organisation: Organisation, before: Service | None) -> Service:
    """The service as its entry says it; what was set by hand `before` stays."""
    service = Service(
        code=entry.code,
        name=entry.name,
        official_name=entry.official_name,
        kind=entry.kind,
        organisation=organisation,
        address=entry.address,
        town=entry.town,
        postcode=entry.postcode,
        latitude=entry.latitude,
        longitude=entry.longitude,
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    above = ""
    if before:
        for name in BY_HAND:
            if name in before.set_here:
                setattr(service, name, getattr(before, name))
        service.local_codes = before.local_codes
        above = before.parent.search_words if before.parent else ""
    service.search_words = finder.search_words(service, above)
    return service


def _facts(service: Service) -> dict[str, object]:
    return {fact.name: service.__data__[fact.name] for fact in _FROM_REGISTER}


def _store(services: Sequence[Service]) -> None:
    if services:
        Service.insert_many([service.__data__ for service in services]).on_conflict(
            conflict_target=[Service.code], preserve=[*_FROM_REGISTER, Service.updated_at]
        ).execute()
