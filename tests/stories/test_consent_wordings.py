"""What authors agreed to is kept word by word: nobody rewords a question without naming a new version.

`python3 tests/stories/test_consent_wordings.py` keeps the words of a new version, or of a language that came
to the present one. It changes nothing that is kept.
"""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script it knows its own folder alone.
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask.testing import FlaskClient

from tellback.stories import consent
from tellback.stories.models import Story
from tellback.stories.words import CONSENT_VERSION
from tests.people import Places, a_story, tell

NEWER = "name a new CONSENT_VERSION (stories/words.py), then: python3 tests/stories/test_consent_wordings.py"


def test_no_question_was_reworded_under_the_version_that_it_had() -> None:
    kept, now = consent.wordings()[CONSENT_VERSION], consent.asked_now()
    changed = [tag for tag, words in kept.items() if now.get(tag) != words]
    assert changed == [], f"these are asked otherwise now: {NEWER}"


def test_the_words_of_every_language_that_is_asked_are_kept() -> None:
    missing = consent.asked_now().keys() - consent.wordings()[CONSENT_VERSION].keys()
    assert not missing, "run: python3 tests/stories/test_consent_wordings.py"


def test_a_story_says_in_which_words_and_language_its_author_agreed(
    client: FlaskClient, places: Places
) -> None:
    told = client.post("/api/v1/stories?lang=ur", json=a_story(consent_licence="true"))
    agreed = consent.of_story(Story.get(public_id=told.get_json()["id"]))
    assert (agreed["publish"], agreed["licence"], agreed["contact"]) == (True, True, False)
    assert (agreed["version"], agreed["lang"]) == (CONSENT_VERSION, "ur")
    assert agreed["wording"]["form"]["publish"]["label"] != "You may publish my story"


def test_the_author_takes_the_words_along(client: FlaskClient, places: Places) -> None:
    told = client.post("/api/v1/stories?lang=en", json=a_story()).get_json()
    bearer = {"Authorization": f"Bearer {told['private_link'].partition('#')[2]}"}
    kept = client.get("/api/v1/my-story/copy", headers=bearer).get_json()["agreements"]
    assert (kept["wording"], kept["read_in"]) == (CONSENT_VERSION, "en")
    assert kept["words"]["form"]["publish"]["label"] == "You may publish my story"
    page = client.post("/my-story", data={"token": bearer["Authorization"][7:], "step": "copy"})
    assert "You can take it back later by your private link." in page.get_data(as_text=True)


def test_of_a_program_that_says_no_language_no_words_are_claimed(places: Places) -> None:
    assert consent.of_story(tell().story)["wording"] is None


def keep() -> None:
    """Write the words of today beside those that are kept."""
    kept = json.loads(consent.KEPT.read_text(encoding="utf-8")) if consent.KEPT.exists() else {}
    version = kept.setdefault(CONSENT_VERSION, {})
    for tag, words in consent.asked_now().items():
        version.setdefault(tag, words)
    consent.KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    keep()
