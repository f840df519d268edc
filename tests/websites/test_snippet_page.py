"""Where a webmaster tries the tag out, adds a website and sees whether it lives: all without JavaScript."""

import base64
import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tellback import __version__, clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.organisations.models import Organisation
from tellback.stories.models import Story
from tellback.websites.models import Sighting, Website, WebsiteOrigin
from tests.admin.conftest import HASHED, PASSWORD, Browser, Page
from tests.embedded import Staff
from tests.people import ORIGIN, Places, a_story, make_account

PUBLIC = "https://stories.example"
SignIn = Callable[[Account], Browser]
# What shows the same whatever the database is; the rest asks both.
one_engine = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def code(html: str, name: str) -> str:
    """What stands to be copied under a name."""
    found = re.search(rf'<code id="{name}"[^>]*>(.*?)</code>', html, re.DOTALL)
    assert found, name
    return unescape(found[1])


def said(html: str) -> str:
    return Page(html).text


def preview(html: str) -> str:
    """The address of the sample page in the frame."""
    found = re.search(r'<iframe class="tb-preview"[^>]* src="([^"]+)"', html)
    assert found
    return unescape(found[1])


@pytest.fixture
def will(places: Places) -> Account:
    """A webmaster of St Elsewhere, which has the website of the tests."""
    Website.update(organisation=places.hospital.organisation).execute()
    return make_account("Will", Role.WEBMASTER, places.hospital.organisation)


@pytest.fixture
def signed_in(client: FlaskClient) -> SignIn:
    """Sign someone in, in a browser of their own."""

    def sign_in(account: Account) -> Browser:
        Account.update(password=HASHED).where(Account.id == account.id).execute()
        browser = Browser(client.application.test_client())
        form = browser.open("/admin/sign-in").form("/admin/sign-in")
        browser.send(form, email=account.email, password=PASSWORD)
        return browser

    return sign_in


def test_anyone_tries_the_tag_out_and_nothing_is_kept(client: FlaskClient) -> None:
    chosen = "service=rxh01&show=form&show=summary&lang=cy&theme=dark&limit=10&heading-level=3&radius=0"
    response = client.get(f"/websites/try?{chosen}")
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    attributes = 'show="form summary" lang="cy" heading-level="3" theme="dark" limit="10"'
    assert f'<patient-stories service="RXH01" {attributes}>' in code(response.text, "tag")
    assert "--patient-stories-radius: 0;" in code(response.text, "style")
    assert code(response.text, "policy") == f"script-src {PUBLIC}; connect-src {PUBLIC}"
    assert code(response.text, "frame-policy") == f"frame-src {PUBLIC}"
    assert code(response.text, "iframe").startswith(
        '<iframe src="https://stories.example/embed?service=RXH01&amp;'
    )
    assert code(response.text, "link").startswith("<a href=")
    assert code(response.text, "oembed") == f"{PUBLIC}/services/RXH01?lang=cy"
    assert code(response.text, "div").count("data-") == 6
    assert 'data-service="RXH01"' in code(response.text, "script")
    for model in (Website, Sighting, Story):
        assert model.select().count() == (1 if model is Website else 0)


@one_engine
def test_what_was_chosen_stands_in_the_form_again(client: FlaskClient) -> None:
    query = (
        "service=RXH01&topic=multiple-sclerosis&show=changes&lang=pl&theme=light&accent=%231a5f7a&radius=3"
    )
    page = Page(client.get(f"/websites/try?{query}&limit=7&heading-level=4&sample=charity").text)
    form = page.form("/websites/try")
    assert form.method == "get"
    assert form.values == {
        "sample": "charity",
        "q": "",
        "service": "RXH01",
        "topic": "multiple-sclerosis",
        "show": "changes",
        "limit": "7",
        "theme": "light",
        "accent": "#1a5f7a",
        "radius": "3",
        "lang": "pl",
        "heading-level": "4",
    }


