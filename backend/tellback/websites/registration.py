"""Letting a website send stories: at the command line, and by its webmaster."""

import re
import secrets
from collections.abc import Iterable
from typing import Any

from peewee import JOIN, fn

from tellback import clock, db
from tellback.accounts import roles
from tellback.accounts.models import Account
from tellback.accounts.roles import Action
from tellback.audit import acts
from tellback.errors import InvalidInput, NotFound
from tellback.organisations.models import Organisation
from tellback.organisations.naming import one_line, slug, tidy_code
from tellback.websites import origins
from tellback.websites.models import Website, WebsiteOrigin

LONGEST_NAME = 200
# A trust with its hospitals, its intranet and their rehearsals; more is a list of somebody else's.
MOST_ORIGINS = 30
# Letters and digits that are not mistaken for one another when a key is read out.
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_KEY_TAIL = 6
_LONGEST_KEY = 40


def add(name: str, given_origins: Iterable[str], organisation: Organisation | None = None) -> Website:
    """Let pages of these origins send stories; a website of this name that stands already gets what is new.

    For the operator, who may add to anybody's; `organisation`, when given, keeps it from now on.
    Raises InvalidInput naming each origin that is none; then nothing is added.
    """
    name, allowed = _checked(name, given_origins, "origin")
    with db.transaction():
        website = Website.select().where(fn.LOWER(Website.name) == name.lower()).order_by(Website.id).first()
        website = website or _create(name, organisation)
        if organisation and website.organisation != organisation:
            website.organisation = organisation
            website.save(only=[Website.organisation])
        _allow(website, allowed)
        acts.record(acts.Act.WEBSITE_ADDED, acts.SYSTEM, "website", website.site_key, origins=allowed)
    return website


def register(name: str, given_origins: str, organisation: Organisation | None, *, by: Account) -> Website:
    """Add a website of an organisation, with the origins in this text, one on each line.

    Without an organisation it is the installation's, for administrators. Raises InvalidInput by field,
    NotAllowed for somebody else's organisation.
    """
    roles.require(by, Action.KEEP_WEBSITES, organisation)
    name, allowed = _checked(name, _lines(given_origins), "origins")
    if _of_this_name(name, organisation).exists():
        raise InvalidInput(
            errors={"name": ["You have a website of this name. Change it, or choose another name."]}
        )
    with db.transaction():
        website = _create(name, organisation)
        _allow(website, allowed)
        actor = acts.staff(by.id)
        acts.record(acts.Act.WEBSITE_ADDED, actor, "website", website.site_key, origins=allowed)
    return website


def change(website: Website, name: str, given_origins: str, *, by: Account) -> None:
    """Give a website this name, and these origins in place of those it had.

    Raises InvalidInput by field, NotAllowed for somebody else's website.
    """
    roles.require(by, Action.KEEP_WEBSITES, website.organisation)
    name, allowed = _checked(name, _lines(given_origins), "origins")
    if _of_this_name(name, website.organisation).where(Website.id != website.id).exists():
        raise InvalidInput(errors={"name": ["Another website of yours has this name. Choose another."]})
    with db.transaction():
        before = origins_of(website)
        gone = [origin for origin in before if origin not in allowed]
        new = [origin for origin in allowed if origin not in before]
        if name == website.name and not gone and not new:
            return
        facts = {"name": name} if name != website.name else {}
        website.name = name
        website.save(only=[Website.name])
        WebsiteOrigin.delete().where(
            WebsiteOrigin.website == website, WebsiteOrigin.origin.in_(gone)
        ).execute()
        _allow(website, new)
        acts.record(
            acts.Act.WEBSITE_CHANGED, acts.staff(by.id), "website", website.site_key,
            added=new, removed=gone, **facts,
        )  # fmt: skip


def every() -> list[tuple[Website, list[str]]]:
    """All websites by name, each with its origins."""
    return _with_origins(Website.select())


