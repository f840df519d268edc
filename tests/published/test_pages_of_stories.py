"""The pages of stories without JavaScript: in short, find and sort, one story and what can be done."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.stories.models import Story

# The lists behind these pages are tried on both engines by the API's tests.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Publish = Callable[..., Story]


def words(html: str) -> str:
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main")[-1]).split()).replace("&#39;", "'")


def test_a_page_states_its_order_and_how_many_of_how_many(client: FlaskClient, publish: Publish) -> None:
    for n in range(12):
        publish(title=f"Story {n}")
    first = client.get("/services/RXH01").text
    assert "Showing 10 of 12 stories told here · newest first" in words(first)
    onward = re.search(r'href="([^"]*cursor=[^"]*)"', first)
    assert onward
    second = client.get(onward[1].replace("&amp;", "&"))
    assert "Showing 2 of 12 stories told here" in words(second.text)


def test_a_reader_searches_filters_and_sorts(
    client: FlaskClient, publish: Publish, answer: Callable[..., None]
) -> None:
    publish(title="The tea", body="It was cold.", topic="negative:food")
    answered = publish(title="A cold ward", service="RXH01-ward-5")
    publish(title="A quiet night")
    answer(answered, "RXH01-ward-5")
    found = client.get("/services/RXH01?q=cold").text
    assert "Showing 2 of 2 that match, of 3 stories told here · best match first" in words(found)
    assert 'value="cold"' in found
    assert found.index("A <mark>cold</mark> ward</a>") < found.index("The tea</a>")
    assert "It was <mark>cold</mark>." in found
    newest = words(client.get("/services/RXH01?q=cold&order=newest").text)
    assert "of 3 stories told here · newest first · with “cold”" in newest
    waiting = words(client.get("/services/RXH01?q=&order=waiting&about_topic=&about_service=").text)
    assert "Showing 2 of 2 that match, of 3 stories told here · those that wait for an answer" in waiting
    narrowed = client.get("/services/RXH01?about_topic=food&about_service=RXH01").text
    assert "Showing 1 of 1 that match, of 3 stories told here · newest first" in words(narrowed)
    assert "about St Elsewhere Hospital" in words(narrowed)
    assert "about Food" in words(narrowed)
    # What was chosen stays chosen, also the hospital itself, which its own list does not offer.
    assert '<option value="food" selected' in narrowed
    assert '<option value="RXH01" selected' in narrowed
    part = client.get("/services/RXH01?q=cold+giraffe&about_topic=food").text
    assert "No story here holds all of these words. These hold some of them." in words(part)
    slip = client.get("/services/RXH01?q=coldd+wrd&about_service=RXH01-ward-5").text
    assert re.search(r'Did you mean <a href="([^"]+)">cold ward</a>\?', slip)
    meant = client.get(re.search(r'mean <a href="([^"#]+)#stories">', slip)[1].replace("&amp;", "&")).text  # type: ignore[index]
    assert "A <mark>cold</mark> <mark>ward</mark></a>" in meant
    assert "about Ward 5" in words(meant)
    nothing = words(client.get("/services/RXH01?q=giraffe").text)
    assert "Showing 0 of 0 that match, of 3 stories told here" in nothing
    assert "No story here matches." in nothing


def test_a_search_goes_on_over_the_pages_in_the_language_that_was_chosen(
    client: FlaskClient, publish: Publish
) -> None:
    for n in range(11):
        publish(title=f"Cold {n}", topic="food")
    page = client.get("/services/RXH01?q=cold&about_topic=food&lang=cy&utm_source=letter").text
    assert '<input type="hidden" name="lang" value="cy">' in page
    onward = re.search(r'href="([^"]*cursor=[^"]*)"', page)
    assert onward
    address = onward[1].replace("&amp;", "&")
    assert {"q=cold", "about_topic=food", "order=relevant", "lang=cy"} < set(re.split("[?&#]", address)), (
        address
    )
    assert client.get(address).text.count('class="tb-story"') == 1


def test_best_match_without_words_is_the_newest_first(client: FlaskClient, publish: Publish) -> None:
    publish()
    assert "newest first" in words(client.get("/services/RXH01?order=relevant").text)


def test_a_slip_in_the_address_is_said_on_a_page(client: FlaskClient) -> None:
    for query, status in (("order=oldest", 422), (f"q={'x' * 201}", 422), ("about_topic=nothing", 404)):
        response = client.get(f"/services/RXH01?{query}")
        assert (response.status_code, response.mimetype) == (status, "text/html"), query


def test_in_short_is_text_with_denominators_beside_its_bars(
    client: FlaskClient, publish: Publish, answer: Callable[..., None], change: Callable[..., None]
) -> None:
    one, two = publish(topic="negative:food"), publish(topic="positive:food")
    answer(one)
    change(two, state="made")
    withdraw(Story.get_by_id(publish().id))
    page = client.get("/services/RXH01").text
    assert "Answered 1 of 3 Change planned 0 of 3 Change made 1 of 3 Taken down 1 of 3" in words(page)
    assert "Food 2 of 3: 1 good, 1 not good" in words(page)
    assert 'href="/services/RXH01?about_topic=food#stories"' in page
    assert 'href="/services/RXH01/changes"' in page
    bars = re.findall(r"<svg class=\"tb-bar\".*?</svg>", page, re.DOTALL)
    assert len(bars) == 5
    assert all('aria-hidden="true"' in bar and "style=" not in bar for bar in bars)
    assert 'x="1" y="8" width="1" height="4" fill="currentColor"' in bars[-1]


def test_a_topic_has_the_same(client: FlaskClient, publish: Publish) -> None:
    publish(topic="multiple-sclerosis")
    page = words(client.get("/topics/multiple-sclerosis").text)
    assert "Answered 0 of 1" in page
    assert "Showing 1 of 1 story told here · newest first" in page
    # The place can be chosen here.
    assert "St Elsewhere Hospital (1)" in page


def test_a_place_without_stories_offers_nothing_to_sort(client: FlaskClient) -> None:
    page = client.get("/services/G81001").text
    assert "tb-find" not in page
    assert "In short" not in page


def test_a_storys_page_says_what_can_be_done_with_it(
    client: FlaskClient, publish: Publish, moira: Account
) -> None:
    story = publish(title="Tea & “sympathy”", topic="negative:food")
    page = client.get(f"/stories/{story.public_id}").text
    assert f"https://stories.example/stories/{story.public_id}</span>" in page
    assert "mailto:?subject=Tea%20%26%20%E2%80%9Csympathy%E2%80%9D&amp;body=https%3A//stories.example" in page
    assert f'href="/stories/{story.public_id}/report"' in page
    assert "Food (not good)" in words(page)
    withdraw(story)
    gone = client.get(f"/stories/{story.public_id}").text
    assert "/report" not in gone
    assert "me-too" not in gone