@one_engine
def test_the_pinned_tag_carries_the_hash_of_the_very_file(client: FlaskClient) -> None:
    tag = code(client.get("/websites/try?service=RXH01").text, "pinned")
    address = re.search(r'src="https://stories\.example([^"]+)"', tag)
    assert address
    digest = base64.b64encode(hashlib.sha384(client.get(address[1]).data).digest()).decode()
    assert f'integrity="sha384-{digest}"' in tag


@one_engine
def test_the_iframe_and_the_oembed_address_lead_to_what_they_say(client: FlaskClient) -> None:
    page = client.get("/websites/try?service=RXH01").text
    frame = re.search(r'src="https://stories\.example([^"]+)"', code(page, "iframe"))
    assert frame
    assert client.get(unescape(frame[1])).status_code == 200
    oembed = client.get(code(page, "oembed-address").removeprefix(PUBLIC))
    assert oembed.get_json()["type"] == "rich"


def test_a_place_is_found_by_its_name_and_chosen(client: FlaskClient) -> None:
    page = Page(client.get("/websites/try?q=elsewhere").text)
    assert "St Elsewhere Hospital · Elsewhere · EL1 2SE" in page.text
    assert "Ward 5 · St Elsewhere Hospital" in page.text
    assert page.form("/websites/try").values["q"] == "elsewhere"
    chosen = client.get("/websites/try?q=elm&service=RXH01-ward-5").text
    assert Page(chosen).form("/websites/try").values["service"] == "RXH01-ward-5"
    assert "Elm Surgery" in said(chosen)
    assert 'service="RXH01-ward-5"' in code(chosen, "tag")
    assert "Shown: Ward 5." in said(chosen)


@one_engine
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("service=NOPE9", "No service here has the code NOPE9"),
        ("service=%00%22%3E", "No service here has that code"),
        ("topic=nope", "We know no topic by that name"),
        ("topic=%00%22%3E", "We know no topic by that name"),
        ("q=nowhere", "We found no place for “nowhere”"),
        ("q=" + "x+" * 30, "Use fewer words"),
        ("limit=0", "Give a whole number from 1 to 50"),
        ("accent=%23ffc845", "Links in this colour would be hard to read"),
        ("accent=red%3B%7D", "Write the colour as six digits"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_the_rest_is_shown(
    client: FlaskClient, query: str, words: str
) -> None:
    response = client.get(f"/websites/try?{query}&show=form")
    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert words in said(response.text)
    assert 'show="form"' in code(response.text, "tag")
    assert client.get(preview(response.text)).status_code == 200


def test_until_a_place_is_chosen_one_that_has_stories_stands_in(client: FlaskClient, places: Places) -> None:
    page = client.get("/websites/try").text
    assert "Find your place, and its box shows here." in said(page)
    assert "<patient-stories" not in client.get(preview(page)).text
    Staff().publish(service="G81001", title="Seen at once")
    page = client.get("/websites/try").text
    assert "Shown: Elm Surgery, as an example." in said(page)
    assert '<patient-stories service="G81001">' in client.get(preview(page)).text
    # To copy there is no example: nobody shall paste another's stories.
    assert 'service="YOUR-SERVICE-CODE"' in code(page, "tag")


@one_engine
@pytest.mark.parametrize("kind", ["hospital", "practice", "charity"])
def test_each_sample_page_carries_the_tag_as_chosen(client: FlaskClient, kind: str) -> None:
    query = f"topic=multiple-sclerosis&show=stories&theme=light&accent=%23147&radius=12&sample={kind}"
    address = preview(client.get(f"/websites/try?{query}").text)
    assert urlsplit(address).path == f"/websites/sample/{kind}"
    response = client.get(address)
    assert (
        '<patient-stories topic="multiple-sclerosis" show="stories" theme="light"></patient-stories>'
        in response.text
    )
    style = re.search(r"<style>(.*?)</style>", response.text, re.DOTALL)
    assert style
    assert "--patient-stories-accent: #114477;" in style[1]
    assert "--patient-stories-radius: 12px;" in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = response.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}';" in policy
    assert "frame-ancestors 'self'" in policy
    assert "frame-src 'self'" in client.get("/websites/try").headers["Content-Security-Policy"]


