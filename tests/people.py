"""The people and places of the tests, with what each may do.

- St Elsewhere (RXH01, trust RXH) is a hospital with Ward 5 (RXH01-ward-5); Elm Surgery (G81001) a practice.
- An author tells stories from https://www.st-elsewhere.example, which is allowed to send them.
- Moira moderates for the whole installation. Ruth responds for St Elsewhere, Gita for the Elm Surgery:
  neither may see or answer what is not about their own organisation.
"""

from dataclasses import dataclass
from typing import Any

from tellback import clock, db
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.moderation import decisions
from tellback.organisations.models import Organisation, Service
from tellback.stories import topics
from tellback.stories.models import Story, Topic
from tellback.stories.schemas import ToldStorySchema
from tellback.stories.submission import Receipt, submit
from tellback.websites.models import Website, WebsiteOrigin

ORIGIN = "https://www.st-elsewhere.example"


@dataclass
class Places:
    """Where care is given in the tests."""

    hospital: Service
    ward: Service
    surgery: Service
    topic: Topic
    website: Website


def make_places() -> Places:
    """St Elsewhere with a ward, the Elm Surgery, a condition, the themes, and the hospital's website."""
    # At once: the disk is asked to keep it one time, not ten.
    with db.transaction():
        topics.bring_themes()
        trust = _organisation("RXH", "St Elsewhere NHS Trust")
        practice = _organisation("G81001", "Elm Surgery")
        hospital = _service("RXH01", "St Elsewhere Hospital", "hospital", trust)
        ward = _service("RXH01-ward-5", "Ward 5", "ward", trust, parent=hospital)
        surgery = _service("G81001", "Elm Surgery", "gp_practice", practice)
        website = Website.create(name="St Elsewhere", site_key="st-elsewhere-test", created_at=clock.now())
        WebsiteOrigin.create(website=website, origin=ORIGIN)
        return Places(hospital, ward, surgery, topics.add("Multiple sclerosis"), website)


def make_account(name: str, role: Role, organisation: Organisation | None = None) -> Account:
    """Someone with one role. The password is no hash: sign in by `tests.accounts` where that matters."""
    account = Account.create(
        email=f"{name.lower()}@example.org",
        name=name,
        password="!",
        fs_uniquifier=name,
        created_at=clock.now(),
    )
    Membership.create(account=account, role=role.value, organisation=organisation)
    return account


def a_story(**changes: Any) -> dict[str, Any]:
    """A story as a client sends it: everything that must be there, and `changes`."""
    return {
        "service": "RXH01",
        "body": "The nurse sat with me until my daughter came. I was not afraid any more.",
        "author_role": "patient",
        "consent_publish": "true",
        **changes,
    }


def tell(**changes: Any) -> Receipt:
    """Tell a story by the rule, without HTTP."""
    told = ToldStorySchema().load(a_story(**changes))
    key = told.pop("idempotency_key")
    told.pop("site_key")
    return submit(told, key=key)


def tell_and_publish(by: Account, **changes: Any) -> Story:
    """Tell a story by the rule, and let `by` publish it, with no time to think better of it."""
    story = tell(**changes).story
    decisions.open_for_review(story, by)
    decisions.publish(story, story.revision, by)
    return story


def _organisation(code: str, name: str) -> Organisation:
    return Organisation.create(code=code, name=name, created_at=clock.now())


def _service(
    code: str, name: str, kind: str, organisation: Organisation, parent: Service | None = None
) -> Service:
    return Service.create(
        code=code,
        name=name,
        official_name=name.upper(),
        kind=kind,
        organisation=organisation,
        parent=parent,
        address="1 High Street",
        town="Elsewhere",
        postcode="EL1 2SE",
        search_words=f" {name.lower()} | {code.lower()} elsewhere ",
        created_at=clock.now(),
        updated_at=clock.now(),
    )
