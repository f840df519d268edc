"""Make `.venv` and put the locked dependencies into it, with nothing but Python's standard library.

Shared by the two commands a newcomer has (`demo/run.py`, `tests/run.py`). It reads `requirements/`, works
with uv where that is installed (seconds) and with pip where it is not (a minute), and does nothing when the
lock has not changed since. What is missing is said in one line, with the line that brings it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import time
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# The tests' lock holds all of the run lock at the same versions, so whoever ran the tests can run the demo.
LOCKS_HELD_BY = {"run": ["run"], "tests": ["run", "tests"]}


def ensure(lock: str) -> pathlib.Path:
    """Return the interpreter of a `.venv` that holds `lock` ("run" or "tests") and this project, editable.

    Ends the program with one line saying what is missing when that cannot be done.
    """
    with one_at_a_time():
        if _stamp(lock).exists() and _stamp(lock).read_text() == _digest(lock) and _runs(PYTHON):
            return PYTHON
        started = time.monotonic()
        uv = shutil.which("uv")
        with_what = "uv" if uv else "pip, which takes a minute"
        print(f"Setting up .venv for {lock} with {with_what} …", flush=True)
        _make_venv(uv)
        install = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [*_PIP, "--use-pep517"]
        install += ["--quiet", "--no-build-isolation"]
        # What builds comes first and by its hash like all else, so that no unpinned tool is ever fetched to
        # build what comes as source; then the project itself, in place.
        _run([*install, "--require-hashes", "-r", "requirements/build.txt"])
        _run([*install, "--require-hashes", "-r", f"requirements/{lock}.txt"])
        _run([*install, "--no-deps", "--editable", "."])
        for held in LOCKS_HELD_BY[lock]:
            _stamp(held).write_text(_digest(held))
        print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)
        return PYTHON


_PIP = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install"]


def _make_venv(uv: str | None) -> None:
    """Make `.venv`, or keep the one that is there if it works (and has pip, where pip is to be used)."""
    if _runs(PYTHON) and (uv or _runs(PYTHON, "-m", "pip", "--version")):
        return
    if uv:
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)])
    elif importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        sys.exit(f"Python's venv module is missing: apt-get install -y python{version}-venv")
    else:
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def _stamp(lock: str) -> pathlib.Path:
    """Return the file in `.venv` that says with which state of `lock` it was filled."""
    return VENV / f"holds-{lock}"


def _digest(lock: str) -> str:
    """Return a fingerprint of what the locks and pyproject.toml ask for; another one means: install again."""
    asked = ("requirements/build.txt", f"requirements/{lock}.txt", "pyproject.toml")
    return hashlib.sha256(b"".join((ROOT / file).read_bytes() for file in asked)).hexdigest()


def _runs(python: pathlib.Path, *arguments: str) -> bool:
    """Tell whether `python` starts; it does not when the Python that a `.venv` was made of has gone."""
    with contextlib.suppress(OSError):
        return subprocess.run([str(python), *(arguments or ("-c", ""))], capture_output=True).returncode == 0
    return False


def _run(command: list[str]) -> None:
    """Run `command` in the project's folder; end the program, saying which one, when it fails."""
    # uv trusts the certificates it brings; a hospital's network often needs those of the machine.
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        sys.exit(f"Setting up .venv stopped at: {' '.join(command)}\nCheck the network, then run this again.")


@contextlib.contextmanager
def one_at_a_time() -> typing.Iterator[None]:
    """Hold a lock while setting up or writing what is shared: two commands may run at the same moment."""
    try:
        import fcntl
    except ImportError:  # Windows has no flock; there the two commands are started one after the other
        yield
        return
    with (ROOT / ".venv.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