@one_engine
def test_there_is_no_fourth_sample_page(client: FlaskClient) -> None:
    assert client.get("/websites/sample/prison").status_code == 404
    assert client.get("/websites/sample/..%2fbase").status_code == 404


def test_nothing_that_is_written_in_a_sample_page_is_kept(client: FlaskClient, places: Places) -> None:
    story = Staff().publish()
    headers = {"Origin": PUBLIC, "Referer": f"{PUBLIC}/websites/sample/hospital?service=RXH01"}
    assert client.get("/websites/sample/hospital").headers["Referrer-Policy"] == "same-origin"
    told = client.post("/api/v1/stories", data=a_story(), headers=headers)
    assert told.status_code == 403
    assert "nothing was sent" in told.get_json()["detail"]
    flag = client.post(
        f"/api/v1/stories/{story.public_id}/flags", data={"reason": "not_true"}, headers=headers
    )
    assert flag.status_code == 403
    assert client.post(f"/api/v1/stories/{story.public_id}/me-too", headers=headers).status_code == 403
    assert Story.select().count() == 1
    assert Sighting.select().count() == 0
    # The same from a page of ours that is none.
    headers["Referer"] = f"{PUBLIC}/services/RXH01"
    assert client.post("/api/v1/stories", data=a_story(), headers=headers).status_code == 201


@one_engine
def test_the_letter_to_a_supplier_opens_written(client: FlaskClient) -> None:
    page = client.get("/websites/try?service=RXH01").text
    (link,) = [link for link in Page(page).links if link.startswith("mailto:")]
    parts = parse_qs(urlsplit(link).query)
    assert parts["subject"] == ["Patients’ stories on our website: St Elsewhere Hospital"]
    body = parts["body"][0].replace("\r\n", "\n")
    assert body == code(page, "letter")
    for name in ("tag", "style", "policy"):
        assert code(page, name) in body


@one_engine
def test_trying_is_limited_as_finding_is(client: FlaskClient) -> None:
    sample, found = client.get("/websites/sample/hospital"), client.get("/api/v1/services")
    assert '"finding";' in sample.headers["RateLimit-Policy"]
    assert sample.headers["RateLimit-Policy"] == found.headers["RateLimit-Policy"]


@one_engine
@pytest.mark.parametrize(
    ("short", "leads"),
    [
        ("/websites/new", "/admin/websites/new"),
        ("/websites/new?service=RXH01&show=form", "/admin/websites/new?service=RXH01&show=form"),
        ("/websites/st-elsewhere-test", "/admin/websites/st-elsewhere-test"),
    ],
)
def test_the_short_addresses_lead_to_where_one_signs_in(client: FlaskClient, short: str, leads: str) -> None:
    response = client.get(short)
    assert (response.status_code, response.location) == (302, leads)
    assert "Set-Cookie" not in response.headers
    assert client.get(leads).location.startswith("/admin/sign-in?next=/admin/websites/")


def test_a_webmaster_adds_a_website_with_what_was_chosen_before(signed_in: SignIn, will: Account) -> None:
    browser = signed_in(will)
    page = browser.open("/websites/new?service=RXH01&show=form")
    form = page.form("/admin/websites/new?service=RXH01&show=form")
    wrong = browser.send(
        form, 422, name="Main website", origins="https://www.a.example/wards\nhttp://b.example"
    )
    assert "Give the origin alone, without path or query: https://www.a.example" in wrong.text
    assert "Stories are told over https only. Give https://b.example" in wrong.text
    again = wrong.form("/admin/websites/new?service=RXH01&show=form")
    assert again.values["name"] == "Main website"
    assert again.values["origins"].strip() == "https://www.a.example/wards\nhttp://b.example"
    added = browser.send(again, origins="https://www.a.example\nhttps://test.a.example")
    website = Website.get(Website.name == "Main website")
    assert website.organisation == Organisation.get(Organisation.code == "RXH")
    assert "Its pages may send stories from now on." in added.text
    assert '<patient-stories service="RXH01" show="form">' in code(added.html, "tag")
    assert "Nothing seen yet" in added.text
    told = browser.client.post("/api/v1/stories", data=a_story(), headers={"Origin": "https://www.a.example"})
    assert told.status_code == 201
    assert Story.get().website == website


