"""By which names the service answers, and what is said to whoever asks by another."""

import dataclasses

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tellback import config
from tellback.errors import SettingsError

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    "host",
    [
        "stories.example",
        "STORIES.example",
        "stories.example:443",
        "localhost",
        "localhost:8000",
        "127.0.0.1:8000",
        "[::1]:8000",
    ],
)
def test_it_answers_by_its_own_names(client: FlaskClient, host: str) -> None:
    assert client.get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "stories.example.evil.example",
        "evil.example:443",
        "stories.example:8443",
        "stories.example@evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "stories.example, evil.example",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/about", "/admin/sign-in", "/api/v1/stories", "/nowhere"])
def test_it_answers_by_no_other(client: FlaskClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert "https://stories.example" in answer.text
    assert "TELLBACK_ALSO_AT" in answer.text
    assert "evil" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_health_check_may_know_the_number_alone(client: FlaskClient) -> None:
    assert client.get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200


def test_it_answers_by_the_other_names_that_a_setting_gives(app: Flask) -> None:
    app.config["SETTINGS"] = dataclasses.replace(
        app.config["SETTINGS"], also_at=("https://old-name.example",)
    )
    headers = {"Host": "old-name.example", "Origin": "https://old-name.example"}
    shown = app.test_client().get("/services/RXH01", headers=headers)
    assert shown.status_code == 200
    # Links lead to the public address all the same.
    assert "old-name.example" not in shown.text


def test_the_other_names_are_addresses(settings: config.Settings) -> None:
    environ = {"TELLBACK_OPERATOR": "The Tellback Trust", "TELLBACK_DATA_DIR": str(settings.data_dir)}
    read = config.load({**environ, "TELLBACK_ALSO_AT": "https://a.example, https://b.example:8443/"})
    assert read.also_at == ("https://a.example", "https://b.example:8443")
    assert config.load(environ).also_at == ()
    with pytest.raises(SettingsError, match="TELLBACK_ALSO_AT must be an address"):
        config.load({**environ, "TELLBACK_ALSO_AT": "a.example"})
