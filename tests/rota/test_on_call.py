"""Words of crisis reach whoever is on call at once, by a letter that holds none of them."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import InvalidInput, NotAllowed
from tellback.outbox.models import OutboxMessage
from tellback.rota import on_call
from tests import people

CRISIS = "I cannot go on. I want to kill myself tonight."


@pytest.fixture
def ada(database: str) -> Account:
    """An administrator."""
    return people.make_account("Ada", Role.ADMINISTRATOR)


def _alerted() -> list[str]:
    waiting = OutboxMessage.select().where(OutboxMessage.kind == "crisis_alert").order_by(OutboxMessage.id)
    return [message.recipient_id for message in waiting]


def test_whoever_is_on_call_is_written_to_as_the_story_is_kept(ada: Account, moira: Account) -> None:
    on_call.keep({moira.id}, by=ada)
    story = people.tell(body=CRISIS).story
    (message,) = OutboxMessage.select().where(OutboxMessage.kind == "crisis_alert")
    assert message.recipient_id == str(moira.id)
    assert message.payload == {"story": story.public_id, "staffed": True}


def test_when_nobody_is_on_call_everyone_who_moderates_is_told(ada: Account, moira: Account) -> None:
    people.tell(body=CRISIS)
    assert _alerted() == [str(ada.id), str(moira.id)]


def test_someone_on_call_who_left_is_not_counted_on(ada: Account, moira: Account) -> None:
    on_call.keep({moira.id}, by=ada)
    Account.update(active=False).where(Account.id == moira.id).execute()
    people.tell(body=CRISIS)
    assert _alerted() == [str(ada.id)]


def test_a_usual_story_alerts_nobody(ada: Account, moira: Account) -> None:
    people.tell()
    assert _alerted() == []


def test_a_responder_cannot_be_on_call(ada: Account, ruth: Account) -> None:
    with pytest.raises(InvalidInput):
        on_call.keep({ruth.id}, by=ada)


def test_a_moderator_does_not_say_who_is_on_call(moira: Account) -> None:
    with pytest.raises(NotAllowed):
        on_call.keep({moira.id}, by=moira)
