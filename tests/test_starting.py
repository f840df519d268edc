"""A service that starts answers soon: what only some requests need is loaded, compiled or described by those.

Nothing is timed here, for the machine is shared; `python -m tests.benchmarks.start` does that.
"""

import json
import subprocess
import sys

import click
import pytest
from werkzeug.routing import Rule

from tellback import cli
from tellback.app import create_app
from tellback.config import Settings
from tests.durability.service import environment

ANSWERED = """
import json, sys
from werkzeug.test import Client
from tellback.cli.serve import application
assert Client(application()).get("/healthz").status_code == 200
print(json.dumps(sorted(sys.modules)))
"""
ASKED_FOR_HELP = """
import json, sys
from tellback.cli import tellback
tellback(["--help"], standalone_mode=False)
print(json.dumps(sorted(sys.modules)))
"""
# For whom each of them is loaded.
LATE = {
    "webauthn": "somebody who uses a passkey",
    "OpenSSL": "the certificates of passkeys",
    "tellback.accounts.authenticators": "somebody who uses a passkey",
    "py3langid": "a story that does not say its language",
    "xlsxwriter": "somebody who takes a spreadsheet away",
    "tellback.cli.services": "an operator who types `tellback services`",
}
OF_THE_SERVICE = ("tellback.app", "tellback.db", "flask", "peewee", "marshmallow", "waitress", "limits")


def _loaded_by(program: str, settings: Settings) -> set[str]:
    """The modules that a process of its own says it has loaded, in its last line."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_what_only_some_requests_need_is_not_loaded_for_the_first_answer(settings: Settings) -> None:
    loaded = _loaded_by(ANSWERED, settings)
    assert "tellback.app" in loaded
    assert {name: whom for name, whom in LATE.items() if name in loaded} == {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
def test_addresses_are_compiled_and_the_api_described_when_somebody_asks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[Rule] = []
    compile_builder = Rule._compile_builder
    monkeypatch.setattr(
        Rule,
        "_compile_builder",
        lambda rule, append_unknown=True: compiled.append(rule) or compile_builder(rule, append_unknown),
    )
    app = create_app(settings)
    described = app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    assert app.test_client().get("/healthz").status_code == 200
    assert {rule.endpoint for rule in compiled} == {"static"}  # Flask makes that one before we say how
    assert "/api/v1/stories" not in described.spec.to_dict()["paths"]
    with app.test_request_context():
        assert app.url_for("telling.tell", service="RXH01", lang="cy") == "/tell?service=RXH01&lang=cy"
    assert {rule.endpoint for rule in compiled} == {"static", "telling.tell"}
    assert "/api/v1/stories" in app.test_client().get("/openapi.json").json["paths"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_help_lists_every_command_and_loads_none(settings: Settings) -> None:
    loaded = _loaded_by(ASKED_FOR_HELP, settings)
    assert loaded.isdisjoint(OF_THE_SERVICE)


def test_help_says_of_each_command_what_the_command_says_of_itself() -> None:
    context = click.Context(cli.tellback)
    for name, (_, said) in cli.COMMANDS.items():
        command = cli.tellback.get_command(context, name)
        assert command
        assert (command.help or "").split("\n\n")[0].replace("\n", " ") == said
    assert cli.tellback.get_command(context, "sevre") is None
