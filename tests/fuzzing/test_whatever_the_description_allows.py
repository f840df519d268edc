"""What the OpenAPI document allows is answered as it says, what it does not is refused; on both engines."""

from dataclasses import replace

import pytest
from flask import Flask

from tellback.app import create_app
from tellback.config import Settings
from tests import people
from tests.embedded import Staff
from tests.fuzzing import calls

HOURS = pytest.mark.timeout(7200)


@pytest.fixture
def unlimited(settings: Settings, places: people.Places) -> Flask:
    """The service without its limits, which would answer nearly everything."""
    return create_app(replace(settings, ratelimit_enabled=False))


@pytest.mark.by_turns
@pytest.mark.parametrize(
    ("examples", "thorough"),
    [
        pytest.param(2, False, id="two examples each"),
        pytest.param(100, True, id="a hundred examples, and every edge", marks=[pytest.mark.long, HOURS]),
    ],
)
def test_every_operation_keeps_to_its_description(
    unlimited: Flask, examples: int, thorough: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    report = calls.ask_everything(unlimited, Staff(), examples=examples, thorough=thorough)
    with capsys.disabled():
        print(f"\n{report.asked} calls, by status {dict(sorted(report.statuses.items()))}")
    assert report.wrong == []
    assert report.asked > 40 * examples
    assert all(0 < status < 500 for status in report.statuses)
