"""A reader opens our pages in their language, changes it in place, and is never moved without asking."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.translations.languages import LANGUAGES
from tests.people import a_story, tell, tell_and_publish
from tests.translations.conftest import Write

OWN = {"Origin": "https://stories.example"}


class Page(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note every element."""
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str, **attributes: str) -> list[dict[str, str | None]]:
        """The attributes of these elements, of those that have these."""
        return [found for name, found in self.elements if name == tag and attributes.items() <= found.items()]

    def links(self) -> set[str]:
        """Every address of ours that a link or a form leads to, but those that change the language."""
        found = {a["href"] for a in self.all("a") if "hreflang" not in a and a.get("href", "")[:1] == "/"}
        found |= {form["action"] for form in self.all("form")}
        return {address for address in found if address}


def _publish(moira: Account, **words: str) -> str:
    story = tell_and_publish(moira, **words)
    return story.public_id


@pytest.mark.usefixtures("welsh")
def test_a_service_page_in_welsh(client: FlaskClient, moira: Account) -> None:
    _publish(moira, lang="en")
    text = client.get("/services/RXH01?lang=cy").text
    page = Page(text)
    assert page.all("html") == [{"lang": "cy", "dir": "ltr"}]
    assert "<title>Straeon cleifion: St Elsewhere Hospital" in text
    assert "23 Tachwedd 2026" in text
    assert page.all("h3", lang="en") or page.all("h2", lang="en"), "a story says which language it is in"
    assert "No story has been told" not in text


@pytest.mark.usefixtures("welsh")
def test_the_chosen_language_stays_on_every_link_and_form(client: FlaskClient, moira: Account) -> None:
    public_id = _publish(moira, topic="multiple-sclerosis")
    for path in (
        "/",
        "/services",
        "/services/RXH01",
        f"/stories/{public_id}",
        "/about",
        "/tell?service=RXH01",
    ):
        addresses = Page(client.get(f"{path}{'&' if '?' in path else '?'}lang=cy").text).links()
        assert len(addresses) > 4
        lost = {
            one
            for one in addresses
            if "lang=cy" not in one and not one.startswith(("/static", "#", "/openapi"))
        }
        assert lost == set(), path
        ours = re.findall(
            r'href="(https://stories\.example/(?!oembed)[^"]*)"', client.get(f"{path}?lang=cy").text
        )
        assert [one for one in ours if "lang=" not in one] == []


def test_without_a_choice_links_stay_as_they_are(client: FlaskClient) -> None:
    assert not any("lang=" in address for address in Page(client.get("/").text).links())


def test_the_switch_names_every_language_in_its_own_words_and_stays_in_place(client: FlaskClient) -> None:
    page = Page(client.get("/services?q=elm&lang=pl").text)
    offered = page.all("a", hreflang="cy")
    assert offered == [{"href": "/services?q=elm&lang=cy", "lang": "cy", "hreflang": "cy", "dir": "ltr"}]
    switch = [a for a in page.all("a") if a.get("hreflang") and a.get("lang") == a.get("hreflang")]
    assert {a["hreflang"] for a in switch} == set(LANGUAGES)
    assert [a["hreflang"] for a in switch if "aria-current" in a] == ["pl"]
    text = client.get("/").text
    assert all(language.name in text for language in LANGUAGES.values())


def test_search_engines_are_told_of_every_language(client: FlaskClient) -> None:
    page = Page(client.get("/about").text)
    told = {
        link["hreflang"]: link["href"] for link in page.all("link", rel="alternate") if "hreflang" in link
    }
    assert told["cy"] == "https://stories.example/about?lang=cy"
    assert set(told) == {*LANGUAGES, "x-default"}


@pytest.mark.parametrize(
    ("tag", "direction"), [("ur", "rtl"), ("ar", "rtl"), ("uk", "ltr"), ("zh-CN", "ltr")]
)
def test_a_page_says_its_language_and_direction(client: FlaskClient, tag: str, direction: str) -> None:
    (html,) = Page(client.get(f"/?lang={tag}").text).all("html")
    assert html == {"lang": "zh-Hans" if tag == "zh-CN" else tag, "dir": direction}


