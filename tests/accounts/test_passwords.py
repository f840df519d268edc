"""Which passwords are good enough, and how they are kept."""

from dataclasses import replace

import pytest

from tellback.accounts import passwords, registration
from tellback.config import Settings
from tellback.errors import InvalidInput


def refusal(password: str) -> str:
    """What is said against Moira's password; empty when nothing is."""
    try:
        passwords.check(password, email="moira.bell@elsewhere.example", name="Moira Bell")
    except InvalidInput as refused:
        return (refused.errors or {})["password"][0]
    return ""


@pytest.mark.parametrize(
    "password",
    [
        "three blue ferries",
        "kettle-armour-98",
        "Glas y dorlan 1",
        "тихая вода у моста",
        "passage of winter light",
    ],
)
def test_a_long_password_of_ones_own_is_taken(password: str) -> None:
    assert refusal(password) == ""


def test_a_made_password_is_taken_and_never_the_same() -> None:
    made = {registration.make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(refusal(password) == "" for password in made)


def test_fewer_than_twelve_characters_are_refused() -> None:
    assert refusal("blue ferries") == ""
    assert (
        refusal("blue ferrie") == "Use at least 12 characters. Three or four words you will remember do well."
    )


def test_more_than_256_characters_are_refused() -> None:
    long = "three blue ferries " * 20
    assert refusal(long[:256]) == ""
    assert refusal(long[:257]) == "Use at most 256 characters."


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "Password-2026!", "P@ssw0rd1234", "passwordpassword", "administrator1",
        "123456789012", "aaaaaaaaaaaa", "qwertyuiop[]", "1qaz2wsx3edc4rfv", "q1w2e3r4t5y6", "zaq12wsxcde3",
        "abcdefghijklmn",
        "Welcome2026!!", "iloveyou1234", "manchesterunited", "hospital2026!", "Tellback Tellback",
        "Winter2026Winter", "correct horse battery staple", "ｐａｓｓｗｏｒｄ１２３４",
    ],
)  # fmt: skip
def test_a_worn_password_is_refused(password: str) -> None:
    assert refusal(password).startswith("This password is among the first that people try.")


@pytest.mark.parametrize("password", ["moira bell 1961!!", "Moira.Bell.2026", "moira.bell@elsewhere.example"])
def test_a_password_told_by_the_account_is_refused(password: str) -> None:
    assert refusal(password) == "Your name or your email address tells too much of this password."


@pytest.mark.parametrize(
    "password", ["Elsewhere Trust 2026", "stories.elsewhere.example", "TheElsewhere-1948"]
)
def test_a_password_of_the_operators_name_or_the_address_is_refused(
    password: str, settings: Settings
) -> None:
    here = replace(settings, operator="The Elsewhere Trust", public_url="https://stories.elsewhere.example")
    told = {"email": "m.bell@example.org", "name": "Moira Bell"}
    passwords.check(password, **told)
    with pytest.raises(InvalidInput) as refused:
        passwords.check(password, **told, known=here.known_words)
    assert refused.value.errors == {
        "password": ["What everybody knows of this place tells too much of this password."]
    }


def test_a_hash_is_argon2id_at_the_stated_cost_and_never_the_same() -> None:
    first, second = passwords.hashed("three blue ferries"), passwords.hashed("three blue ferries")
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second
