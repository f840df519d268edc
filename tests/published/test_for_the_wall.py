"""What is printed for a wall: the poster “You said, we did”, and a page of thanks."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback.authorship.own_story import withdraw
from tellback.published import wall
from tellback.stories import qr
from tellback.stories.models import Story
from tests.browser import Browse, Tellback
from tests.embedded import Staff

Publish = Callable[..., Story]
NIGHT = "The night nurse sat with me until my daughter came. "


def words(html: str) -> str:
    """What the sheet says, without its tags."""
    sheet = html.split('<article class="tb-sheet')[1]
    return " ".join(re.sub(r"<[^>]+>", " ", sheet).split())


def test_the_poster_says_what_was_said_and_done_and_leads_to_all_of_it(
    client: FlaskClient, publish: Publish, change
) -> None:
    told = [publish(title=f"No bell {n}") for n in range(5)]
    change(*told, state="made", what="Bells at every bed.")
    for path, address in (
        ("/services/RXH01/changes", "stories.example/services/RXH01/changes"),
        ("/organisations/RXH/changes", "stories.example/organisations/RXH/changes"),
    ):
        assert f'href="{path}/poster"' in client.get(path).text
        page = client.get(f"{path}/poster").text
        said = words(page)
        for sentence in ("No bell 0", "No bell 2", "and 2 more", "We did", "Bells at every bed.", address):
            assert sentence in said, sentence
        assert "No bell 3" not in said
        assert qr.code(f"https://{address}")["path"] in page
    assert client.get("/services/RXH99/changes/poster").status_code == 404
    assert "Nothing has been said here yet." in client.get("/services/G81001/changes/poster").text


def test_a_poster_holds_the_newest_that_fit_and_says_how_many_there_are(
    client: FlaskClient, publish: Publish, change
) -> None:
    story = publish()
    for n in range(4):
        change(story, state="planned", what=f"Change {n}. " + "Plain words say it. " * 24)
    said = words(client.get("/services/RXH01/changes/poster").text)
    assert [f"Change {n}." in said for n in range(4)] == [False, False, True, True]
    assert "The newest 2 of 4 changes." in said


def test_under_the_open_licence_thanks_are_quoted_in_full_else_a_few_sentences(
    client: FlaskClient, publish: Publish
) -> None:
    told = {"body": NIGHT * 12, "overall_experience": "very_good", "display_name": "Heron"}
    shared = publish(**told, consent_licence="true", topic="positive:food")
    kept = publish(**told)
    page = words(client.get(f"/stories/{shared.public_id}/thank-you").text)
    assert page.count(NIGHT.strip()) == 12
    assert "CC-BY-4.0" in page
    assert "Told by Heron, a patient" in page
    assert "Food" in page
    page = words(client.get(f"/stories/{kept.public_id}/thank-you").text)
    assert page.count(NIGHT.strip()) == 5
    assert "Read the whole story: stories.example/stories/" in page
    for story in (shared, kept):
        assert f"/stories/{story.public_id}/thank-you" in client.get(f"/stories/{story.public_id}").text


@pytest.mark.parametrize(
    ("told", "is_praise"),
    [
        ({"overall_experience": "good", "what_could_be_better": "The tea."}, True),
        ({"overall_experience": "poor", "what_was_good": "The tea."}, False),
        ({"what_was_good": "The tea."}, True),
        ({"what_was_good": "The tea.", "what_could_be_better": "All else."}, False),
        ({}, False),
    ],
)
def test_only_thanks_make_a_page_of_thanks(
    client: FlaskClient, publish: Publish, told: dict[str, str], is_praise: bool
) -> None:
    story = publish(**told)
    page = client.get(f"/stories/{story.public_id}/thank-you")
    assert page.status_code == (200 if is_praise else 404)
    assert ("thank-you" in client.get(f"/stories/{story.public_id}").text) is is_praise


def test_of_a_story_that_was_taken_back_there_is_no_page_of_thanks(
    client: FlaskClient, publish: Publish
) -> None:
    story = publish(overall_experience="good", title="A quiet night")
    withdraw(Story.get_by_id(story.id))
    page = client.get(f"/stories/{story.public_id}/thank-you", follow_redirects=True)
    assert page.status_code == 410
    assert "A quiet night" not in page.text


def test_words_are_cut_behind_a_sentence_or_a_word() -> None:
    story = {"what_was_good": None, "licence": None, "body": "Word " * 100}
    assert wall.quotation(story)["text"].endswith("Word …")
    assert wall.quotation({**story, "body": "Short."}) == {"text": "Short.", "cut": False}


def test_each_is_one_page_of_paper_however_much_it_holds(
    browse: Browse, tellback: Tellback, staff: Staff
) -> None:
    story = staff.publish(body=NIGHT * 21, title="T" * 100, overall_experience="good", consent_licence="true")
    for n in range(3):
        staff.change(story, f"{n} " + "An even longer plan of ours. " * 17)
    for n in range(5):
        staff.change(story, f"Bell {n}. " + "Words. " * 15)
    page = browse()
    for path in ("services/RXH01/changes/poster", f"stories/{story.public_id}/thank-you"):
        page.goto(f"{tellback.url}/{path}")
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type ?/Page\b", printed)) == 1, path
