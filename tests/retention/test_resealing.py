"""A new key takes over: all is sealed anew with it, and the old one can go."""

import pytest
from click.testing import CliRunner

from tellback import cli, clock, sealing
from tellback.accounts.models import Account
from tellback.config import Settings
from tellback.errors import SettingsError
from tellback.moderation import cases
from tellback.replies import relay
from tellback.retention import resealing
from tellback.stories import contact, private_links
from tellback.stories.models import AuthorContact, LostLink, Story
from tests.people import tell

OLD, NEW = "a key of the tests that seals addresses", "another key of the tests to seal with from now on"


@pytest.fixture
def told(database: str, moira: Account) -> Story:
    story = tell(contact_email="ada@example.org").story
    LostLink.create(email_sealed=sealing.seal("bo@example.org"), asked_at=clock.now())
    cases.begin(story, cases.Kind.APPEAL, told={"words": "Again, please."})
    Account.update(totp_sealed=sealing.seal("JBSWY3DP")).where(Account.id == moira.id).execute()
    return story


def test_every_column_that_is_sealed_is_found() -> None:
    found = {f"{model.__name__}.{field.name}" for model, field in resealing.columns()}
    assert {"AuthorContact.email_sealed", "RelayMessage.body_sealed", "Account.totp_sealed"} <= found
    assert len(found) == 15


def test_what_the_old_key_sealed_the_new_one_opens_alone(told: Story, moira: Account) -> None:
    sealing.use((NEW, OLD))
    changed = dict(resealing.reseal())
    assert sum(changed.values()) == 5
    sealing.use((NEW,))
    assert contact.address_of(told) == "ada@example.org"
    assert [one.id for one in contact.stories_at("Ada@example.org")] == [told.id], "found by its bucket"
    assert private_links.story_of(private_links.again(told)).id == told.id
    assert cases.told(cases.of_story(told)[0])["words"] == "Again, please."
    assert sealing.unseal(Account.get_by_id(moira.id).totp_sealed) == "JBSWY3DP"
    assert relay.threads_of(told) == []


def test_run_again_it_changes_nothing(told: Story) -> None:
    sealing.use((NEW, OLD))
    list(resealing.reseal())
    before = bytes(AuthorContact.get().email_sealed)
    assert sum(count for _column, count in resealing.reseal()) == 0
    assert bytes(AuthorContact.get().email_sealed) == before


def test_stopped_in_between_it_goes_on(told: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "BATCH", 1)
    for _ in range(4):
        tell(contact_email="cy@example.org")
    sealing.use((NEW, OLD))
    stopped = resealing.reseal()
    for column, _count in stopped:
        if column == "AuthorContact.email_sealed":
            break
    stopped.close()
    assert sum(count for _column, count in resealing.reseal()) > 0
    sealing.use((NEW,))
    assert [contact.address_of(story) for story in Story.select().order_by(Story.id)][-1] == "cy@example.org"


def test_what_no_key_opens_is_said(told: Story) -> None:
    sealing.use((NEW,))
    with pytest.raises(SettingsError, match="not the key"):
        list(resealing.reseal())


def test_the_command_says_what_it_did(told: Story, settings: Settings) -> None:
    environment = {
        "TELLBACK_OPERATOR": "Somebody",
        "TELLBACK_DATA_DIR": str(settings.data_dir),
        "TELLBACK_DATABASE_URL": settings.database_url,
        "TELLBACK_SECRET_KEY": settings.secret_key,
        "TELLBACK_LEDGER_KEY": settings.ledger_key[0],
        "TELLBACK_CONTACT_KEY": f"{NEW},{OLD}",
    }
    said = CliRunner().invoke(cli.tellback, ["keys", "reseal"], env=environment)
    assert "AuthorContact.email_sealed: 1" in said.output
    assert "sealed anew: 5" in said.output
