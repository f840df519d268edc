"""`tellback` as an operator types it: what is wrong is said in one line, with what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _tellback(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    given = {"DATA_DIR": str(folder), "OPERATOR": "The Elsewhere Trust", **settings}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    environment |= {f"TELLBACK_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "tellback", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_the_service_refuses_to_start_on_an_older_schema_and_says_the_command(tmp_path: Path) -> None:
    refused = _tellback(tmp_path, "serve", "--port", "0")
    assert refused.returncode == 1
    assert refused.stderr.startswith("tellback: the database lacks ")
    assert refused.stderr.endswith("run `tellback db upgrade` first\n")


def test_the_schema_is_made_once(tmp_path: Path) -> None:
    assert _tellback(tmp_path, "db", "upgrade").stdout.startswith("applied 0001_first_journey\n")
    assert _tellback(tmp_path, "db", "upgrade").stdout == "the database is up to date\n"


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["db", "upgrade"], {"OPERATOR": ""}, "TELLBACK_OPERATOR must say who keeps the stories"),
        (["db", "upgrade"], {"PORT": "1"}, "TELLBACK_PORT is no setting of Tellback"),
        (["db", "upgrade"], {"DATABASE_URL": "sqlite:///:memory:"}, "TELLBACK_DATABASE_URL needs a file"),
    ],
)
def test_a_wrong_setting_is_one_line(
    tmp_path: Path, words: list[str], settings: dict[str, str], said: str
) -> None:
    refused = _tellback(tmp_path, *words, **settings)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"tellback: {said}")
    assert refused.stderr.count("\n") == 1


def test_letters_cannot_be_sent_without_a_server_to_send_them_by(tmp_path: Path) -> None:
    _tellback(tmp_path, "db", "upgrade")
    assert "TELLBACK_SMTP_URL says where" in _tellback(tmp_path, "outbox", "work", "--once").stderr
