"""The shipped alerts ask for numbers that are given, and the operator's guide says what to do for each."""

import re
from pathlib import Path

import yaml

from tellback import metrics
from tellback.checking import measures
from tellback.http import scraping
from tests.deploy.conftest import SHIPPED

ALERTS = yaml.safe_load((SHIPPED / "alerts.yml").read_text(encoding="utf-8"))
GUIDE = (SHIPPED.parent / "operators.md").read_text(encoding="utf-8")
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
# What prometheus_client makes of a histogram and of a counter.
ENDINGS = re.compile("_(bucket|count|sum|total)$")


def test_each_alert_asks_for_numbers_that_are_given() -> None:
    declared = (metrics, measures, scraping)
    source = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in declared)
    known = set(re.findall(r'"(tellback_[a-z_]+)"', source))
    assert len(known) > 10
    for rule in RULES:
        asked = {ENDINGS.sub("", name) for name in re.findall(r"tellback_[a-z_]+", rule["expr"])}
        assert asked <= known, rule["alert"]
        assert asked or rule["expr"].startswith("up{")


def test_for_each_alert_the_guide_says_what_to_do() -> None:
    rows = re.findall(r"^\| `(Tellback\w+)` \|", GUIDE, re.MULTILINE)
    assert rows == [rule["alert"] for rule in RULES]


def test_each_alert_says_how_grave_it_is_and_what_happened() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"]["summary"].endswith(".")
