"""Who may do what, and where."""

import pytest

from tellback import clock
from tellback.accounts import roles
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Action, Role
from tellback.errors import InvalidInput, NotAllowed
from tellback.organisations.models import Organisation

MODERATING = [Action.READ_UNPUBLISHED, Action.REDACT_STORIES, Action.DECIDE_STORIES, Action.DECIDE_REPLIES]


@pytest.fixture
def elsewhere(database: str) -> Organisation:
    return Organisation.create(code="RXE", name="St Elsewhere", created_at=clock.now())


@pytest.fixture
def other(database: str) -> Organisation:
    return Organisation.create(code="RXO", name="Other Trust", created_at=clock.now())


def someone(*held: tuple[Role, Organisation | None]) -> Account:
    account = Account.create(
        email="someone@example.org", name="Someone", password="-", fs_uniquifier="-", created_at=clock.now()
    )
    for role, organisation in held:
        Membership.create(account=account, role=role.value, organisation=organisation)
    return account


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MODERATOR])
def test_a_moderator_or_administrator_may_moderate_everything(role: Role, other: Organisation) -> None:
    account = someone((role, None))
    assert all(roles.may(account, action) for action in MODERATING)
    assert all(roles.may(account, action, other) for action in MODERATING)


def test_a_moderator_may_not_answer_for_a_service(elsewhere: Organisation) -> None:
    account = someone((Role.MODERATOR, None))
    assert not roles.may(account, Action.WRITE_REPLIES, elsewhere)
    assert not roles.may_somewhere(account, Action.WRITE_REPLIES)
    with pytest.raises(NotAllowed, match="Only a responder of the organisation that runs this service"):
        roles.require(account, Action.WRITE_REPLIES, elsewhere)


def test_a_moderator_who_is_also_a_responder_there_may_answer(elsewhere: Organisation) -> None:
    account = someone((Role.MODERATOR, None), (Role.RESPONDER, elsewhere))
    roles.require(account, Action.WRITE_REPLIES, elsewhere)


def test_a_responder_may_answer_for_their_own_organisation_only(
    elsewhere: Organisation, other: Organisation
) -> None:
    account = someone((Role.RESPONDER, elsewhere))
    assert roles.may(account, Action.WRITE_REPLIES, elsewhere)
    assert not roles.may(account, Action.WRITE_REPLIES, other)
    # Without naming an organisation the question is about the whole installation.
    assert not roles.may(account, Action.WRITE_REPLIES)
    assert roles.may_somewhere(account, Action.WRITE_REPLIES)
    assert roles.organisations(account, Action.WRITE_REPLIES) == {elsewhere.id}


@pytest.mark.parametrize("action", MODERATING)
def test_a_responder_may_not_moderate(action: Action, elsewhere: Organisation) -> None:
    account = someone((Role.RESPONDER, elsewhere))
    assert not roles.may(account, action, elsewhere)
    with pytest.raises(NotAllowed, match="Only moderators"):
        roles.require_somewhere(account, action)


def test_an_analyst_reads_and_does_not_write(elsewhere: Organisation) -> None:
    account = someone((Role.ANALYST, elsewhere))
    assert roles.may(account, Action.READ_OWN_STORIES, elsewhere)
    assert not roles.may(account, Action.WRITE_REPLIES, elsewhere)


def test_a_role_in_the_wrong_place_opens_nothing(elsewhere: Organisation) -> None:
    account = someone((Role.MODERATOR, elsewhere), (Role.RESPONDER, None))
    assert not any(roles.may(account, action, elsewhere) for action in Action)
    assert not any(roles.may_somewhere(account, action) for action in Action)


def test_an_account_that_was_switched_off_may_nothing(elsewhere: Organisation) -> None:
    account = someone((Role.ADMINISTRATOR, None), (Role.RESPONDER, elsewhere))
    account.active = False
    assert not any(roles.may(account, action, elsewhere) for action in Action)
    assert not any(roles.may_somewhere(account, action) for action in Action)


def test_someone_with_a_role_there_may_not_decide_about_it(
    elsewhere: Organisation, other: Organisation
) -> None:
    account = someone((Role.MODERATOR, None), (Role.ANALYST, elsewhere))
    roles.require_no_interest(account, [other])
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere, which this story is about"):
        roles.require_no_interest(account, [other, elsewhere])


def test_roles_of_the_installation_are_refused_in_an_organisation(elsewhere: Organisation) -> None:
    roles.check_place(Role.MODERATOR, None)
    with pytest.raises(InvalidInput) as refused:
        roles.check_place(Role.MODERATOR, elsewhere)
    assert refused.value.errors == {
        "organisation": ["A moderator belongs to the whole installation, to no organisation in it."]
    }


def test_roles_of_an_organisation_need_one(elsewhere: Organisation) -> None:
    roles.check_place(Role.RESPONDER, elsewhere)
    with pytest.raises(InvalidInput) as refused:
        roles.check_place(Role.RESPONDER, None)
    assert refused.value.errors == {"organisation": ["Say which organisation the responder belongs to."]}


def test_every_role_has_its_row_and_every_action_its_sentence() -> None:
    assert set(roles.MAY) == set(Role)
    assert set(roles._REFUSALS) == set(Action)
