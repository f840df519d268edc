"""The systemd units are understood by systemd, expose little, and name commands and settings that exist."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from tellback.cli import tellback
from tellback.config import DECLARED
from tellback.server import limits
from tests.browser import lacking
from tests.deploy.conftest import SHIPPED

UNITS = sorted([*SHIPPED.glob("*.service"), *SHIPPED.glob("*.timer")])
OURS = [unit for unit in UNITS if unit.suffix == ".service" and "failed" not in unit.name]
# By systemd's own scale, 0 to 10; above 2 something that could be shut stands open.
EXPOSED = 2.0


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    """What systemd-analyze says."""
    if not shutil.which("systemd-analyze"):
        lacking("no systemd-analyze: apt-get install -y systemd")
    return subprocess.run(
        ["systemd-analyze", *words], capture_output=True, text=True, timeout=60, check=False
    )


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/opt/tellback/bin/tellback", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = analyze("verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", OURS, ids=lambda unit: unit.name)
def test_a_unit_exposes_little(unit: Path) -> None:
    said = analyze("security", "--offline=true", str(unit)).stdout
    found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
    assert found, said
    assert float(found[1]) <= EXPOSED, said


@pytest.mark.parametrize("unit", OURS, ids=lambda unit: unit.name)
def test_a_unit_calls_a_command_that_exists_with_settings_that_exist(unit: Path) -> None:
    text = unit.read_text()
    (called,) = re.findall(r"^ExecStart=/opt/tellback/bin/tellback (.*)$", text, re.MULTILINE)
    name, *words = shlex.split(called)
    command = tellback.get_command(click.Context(tellback), name)
    assert command
    with click.Context(command) as context:
        command.parse_args(context, list(words))
    known = {declared.variable for declared in DECLARED}
    named = re.findall(r"^Environment=(TELLBACK_\w+?)(?:_FILE)?=", text, re.MULTILINE)
    assert named
    assert set(named) <= known
    shipped = (SHIPPED / "tellback.env").read_text()
    assert set(re.findall(r"^(TELLBACK_\w+)=", shipped, re.MULTILINE)) <= known


def test_every_unit_that_runs_tellback_is_shut_as_the_service_is() -> None:
    def shut(unit: Path) -> set[str]:
        text = unit.read_text()
        return set(text[text.index("UMask=") :].split("\n\n")[0].split())

    assert [shut(unit) - {"[Install]"} for unit in OURS] == [shut(SHIPPED / "tellback.service")] * len(OURS)


def test_systemd_waits_longer_for_the_service_than_it_waits_for_its_requests() -> None:
    found = re.search(r"^TimeoutStopSec=(\d+)$", (SHIPPED / "tellback.service").read_text(), re.MULTILINE)
    assert found
    assert int(found[1]) > limits.GRACE
