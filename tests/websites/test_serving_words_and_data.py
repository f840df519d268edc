"""What the embed fetches when it is wanted: words of every language, pictures, rules; pressed and kept."""

import json

import brotli
import pytest
from flask.testing import FlaskClient

from tellback import __version__
from tellback.translations.catalogues import _Read, words
from tellback.translations.languages import LANGUAGES


@pytest.mark.parametrize("part", ["reading", "telling"])
@pytest.mark.parametrize("tag", LANGUAGES)
def test_every_language_has_every_word_in_its_own_plural_forms(
    tag: str, part: str, client: FlaskClient
) -> None:
    english = client.get(f"/v1/words/en/{part}.json").get_json()
    answer = client.get(f"/v1/words/{tag}/{part}.json").get_json()
    language = LANGUAGES[tag]
    assert (answer["lang"], answer["dir"]) == (tag, language.direction)
    assert isinstance(answer["checked"], bool)
    said = answer["words"]
    assert all(isinstance(text, str) and text for text in said.values())
    counted = {key.removesuffix("_one") for key in english["words"] if key.endswith("_one")}
    counted = {key for key in counted if f"{key}_other" in english["words"]}
    assert counted
    for key in counted:
        assert {f"{key}_{category}" for category in (*language.plurals, "other")} <= said.keys()
    plain = {key for key in english["words"] if key.rpartition("_")[0] not in counted}
    assert plain <= said.keys()


def test_a_form_that_is_not_translated_yet_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tellback.translations.catalogues._read", lambda _tag: _Read())
    said = words("pl", {"left_one": "{count} left", "left_other": "{count} are left", "send": "Send it"})
    assert said == {
        "left_one": "{count} left", "left_few": "{count} are left", "left_many": "{count} are left",
        "left_other": "{count} are left", "send": "Send it",
    }  # fmt: skip


def test_a_language_is_found_by_its_other_tags(client: FlaskClient) -> None:
    assert client.get("/v1/words/zh-CN/reading.json").get_json()["lang"] == "zh-Hans"


@pytest.mark.parametrize(
    "path", ["words/fr/reading.json", "words/en/writing.json", "words/en/words.json", "x.json"]
)
def test_what_is_not_there_is_a_problem_that_says_what_is(client: FlaskClient, path: str) -> None:
    for start in ("/v1", f"/{__version__}"):
        assert client.get(f"{start}/{path}").status_code == 404


@pytest.mark.parametrize("name", ["words/cy/reading", "words/ar/telling", "tiles", "rules"])
def test_data_is_pressed_kept_and_open_to_every_page(client: FlaskClient, name: str) -> None:
    plain = client.get(f"/v1/{name}.json")
    small = client.get(f"/{__version__}/{name}.json", headers={"Accept-Encoding": "br"})
    assert plain.mimetype == small.mimetype == "application/json"
    assert json.loads(brotli.decompress(small.data)) == plain.get_json()
    assert plain.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert "immutable" in small.headers["Cache-Control"]
    for response in (plain, small):
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = client.get(f"/v1/{name}.json", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_with_another_releases_script_still_gets_words_and_asks_again_soon(
    client: FlaskClient,
) -> None:
    response = client.get("/0.0.1/words/cy/reading.json")
    assert response.status_code == 200
    assert "immutable" not in response.headers["Cache-Control"]


def test_the_rules_hold_what_a_page_needs_and_no_staff_titles(client: FlaskClient) -> None:
    book = client.get("/v1/rules.json").get_json()
    assert {"skip", "zeros", "fold", "parts", "rules"} <= book.keys()
    assert all({"id", "kind", "patterns"} <= rule.keys() and "title" not in rule for rule in book["rules"])
