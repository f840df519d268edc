"""Where a complaint goes: to the contact that a service named here, else as the NHS of its nation advises.

Sources of the advice, read in November 2026. England: nhs.uk "How to complain to the NHS", and NHS England's
complaints policy (since July 2023 a complaint about primary care may go to the integrated care board);
ombudsman.org.uk. Wales: llaiswales.org "Complaints advocacy"; the process has been called Listening to People
since April 2026, Putting Things Right before. Scotland: nhsinform.scot and pass-scotland.org.uk. Northern
Ireland: nidirect.gov.uk "How to complain or raise concerns about health services", pcc-ni.net.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from tellback import clock, db
from tellback.errors import InvalidInput
from tellback.organisations import catalogue
from tellback.organisations.models import ComplaintsContact, Organisation, Service
from tellback.organisations.naming import one_line, tidy_code
from tellback.organisations.nations import ENGLAND, NORTHERN_IRELAND, SCOTLAND, WALES, nation_of
from tellback.translations.sentences import say

LONGEST = {"name": 200, "email": 254, "phone": 40, "url": 500, "text": 1000}

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,38}[0-9]")

# Who helps with a complaint in a nation, once it is said that complaints go to the service itself. The words
# are ours, the facts those of the sources above.
_ADVICE: dict[str | None, dict[str, str | None]] = {
    ENGLAND: {
        "name": say("The integrated care board of your area"),
        "phone": None,
        "url": "https://www.nhs.uk/contact-us/how-to-complain-to-the-nhs/",
        "text": say(
            "It pays for care in your area, and takes your complaint if you would rather not go to the "
            "service. An advocate can help you, free of charge. If the answer does not settle it, the "
            "Parliamentary and Health Service Ombudsman can look at it."
        ),
    },
    WALES: {
        "name": "Llais",
        "phone": None,
        "url": "https://www.llaiswales.org/complaints-advocacy",
        "text": say(
            "Llais helps you to complain, free of charge, and is no part of the NHS. The complaints team of "
            "your health board takes complaints about all its services. If the answer does not settle it, "
            "the Public Services Ombudsman for Wales can look at it."
        ),
    },
    SCOTLAND: {
        "name": say("Patient Advice and Support Service"),
        "phone": "0800 917 2127",
        "url": "https://www.nhsinform.scot/care-support-and-rights/health-rights/feedback-and-complaints/"
        "nhs-scotland-complaints",
        "text": say(
            "It helps you to complain, free of charge, and is no part of the NHS. The feedback and "
            "complaints team of your health board takes complaints about all its services. If the answer "
            "does not settle it, the Scottish Public Services Ombudsman can look at it."
        ),
    },
    NORTHERN_IRELAND: {
        "name": say("Patient and Client Council"),
        "phone": None,
        "url": "https://www.nidirect.gov.uk/articles/how-complain-or-raise-concerns-about-health-services",
        "text": say(
            "It helps you to complain, free of charge, and speaks for patients. The complaints manager of "
            "the health and social care trust takes complaints about all its services. If the answer does "
            "not settle it, the Northern Ireland Public Services Ombudsman can look at it."
        ),
    },
    None: {
        "name": None,
        "phone": None,
        "url": None,
        "text": say(
            "Ask who deals with complaints. They should look into what went wrong, and answer you in writing."
        ),
    },
}


def describe(service: Service) -> dict[str, Any]:
    """Where a complaint about a service goes, as the API says it: `own` where it was named here."""
    contact = contact_of(service)
    if contact is None:
        return {**_ADVICE[nation_of(service)], "email": None, "own": False}
    return {**{field: getattr(contact, field) for field in LONGEST}, "own": True}


def contact_of(service: Service) -> ComplaintsContact | None:
    """The contact that was named for a service, else for what it belongs to, else for who runs it."""
    above: Service | None = service
    met: set[int] = set()
    while above is not None and above.id not in met:
        met.add(above.id)
        if contact := ComplaintsContact.get_or_none(ComplaintsContact.service == above.id):
            return contact
        above = above.parent
    found: ComplaintsContact | None = ComplaintsContact.get_or_none(
        ComplaintsContact.organisation == service.organisation_id
    )
    return found


def about(code: str) -> Service | Organisation:
    """The service of a code, else the organisation. Raises UnknownService."""
    organisation: Organisation | None = Organisation.get_or_none(Organisation.code == tidy_code(code))
    if organisation is None or catalogue.by_codes([code]):
        return catalogue.get(code)
    return organisation


def in_lines(place: Service | Organisation) -> list[str]:
    """What patients are told of a service's contact, or what an organisation named, line by line."""
    if isinstance(place, Service):
        told = describe(place)
        whose = "named here" if told["own"] else f"advice for {nation_of(place) or 'anywhere'}"
    else:
        named = named_for(place)
        told = {field: getattr(named, field, None) for field in LONGEST}
        whose = "named here" if named else "nobody is named: each service shows its nation's advice"
    return [f"{place.code}\t{place.name} ({whose})", *(f"{k}\t{told[k]}" for k in LONGEST if told[k])]


def named_for(place: Service | Organisation) -> ComplaintsContact | None:
    """The contact that was named for just this service or organisation."""
    found: ComplaintsContact | None = ComplaintsContact.get_or_none(**_key(place))
    return found


def keep(place: Service | Organisation, **given: str) -> ComplaintsContact:
    """Name the contact for complaints about a service, or about every service of an organisation.

    It takes the place of the one before. `given`: name, and one or more of email, phone, url; text says more.
    Raises InvalidInput by field.
    """
    facts = {field: one_line(given.get(field) or "") or None for field in LONGEST}
    _check(facts)
    with db.transaction():
        forget(place)
        return ComplaintsContact.create(**_key(place), **facts, updated_at=clock.now())


def forget(place: Service | Organisation) -> bool:
    """Drop the contact that was named for just this service or organisation; whether there was one."""
    ((field, value),) = _key(place).items()
    gone = ComplaintsContact.delete().where(getattr(ComplaintsContact, field) == value)
    return bool(gone.execute())


def _key(place: Service | Organisation) -> dict[str, Service | Organisation]:
    return {"service" if isinstance(place, Service) else "organisation": place}


def _check(facts: dict[str, str | None]) -> None:
    errors: dict[str, list[str]] = {}
    for field, longest in LONGEST.items():
        if len(facts[field] or "") > longest:
            errors[field] = [f"Use up to {longest} characters."]
    if not facts["name"]:
        errors["name"] = ["Say who deals with complaints: a name, a team, or a role."]
    if facts["email"] and not is_email(facts["email"]):
        errors["email"] = ["Write the address like complaints@hospital.example."]
    if facts["phone"] and not _PHONE.fullmatch(facts["phone"]):
        errors["phone"] = ["Write the number in digits, such as 01273 696955."]
    if facts["url"] and not _is_web_address(facts["url"]):
        errors["url"] = ["Write the whole address of the page, from https://"]
    if not (facts["email"] or facts["phone"] or facts["url"]):
        errors["email"] = ["Give an email address, a telephone number or a web address."]
    if errors:
        raise InvalidInput("The contact was not kept.", errors=errors)


def is_email(text: str) -> bool:
    """Whether a text has the shape of an email address; whether letters arrive, only a letter tells."""
    return bool(_EMAIL.fullmatch(text))


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
