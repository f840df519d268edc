"""Check everything: `python3 tests/run.py [--long] [pytest's options and paths]`. Needs Python 3.11 and git.

Brings the locked test tools into `.venv`, finds what the machine offers (PostgreSQL, Redis, Chromium, Node),
says loudly what it lacks and how to bring it, then runs ruff, mypy, the embed's own checks and pytest on all
cores. Given paths or options of pytest's, it runs those tests alone. With `CI` set, nothing may be lacking.
"""

import os
import pathlib
import shutil
import socket
import subprocess
import sys
import urllib.parse
from concurrent import futures

if sys.version_info < (3, 11):
    sys.exit(
        "Tellback needs Python 3.11 or newer, this is %d.%d: apt-get install -y python3 (Debian 12 on)"
        % sys.version_info[:2]
    )

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "backend"))

import bootstrap

ROOT = bootstrap.ROOT
WIDGET = ROOT / "widget"
# What each lack is called, and the line that brings it (as root on Debian; `.ci/run` does all of them).
BRINGS = {
    "PostgreSQL": "apt-get install -y postgresql, or name one: TELLBACK_TEST_POSTGRES_URL=postgresql://…@127.0.0.1/…",
    "Redis": "apt-get install -y redis-server, or name one: TELLBACK_TEST_REDIS_URL=redis://127.0.0.1:6379/15",
    "Chromium": "apt-get install -y chromium-headless-shell (or: .venv/bin/playwright install chromium)",
    "Node": "apt-get install -y nodejs npm (18 or newer; the embed's own checks and its page with Bootstrap)",
}


def main() -> int:
    """Run the checks; 0 when all pass, as a shell expects."""
    options = sys.argv[1:]
    everything = "--long" in options
    chosen = [option for option in options if option != "--long"]
    python = bootstrap.ensure("tests")
    os.chdir(ROOT)
    environment = dict(os.environ)
    # Containers often forbid it; here many processes start the service, and each would compile it anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    lacking = find_what_the_machine_offers(python, environment)
    for name in lacking:
        print(f"!! {name} is not here: the tests that need it are LEFT OUT. To bring it: {BRINGS[name]}")
    if lacking and os.environ.get("CI"):
        print("!! CI is set, and there nothing may be left out.")
        return 1
    failed = [] if chosen else failing(python, "Node" not in lacking)
    pytest = [str(python), "-m", "pytest", "--numprocesses", workers(), "--dist", "worksteal"]
    pytest += ["-m", ""] if everything else []
    if not (everything or chosen):
        # Most pages show the same whichever engine keeps their stories: the usual run has its minutes.
        environment["TELLBACK_TEST_ONE_ENGINE_BY_TURNS"] = "yes"
    status = subprocess.run([*pytest, *chosen], env=environment).returncode
    if failed:
        print(f"!! Failed before the tests, see above: {', '.join(failed)}")
    return status or bool(failed)


def find_what_the_machine_offers(python: pathlib.Path, environment: dict) -> list:
    """Put what the tests may use into `environment`, take out what does not answer; return what is lacking.

    A TELLBACK_TEST_… variable that the tests find set is therefore one that works.
    """
    offers = {
        "PostgreSQL": ("TELLBACK_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"),
        "Redis": ("TELLBACK_TEST_REDIS_URL", "redis://127.0.0.1:6379/15"),
    }
    lacking = []
    for name, (variable, usual) in offers.items():
        url = environment.get(variable) or usual
        if not is_on_this_machine(url):
            sys.exit(f"{variable} must name a server on this machine: the tests make and drop things there.")
        environment[variable] = url
        if not answers(name, python, url):
            del environment[variable]
            lacking.append(name)
    chromium = find_chromium(python, environment.pop("TELLBACK_TEST_CHROMIUM", ""))
    if chromium:
        environment["TELLBACK_TEST_CHROMIUM"] = chromium
    else:
        lacking.append("Chromium")
    if not (node_is_recent() and shutil.which("npm")):
        lacking.append("Node")
    return lacking


def is_on_this_machine(url: str) -> bool:
    """Tell whether the server that `url` names is reached by a loopback address."""
    return urllib.parse.urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


