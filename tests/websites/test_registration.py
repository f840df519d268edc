"""Letting a website send stories: at the command line, and by a webmaster of its organisation."""

import re

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.errors import InvalidInput, NotAllowed, NotFound
from tellback.organisations.models import Organisation
from tellback.websites import registration
from tellback.websites.models import Website, WebsiteOrigin
from tellback.websites.registration import add, every
from tests.people import make_account, make_places

pytestmark = pytest.mark.usefixtures("database")


def origins_of(website: Website) -> list[str]:
    return sorted(row.origin for row in website.origins)


def test_a_website_gets_a_key_that_names_it() -> None:
    website = add("St Elsewhere", ["https://www.st-elsewhere.example", "https://WWW.st-elsewhere.example/"])
    assert re.fullmatch("st-elsewhere-[2-9a-z]{6}", website.site_key)
    assert origins_of(website) == ["https://www.st-elsewhere.example"]


def test_a_website_of_a_long_or_foreign_name_gets_a_key_too() -> None:
    assert len(add("St Elsewhere " * 10, ["https://a.example"]).site_key) <= 40
    assert re.fullmatch("website-[2-9a-z]{6}", add("مستشفى", ["https://b.example"]).site_key)


def test_a_known_name_gets_the_new_origin_and_keeps_its_key() -> None:
    first = add("St Elsewhere", ["https://www.st-elsewhere.example"])
    again = add(
        " st  elsewhere ", ["https://www.st-elsewhere.example", "https://intranet.st-elsewhere.example"]
    )
    assert (again.id, again.site_key) == (first.id, first.site_key)
    assert origins_of(again) == ["https://intranet.st-elsewhere.example", "https://www.st-elsewhere.example"]


def test_allowing_a_website_is_recorded() -> None:
    website = add("St Elsewhere", ["https://www.st-elsewhere.example"])
    (event,) = time_line("website", website.site_key)
    assert (event.act, event.actor_kind) == ("website:origin:added", "system")
    assert event.detail == {"origins": ["https://www.st-elsewhere.example"]}


def test_every_website_is_listed_with_its_origins() -> None:
    add("St Elsewhere", ["https://b.example", "https://a.example"])
    add("Elm Surgery", ["https://elm.example"])
    assert [(website.name, origins) for website, origins in every()] == [
        ("Elm Surgery", ["https://elm.example"]),
        ("St Elsewhere", ["https://a.example", "https://b.example"]),
    ]


