"""docs/server.md can be walked as it stands."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.deploy import walk

PAGE = walk.GUIDE.read_text(encoding="utf-8")


def test_every_file_that_the_guide_installs_is_shipped() -> None:
    named = set(re.findall(r"docs/(deploy/[\w.@-]+)", PAGE)) | set(re.findall(r"\((deploy/[\w.@-]+)\)", PAGE))
    assert len(named) >= 4
    assert [name for name in named if not (walk.GUIDE.parent / name).exists()] == []


def test_every_step_of_the_table_has_its_commands() -> None:
    numbered = re.findall(r"\[(\d+ [^]]+)\]\(#", PAGE)
    with_commands = {step.heading for step in walk.steps(PAGE)}
    assert len(numbered) == 11
    assert [heading for heading in numbered if heading not in with_commands] == []


def test_what_stands_in_is_named_on_the_page() -> None:
    assert [name for name in walk.STAND_INS if name not in PAGE] == []


def test_a_promise_that_is_not_kept_is_found() -> None:
    assert walk.missing(["applied 0001_…", "ok"], "applied 0001_first_tables\nok\n") == []
    assert walk.missing(["ok"], "not ok\n") == ["ok"]


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_guide_leads_from_an_empty_debian_to_a_service_that_is_well() -> None:
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        pytest.skip("An empty Debian wants root and debootstrap: apt-get install -y debootstrap")
    command = [sys.executable, "-m", "tests.deploy.walk"]
    done = subprocess.run(command, cwd=walk.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
