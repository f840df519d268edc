"""Keeping who people are: roles given and taken, accounts suspended, and never nobody to let people in."""

import pytest

from tellback import clock
from tellback.accounts import invitations, people, registration, sessions
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, Role, may
from tellback.accounts.sessions import How
from tellback.audit.models import AuditEvent
from tellback.errors import Conflict, NotFound
from tellback.organisations.models import Organisation
from tests.accounts.conftest import PASSWORD


@pytest.fixture
def ada(database: str) -> Account:
    """The only administrator."""
    Organisation.create(code="RXE", name="St Elsewhere", created_at=clock.now())
    return registration.add("ada@elsewhere.example", "Ada Quill", PASSWORD, Role.ADMINISTRATOR)


@pytest.fixture
def ruth(ada: Account) -> Account:
    return registration.add("ruth@hospital.example", "Ruth Ward", PASSWORD, Role.RESPONDER, "RXE")


def held(account: Account, role: Role) -> int:
    """The id of a role that somebody holds."""
    return next(one.id for one in account.memberships if one.role == role)


def test_a_role_is_given_and_taken_and_both_are_on_record(ada: Account, ruth: Account) -> None:
    people.give_role(ruth, Role.WEBMASTER, "RXE", by=ada)
    assert may(people.get(ruth.id), Action.KEEP_WEBSITES, Organisation.get())
    people.take_role(ruth, held(ruth, Role.RESPONDER), by=ada)
    assert [one.role for one in people.get(ruth.id).memberships] == ["webmaster"]
    taken = AuditEvent.get(AuditEvent.act == "account:role:taken")
    assert taken.detail == {"role": "responder", "organisation": "RXE"}
    assert (taken.actor_id, taken.subject_id) == (str(ada.id), str(ruth.id))


def test_a_role_that_is_not_theirs_cannot_be_taken_from_them(ada: Account, ruth: Account) -> None:
    with pytest.raises(NotFound):
        people.take_role(ruth, held(ada, Role.ADMINISTRATOR), by=ada)


def test_a_suspended_account_may_nothing_and_has_no_sessions(ada: Account, ruth: Account) -> None:
    sessions.begin(ruth, How.PASSWORD, "")
    people.suspend(ruth, by=ada)
    assert not may(people.get(ruth.id), Action.READ_OWN_STORIES, Organisation.get())
    assert sessions.of(ruth, sessions.LIFE) == []
    people.resume(ruth, by=ada)
    assert may(people.get(ruth.id), Action.READ_OWN_STORIES, Organisation.get())


def test_nobody_suspends_themselves(ada: Account) -> None:
    with pytest.raises(Conflict, match="ask another administrator"):
        people.suspend(ada, by=ada)


def test_the_only_administrator_stays_one(ada: Account) -> None:
    other = registration.add("mo@elsewhere.example", "Mo", PASSWORD, Role.MODERATOR)
    with pytest.raises(Conflict, match="Ada Quill is the only administrator"):
        people.take_role(ada, held(ada, Role.ADMINISTRATOR), by=ada)
    with pytest.raises(Conflict, match="the only administrator"):
        people.suspend(ada, by=other)
    # Who was invited and has not come lets nobody in.
    invitations.invite("eve@elsewhere.example", "Eve", Role.ADMINISTRATOR, None, by=ada)
    with pytest.raises(Conflict):
        people.take_role(ada, held(ada, Role.ADMINISTRATOR), by=ada)
    people.give_role(other, Role.ADMINISTRATOR, None, by=ada)
    people.take_role(ada, held(ada, Role.ADMINISTRATOR), by=other)


def test_people_are_found_by_name_address_organisation_and_role(ada: Account, ruth: Account) -> None:
    def found(words: str = "", role: str = "") -> list[str]:
        return [one.name for one in people.find(words, role).people]

    assert found() == ["Ada Quill", "Ruth Ward"]
    assert found("ward") == found("hospital.ex") == found("st elsewhere ruth") == ["Ruth Ward"]
    assert found(role="administrator") == ["Ada Quill"]
    assert found("100%") == found("_") == found("nobody") == []


def test_a_long_list_comes_in_screens(ada: Account) -> None:
    for number in range(people.PAGE + 3):
        registration.create(f"p{number}@elsewhere.example", f"Person {number:03}", "-")
    first, second = people.find(page=1), people.find(page=2)
    assert (len(first.people), len(second.people), first.total) == (people.PAGE, 4, people.PAGE + 4)
    assert not {one.id for one in first.people} & {one.id for one in second.people}


def test_ending_sessions_ends_them_all(ada: Account, ruth: Account) -> None:
    keys = [sessions.begin(ruth, How.PASSWORD, "") for _ in range(3)]
    assert people.end_sessions(ruth, by=ada) == 3
    fresh = Account.get_by_id(ruth.id)
    assert [sessions.find(key, fresh.fs_uniquifier, sessions.LIFE) for key in keys] == [None, None, None]
