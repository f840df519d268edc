"""The invented places and people of the demo, and the websites that carry the tag. None of them exists."""

from dataclasses import dataclass
from pathlib import Path

from tellback.accounts.roles import Role

PAGES = Path(__file__).parent / "pages"
OPERATOR = "The Tellback Trust"


@dataclass(frozen=True)
class Place:
    """A service as `tellback services add` takes it; `code` is the one it gets there."""

    code: str
    name: str
    kind: str
    organisation: str
    parent: str | None = None
    town: str = "Elsewhere"


HOSPITAL = "local-st-elsewhere-hospital"
PLACES = (
    Place(HOSPITAL, "St Elsewhere Hospital", "hospital", "St Elsewhere Hospitals"),
    Place(f"{HOSPITAL}-ward-5", "Ward 5", "ward", "St Elsewhere Hospitals", HOSPITAL),
    Place(
        f"{HOSPITAL}-emergency-department",
        "Emergency Department",
        "ward",
        "St Elsewhere Hospitals",
        HOSPITAL,
    ),
    Place(
        f"{HOSPITAL}-neurology-outpatients",
        "Neurology Outpatients",
        "ward",
        "St Elsewhere Hospitals",
        HOSPITAL,
    ),
    Place("local-willow-road-surgery", "Willow Road Surgery", "gp_practice", "Willow Road Surgery"),
    Place("local-larkrise-helpline", "Larkrise Helpline", "charity_service", "Larkrise"),
    Place(
        "local-saltmarsh-community-nurses",
        "Saltmarsh Community Nurses",
        "other",
        "Saltmarsh Community Nurses",
    ),
)

TOPICS = ("Multiple sclerosis", "Dementia", "Mental health")


@dataclass(frozen=True)
class Person:
    """Someone who signs in; `organisation` is a code, none for a moderator."""

    name: str
    role: Role
    at: str
    organisation: str | None = None

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name.lower().replace(' ', '.')}@example.org"


MODERATOR = Person("Nadia Rahman", Role.MODERATOR, "of this installation")
RESPONDERS = (
    Person("Moira Bell", Role.RESPONDER, "of St Elsewhere", "local-st-elsewhere-hospitals"),
    Person("Grace Adeyemi", Role.RESPONDER, "of St Elsewhere", "local-st-elsewhere-hospitals"),
    Person("Gwen Pritchard", Role.RESPONDER, "of Willow Road", "local-willow-road-surgery"),
    Person("Jamal Whitcombe", Role.RESPONDER, "of Larkrise", "local-larkrise"),
    Person("Tom Arkwright", Role.RESPONDER, "of Saltmarsh", "local-saltmarsh-community-nurses"),
)
WEBMASTER = Person("Will Okafor", Role.WEBMASTER, "of St Elsewhere", "local-st-elsewhere-hospitals")
STAFF = (MODERATOR, *RESPONDERS, WEBMASTER)


@dataclass(frozen=True)
class Site:
    """A website of an origin of its own: a folder of `pages`, perhaps under a `strict` policy.

    `organisation` (a code) is whose webmasters keep it, where somebody of theirs signs in.
    """

    folder: str
    name: str
    is_a: str
    strict: bool = False
    organisation: str | None = None


GUIDE = Site("guide", "The guide", "begin here")
# In the order of their ports.
SITES = (
    Site("st-elsewhere", "St Elsewhere Hospital", "a hospital", organisation=WEBMASTER.organisation),
    Site("willow-road", "Willow Road Surgery", "a GP practice"),
    Site("larkrise", "Larkrise", "a charity, by topic"),
    Site("saltmarsh", "Saltmarsh Community Nurses", "under a strict policy", strict=True),
    GUIDE,
)
