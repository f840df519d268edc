"""oEmbed: an editor that is given the address of a page of ours learns how to show it."""

import re
import xml.etree.ElementTree as ET
from html import unescape
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.embedded import Staff
from tests.people import tell

PAGE = "https://stories.example/services/RXH01"


@pytest.fixture
def staff(client: FlaskClient) -> Staff:
    """Moira who moderates and Ruth who answers for St Elsewhere."""
    return Staff()


def ask(client: FlaskClient, url: str = PAGE, **query: str):
    """What our oEmbed answers of an address."""
    return client.get("/oembed", query_string={"url": url, **query})


def framed(answer: dict) -> str:
    """The address that an answer frames."""
    found = re.search(r'<iframe src="([^"]+)"', answer["html"])
    assert found
    return unescape(found[1])


def test_a_services_page_is_shown_as_a_frame_of_its_stories(client: FlaskClient) -> None:
    response = ask(client)
    assert (response.status_code, response.mimetype) == (200, "application/json")
    answer = response.get_json()
    html = answer.pop("html")
    assert answer == {
        "version": "1.0",
        "type": "rich",
        "title": "Patients’ stories of St Elsewhere Hospital",
        "provider_name": "The Tellback Trust",
        "provider_url": "https://stories.example",
        "cache_age": 86400,
        "width": 640,
        "height": 600,
    }
    assert f'<a href="{PAGE}">' in html
    assert framed({"html": html}) == "https://stories.example/embed?service=RXH01"
    assert 'title="Patients’ stories of St Elsewhere Hospital"' in html
    assert 'height="600"' in html


def test_what_it_names_can_be_framed(client: FlaskClient) -> None:
    page = client.get(framed(ask(client).get_json()).removeprefix("https://stories.example"))
    assert page.status_code == 200
    assert "frame-ancestors" not in page.headers["Content-Security-Policy"]


def test_a_topics_page_is_shown_likewise(client: FlaskClient) -> None:
    answer = ask(client, "https://stories.example/topics/multiple-sclerosis").get_json()
    assert answer["title"] == "Patients’ stories of Multiple sclerosis"
    assert framed(answer) == "https://stories.example/embed?topic=multiple-sclerosis"


