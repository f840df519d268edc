"""Letters and the private link speak the story's language, problems the one asked for."""

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account
from tellback.authorship.recipients import resolver
from tellback.outbox.letters import compose
from tests.people import Places, a_story, tell, tell_and_publish

URL = "https://stories.example"
FACTS = {"operator": "The Tellback Trust", "public_url": URL, "private_link": f"{URL}/my-story#x"}


def _letter(lang: str) -> tuple[str, str]:
    letter = compose("story_received", "1", "stories@stories.example", "ada@example.org", FACTS, lang)
    return letter["Subject"], letter["Content-Language"]


@pytest.mark.usefixtures("welsh")
def test_a_letter_speaks_the_storys_language_or_english() -> None:
    assert _letter("cy-GB") == ("Mae eich stori gennym", "cy")
    assert _letter("fr") == ("We have your story", "en")
    assert _letter("pl") == ("We have your story", "pl"), "what is not translated yet is English"


@pytest.mark.usefixtures("welsh")
def test_the_author_of_a_welsh_story_is_written_to_in_welsh(places: Places) -> None:
    told = tell(lang="cy", contact_email="ada@example.org")
    recipient = resolver(URL)("author", told.story.public_id)
    assert recipient is not None
    assert recipient.lang == "cy"
    assert recipient.facts == {"private_link": f"{URL}/my-story?lang=cy#{told.token}"}


@pytest.mark.usefixtures("welsh")
def test_the_private_link_opens_in_the_storys_language(client: FlaskClient) -> None:
    answer = client.post("/api/v1/stories", json=a_story(lang="cy-GB", consent_publish=True)).get_json()
    assert answer["private_link"].startswith(f"{URL}/my-story?lang=cy#")
    english = client.post("/api/v1/stories", json=a_story(consent_publish=True)).get_json()
    assert english["private_link"].startswith(f"{URL}/my-story#")


@pytest.mark.usefixtures("welsh")
def test_a_problem_is_worded_in_the_language_asked_for(client: FlaskClient) -> None:
    sent = {**a_story(body=""), "consent_publish": True}
    problem = client.post("/api/v1/stories?lang=cy", json=sent).get_json()
    assert problem["title"] == "Mae angen edrych eto ar rai atebion"
    assert problem["errors"]["body"] == ["Mae Eich stori yn wag o hyd. Ysgrifennwch rywbeth."]
    assert problem["status"] == 422
    english = client.post("/api/v1/stories", json=sent).get_json()
    assert english["errors"]["body"] == ["Your story is still empty. Please write something."]


@pytest.mark.usefixtures("welsh")
@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/stories?service=RXH01",
        "/api/v1/services?q=elm",
        "/api/v1/services/RXH01",
        "/api/v1/topics/none",
    ],
)
def test_every_address_of_the_api_takes_a_language(client: FlaskClient, path: str) -> None:
    plain = client.get(path)
    spoken = client.get(path + ("&" if "?" in path else "?") + "lang=cy")
    assert spoken.status_code == plain.status_code


@pytest.mark.usefixtures("welsh")
def test_a_tombstone_says_why_in_the_readers_language(client: FlaskClient, moira: Account) -> None:
    from tellback.authorship.own_story import withdraw

    story = tell_and_publish(moira)
    withdraw(story)
    told = client.get(f"/api/v1/stories/{story.public_id}?lang=cy").get_json()
    assert told["reason_text"] == "Cymerodd ei hawdur hi yn ôl."
    assert "Cymerodd ei hawdur hi yn ôl." in client.get(f"/stories/{story.public_id}?lang=cy").text
