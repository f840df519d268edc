"""Whatever is wrong with a sign-in, the answer is the same; on both engines."""

import re

import pytest

from tellback.accounts.models import Account
from tests.accounts.conftest import NOT_RIGHT, PASSWORD, sign, who
from tests.admin.conftest import Browser, Page


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("moira@elsewhere.example", "three red ferries!"),
        ("nobody@elsewhere.example", PASSWORD),
        ("", PASSWORD),
        ("moira@elsewhere.example", ""),
        ("not an address", PASSWORD),
        ("moira\0@elsewhere.example", PASSWORD),
        ("moira@elsewhere.example", "three\0blue ferries"),
        ("m" * 300 + "@elsewhere.example", PASSWORD),
        ("moira@elsewhere.example", "ﷺ" * 5000),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    email: str, password: str, browser: Browser, moira: Account
) -> None:
    answer = sign(browser, email, password)
    assert answer.status_code == 200
    page = Page(answer.text)
    (summary,) = re.findall(r"There is a problem (.*?) Sign in ", page.text)
    assert summary == NOT_RIGHT
    assert page.form("/sign-in").values["password"] == ""
    assert who(browser) == ""
