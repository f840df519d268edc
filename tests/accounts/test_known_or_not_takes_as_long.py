"""How long an answer takes tells nobody whether an address is known: measured, since it must not creep in."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from tellback.accounts.models import Account
from tellback.app import create_app
from tellback.config import Settings
from tests.admin.conftest import Browser, Page

pytestmark = [pytest.mark.long, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

KNOWN, UNKNOWN = "moira@elsewhere.example", "nobody@elsewhere.example"
TIMES = 150
# Of the median, on a machine with other work: far below what a hash takes, and what a network adds by chance.
MOST = 0.1


def _measure(send: Callable[[str], int]) -> tuple[float, float]:
    """Median milliseconds for the known and the unknown address, tried in turn."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for email in [KNOWN, UNKNOWN] * 5:
        send(email)
    for email in [KNOWN, UNKNOWN] * TIMES:
        began = time.process_time()
        assert send(email) == 200
        took[email].append((time.process_time() - began) * 1000)
    return statistics.median(took[KNOWN]), statistics.median(took[UNKNOWN])


@pytest.mark.parametrize(
    ("page", "typed"),
    [("/admin/sign-in", {"password": "three red ferries!"}), ("/admin/forgotten", {})],
)
def test_known_or_not(page: str, typed: dict[str, str], settings: Settings, moira: Account) -> None:
    browser = Browser(create_app(replace(settings, ratelimit_enabled=False)).test_client())
    values = Page(browser.client.get(page).text).form(page).values
    known, unknown = _measure(
        lambda email: browser.client.post(page, data={**values, **typed, "email": email}).status_code
    )
    print(f"\n{page}: known {known:.2f} ms, unknown {unknown:.2f} ms (CPU, median of {TIMES})")
    assert abs(known - unknown) / max(known, unknown) < MOST
