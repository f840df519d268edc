"""What search engines and previews of links read of our pages: schema.org, Open Graph."""

import json
import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tellback.authorship.own_story import withdraw
from tellback.replies import answering_back
from tellback.replies.models import AnswerBack, Reply
from tellback.stories.models import Story

Publish = Callable[..., Story]
HOSTILE = "</script><script>alert(1)</script><!-- \" '"


def linked(page: str) -> dict[str, Any]:
    """What a page tells as linked data."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found)


def head(page: str) -> dict[str, str]:
    """The properties that a page tells of itself."""
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page))


def test_a_story_is_a_review_without_stars_and_answers_are_comments(
    client: FlaskClient, publish: Publish, answer
) -> None:
    story = publish(
        title="A night", what_was_good="The nurse.", overall_experience="good", topic="positive:food"
    )
    answer(story)
    reply = Reply.get()
    answering_back.answer_back(story, reply.public_id, "Will the bell stay?")
    AnswerBack.update(state="published", published_at=reply.published_at).execute()
    told = linked(client.get(f"/stories/{story.public_id}").text)
    assert (told["@type"], told["name"], told["positiveNotes"]) == ("UserReview", "A night", "The nurse.")
    assert told["author"] == {"@type": "Person"}
    assert [place["name"] for place in told["itemReviewed"]] == ["St Elsewhere Hospital"]
    assert not {"reviewRating", "aggregateRating", "license"} & set(told)
    (comment,) = told["comment"]
    assert (comment["text"], comment["author"]["name"]) == ("Thank you.", "Ruth")
    assert [back["text"] for back in comment["comment"]] == ["Will the bell stay?"]


def test_a_services_page_says_what_it_is_and_which_stories_it_holds(
    client: FlaskClient, publish: Publish
) -> None:
    story, gone = publish(), publish(title="Gone")
    withdraw(Story.get_by_id(gone.id))
    told = linked(client.get("/services/RXH01").text)
    assert (told["@type"], told["about"]["@type"]) == ("CollectionPage", "Hospital")
    assert told["about"]["address"]["addressLocality"] == "Elsewhere"
    assert told["mainEntity"]["numberOfItems"] == 2
    assert [item["url"] for item in told["mainEntity"]["itemListElement"]] == [
        f"https://stories.example/stories/{story.public_id}"
    ]
    assert linked(client.get("/topics/multiple-sclerosis").text)["about"]["@type"] == "Thing"
    assert linked(client.get("/organisations/RXH").text)["about"]["name"] == "St Elsewhere NHS Trust"


def test_no_word_ends_the_element_or_the_attribute_it_stands_in(
    client: FlaskClient, publish: Publish
) -> None:
    story = publish(title=HOSTILE, body=HOSTILE, what_was_good=HOSTILE)
    page = client.get(f"/stories/{story.public_id}").text
    assert linked(page)["reviewBody"] == HOSTILE.strip()
    assert "<script>alert" not in page
    assert head(page)["og:title"].startswith("&lt;/script&gt;")


def test_a_preview_shows_the_beginning_of_a_story_and_no_more_of_who_told_it_than_the_page(
    client: FlaskClient, publish: Publish
) -> None:
    story = publish(title="A night", body="It was quiet. " * 40, contact_email="ada@example.org")
    page = client.get(f"/stories/{story.public_id}?lang=cy&said=me-too")
    told = head(page.text)
    assert (told["og:title"], told["og:type"]) == ("A night", "article")
    assert told["og:url"] == f"https://stories.example/stories/{story.public_id}?lang=cy"
    assert told["og:description"].startswith("It was quiet. It was")
    assert len(told["og:description"]) <= 202
    with client.get(told["og:image"].removeprefix("https://stories.example")) as image:
        assert (image.status_code, image.mimetype) == (200, "image/png")
    assert "ada@" not in page.text


def test_a_tombstone_tells_nothing_of_the_story(client: FlaskClient, publish: Publish) -> None:
    story = publish(title="A loud night")
    withdraw(Story.get_by_id(story.id))
    page = client.get(f"/stories/{story.public_id}").text
    assert "ld+json" not in page
    assert "og:title" not in page
