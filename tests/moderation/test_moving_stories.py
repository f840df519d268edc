""" "Not ours": a responder says where a story belongs, a moderator decides, everyone concerned is told."""

import pytest
from flask.testing import FlaskClient

from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.alerts.beginning import give_first_alerts
from tellback.alerts.models import AlertMatch
from tellback.audit import acts, ledger
from tellback.audit.verification import breaks
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import reroute_decisions
from tellback.outbox.models import OutboxMessage
from tellback.published.ledger_check import disagreements
from tellback.replies import handing_on, relay, rerouting, responding
from tellback.replies.models import Reroute
from tellback.stories.about import services_of
from tellback.stories.models import Story
from tests.people import Places, make_account, tell_and_publish

WRITTEN = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Not us.", "lang": "en"}


@pytest.fixture
def story(places: Places, moira: Account, ruth: Account, gita: Account) -> Story:
    """A published story that was told about the hospital and is about the surgery."""
    give_first_alerts()
    story = tell_and_publish(moira, contact_email="ada@example.org")
    return Story.get_by_id(story.id)


def ask(story: Story, by: Account, to: str = "G81001", why: str = "We have no such clinic.") -> Reroute:
    return rerouting.ask(story, "RXH01", to, why, by=by)


def codes(story: Story) -> list[str]:
    return [service.code for service in services_of([story.id])[story.id]]


def test_a_moderator_agrees_and_the_story_is_with_the_other_service(
    story: Story, moira: Account, ruth: Account, gita: Account, client: FlaskClient
) -> None:
    relay.write_as_author(story, "RXH01", "Was it the medicine?")
    handed = handing_on.hand_on(story, "RXH01", to_whom="Ward", email="w@e.example", note="", by=ruth)
    entries = ledger.count()
    asked = ask(story, ruth)
    assert codes(story) == ["RXH01"], "it stays where it is until somebody decides"
    assert rerouting.waiting() == [asked]
    reroute_decisions.accept(asked, "G81001", moira)
    assert codes(story) == ["G81001"]
    assert [s["code"] for s in client.get(f"/api/v1/stories/{story.public_id}").get_json()["services"]] == [
        "G81001"
    ]
    assert client.get("/api/v1/stories?service=RXH01").get_json()["total"] == 0
    assert client.get("/api/v1/stories?service=RXH01&q=nurse").get_json()["matching"] == 0
    assert client.get("/api/v1/stories?service=G81001&q=nurse").get_json()["matching"] == 1
    assert AlertMatch.select().where(AlertMatch.story == story).count() == 2, "Ruth before, Gita now"
    (letter,) = OutboxMessage.select().where(OutboxMessage.kind == "story_moved")
    assert (letter.recipient_kind, letter.payload["service"]) == ("author", "Elm Surgery")
    assert (ledger.count(), [*breaks(), *disagreements()]) == (entries, [])
    assert acts.time_line("story", story.public_id)[-1].act == acts.Act.STORY_MOVED
    with pytest.raises(NotFound):
        responding.reply(story, "RXH01", WRITTEN, by=ruth)
    with pytest.raises(Conflict, match="another service"):
        relay.write_as_service(story, "RXH01", "Yes.", "Matron", by=ruth, after=0)
    assert responding.reply(story, "G81001", WRITTEN, by=gita)
    (over,) = handing_on.of_story(story, [handed.service.organisation_id])
    assert (over.state, handing_on.address_of(over)) == ("over", None)


def test_a_moderator_refuses_and_says_why(story: Story, moira: Account, ruth: Account) -> None:
    asked = ask(story, ruth, to="")
    with pytest.raises(InvalidInput):
        reroute_decisions.refuse(asked, moira, note=" ")
    reroute_decisions.refuse(asked, moira, note="It names your ward.")
    assert codes(story) == ["RXH01"]
    with pytest.raises(Conflict, match="Someone else has decided"):
        reroute_decisions.accept(asked, "G81001", moira)
    assert ask(story, ruth), "they may ask once more, with other reasons"


def test_it_is_asked_once_and_with_a_reason(story: Story, ruth: Account, gita: Account) -> None:
    for to, why in (("XXX99", "Why"), ("RXH01", "Why"), ("G81001", " ")):
        with pytest.raises(InvalidInput):
            ask(story, ruth, to, why)
    with pytest.raises(NotAllowed):
        ask(story, gita)
    ask(story, ruth)
    with pytest.raises(Conflict, match="asked about this already"):
        ask(story, ruth)


def test_nobody_decides_who_has_a_role_at_either_service(story: Story, ruth: Account, places: Places) -> None:
    asked = ask(story, ruth)
    for place in (places.hospital, places.surgery):
        both = make_account(f"Bo {place.code}", Role.MODERATOR)
        Membership.create(account=both, role="analyst", organisation=place.organisation)
        with pytest.raises(NotAllowed, match="You have a role at"):
            reroute_decisions.accept(asked, "G81001", both)
    with pytest.raises(NotAllowed):
        reroute_decisions.accept(asked, "G81001", ruth)


def test_a_reply_that_is_on_its_way_is_decided_first(story: Story, moira: Account, ruth: Account) -> None:
    asked = ask(story, ruth)
    responding.reply(story, "RXH01", WRITTEN, by=ruth)
    with pytest.raises(Conflict, match="is on its way"):
        reroute_decisions.accept(asked, "G81001", moira)
    assert (codes(story), Reroute.get().state) == (["RXH01"], "open")


def test_a_story_that_was_taken_back_since_it_was_read_is_not_asked_about(
    story: Story, ruth: Account
) -> None:
    read_before = Story.get_by_id(story.id)
    withdraw(story)
    with pytest.raises(Conflict, match="nothing to move"):
        ask(read_before, ruth)
    assert rerouting.waiting() == []
