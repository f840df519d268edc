"""Inviting people: a letter, a link that works once, and a password of their own."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts import invitations, links, new_passwords, passwords, registration
from tellback.accounts.links import Purpose
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.models import AuditEvent
from tellback.config import Settings
from tellback.errors import Conflict, InvalidInput, NotSignedIn
from tellback.organisations.models import Organisation
from tellback.outbox.models import OutboxMessage
from tests.accounts.conftest import NOT_RIGHT, PASSWORD, letter, link, sign
from tests.admin.conftest import Browser

NEW = "four green tramways"
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def administrator(database: str) -> Account:
    Organisation.create(code="RXE", name="St Elsewhere", created_at=clock.now())
    return registration.add("ada@elsewhere.example", "Ada Quill", PASSWORD, Role.ADMINISTRATOR)


def invite(by: Account, email: str = "ruth@elsewhere.example", role: Role = Role.RESPONDER) -> Account:
    return invitations.invite(email, "Ruth Ward", role, "RXE", by=by)


def test_who_is_invited_gets_a_letter_and_joins_by_it(administrator: Account, settings: Settings) -> None:
    invite(administrator)
    text = letter(settings, "invitation")
    assert text.startswith("To: ruth@elsewhere.example\nSubject: You are invited to Tellback at")
    assert "Dear Ruth Ward" in text
    assert "Ada Quill added you" in text
    joined = invitations.accept(link(text, "welcome"), NEW, settings.secret_key)
    assert passwords.is_right(joined.password, NEW)
    assert Account.get_by_id(joined.id).invited_at is None
    assert [(held.role, held.organisation.code) for held in joined.memberships] == [("responder", "RXE")]


def test_an_invitation_works_once_and_for_a_week(administrator: Account, settings: Settings) -> None:
    ruth = invite(administrator)
    token = links.make(Purpose.INVITATION, ruth, settings.secret_key)
    clock.pin(clock.now() + timedelta(days=7))
    with pytest.raises(NotSignedIn, match="over a week old"):
        invitations.accept(token, NEW, settings.secret_key)
    clock.pin(clock.now() - timedelta(seconds=1))
    invitations.accept(token, NEW, settings.secret_key)
    with pytest.raises(NotSignedIn):
        invitations.accept(token, "five yellow bicycles", settings.secret_key)


def test_sending_it_again_makes_the_first_link_worthless(administrator: Account, settings: Settings) -> None:
    ruth = invite(administrator)
    first = links.make(Purpose.INVITATION, ruth, settings.secret_key)
    invitations.invite_again(ruth, by=administrator)
    with pytest.raises(NotSignedIn):
        invitations.accept(first, NEW, settings.secret_key)
    invitations.accept(link(letter(settings, "invitation"), "welcome"), NEW, settings.secret_key)


def test_who_signs_in_here_already_gets_the_role_and_no_letter(administrator: Account) -> None:
    moira = registration.add("moira@elsewhere.example", "Moira Bell", PASSWORD, Role.MODERATOR)
    invitations.invite("Moira@Elsewhere.example", "Another Name", Role.RESPONDER, "RXE", by=administrator)
    assert {held.role for held in moira.memberships} == {"moderator", "responder"}
    assert Account.get_by_id(moira.id).name == "Moira Bell"
    assert OutboxMessage.select().count() == 0


@pytest.mark.parametrize(
    ("email", "name", "role", "organisation", "field"),
    [
        ("no address", "Ruth", Role.MODERATOR, None, "email"),
        ("ruth@elsewhere.example", " ", Role.MODERATOR, None, "name"),
        ("ruth@elsewhere.example", "Ruth", Role.RESPONDER, None, "organisation"),
        ("ruth@elsewhere.example", "Ruth", Role.RESPONDER, "NONE", "organisation"),
        ("ruth@elsewhere.example", "Ruth", Role.MODERATOR, "RXE", "organisation"),
    ],
)
def test_an_invitation_that_lacks_something_sends_nothing(
    email: str, name: str, role: Role, organisation: str | None, field: str, administrator: Account
) -> None:
    with pytest.raises(InvalidInput) as refused:
        invitations.invite(email, name, role, organisation, by=administrator)
    assert field in (refused.value.errors or {})
    assert Account.select().count() == 1
    assert OutboxMessage.select().count() == 0


def test_the_same_role_twice_is_told_and_sends_nothing(administrator: Account) -> None:
    invite(administrator)
    with pytest.raises(Conflict, match="is a responder there already"):
        invite(administrator)
    assert OutboxMessage.select().count() == 1


def test_an_invitation_can_be_withdrawn(administrator: Account, settings: Settings) -> None:
    ruth = invite(administrator)
    token = links.make(Purpose.INVITATION, ruth, settings.secret_key)
    invitations.withdraw(ruth, by=administrator)
    assert Membership.select().where(Membership.role == "responder").count() == 0
    with pytest.raises(NotSignedIn):
        invitations.accept(token, NEW, settings.secret_key)
    assert AuditEvent.select().where(AuditEvent.act == "account:invitation:withdrawn").count() == 1


def test_who_has_joined_is_neither_invited_again_nor_withdrawn(administrator: Account) -> None:
    for act in (invitations.invite_again, invitations.withdraw):
        with pytest.raises(Conflict, match="Ada Quill has joined already"):
            act(administrator, by=administrator)


def test_who_forgot_that_they_were_invited_may_ask_for_a_password(
    administrator: Account, settings: Settings
) -> None:
    invite(administrator)
    new_passwords.ask("ruth@elsewhere.example")
    token = link(letter(settings, "new_password"), "new-password")
    joined = new_passwords.choose(token, NEW, settings.secret_key)
    assert Account.get_by_id(joined.id).invited_at is None


@on_sqlite
def test_who_has_not_joined_is_refused_like_anyone(browser: Browser, ada: Account) -> None:
    invitations.invite("mo@elsewhere.example", "Mo", Role.MODERATOR, None, by=ada)
    assert NOT_RIGHT in sign(browser, "mo@elsewhere.example", "whatever it is").text


@on_sqlite
def test_joining_signs_in_and_speaks_of_a_second_factor(
    browser: Browser, ada: Account, settings: Settings
) -> None:
    invitations.invite("mo@elsewhere.example", "Mo", Role.MODERATOR, None, by=ada)
    token = link(letter(settings, "invitation"), "welcome")
    page = browser.send(browser.open("/admin/welcome").form("/welcome"), token=token, password=NEW)
    assert "Welcome, Mo. Add a passkey or an app" in page.text
    assert "Your account" in page.text
