"""Letting a website send stories, and the tag its webmaster pastes."""

import re

import pytest

from tellback.audit.acts import time_line
from tellback.errors import InvalidInput
from tellback.organisations import catalogue
from tellback.websites.models import Website, WebsiteOrigin
from tellback.websites.registration import add, every, snippet

PUBLIC = "https://stories.example"

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


def test_the_tag_is_the_documented_one() -> None:
    website = add("St Elsewhere", ["https://www.st-elsewhere.example"])
    hospital = catalogue.add("St Elsewhere", kind="hospital")
    given = snippet(website, PUBLIC, hospital)
    assert given.tag == (
        '<script src="https://stories.example/v1/stories.js" async></script>\n'
        '<patient-stories service="local-st-elsewhere"><a href="https://stories.example/services/local-st-elsewhere">'
        "Patients' stories of this hospital</a></patient-stories>"
    )
    assert given.policy == "script-src https://stories.example; connect-src https://stories.example"
    assert given.style.splitlines() == [
        "patient-stories { display: block; min-height: 22em; }",
        "@media (scripting: none) { patient-stories { min-height: 0; } }",
    ]


def test_a_charitys_tag_names_its_topic() -> None:
    tag = snippet(add("A Charity", ["https://charity.example"]), PUBLIC, topic="multiple-sclerosis").tag
    assert '<patient-stories topic="multiple-sclerosis">' in tag
    assert '<a href="https://stories.example/topics/multiple-sclerosis">Patients\' stories</a>' in tag


def test_without_service_or_topic_the_tag_says_where_the_code_goes() -> None:
    tag = snippet(add("St Elsewhere", ["https://www.st-elsewhere.example"]), PUBLIC).tag
    assert '<patient-stories service="YOUR-SERVICE-CODE">' in tag


def test_websites_that_share_an_origin_are_told_apart_by_the_key_in_their_tag() -> None:
    first = add("St Elsewhere", ["https://shared.example", "https://own.example"])
    assert "site-key" not in snippet(first, PUBLIC).tag
    second = add("Elm Surgery", ["https://shared.example"])
    for website in (first, second):
        assert f' site-key="{website.site_key}"' in snippet(website, PUBLIC).tag


def test_nothing_breaks_out_of_the_tag() -> None:
    website = add("St Elsewhere", ["https://www.st-elsewhere.example"])
    tag = snippet(website, PUBLIC, topic='"><script>alert(1)</script>').tag
    assert "<script>alert" not in tag