def answers(name: str, python: pathlib.Path, url: str) -> bool:
    """Tell whether the server accepts this user and answers, not merely whether its port is open."""
    ask = {
        "PostgreSQL": "import psycopg; psycopg.connect(sys.argv[1], connect_timeout=3).execute('SELECT 1')",
        "Redis": "import redis; redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3).ping()",
    }[name]
    parts = urllib.parse.urlsplit(url)
    try:  # a closed port says no in a millisecond, the client takes half a second to load
        usual = {"PostgreSQL": 5432, "Redis": 6379}[name]
        socket.create_connection((parts.hostname, parts.port or usual), timeout=3).close()
    except OSError:
        return False
    return subprocess.run([str(python), "-c", "import sys; " + ask, url], capture_output=True).returncode == 0


def find_chromium(python: pathlib.Path, named: str) -> str:
    """Return the path of a Chromium: the one named, Debian's, or playwright's own if it is installed."""
    if named:
        return named if shutil.which(named) else ""
    for command in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"):
        if shutil.which(command):
            return shutil.which(command)
    ask = (
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = subprocess.run([str(python), "-c", ask], capture_output=True, text=True).stdout.strip()
    return answer if answer and pathlib.Path(answer).exists() else ""


def node_is_recent() -> bool:
    """Tell whether Node is here and new enough for its built-in test runner."""
    if not shutil.which("node"):
        return False
    version = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout  # v20.20.2
    return int(version.strip().lstrip("v").split(".")[0] or 0) >= 18


def failing(python: pathlib.Path, node: bool) -> list:
    """Run what comes before pytest; return the names of what fails.

    Each takes one core, and the slowest are mypy and the embed's: side by side they take as long as one.
    """
    failed = []
    if node and embed_tools_are_stale():
        install = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
        if not passes("the embed's tools", install, WIDGET):
            failed, node = ["the embed's tools"], False
    with futures.ThreadPoolExecutor(2) as pool:
        running = [(name, pool.submit(run, *check)) for name, *check in checks(python, node)]
        return failed + [name for name, check in running if not passed(name, check.result())]


def checks(python: pathlib.Path, node: bool) -> list:
    """List what runs before pytest, the slowest first: a name, its command, the folder it runs in."""
    ruff = [str(python), "-m", "ruff"]
    embed = [
        ("the embed as built", ["npm", "run", "--silent", "check"], WIDGET),
        ("the embed's tests", ["npm", "test", "--silent"], WIDGET),
    ]
    return [
        *(embed[:1] if node else []),
        ("mypy", [str(python), "-m", "mypy", "--no-error-summary"], ROOT),
        ("ruff", [*ruff, "check", "--quiet", "--output-format=concise"], ROOT),
        ("ruff's layout", [*ruff, "format", "--check", "--output-format=concise"], ROOT),
        *(embed[1:] if node else []),
    ]


def embed_tools_are_stale() -> bool:
    """Tell whether node_modules is missing or was made from an older lock (npm leaves its copy there)."""
    made = WIDGET / "node_modules" / ".package-lock.json"
    return not made.exists() or made.stat().st_mtime < (WIDGET / "package-lock.json").stat().st_mtime


def passes(name: str, command: list, folder: pathlib.Path) -> bool:
    """Run one check, its output shown as it comes."""
    print(f"── {name}", flush=True)
    return subprocess.run(command, cwd=folder).returncode == 0


def run(command: list, folder: pathlib.Path) -> subprocess.CompletedProcess:
    """Run one check beside others; keep what it says until it can be shown in one piece."""
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def passed(name: str, done: subprocess.CompletedProcess) -> bool:
    """Tell whether a check passed; show what it said where it did not."""
    print(f"── {name}", flush=True)
    if done.returncode:
        sys.stdout.buffer.write(done.stdout)
        sys.stdout.flush()
    return done.returncode == 0


def workers() -> str:
    """Return how many processes share the tests: one for each core, at least two (they mostly wait)."""
    return str(max(2, os.cpu_count() or 2))


if __name__ == "__main__":
    sys.exit(main())