def test_a_webmaster_of_two_organisations_says_whose_it_is(
    signed_in: SignIn, will: Account, places: Places
) -> None:
    will.memberships.model.create(
        account=will, role=Role.WEBMASTER.value, organisation=places.surgery.organisation
    )
    browser = signed_in(will)
    form = browser.open("/admin/websites/new").form("/admin/websites/new")
    unsaid = browser.send(form, 422, name="Elm", origins="https://elm.example")
    assert "Choose whose it is." in unsaid.text
    assert unsaid.form("/admin/websites/new").values["name"] == "Elm"
    browser.send(unsaid.form("/admin/websites/new"), organisation="G81001")
    assert Website.get(Website.name == "Elm").organisation == places.surgery.organisation


def test_an_administrator_adds_websites_for_anybody(signed_in: SignIn, places: Places) -> None:
    browser = signed_in(make_account("Ada", Role.ADMINISTRATOR))
    form = browser.open("/admin/websites/new").form("/admin/websites/new")
    browser.send(form, 422, name="Elm", origins="https://elm.example", organisation="NOPE9")
    browser.send(form, name="Elm", origins="https://elm.example", organisation="g81001")
    browser.send(form, name="Ours", origins="https://ours.example")
    assert {
        website.name: website.organisation and website.organisation.code for website in Website.select()
    } == {
        "St Elsewhere": None,
        "Elm": "G81001",
        "Ours": None,
    }
    page = browser.open("/admin/websites").text
    assert all(name in page for name in ("St Elsewhere", "Elm", "Ours"))


def test_a_webmaster_changes_name_and_origins_and_reads_who_did(signed_in: SignIn, will: Account) -> None:
    browser = signed_in(will)
    form = browser.open("/admin/websites/st-elsewhere-test").form("#origins")
    assert form.values["origins"].strip() == ORIGIN
    wrong = browser.send(form, 422, name="", origins=f"{ORIGIN}\nhttps://*.example")
    assert "Give a name of up to 200 characters." in wrong.text
    assert wrong.form("#origins").values["origins"].strip() == f"{ORIGIN}\nhttps://*.example"
    page = browser.send(wrong.form("#origins"), name="Main", origins="https://new.example")
    assert [row.origin for row in WebsiteOrigin.select()] == ["https://new.example"]
    assert (
        f"Will changed it, now allowed: https://new.example; no longer allowed: {ORIGIN}; now called Main"
        in page.text
    )


@one_engine
def test_a_hostile_name_is_shown_as_text(signed_in: SignIn, will: Account) -> None:
    browser = signed_in(will)
    form = browser.open("/admin/websites/new").form("/admin/websites/new")
    page = browser.send(form, name="<script>alert(1)</script>", origins="https://a.example")
    assert "<script>alert" not in page.html
    assert "<script>alert" not in browser.open("/admin/websites").html


def test_its_page_begins_with_the_services_of_its_organisation(signed_in: SignIn, will: Account) -> None:
    page = signed_in(will).open("/admin/websites/st-elsewhere-test")
    assert "St Elsewhere Hospital · Elsewhere" in page.text
    assert "Elm Surgery" not in page.text
    assert 'service="YOUR-SERVICE-CODE"' in code(page.html, "tag")