def test_a_story_is_shown_by_itself(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish(title='A "quiet" night & day', display_name="Heron")
    answer = ask(client, f"https://stories.example/stories/{story.public_id}").get_json()
    assert (answer["title"], answer["author_name"]) == ('A "quiet" night & day', "Heron")
    assert framed(answer) == f"https://stories.example/embed?story={story.public_id}"
    assert 'title="A &quot;quiet&quot; night &amp; day"' in answer["html"]


def test_a_story_taken_down_is_shown_as_its_tombstone(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish(title="A loud night")
    staff.remove(story)
    answer = ask(client, f"https://stories.example/stories/{story.public_id}").get_json()
    assert answer["title"] == "A story stood here"
    assert "loud" not in str(answer)


@pytest.mark.parametrize(
    ("url", "frame"),
    [
        (f"{PAGE}/", "/embed?service=RXH01"),
        (f"{PAGE}?utm_source=mail#top", "/embed?service=RXH01"),
        (f"{PAGE}?lang=cy", "/embed?service=RXH01&lang=cy"),
        (f"{PAGE}?lang=zh-CN", "/embed?service=RXH01&lang=zh-Hans"),
        (f"{PAGE}?lang=tlh", "/embed?service=RXH01"),
        # The name that this very request used.
        ("http://localhost/services/RXH01", "/embed?service=RXH01"),
    ],
)
def test_an_address_is_known_in_the_ways_people_copy_it(client: FlaskClient, url: str, frame: str) -> None:
    assert framed(ask(client, url).get_json()) == f"https://stories.example{frame}"


def test_it_keeps_to_the_room_there_is(client: FlaskClient) -> None:
    answer = ask(client, maxwidth="300", maxheight="400").get_json()
    assert (answer["width"], answer["height"]) == (300, 400)
    assert 'height="400"' in answer["html"]
    roomy = ask(client, maxwidth="2000", maxheight="2000").get_json()
    assert (roomy["width"], roomy["height"]) == (640, 600)


def test_what_was_changed_is_shown_as_a_frame_of_it(client: FlaskClient) -> None:
    answer = ask(client, f"{PAGE}/changes").get_json()
    assert answer["title"] == "You said, we did: St Elsewhere Hospital"
    assert framed(answer) == "https://stories.example/embed?service=RXH01&show=changes"


def test_a_page_that_no_frame_shows_or_has_no_room_for_is_a_link(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish(title="A quiet night", display_name="Heron")
    link = ask(client, "https://stories.example/organisations/RXH").get_json()
    assert (link["type"], link["title"]) == ("link", "Patients’ stories of St Elsewhere NHS Trust")
    assert not {"html", "width", "height"} & set(link)
    small = ask(client, f"https://stories.example/stories/{story.public_id}", maxheight="100").get_json()
    assert (small["type"], small["title"], small["author_name"]) == ("link", "A quiet night", "Heron")
    page = client.get("/organisations/RXH").text
    assert "oembed?url=https%3A%2F%2Fstories.example%2Forganisations%2FRXH" in page


def test_xml_says_the_same(client: FlaskClient, staff: Staff) -> None:
    story = staff.publish(title='<b> & "c"')
    url = f"https://stories.example/stories/{story.public_id}"
    response = ask(client, url, format="xml")
    assert response.mimetype == "text/xml"
    root = ET.fromstring(response.data)
    assert root.tag == "oembed"
    said = {child.tag: child.text for child in root}
    assert said == {name: str(value) for name, value in ask(client, url).get_json().items()}


@pytest.mark.parametrize(
    "url",
    [
        "https://stories.example/",
        "https://stories.example/about",
        "https://stories.example/services/RXH01/stories.atom",
        "https://stories.example/services/NOPE9",
        "https://stories.example/topics/nope",
        "https://stories.example/organisations/nope",
        "https://stories.example/stories/nope",
        "https://stories.example/admin/",
        "https://stories.example.evil.example/services/RXH01",
        "https://evil.example/services/RXH01",
        "https://stories.example/services/RXH01%2F..%2F..",
        "https://stories.example/services/%00",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_it_knows_no_other_address(client: FlaskClient, url: str) -> None:
    response = ask(client, url)
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


def test_a_story_nobody_published_is_not_known(client: FlaskClient) -> None:
    story = tell(title="Not read yet").story
    assert ask(client, f"https://stories.example/stories/{story.public_id}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, "url="),
        ({"url": ""}, 400, "url="),
        ({"url": "https://stories.example/" + "x" * 3000}, 400, "url="),
        ({"url": PAGE, "maxwidth": "wide"}, 400, "maxwidth"),
        ({"url": PAGE, "maxheight": "0"}, 400, "maxheight"),
        ({"url": PAGE, "maxheight": "-3"}, 400, "maxheight"),
        ({"url": PAGE, "format": "yaml"}, 501, "format=xml"),
    ],
)
def test_it_refuses_a_question_that_is_broken(
    client: FlaskClient, query: dict[str, str], status: int, said: str
) -> None:
    response = client.get("/oembed", query_string=query)
    assert response.status_code == status
    assert said in response.get_json(force=True)["detail"]


def test_any_page_may_ask_and_keep_the_answer(client: FlaskClient) -> None:
    response = ask(client)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "max-age=86400" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers
    again = client.get(
        "/oembed", query_string={"url": PAGE}, headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/services/RXH01", "/topics/multiple-sclerosis", "/services/RXH01?lang=cy"])
def test_a_page_says_where_its_oembed_is(client: FlaskClient, path: str) -> None:
    head = client.get(path).text.partition("</head>")[0]
    for kind, form in (("application/json", "json"), ("text/xml", "xml")):
        found = re.search(rf'<link rel="alternate" type="{re.escape(kind)}\+oembed" href="([^"]+)">', head)
        assert found
        address = unescape(found[1])
        page = quote(f"https://stories.example{path}", safe="")
        assert address == f"https://stories.example/oembed?url={page}&format={form}"
        assert client.get(address.removeprefix("https://stories.example")).status_code == 200


def test_a_storys_page_says_it_too_and_one_that_is_not_there_does_not(
    client: FlaskClient, staff: Staff
) -> None:
    story = staff.publish()
    assert f"stories%2F{story.public_id}&amp;format=json" in client.get(f"/stories/{story.public_id}").text
    assert "oembed" not in client.get("/services/NOPE9").text
    assert "oembed" not in client.get("/about").text
