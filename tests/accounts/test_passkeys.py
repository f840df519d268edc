"""Passkeys, by rule, on both engines: what was not asked here, now and of this key is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts import passkeys, registration, second_factors
from tellback.accounts.models import Account, Passkey
from tellback.accounts.passkeys import Question
from tellback.audit.acts import SYSTEM
from tellback.errors import InvalidInput, NotFound, NotSignedIn
from tests.accounts.authenticator import Authenticator

URL = "https://stories.example"


@pytest.fixture
def moira(database: str) -> Account:
    return registration.create("moira@elsewhere.example", "Moira Bell", "-")


@pytest.fixture
def phone(moira: Account) -> Authenticator:
    """Moira's phone, which made a passkey here."""
    phone = Authenticator()
    add(moira, phone)
    clock.pin(clock.now() + timedelta(seconds=1))
    return phone


def add(account: Account, authenticator: Authenticator, name: str = "My phone") -> list[str]:
    """Have an authenticator make a passkey; the recovery codes shown."""
    question, options = passkeys.ask_to_make(account, URL, "The Tellback Trust")
    return passkeys.add(account, authenticator.make(options), question, name, URL, by=SYSTEM)


def signed(phone: Authenticator, account: Account | None = None) -> tuple[str, Question]:
    """What the phone answers to a question of ours, and that question."""
    question, options = passkeys.ask(URL, account)
    return phone.sign(options), question


def test_a_passkey_is_made_and_signs_in(moira: Account, phone: Authenticator) -> None:
    assert passkeys.check(*signed(phone), URL) == moira
    (kept,) = passkeys.of(moira)
    assert (kept.name, kept.used_at, kept.transports) == ("My phone", clock.now(), ["internal"])
    assert second_factors.has(moira)


def test_the_first_brings_recovery_codes_and_the_second_none(moira: Account) -> None:
    assert len(add(moira, Authenticator())) == 10
    assert add(moira, Authenticator(), "Key on my ring") == []


def test_the_question_names_nobody_but_them_and_asks_for_no_attestation(moira: Account) -> None:
    _question, options = passkeys.ask_to_make(moira, URL, "The Tellback Trust")
    assert options["rp"] == {"name": "The Tellback Trust", "id": "stories.example"}
    assert options["user"]["name"] == moira.email
    assert options["attestation"] == "none"
    # Random, and the same for each of their keys.
    again = passkeys.ask_to_make(Account.get_by_id(moira.id), URL, "The Tellback Trust")[1]
    assert options["user"]["id"] == again["user"]["id"]
    assert options["challenge"] != again["challenge"]


def test_whoever_asks_to_sign_in_learns_of_no_key(phone: Authenticator) -> None:
    _question, options = passkeys.ask(URL)
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"


def test_an_answer_works_once(moira: Account, phone: Authenticator) -> None:
    answer, question = signed(phone)
    passkeys.check(answer, question, URL)
    clock.pin(clock.now() + timedelta(seconds=1))
    with pytest.raises(NotSignedIn, match="took too long"):
        passkeys.check(answer, replace(question, at=question.at - 1), URL)


def test_an_answer_to_another_question_is_refused(phone: Authenticator) -> None:
    answer, _question = signed(phone)
    _answer, other = signed(phone)
    with pytest.raises(NotSignedIn):
        passkeys.check(answer, other, URL)


def test_an_answer_that_nobody_asked_for_is_refused(phone: Authenticator) -> None:
    with pytest.raises(NotSignedIn):
        passkeys.check(signed(phone)[0], None, URL)


def test_an_answer_after_five_minutes_is_refused(phone: Authenticator) -> None:
    answer, question = signed(phone)
    clock.pin(clock.now() + timedelta(minutes=5, seconds=1))
    with pytest.raises(NotSignedIn, match="took too long"):
        passkeys.check(answer, question, URL)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://stories.example.evil", "stories.example"),
        (URL, "evil.example"),
        ("http://stories.example", "stories.example"),
    ],
)
def test_an_answer_given_to_another_page_is_refused(origin: str, host: str, phone: Authenticator) -> None:
    phone.origin, phone.host = origin, host
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(phone), URL)