@pytest.mark.parametrize(
    ("name", "origins", "field"),
    [
        ("St Elsewhere", [], "origin"),
        ("St Elsewhere", ["https://good.example", "nonsense", "http://plain.example"], "origin"),
        (" \x00 ", ["https://good.example"], "name"),
        ("x" * 201, ["https://good.example"], "name"),
    ],
)
def test_a_wrong_name_or_origin_adds_nothing(name: str, origins: list[str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        add(name, origins)
    assert list(refused.value.errors or {}) == [field]
    assert Website.select().count() == WebsiteOrigin.select().count() == 0


def test_every_wrong_origin_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        add("St Elsewhere", ["https://good.example", "nonsense", "http://plain.example"])
    assert len((refused.value.errors or {})["origin"]) == 2


@pytest.fixture
def trust(database: str) -> Organisation:
    """St Elsewhere, which has a website of the command line's."""
    return make_places().hospital.organisation


@pytest.fixture
def will(trust: Organisation) -> Account:
    """A webmaster of St Elsewhere."""
    return make_account("Will", Role.WEBMASTER, trust)


@pytest.fixture
def ada(trust: Organisation) -> Account:
    """An administrator of the installation."""
    return make_account("Ada", Role.ADMINISTRATOR)


def names_kept_by(account: Account) -> list[str]:
    return [website.name for website, _ in registration.kept_by(account)]


def test_a_webmaster_adds_a_website_of_their_organisation(will: Account, trust: Organisation) -> None:
    text = " https://www.a.example/\n\nhttps://test.a.example, https://WWW.A.example "
    website = registration.register("Main  website", text, trust, by=will)
    assert (website.name, website.organisation) == ("Main website", trust)
    assert registration.origins_of(website) == ["https://test.a.example", "https://www.a.example"]
    assert registration.get(will, website.site_key) == website
    (event,) = time_line("website", website.site_key)
    assert (event.act, event.actor_kind, event.actor_id) == ("website:origin:added", "staff", str(will.id))


def test_a_webmaster_sees_and_changes_websites_of_their_organisation_alone(
    will: Account, ada: Account, trust: Organisation
) -> None:
    own = registration.register("Ours", "https://a.example", trust, by=will)
    other = Organisation.get(Organisation.code == "G81001")
    theirs = registration.register("Theirs", "https://b.example", other, by=ada)
    assert names_kept_by(will) == ["Ours"]
    assert names_kept_by(ada) == ["Ours", "St Elsewhere", "Theirs"]
    with pytest.raises(NotFound):
        registration.get(will, theirs.site_key)
    with pytest.raises(NotAllowed):
        registration.change(theirs, "Mine", "https://c.example", by=will)
    with pytest.raises(NotAllowed):
        registration.register("Mine", "https://c.example", other, by=will)
    with pytest.raises(NotAllowed):
        registration.register("Nobody's", "https://c.example", None, by=will)
    registration.change(own, "Ours", "https://d.example", by=ada)
    assert registration.origins_of(own) == ["https://d.example"]


def test_someone_without_the_role_keeps_no_website(trust: Organisation) -> None:
    ruth = make_account("Ruth", Role.RESPONDER, trust)
    assert names_kept_by(ruth) == []
    with pytest.raises(NotAllowed, match="Only a webmaster"):
        registration.register("Ours", "https://a.example", trust, by=ruth)


def test_what_changed_of_a_website_is_recorded(will: Account, trust: Organisation) -> None:
    website = registration.register("Ours", "https://a.example https://b.example", trust, by=will)
    registration.change(website, "Ours", "https://b.example", by=will)
    registration.change(website, "Main website", "https://b.example\nhttps://c.example", by=will)
    registration.change(website, "Main website", "https://c.example\nhttps://b.example", by=will)
    changes = [event.detail for event in time_line("website", website.site_key)][1:]
    assert changes == [
        {"added": [], "removed": ["https://a.example"]},
        {"added": ["https://c.example"], "removed": [], "name": "Main website"},
    ]


def test_all_that_is_wrong_with_a_website_is_said_at_once(will: Account, trust: Organisation) -> None:
    with pytest.raises(InvalidInput) as refused:
        registration.register(" ", "https://good.example/ward http://plain.example", trust, by=will)
    errors = refused.value.errors or {}
    assert errors["name"] == ["Give a name of up to 200 characters."]
    assert [sentence.split(":")[0] for sentence in errors["origins"]] == [
        "Give the origin alone, without path or query",
        "Stories are told over https only. Give https",
    ]
    assert names_kept_by(will) == []


def test_a_website_takes_no_more_origins_than_one_can_have(will: Account, trust: Organisation) -> None:
    many = " ".join(f"https://a{number}.example" for number in range(31))
    with pytest.raises(InvalidInput) as refused:
        registration.register("Ours", many, trust, by=will)
    assert refused.value.errors == {"origins": ["A website may have up to 30 origins."]}


def test_an_organisation_has_one_website_of_a_name(will: Account, ada: Account, trust: Organisation) -> None:
    website = registration.register("Ours", "https://a.example", trust, by=will)
    with pytest.raises(InvalidInput) as refused:
        registration.register("ours", "https://b.example", trust, by=will)
    assert list(refused.value.errors or {}) == ["name"]
    second = registration.register("Second", "https://b.example", trust, by=will)
    with pytest.raises(InvalidInput):
        registration.change(second, "OURS", "https://b.example", by=will)
    registration.change(website, "OURS", "https://a.example", by=will)
    other = Organisation.get(Organisation.code == "G81001")
    assert registration.register("Ours", "https://b.example", other, by=ada) != website


def test_the_command_line_gives_a_website_to_an_organisation(will: Account, trust: Organisation) -> None:
    assert names_kept_by(will) == []
    add("St Elsewhere", ["https://www.st-elsewhere.example"], trust)
    assert names_kept_by(will) == ["St Elsewhere"]
    add("St Elsewhere", ["https://intranet.st-elsewhere.example"])
    assert Website.get().organisation == trust


def test_a_website_outlives_its_organisation(will: Account, trust: Organisation) -> None:
    organisation = Organisation.create(code="X1", name="Gone soon", created_at=trust.created_at)
    website = add("Theirs", ["https://a.example"], organisation)
    organisation.delete_instance()
    assert Website.get_by_id(website.id).organisation is None
