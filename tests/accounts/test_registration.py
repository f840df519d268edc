"""Adding the people who sign in."""

import pytest

from tellback import clock
from tellback.accounts import registration
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.errors import Conflict, InvalidInput
from tellback.organisations.models import Organisation

GOOD = "three blue ferries"


@pytest.fixture
def elsewhere(database: str) -> Organisation:
    return Organisation.create(code="RXE", name="St Elsewhere", created_at=clock.now())


def roles_of(account: Account) -> list[tuple[str, str | None]]:
    return [
        (m.role, m.organisation and m.organisation.code) for m in account.memberships.order_by(Membership.id)
    ]


def test_it_adds_a_moderator_of_the_installation(database: str) -> None:
    account = registration.add("Moira.Bell@Example.ORG ", " Moira  Bell ", GOOD, Role.MODERATOR)
    back = Account.get_by_id(account.id)
    assert (back.email, back.name, back.active) == ("moira.bell@example.org", "Moira Bell", True)
    assert back.password.startswith("$argon2id$")
    assert back.created_at == clock.now()
    assert roles_of(back) == [("moderator", None)]


def test_it_adds_a_responder_of_an_organisation(elsewhere: Organisation) -> None:
    account = registration.add("moira@example.org", "Moira Bell", GOOD, Role.RESPONDER, "RXE")
    assert roles_of(account) == [("responder", "RXE")]


def test_it_is_recorded(elsewhere: Organisation) -> None:
    account = registration.add("moira@example.org", "Moira Bell", GOOD, Role.RESPONDER, "RXE")
    (event,) = acts.time_line("account", str(account.id))
    assert (event.act, event.actor_kind) == ("account:role:added", "system")
    assert event.detail == {"role": "responder", "organisation": "RXE"}


def test_a_known_address_gets_one_more_role_and_keeps_its_password(elsewhere: Organisation) -> None:
    first = registration.add("moira@example.org", "Moira Bell", GOOD, Role.MODERATOR)
    again = registration.add("MOIRA@example.org", "M. Bell", "another long phrase", Role.RESPONDER, "RXE")
    assert again == first
    assert (again.name, again.password) == (first.name, first.password)
    assert roles_of(again) == [("moderator", None), ("responder", "RXE")]


def test_the_same_role_twice_is_refused(elsewhere: Organisation) -> None:
    for role, place in ((Role.MODERATOR, None), (Role.RESPONDER, "RXE")):
        registration.add("moira@example.org", "Moira Bell", GOOD, role, place)
        with pytest.raises(Conflict, match=f"moira@example.org is a {role} there already"):
            registration.add("moira@example.org", "Moira Bell", GOOD, role, place)
    assert Membership.select().count() == 2


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("email", {"email": "moira at example.org"}),
        ("email", {"email": ""}),
        ("email", {"email": "m" * 250 + "@example.org"}),
        ("email", {"email": "moira\0@example.org"}),
        ("name", {"name": "  "}),
        ("name", {"name": "M" * 101}),
        ("name", {"name": "Moira\0Bell"}),
        ("password", {"password": "too short"}),
        ("password", {"password": None}),
        ("organisation", {"organisation": "RXX"}),
        ("organisation", {"organisation": None}),
        ("organisation", {"role": Role.MODERATOR}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    field: str, change: dict[str, object], elsewhere: Organisation
) -> None:
    given = {"email": "m@example.org", "name": "Moira Bell", "password": GOOD, "role": Role.RESPONDER}
    with pytest.raises(InvalidInput) as refused:
        registration.add(**{**given, "organisation": "RXE", **change})  # type: ignore[arg-type]
    assert refused.value.errors is not None
    assert list(refused.value.errors) == [field]
    assert Account.select().count() == Membership.select().count() == 0


def test_everyone_is_listed_by_address_with_their_roles(elsewhere: Organisation) -> None:
    registration.add("z@example.org", "Zoe", GOOD, Role.MODERATOR)
    registration.add("a@example.org", "Ann", GOOD, Role.RESPONDER, "RXE")
    listed = [(a.email, [(m.role, m.organisation and m.organisation.name) for m in a.memberships])
              for a in registration.everyone()]  # fmt: skip
    assert listed == [
        ("a@example.org", [("responder", "St Elsewhere")]),
        ("z@example.org", [("moderator", None)]),
    ]