def test_a_key_that_nobody_proved_themselves_to_stands_for_no_password(
    moira: Account, phone: Authenticator
) -> None:
    phone.verifies = False
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(phone), URL)
    # After the password it does: whoever has both has two things.
    assert passkeys.check(*signed(phone, moira), URL, moira) == moira


def test_nobody_elses_key_is_a_second_thing(moira: Account, phone: Authenticator) -> None:
    other = registration.create("other@elsewhere.example", "Other", "-")
    with pytest.raises(NotSignedIn, match="not known here"):
        passkeys.check(*signed(phone, other), URL, other)


def test_a_copied_key_is_found_by_its_count(moira: Account) -> None:
    phone = Authenticator()
    add(moira, phone)
    phone.count = 7
    passkeys.check(*signed(phone), URL)
    clock.pin(clock.now() + timedelta(minutes=1))
    phone.count = 6
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(phone), URL)


def test_a_signature_by_another_key_is_refused(phone: Authenticator) -> None:
    thief = Authenticator()
    thief.id = phone.id
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(thief), URL)


def test_a_suspended_account_does_not_get_in_by_its_passkey(phone: Authenticator) -> None:
    Account.update(active=False).execute()
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(phone), URL)


@pytest.mark.parametrize(
    "answer", ["", "x", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "AAAA"}', "1" * 9000]
)
def test_what_is_no_answer_is_refused(answer: str, moira: Account, phone: Authenticator) -> None:
    question, _options = passkeys.ask(URL)
    with pytest.raises(NotSignedIn):
        passkeys.check(answer, question, URL)
    question, _options = passkeys.ask_to_make(moira, URL, "Trust")
    with pytest.raises(InvalidInput) as refused:
        passkeys.add(moira, answer, question, "My phone", URL, by=SYSTEM)
    assert "credential" in (refused.value.errors or {})


def test_a_broken_answer_of_a_known_key_is_refused(phone: Authenticator) -> None:
    answer, question = signed(phone)
    told = json.loads(answer)
    for part in ("clientDataJSON", "authenticatorData", "signature"):
        broken = {**told, "response": {**told["response"], part: "AAAA"}}
        with pytest.raises(NotSignedIn):
            passkeys.check(json.dumps(broken), question, URL)
        missing = {name: value for name, value in told["response"].items() if name != part}
        with pytest.raises(NotSignedIn):
            passkeys.check(json.dumps({**told, "response": missing}), question, URL)


def test_a_passkey_needs_a_name_and_an_asked_question(moira: Account) -> None:
    question, options = passkeys.ask_to_make(moira, URL, "Trust")
    answer = Authenticator().make(options)
    for name in ("", "  ", "x" * 61, "a\0b"):
        with pytest.raises(InvalidInput) as refused:
            passkeys.add(moira, answer, question, name, URL, by=SYSTEM)
        assert "name" in (refused.value.errors or {})
    with pytest.raises(InvalidInput):
        passkeys.add(moira, answer, None, "My phone", URL, by=SYSTEM)
    assert passkeys.of(moira) == []


def test_one_key_is_on_one_account(moira: Account, phone: Authenticator) -> None:
    other = registration.create("other@elsewhere.example", "Other", "-")
    with pytest.raises(InvalidInput):
        add(other, phone)


def test_a_removed_passkey_signs_nobody_in(moira: Account, phone: Authenticator) -> None:
    passkeys.remove(moira, passkeys.of(moira)[0].id, by=SYSTEM)
    with pytest.raises(NotSignedIn):
        passkeys.check(*signed(phone), URL)
    assert second_factors.left(moira) == 0


def test_nobody_removes_anothers_passkey(moira: Account, phone: Authenticator) -> None:
    other = registration.create("other@elsewhere.example", "Other", "-")
    with pytest.raises(NotFound):
        passkeys.remove(other, Passkey.get().id, by=SYSTEM)


@pytest.mark.parametrize(
    ("url", "can"),
    [
        ("https://stories.example", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.1", False),
        ("http://stories.example", False),
    ],
)
def test_browsers_make_passkeys_for_names_over_https(url: str, can: bool) -> None:
    assert passkeys.possible(url) is can
