"""A story is erased: no word of it is left anywhere, and the ledger proves that it was and still holds."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from peewee import ForeignKeyField

from tellback import cli, db
from tellback.accounts.models import Account
from tellback.audit import acts, ledger, verification
from tellback.authorship import erasure
from tellback.authorship.erasure import erase
from tellback.config import Settings
from tellback.errors import Gone
from tellback.moderation import decisions, flags, redaction, reply_decisions
from tellback.moderation.models import Case, Decision
from tellback.published import ledger_check
from tellback.replies import responding
from tellback.replies.models import StoryChange
from tellback.stories import private_links
from tellback.stories.models import PublishedText, ShelvedStory, Story, StoryService, StoryTopic, StoryVersion
from tellback.stories.submission import Receipt
from tests.people import tell

PACKAGE = Path(db.__file__).parent
# A word that stands nowhere else.
TELLING = "Quokka"


@pytest.fixture
def told(moira: Account, ruth: Account) -> Receipt:
    """A story full of the telling word, published, answered, reported: all of its life."""
    sent = tell(
        title=f"{TELLING} in bed",
        body=f"Nurse {TELLING} Bell was kind. Ring 020 7946 0018.",
        what_was_good=TELLING,
        what_could_be_better=TELLING,
        display_name=TELLING,
        topic_words=TELLING,
        contact_email=f"{TELLING}@example.org",
        idempotency_key=f"{TELLING}-0123456789",
        website_path=f"/{TELLING}",
    )
    story = sent.story
    decisions.open_for_review(story, moira)
    redaction.redact_words(
        story, story.revision, "Bell", reason="a_persons_name", replacement=f"[{TELLING}]", by=moira
    )
    decisions.publish(story, story.revision, moira)
    words = {"responder_name": "Ruth", "responder_role": "Matron", "body": f"Dear {TELLING}.", "lang": "en"}
    reply_decisions.publish(responding.reply(story, "RXH01", words, by=ruth), moira)
    flags.tell(story.public_id, "other", f"That is {TELLING}!")
    decisions.remove(story, story.revision, moira, reason="legal_duty", message=f"Dear {TELLING}.")
    return sent


def _models() -> list[type[db.Model]]:
    for path in PACKAGE.glob("*/models.py"):
        import_module(f"tellback.{path.parent.name}.models")
    return [model for model in db.Model.__subclasses__() if model.__module__.startswith("tellback.")]


def _tables() -> list[str]:
    # As the database names them: the indexes that readers and staff search in are no models.
    return list(db.database.get_tables())  # type: ignore[attr-defined]


def _holding(word: str) -> list[str]:
    return [
        table
        for table in _tables()
        for row in db.database.execute_sql(f'SELECT * FROM "{table}"').fetchall()
        if word.lower() in repr(row).lower()
    ]


def _story(sent: Receipt) -> Story:
    story: Story = Story.get_by_id(sent.story.id)
    return story


def test_no_word_of_it_is_left_in_any_table(told: Receipt) -> None:
    assert len(set(_holding(TELLING))) > 5, "it stood in many places before"
    erase(_story(told))
    assert _holding(TELLING) == []


def test_the_ledger_says_so_and_still_holds(told: Receipt) -> None:
    before = [ledger.described(entry) for entry in ledger.after(0, limit=99)]
    erase(_story(told))
    after = [ledger.described(entry) for entry in ledger.after(0, limit=99)]
    assert after[: len(before)] == before
    assert [one["step"] for one in after[len(before) :]] == ["withdrawn", "erased"]
    assert [*verification.breaks(), *ledger_check.disagreements()] == []


def test_no_salt_is_left_to_open_its_commitments(told: Receipt) -> None:
    erase(_story(told))
    assert [version.salt for version in StoryVersion.select()] == [None]
    assert PublishedText.select().count() == 0


def test_its_tombstone_stays(told: Receipt, client: FlaskClient) -> None:
    erase(_story(told))
    story = client.get(f"/api/v1/stories/{told.story.public_id}").get_json()
    assert story["state"] == "removed"
    assert [one["step"] for one in story["ledger"]["entries"]][-1] == "erased"
    listed = client.get("/api/v1/stories?service=RXH01").get_json()
    assert listed["total"] == 1
    assert client.get("/api/v1/services/RXH01/transparency").get_json()["withdrawn"] == 1


def test_it_is_on_record_and_the_private_link_opens_nothing(told: Receipt) -> None:
    erase(_story(told))
    assert acts.time_line("story", told.story.public_id)[-1].act == acts.Act.STORY_ERASED
    with pytest.raises(Gone):
        private_links.story_of(told.token)


def test_erasing_again_changes_nothing(told: Receipt) -> None:
    erase(_story(told))
    count = ledger.count()
    erase(_story(told))
    assert ledger.count() == count


def test_words_that_were_left_in_the_store_are_found(told: Receipt) -> None:
    erase(_story(told))
    StoryVersion.update(body="Still here.").execute()
    assert list(ledger_check.disagreements()) == [
        f"Story {told.story.public_id} is erased in the ledger; the store has words of it still."
    ]


def test_of_every_table_that_belongs_to_a_story_it_is_decided_what_becomes() -> None:
    # What stays holds no words, or is emptied of them; what is named nowhere would be forgotten.
    stays = {StoryVersion, StoryService, StoryTopic, ShelvedStory, StoryChange, Decision, Case}
    goes = {*erasure.GONE_WITH_THE_STORY, *erasure.GONE_WITH_ITS_WORDS}
    belongs = {
        model
        for model in _models()
        for field in model._meta.sorted_fields
        if isinstance(field, ForeignKeyField) and field.rel_model in (Story, StoryVersion)
    }
    assert belongs == stays | goes


def test_an_author_erases_by_program(told: Receipt, client: FlaskClient) -> None:
    bearer = {"Authorization": f"Bearer {told.token}"}
    answer = client.delete("/api/v1/my-story/words", headers=bearer)
    assert (answer.status_code, answer.get_json()) == (200, {"state": "erased"})
    assert client.delete("/api/v1/my-story/words", headers=bearer).status_code == 410


def test_an_author_erases_on_the_page_once_the_story_is_withdrawn_and_is_asked_first(
    told: Receipt, client: FlaskClient
) -> None:
    def press(step: str, path: str = "/my-story") -> Any:
        return client.post(path, data={"token": told.token, "step": step})

    assert "Erase my words" not in press("").text
    assert "Erase my words" in press("withdraw").text
    assert "Yes, erase my words" in press("ask_erase").text
    assert _holding(TELLING), "nobody has agreed yet"
    done = press("", "/my-story/erase")
    assert done.status_code == 200
    assert "Your story is erased" in done.text
    assert _holding(TELLING) == []
    assert press("", "/my-story/erase").status_code == 410


def test_an_operator_erases_for_who_asks_in_another_way(
    told: Receipt, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (
        ("DATABASE_URL", settings.database_url),
        ("DATA_DIR", str(settings.data_dir)),
        ("OPERATOR", settings.operator),
        ("SECRET_KEY", settings.secret_key),
        ("CONTACT_KEY", settings.contact_key[0]),
        ("LEDGER_KEY", settings.ledger_key[0]),
    ):
        monkeypatch.setenv(f"TELLBACK_{name}", value)
    done = CliRunner().invoke(cli.tellback, ["story", "erase", told.story.public_id], input="y\n")
    assert "erased; the ledger says so" in done.output
    assert _holding(TELLING) == []
    refused = CliRunner().invoke(cli.tellback, ["story", "erase", "nobodys", "--yes"])
    assert "There is no story of this id." in str(refused.exception)
    for expected in ("the ledger holds: 5 entries", ""):
        verified = CliRunner().invoke(cli.tellback, ["ledger", "verify"])
        assert (verified.exit_code, expected in verified.output) == (0, True)
    Story.update(state="published").execute()
    verified = CliRunner().invoke(cli.tellback, ["ledger", "verify"])
    assert verified.exit_code == 1
    assert "the ledger does not hold: breaks found, 1" in verified.output