def test_its_page_says_that_it_is_alive_where_and_with_which_file(
    signed_in: SignIn, will: Account, client: FlaskClient
) -> None:
    browser = signed_in(will)
    assert "Nothing seen yet" in browser.open("/admin/websites/st-elsewhere-test").text
    client.get("/v1/stories.js", headers={"Referer": f"{ORIGIN}/"})
    client.get("/api/v1/stories?service=RXH01", headers={"Origin": ORIGIN})
    told = a_story(website_path="/wards/5")
    client.post("/api/v1/stories", data=told, headers={"Origin": ORIGIN})
    clock.pin(clock.now() + timedelta(minutes=3))
    page = browser.open("/admin/websites/st-elsewhere-test")
    assert f"{ORIGIN} Alive Stories were read here 3 minutes ago." in page.text
    assert "File loaded 3 minutes ago, evergreen" in page.text
    assert "About St Elsewhere Hospital" in page.text
    assert "The last story was told 3 minutes ago on /wards/5." in page.text
    # And what its pages read is what its tag says, until something else is chosen.
    assert '<patient-stories service="RXH01">' in code(page.html, "tag")
    assert "Alive last seen 3 minutes ago" in browser.open("/admin/websites").text


def test_its_page_says_what_fails_and_what_to_do(
    signed_in: SignIn, will: Account, client: FlaskClient
) -> None:
    browser = signed_in(will)
    client.get("/v1/stories.js", headers={"Referer": f"{ORIGIN}/"})
    assert "has not asked for stories yet" in browser.open("/admin/websites/st-elsewhere-test").text
    clock.pin(clock.now() + timedelta(minutes=12))
    page = browser.open("/admin/websites/st-elsewhere-test")
    assert "Not working The file arrived 12 minutes ago but never asked for stories" in page.text
    assert f"most likely connect-src of the page’s policy. It must name {PUBLIC}." in page.text
    client.get("/0.0.9/stories.js", headers={"Origin": ORIGIN})
    page = browser.open("/admin/websites/st-elsewhere-test")
    assert "Pages ask for version 0.0.9 of the file, which this service has no longer" in page.text
    assert "Not working" in browser.open("/admin/websites").text


@one_engine
def test_a_page_that_holds_on_to_an_older_file_is_told_by_its_version(
    signed_in: SignIn, will: Account, client: FlaskClient
) -> None:
    Sighting.create(origin=ORIGIN, kind="file", version="0.0.9", first_at=clock.now(), last_at=clock.now())
    client.get("/api/v1/stories?service=RXH01", headers={"Origin": ORIGIN})
    page = signed_in(will).open("/admin/websites/st-elsewhere-test")
    assert f"version 0.0.9, pinned (ours is {__version__})" in page.text


def test_another_name_of_the_website_is_allowed_from_its_page(
    signed_in: SignIn, will: Account, client: FlaskClient
) -> None:
    other = "https://staging.st-elsewhere.example"
    client.get("/api/v1/stories?service=RXH01", headers={"Origin": other})
    client.post("/api/v1/stories", data=a_story(), headers={"Origin": other})
    browser = signed_in(will)
    page = browser.open("/admin/websites/st-elsewhere-test")
    assert f"{other} Not allowed A story was refused under a minute ago: origin not allowed." in page.text
    (link,) = [link for link in page.links if "allow=" in link]
    proposed = browser.open(link).form("#origins")
    assert proposed.values["origins"].strip() == f"{ORIGIN}\n{other}"
    assert WebsiteOrigin.select().count() == 1
    assert f"{other} Alive" in browser.send(proposed).text
    assert client.post("/api/v1/stories", data=a_story(), headers={"Origin": other}).status_code == 201


@one_engine
def test_an_origin_without_tls_is_told_what_it_lacks(
    signed_in: SignIn, will: Account, client: FlaskClient
) -> None:
    client.get("/api/v1/stories?service=RXH01", headers={"Origin": "http://www.st-elsewhere.example"})
    page = signed_in(will).open("/admin/websites/st-elsewhere-test")
    assert "it must be reached over https first" in page.text
    assert not [link for link in page.links if "allow=" in link]
    assert "nonsense" not in signed_in(will).open("/admin/websites/st-elsewhere-test?allow=nonsense").text


@one_engine
def test_signing_in_leads_a_webmaster_to_their_websites(signed_in: SignIn, will: Account) -> None:
    browser = signed_in(will)
    page = browser.open("/admin/")
    assert browser.answer.request.path == "/admin/websites"
    assert "/admin/websites/st-elsewhere-test" in page.links