@pytest.mark.parametrize("path", ["/?lang=xx", "/?lang=", "/?lang=%00", "/?lang=<script>"])
def test_a_language_that_nobody_has_is_english(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert Page(response.text).all("html") == [{"lang": "en", "dir": "ltr"}]


@pytest.mark.usefixtures("welsh")
def test_a_browser_that_asks_for_welsh_is_offered_it_in_welsh(client: FlaskClient) -> None:
    response = client.get("/about", headers={"Accept-Language": "fr, cy-GB;q=0.9, en;q=0.5"})
    page = Page(response.text)
    assert page.all("html") == [{"lang": "en", "dir": "ltr"}], "nobody is moved"
    assert "Darllenwch y dudalen hon yn Gymraeg" in response.text
    assert page.all("p", **{"class": "tb-offer"}) == [{"class": "tb-offer", "lang": "cy", "dir": "ltr"}]
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.usefixtures("folder")
def test_an_offer_that_is_not_translated_yet_is_the_languages_name(client: FlaskClient) -> None:
    text = client.get("/about", headers={"Accept-Language": "uk"}).text
    assert '<a href="/about?lang=uk" hreflang="uk">Українська</a></p>' in text


@pytest.mark.parametrize(
    ("path", "asked"), [("/", "en-GB, pl;q=0.8"), ("/", "fr"), ("/?lang=en", "pl"), ("/?lang=cy", "pl")]
)
def test_nothing_is_offered_to_who_reads_english_or_has_chosen(
    client: FlaskClient, path: str, asked: str
) -> None:
    assert "tb-offer" not in client.get(path, headers={"Accept-Language": asked}).text


def test_a_reader_is_told_when_nobody_of_their_language_has_checked_it(
    client: FlaskClient, write: Write
) -> None:
    write("cy", {})
    assert "tb-unchecked" in client.get("/?lang=cy").text
    write("cy", {}, checked="yes (Siân Puw, 2026-11-20)")
    assert "tb-unchecked" not in client.get("/?lang=cy").text
    assert "tb-unchecked" not in client.get("/").text


@pytest.mark.usefixtures("welsh")
def test_changing_the_language_of_a_half_written_story_keeps_every_word(client: FlaskClient) -> None:
    written = a_story(body="Y nyrs.", display_name="Wren", step="check")
    checked = Page(client.post("/tell?lang=cy", data=written, headers=OWN).text)
    (button,) = checked.all("button", lang="pl")
    assert button["form"] in {form.get("id") for form in checked.all("form")}
    given = {field["name"]: field.get("value") for field in checked.all("input", type="hidden")}
    given[button["name"]] = button["value"]
    again = client.post(button["formaction"], data=given, headers=OWN).text
    assert Page(again).all("html") == [{"lang": "pl", "dir": "ltr"}]
    assert "Y nyrs." in again
    assert "Wren" in again


@pytest.mark.usefixtures("welsh")
def test_what_is_wrong_with_an_answer_is_said_in_the_pages_language(client: FlaskClient) -> None:
    text = client.post("/tell?lang=cy", data=a_story(body="", step="check"), headers=OWN).text
    assert "Mae Eich stori yn wag o hyd. Ysgrifennwch rywbeth." in text


@pytest.mark.usefixtures("welsh")
def test_a_theme_is_named_in_the_readers_language_and_a_condition_as_it_is(
    client: FlaskClient, moira: Account
) -> None:
    from tellback.stories import topics

    topics.bring_themes()
    _publish(moira, topics=["food", "multiple-sclerosis"])
    page = client.get("/services/RXH01?lang=cy").text
    assert "Bwyd" in page
    assert "Multiple sclerosis" in page
    shown = client.get("/api/v1/stories?service=RXH01&lang=cy").get_json()["items"][0]["topics"]
    assert [topic["name"] for topic in shown] == ["Bwyd", "Multiple sclerosis"]


def test_a_page_that_is_not_there_says_so_in_the_chosen_language(client: FlaskClient, write: Write) -> None:
    write("pl", {"We could not find that page": "Nie znaleźliśmy tej strony"})
    response = client.get("/nowhere?lang=pl")
    assert response.status_code == 404
    assert "<h1>Nie znaleźliśmy tej strony</h1>" in response.text


def test_staff_screens_are_english(client: FlaskClient) -> None:
    text = client.get("/admin/sign-in?lang=cy").text
    assert Page(text).all("html") == [{"lang": "en", "dir": "ltr"}]
    assert "lang=cy" not in text.replace("next=", "")


def test_the_page_for_developers_is_english_in_the_chosen_frame(client: FlaskClient) -> None:
    page = Page(client.get("/docs?lang=ar").text)
    assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
    assert {"lang": "en", "dir": "ltr"} in page.all("div")


def test_a_feed_of_a_page_in_welsh_is_in_welsh(client: FlaskClient, moira: Account, write: Write) -> None:
    write("cy", {"Patients’ stories: %(name)s": "Straeon cleifion: %(name)s", "Anonymous": "Dienw"})
    _publish(moira)
    page = Page(client.get("/services/RXH01?lang=cy").text)
    (feed,) = page.all("link", type="application/atom+xml")
    assert feed["href"] == "/services/RXH01/stories.atom?lang=cy"
    atom = client.get(feed["href"]).text
    assert 'xml:lang="cy"' in atom
    assert "<title>Straeon cleifion: St Elsewhere Hospital</title>" in atom
    assert "<name>Dienw</name>" in atom
    assert 'href="https://stories.example/services/RXH01/stories.atom?lang=cy"' in atom


def test_an_author_changes_the_language_of_their_own_story(client: FlaskClient, write: Write) -> None:
    write("cy", {"We have your story.": "Mae eich stori gennym.", "Take it back": "Ei chymryd yn ôl"})
    token = tell().token
    page = Page(client.post("/my-story", data={"token": token}).text)
    (button,) = page.all("button", lang="cy")
    (form,) = page.all("form", id=str(button["form"]))
    assert form["action"] == "/my-story"
    again = client.post(button["formaction"], data={"token": token, button["name"]: button["value"]}).text
    assert "Mae eich stori gennym." in again
    assert "Ei chymryd yn ôl" in again
    assert token in again
