"""Write all locks anew from pyproject.toml: `python3 requirements/renew.py [--upgrade | -P PACKAGE]`.

`run.txt` is a plain install; `build.txt` is what builds it in place; `tests.txt` adds to both the extras
under test and the test tools, at the very same versions, so that what was tested is what runs.
`container.txt` is a plain install with those extras, for the image, to which nobody adds any. `fuzz.txt` is
what looks for bytes that break a parser (`tests/fuzzing/parsers.py`), `teach.txt` what teaches the second
reader (`tests/screening/teaching.py`); whoever does either adds it by hand. All hold for every platform and
every supported Python (universal), each file by its hash, and name no package index: where packages come from
is the business of the machine that installs them.
"""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUN = "requirements/run.txt"
BUILD = "requirements/build.txt"
TESTS = "requirements/tests.txt"
FUZZ = "requirements/fuzz.txt"
TEACH = "requirements/teach.txt"
CONTAINER = "requirements/container.txt"


def compile_lock(lock: str, *wanted: str) -> None:
    """Resolve what is `wanted` of pyproject.toml into `lock`, keeping its pins unless asked to upgrade."""
    uv = shutil.which("uv")
    if uv is None:
        sys.exit("uv is missing, which resolves the locks: pipx install uv (or: pip install --user uv)")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--custom-compile-command", "python3 requirements/renew.py"]
    subprocess.run([*command, *wanted, *sys.argv[1:], "--output-file", lock], cwd=ROOT, check=True)


if __name__ == "__main__":
    compile_lock(RUN, "pyproject.toml")
    compile_lock(BUILD, "--group", "build", "--constraint", RUN)
    extras = ["--extra", "postgres", "--extra", "redis", "--extra", "sso", "--extra", "metrics"]
    extras += ["--extra", "reader"]
    compile_lock(CONTAINER, "pyproject.toml", *extras, "--constraint", RUN)
    same = ["--constraint", RUN, "--constraint", BUILD]
    compile_lock(TESTS, "pyproject.toml", "--group", "build", "--group", "test", *extras, *same)
    compile_lock(FUZZ, "--group", "fuzz")
    compile_lock(TEACH, "--group", "teach", "--extra", "reader", "pyproject.toml", "--constraint", RUN)
