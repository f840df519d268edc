"""Write both locks anew from pyproject.toml: `python3 requirements/renew.py [--upgrade | -P PACKAGE]`.

`run.txt` is a plain install and what builds it; `tests.txt` adds the extras under test and the test tools,
at the very versions of `run.txt`, so that what was tested is what runs. Both hold for every platform and
every supported Python (universal), each file by its hash, and name no package index: where packages come
from is the business of the machine that installs them.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = "requirements/run.txt"
TESTS = "requirements/tests.txt"


def compile_lock(lock: str, *choices: str) -> None:
    """Resolve pyproject.toml with these `choices` into `lock`, keeping its pins unless asked to upgrade."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing, which resolves the locks: pipx install uv (or: pip install --user uv)")
    command = [uv, "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "python3 requirements/renew.py"]
    subprocess.run([*command, *choices, *sys.argv[1:], "--output-file", lock], cwd=ROOT, check=True)


if __name__ == "__main__":
    compile_lock(RUN, "--group", "build")
    extras = ["--extra", "postgres", "--extra", "redis"]
    compile_lock(TESTS, "--group", "build", "--group", "test", *extras, "--constraint", RUN)
