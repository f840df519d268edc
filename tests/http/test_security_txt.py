"""Whom to tell of a hole in an installation is said where programs and people look for it (RFC 9116)."""

import dataclasses
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tellback import clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def fields(app: Flask, contact: str) -> dict[str, str]:
    """What security.txt says, by field, of an installation that is reached so."""
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], operator_contact=contact)
    answer = app.test_client().get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.text.splitlines())


@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("safety@stories.example", "mailto:safety@stories.example"),
        ("+44 (0)20 7946 0000", "tel:+4402079460000"),
        ("https://stories.example/contact", "https://stories.example/contact"),
    ],
)
def test_it_says_how_the_operator_is_reached(app: Flask, contact: str, uri: str) -> None:
    assert fields(app, contact)["Contact"] == uri


def test_it_says_where_it_is_and_until_when_it_holds(app: Flask) -> None:
    said = fields(app, "safety@stories.example")
    assert list(said) == ["Contact", "Expires", "Canonical", "Preferred-Languages"]
    assert said["Canonical"] == "https://stories.example/.well-known/security.txt"
    until = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < until - clock.now() < timedelta(days=365)


@pytest.mark.parametrize(
    "contact", ["", "at the desk, Mondays", "http://stories.example", "a@b c\nExpires: 1"]
)
def test_where_nobody_can_be_reached_nothing_is_said(app: Flask, contact: str) -> None:
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], operator_contact=contact)
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
