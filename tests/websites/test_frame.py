"""The frame: our page in somebody's page. Who may frame it, what it holds, whose stories are told in it."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback.feeds import routes
from tellback.moderation import decisions
from tellback.stories.models import Story
from tellback.websites.frame import Frame, asked_for
from tellback.websites.models import Website
from tests.embedded import Staff
from tests.people import a_story

PACKAGE = Path(routes.__file__).parents[1]
OURS = {"Origin": "https://stories.example"}


@pytest.fixture
def staff(client: FlaskClient) -> Staff:
    """Moira who moderates and Ruth who answers for St Elsewhere."""
    return Staff()


def policy(client: FlaskClient, path: str) -> str:
    """The Content-Security-Policy of a page."""
    response = client.get(path)
    # A file would stay open.
    response.close()
    return response.headers["Content-Security-Policy"]


def test_an_address_says_what_the_tags_attributes_say() -> None:
    given = {"service": "RXH01", "show": "form", "lang": "cy", "heading-level": "3", "site-key": "st-e-1234"}
    frame = asked_for({**given, "utm_source": "mail", "limit": ""})
    assert frame.attributes == {**given, "theme": "light"}
    assert frame.address("https://stories.example") == (
        "https://stories.example/embed?service=RXH01&show=form&lang=cy&heading-level=3&site-key=st-e-1234"
    )
    assert asked_for({"service": "RXH01"}) == Frame(service="RXH01")


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ("", ("form", "stories")),
        ("nothing we know", ("form", "stories")),
        ("stories", ("stories",)),
        ("summary form", ("form", "summary")),
    ],
)
def test_what_to_show_falls_back_as_it_does_in_the_tag(given: str, parts: tuple[str, ...]) -> None:
    assert asked_for({"show": given}).parts == parts


@pytest.mark.parametrize(
    ("given", "level", "most"),
    [
        ({}, 2, 5),
        ({"heading-level": "4", "limit": "20"}, 4, 20),
        ({"heading-level": "9", "limit": "-1"}, 2, 5),
        ({"heading-level": "²", "limit": "1" * 5000}, 2, 5),
    ],
)
def test_numbers_fall_back_as_they_do_in_the_tag(given: dict[str, str], level: int, most: int) -> None:
    frame = asked_for(given)
    assert (frame.level, frame.most) == (level, most)


def test_an_iframe_can_be_pasted_into_markup_whatever_its_title_holds() -> None:
    html = Frame(topic="multiple-sclerosis", theme="dark").html(
        "https://stories.example", 'Stories of "A & B"'
    )
    assert 'src="https://stories.example/embed?topic=multiple-sclerosis&amp;theme=dark"' in html
    assert 'title="Stories of &quot;A &amp; B&quot;"' in html
    assert "style=" not in html


def test_it_holds_the_tag_and_in_it_the_newest_stories_for_readers_without_javascript(
    client: FlaskClient, staff: Staff
) -> None:
    for number in range(3):
        staff.publish(title=f"Night {number}")
    response = client.get("/embed?service=RXH01&limit=2&heading-level=3&site-key=st-elsewhere-test&lang=en")
    page = response.text
    assert response.status_code == 200
    assert "<title>Patients’ stories of St Elsewhere Hospital" in page
    tag = re.search(r"<patient-stories ([^>]*)>(.*)</patient-stories>", page, re.DOTALL)
    assert tag
    assert tag[1] == (
        'service="RXH01" lang="en" heading-level="3" limit="2" site-key="st-elsewhere-test" theme="light"'
    )
    assert re.findall(r"Night \d", tag[2]) == ["Night 2", "Night 1"]
    assert "Showing 2 of 3 stories told here" in tag[2]
    assert 'href="/tell?service=RXH01&amp;lang=en"' in tag[2]
    assert "Kept by The Tellback Trust, independent of" in tag[2]
    assert '<script src="/v1/stories.js" async>' in page
    # Its links would be refused in the frame: they open in the page around it.
    assert '<base target="_top">' in page


def test_it_speaks_the_language_asked_for_and_says_when_nobody_has_checked_it(client: FlaskClient) -> None:
    page = client.get("/embed?service=RXH01&lang=ur").text
    assert '<html lang="ur" dir="rtl"' in page
    assert 'lang="ur"' in page.partition("<patient-stories")[2]
    assert 'href="/tell?service=RXH01&amp;lang=ur"' in page
    # Within the frame: the page around it stays.
    assert '<a href="/embed?service=RXH01&amp;lang=en" target="_self" lang="en"' in page
    assert 'target="_self"' not in client.get("/embed?service=RXH01").text


def test_a_topic_frames_as_a_service_does(client: FlaskClient, staff: Staff) -> None:
    staff.publish(title="Seen quickly", topic="multiple-sclerosis")
    page = client.get("/embed?topic=multiple-sclerosis").text
    assert "Patients’ stories of Multiple sclerosis" in page
    assert "Seen quickly" in page


def test_it_shows_the_form_alone_or_the_stories_alone(client: FlaskClient, staff: Staff) -> None:
    staff.publish(title="A quiet night")
    form = client.get("/embed?service=RXH01&show=form").text
    assert "Tell your story" in form
    assert "A quiet night" not in form
    assert "Showing 0 of 1 story told here" in form
    stories = client.get("/embed?service=RXH01&show=stories").text
    assert "A quiet night" in stories
    assert "Tell your story" not in stories


def test_one_story_can_stand_in_a_page_with_its_answer(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish(title="A quiet night")
    staff.answer(story, "Thank you. We told the night team.")
    page = client.get(f"/embed?story={story.public_id}").text
    assert "<title>A quiet night" in page
    assert "We told the night team." in page
    assert f'href="https://stories.example/stories/{story.public_id}"' in page
    assert "<patient-stories" not in page


def test_a_story_taken_down_leaves_its_tombstone_in_the_page_that_framed_it(
    client: FlaskClient, staff: Staff
) -> None:
    story = staff.publish(title="A loud night")
    staff.remove(story)
    response = client.get(f"/embed?story={story.public_id}")
    assert response.status_code == 200
    assert "A story stood here" in response.text
    assert "A loud night" not in response.text


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 422, "Say which service or topic"),
        ("service=NOPE9", 404, "NOPE9"),
        ("topic=nope", 404, "no topic"),
        ("story=nope", 404, "no published story"),
        ("service=RXH01&site-key=nope", 422, "No website here has the site key"),
    ],
)
def test_it_says_within_the_frame_why_it_is_empty(
    client: FlaskClient, query: str, status: int, said: str
) -> None:
    response = client.get(f"/embed?{query}")
    assert response.status_code == status
    assert said in response.text
    assert "<title>This frame is not set up yet" in response.text or status == 404
    assert "frame-ancestors" not in response.headers["Content-Security-Policy"]
    assert "<nav" not in response.text


def test_a_story_nobody_published_is_not_framed(client: FlaskClient, staff: Staff) -> None:
    client.post("/api/v1/stories", data=a_story())
    story = Story.get()
    assert client.get(f"/embed?story={story.public_id}").status_code == 404
    decisions.open_for_review(story, staff.moira)
    assert client.get(f"/embed?story={story.public_id}").status_code == 404


def test_what_is_framed_is_fresh_and_asked_for_again_cheaply(client: FlaskClient) -> None:
    response = client.get("/embed?service=RXH01")
    assert "max-age=30" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    headers = {"If-None-Match": response.headers["ETag"]}
    assert client.get("/embed?service=RXH01", headers=headers).status_code == 304


def test_its_policy_is_that_of_our_pages_but_for_who_may_frame_it(client: FlaskClient) -> None:
    framed, usual = policy(client, "/embed?service=RXH01"), policy(client, "/services/RXH01")
    assert f"{framed}; frame-ancestors 'none'" == usual


def test_no_other_page_may_be_framed(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish()
    given = {
        "code": "RXH01",
        "slug": "multiple-sclerosis",
        "story_id": story.public_id,
        "kind": "hospital",
        "filename": "pages/embed.js",
        "way": "next",
    }
    checked = set()
    for rule in client.application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "feeds.frame":
            arguments = {name: given.get(name, 1) for name in rule.arguments}
            with client.application.test_request_context():
                path = client.application.url_for(rule.endpoint, **arguments)
            # A sample page of ours stands in our own pages, and in nobody else's.
            by_whom = "'self'" if rule.endpoint == "embed.sample" else "'none'"
            assert f"frame-ancestors {by_whom}" in policy(client, path), path
            checked.add(rule.endpoint)
    assert {"pages.service_page", "telling.tell", "my_story.ask", "security.login"} <= checked


def test_a_story_told_in_a_websites_frame_is_filed_under_it(client: FlaskClient) -> None:
    form = a_story(site_key="st-elsewhere-test", website_path="/embed")
    assert client.post("/api/v1/stories", data=form, headers=OURS).status_code == 201
    story = Story.get()
    assert story.website == Website.get(Website.site_key == "st-elsewhere-test")
    # The frame's own path says nothing of the page it stood in.
    assert story.website_path is None


def test_a_frame_with_a_wrong_site_key_tells_who_can_put_it_right(client: FlaskClient) -> None:
    response = client.post("/api/v1/stories", data=a_story(site_key="nope"), headers=OURS)
    assert response.status_code == 422
    assert list(response.get_json()["errors"]) == ["site_key"]
    assert Story.select().count() == 0


def test_a_frame_that_hides_where_it_is_files_a_story_under_no_website(client: FlaskClient) -> None:
    form = a_story(site_key="st-elsewhere-test")
    assert client.post("/api/v1/stories", data=form, headers={"Origin": "null"}).status_code == 201
    assert Story.get().website is None


def test_its_colours_are_those_that_are_declared_once() -> None:
    tokens = (PACKAGE / "static" / "brand" / "tokens.css").read_text()
    light, dark = tokens.split("@media", 1)
    framed = (PACKAGE.parents[1] / "widget" / "pages" / "embed.css").read_text()
    pairs = re.findall(r"--(tellback-\w[\w-]*): var\(--light, (#\w+)\) var\(--dark, (#\w+)\);", framed)
    assert len(pairs) == 9
    for name, by_day, by_night in pairs:
        assert f"--{name}: {by_day};" in light
        assert f"--{name}: {by_night};" in dark
