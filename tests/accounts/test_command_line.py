"""`tellback account …`."""

import re

import pytest
from click.testing import CliRunner, Result

from tellback import cli, db
from tellback.accounts import registration, second_factors
from tellback.accounts.models import Account
from tellback.audit.acts import SYSTEM
from tellback.errors import Conflict, InvalidInput, NotFound
from tests.accounts.conftest import KEY, code_of
from tests.people import Places

GOOD = "three blue ferries"


@pytest.fixture(autouse=True)
def environment(database: str, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TELLBACK_DATABASE_URL", database)
    monkeypatch.setenv("TELLBACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("TELLBACK_OPERATOR", "The Tellback Trust")
    monkeypatch.setenv("TELLBACK_SECRET_KEY", "a secret of the tests, long enough to sign with")
    monkeypatch.setenv("TELLBACK_CONTACT_KEY", "another secret of the tests to seal addresses")
    monkeypatch.setenv("TELLBACK_LEDGER_KEY", "a third secret of the tests to sign the ledger")


def run(*words: str, typed: str = "") -> Result:
    # The command opens the database itself.
    db.database.close_all()  # type: ignore[attr-defined]
    return CliRunner().invoke(cli.tellback, ["account", *words], input=typed, catch_exceptions=False)


def add(*more: str, typed: str = f"{GOOD}\n{GOOD}\n") -> Result:
    return run("add", "--email", "moira@example.org", "--name", "Moira Bell", *more, typed=typed)


def test_it_asks_for_the_password_and_says_where_to_sign_in() -> None:
    result = add("--role", "moderator")
    assert "Moira Bell signs in at http://127.0.0.1:8000/admin/ with moira@example.org" in result.output
    assert GOOD not in result.output
    assert Account.get().email == "moira@example.org"


def test_it_can_make_a_password_and_prints_it_once() -> None:
    result = add("--role", "moderator", "--generate", typed="")
    assert re.search(r"^password: [a-z0-9]{5}(-[a-z0-9]{5}){3}$", result.output, re.MULTILINE)


def test_a_known_address_gets_another_role_without_a_password(places: Places) -> None:
    add("--role", "moderator")
    result = add("--role", "responder", "--organisation", "RXH", "--generate", typed="")
    assert "assword" not in result.output
    assert run("list").output == "moira@example.org\tMoira Bell\tmoderator, responder of RXH\n"


def test_the_list_says_who_is_switched_off() -> None:
    add("--role", "moderator")
    Account.update(active=False).execute()
    assert run("list").output == "moira@example.org\tMoira Bell\tmoderator (suspended)\n"


def test_a_weak_password_is_refused() -> None:
    with pytest.raises(InvalidInput):
        add("--role", "moderator", typed="password1234\npassword1234\n")
    assert registration.everyone() == []


def test_a_responder_without_an_organisation_is_refused() -> None:
    with pytest.raises(InvalidInput):
        add("--role", "responder", "--generate", typed="")


def test_a_role_held_already_is_refused() -> None:
    add("--role", "moderator")
    with pytest.raises(Conflict):
        add("--role", "moderator")


def test_an_unknown_role_is_refused_with_the_list() -> None:
    result = add("--role", "boss")
    assert result.exit_code == 2
    assert "administrator" in result.output


def test_a_forgotten_password_is_replaced_and_sessions_end() -> None:
    add("--role", "moderator")
    before = Account.get()
    result = run("password", "Moira@Example.org", typed="four red kettles\nfour red kettles\n")
    assert result.output.endswith("Moira Bell has a new password\n")
    after = Account.get()
    assert after.password != before.password
    assert after.fs_uniquifier != before.fs_uniquifier


def test_a_new_password_for_a_stranger_or_a_weak_one_is_refused() -> None:
    with pytest.raises(NotFound, match="Nobody here signs in with"):
        run("password", "nobody@example.org", "--generate")
    add("--role", "moderator")
    before = Account.get().password
    with pytest.raises(InvalidInput):
        run("password", "moira@example.org", typed="short\nshort\n")
    assert Account.get().password == before


def test_who_lost_their_phone_signs_in_with_a_password_alone() -> None:
    add("--role", "administrator")
    second_factors.set_up(Account.get(), KEY, code_of(), by=SYSTEM)
    assert "signs in with a password alone" in run("reset", "moira@example.org").output
    assert not second_factors.has(Account.get())
    with pytest.raises(NotFound, match="Nobody here signs in with"):
        run("reset", "nobody@example.org")