def kept_by(account: Account) -> list[tuple[Website, list[str]]]:
    """The websites that someone keeps, by name, each with its origins: an administrator keeps all."""
    return _with_origins(_own(account))


def get(account: Account, site_key: str) -> Website:
    """One of the websites that someone keeps. Raises NotFound for any other, as if it were not there."""
    website = _own(account).where(Website.site_key == site_key).first()
    if website is None:
        raise NotFound("You keep no website of this key. Look for it in the list of your websites.")
    return website


def organisation_of(code: str) -> Organisation:
    """The organisation of a code. Raises InvalidInput where there is none."""
    found: Organisation | None = Organisation.get_or_none(Organisation.code == tidy_code(one_line(code)))
    if found is None:
        raise InvalidInput(errors={"organisation": [f"No organisation here has the code {code!r}."]})
    return found


def origins_of(website: Website) -> list[str]:
    """The origins that a website's pages may send from, in order."""
    return sorted(row.origin for row in website.origins)


def shares_an_origin(website: Website) -> bool:
    """Whether pages of another website have an origin of this one: then the tag must say which it is."""
    other = WebsiteOrigin.alias()
    return bool(
        WebsiteOrigin.select()
        .join(other, on=(WebsiteOrigin.origin == other.origin))
        .where((WebsiteOrigin.website == website) & (other.website != website))
        .exists()
    )


def _own(account: Account) -> Any:
    query = Website.select(Website, Organisation).join(Organisation, JOIN.LEFT_OUTER)
    if roles.may(account, Action.KEEP_WEBSITES):
        return query
    return query.where(Website.organisation.in_(list(roles.organisations(account, Action.KEEP_WEBSITES))))


def _with_origins(websites: Any) -> list[tuple[Website, list[str]]]:
    rows = WebsiteOrigin.select().order_by(WebsiteOrigin.origin)
    ordered = websites.order_by(Website.name, Website.id)
    return [(website, [row.origin for row in website.origins]) for website in ordered.prefetch(rows)]


def _of_this_name(name: str, organisation: Organisation | None) -> Any:
    theirs = Website.organisation == organisation if organisation else Website.organisation.is_null()
    return Website.select().where((fn.LOWER(Website.name) == name.lower()) & theirs)


def _create(name: str, organisation: Organisation | None) -> Website:
    return Website.create(
        name=name, site_key=_free_key(name), organisation=organisation, created_at=clock.now()
    )


def _allow(website: Website, allowed: list[str]) -> None:
    rows = [{"website": website, "origin": origin} for origin in allowed]
    if rows:
        WebsiteOrigin.insert_many(rows).on_conflict_ignore().execute()


def _checked(name: str, given_origins: Iterable[str], field: str) -> tuple[str, list[str]]:
    """A website's name and origins. Raises InvalidInput that says at once all that is wrong, by field."""
    errors: dict[str, list[str]] = {}
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        errors["name"] = [f"Give a name of up to {LONGEST_NAME} characters."]
    allowed, wrong = [], []
    for text in given_origins:
        try:
            allowed.append(origins.normalise(text))
        except ValueError as error:
            wrong.append(str(error))
    allowed = list(dict.fromkeys(allowed))
    if not allowed and not wrong:
        wrong = ["Give at least one origin, such as https://www.hospital.example"]
    if len(allowed) > MOST_ORIGINS:
        wrong.append(f"A website may have up to {MOST_ORIGINS} origins.")
    if wrong:
        errors[field] = wrong
    if errors:
        raise InvalidInput("The website was not added.", errors=errors)
    return name, allowed


def _lines(text: str) -> list[str]:
    return re.split(r"[\s,]+", text.strip()) if text.strip() else []


def _free_key(name: str) -> str:
    """A key that tells websites apart; it is public, so it need not be guarded, only unique."""
    beginning = slug(name, _LONGEST_KEY - _KEY_TAIL - 1) or "website"
    while True:
        key = f"{beginning}-{''.join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_TAIL))}"
        if not Website.select().where(Website.site_key == key).exists():
            return key
