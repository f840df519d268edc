"""What reads bytes from outside, under libFuzzer: `.venv/bin/python -m tests.fuzzing.parsers --seconds 60`.

Needs a lock of its own: `.venv/bin/pip install --require-hashes -r requirements/fuzz.txt`. Each target runs
in a process of its own, guided by what it has not reached yet, from the seeds below. An exception that is no
answer of ours is a finding; its bytes are printed, and belong into SEEDS once it is mended.
"""

import argparse
import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 4096
# Words that lead into the parsers; what once was found stands here for good.
SEEDS: dict[str, list[bytes]] = {
    "cursor": [b"eyJhdCI6IjIwMjYtMTEtMjNUMDk6MzA6MDArMDA6MDAiLCJpZCI6MX0", b"W10", b"bnVsbA", b"e30"],
    "register": [
        b"Organisation Code,Name\nRXH01,St Elsewhere\n",
        b'"' + b"a" * 140_000,
        b"\xef\xbb\xbfOrganisationCode,OrganisationName,OrganisationStatus\nRXH01,X,Visible\n",
    ],
    "screening": [
        b"Dr Shah rang 07700 900123, NHS 943 476 5919.",
        "I want to die 👩🏽‍⚕️\u0301".encode(),
    ],
    "tidy": ["a\u202eb\r\n\x00 \U0001f3f4\U000e0067\U000e007f".encode()],
    "search": [b'"side by side" -not OR (a NEAR b) *'],
    "oembed": [
        b"https://stories.example/stories/bcdf2345bcdf2345",
        b"https://stories.example/services/RXH01?q=a",
    ],
    "unsubscribe": [b"digest.1.2.YWJj"],
    "server address": [
        b"https://example.org:8443/hook?x=1",
        b"http://[::ffff:127.0.0.1]/",
        b"http://0x7f.1/",
    ],
    "origin": [b"https://www.st-elsewhere.example", b"http://xn--e1afmkfd.xn--p1ai:80/", b"null"],
    "language": [b"zh-Hans-CN", b"cy"],
}


def targets() -> dict[str, Callable[[bytes], object]]:
    """Each parser by its name, as a function of bytes."""
    from tellback.alerts import unsubscribing
    from tellback.feeds import oembed
    from tellback.http import pagination, text
    from tellback.organisations.registers import open_register
    from tellback.outbox import guard
    from tellback.screening import screen
    from tellback.search import words
    from tellback.translations import languages
    from tellback.websites import origins

    file = Path(tempfile.mkdtemp()) / "register.csv"

    def register(raw: bytes) -> None:
        file.write_bytes(raw)
        list(open_register(file).entries())

    def origin(raw: bytes) -> None:
        # It says so to the command line, which prints it.
        with contextlib.suppress(ValueError):
            origins.normalise(_text(raw))

    return {
        "cursor": lambda raw: pagination.moment_and_id(_text(raw)),
        "register": register,
        "screening": lambda raw: screen(_text(raw), ["St Elsewhere"]),
        "tidy": lambda raw: text.tidy(_text(raw), lines=True),
        "search": lambda raw: words.sought(_text(raw)),
        "oembed": lambda raw: oembed.page_of(_text(raw), ("https://stories.example",)),
        "unsubscribe": lambda raw: unsubscribing.read(_text(raw), "a secret of the tests"),
        "server address": lambda raw: guard.read(_text(raw)),
        "origin": origin,
        "language": lambda raw: languages.find(_text(raw)),
    }


def answered(target: Callable[[bytes], object], raw: bytes) -> None:
    """Read bytes; a problem in our words is an answer, any other exception is raised."""
    from tellback.errors import Problem

    with contextlib.suppress(Problem):
        target(raw)


def main() -> int:
    """Run the targets that are named, or all, each for so many seconds; 0 when none has a finding."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SEEDS))
    asked = options.parse_args()
    if asked.inside:
        _fuzz(asked.names[0], asked.seconds)
    found = 0
    for name in asked.names or SEEDS:
        command = [sys.executable, "-m", __spec__.name, "--inside", "--seconds", str(asked.seconds), name]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        said = [
            line for line in done.stderr.splitlines() if line.startswith(("Done", "stat::", "==", " ==="))
        ]
        print(f"{name}: {'a finding' if done.returncode else 'nothing'}; {' '.join(said[:1])}")
        if done.returncode:
            found += 1
            print(done.stdout[-3000:], done.stderr[-3000:])
    return found


def _fuzz(name: str, seconds: int) -> None:
    import atheris

    corpus = Path(tempfile.mkdtemp())
    for number, seed in enumerate(SEEDS[name]):
        (corpus / str(number)).write_bytes(seed)
    with atheris.instrument_imports(include=["tellback"]):
        target = targets()[name]
    flags = [f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=10", "-seed=1"]
    flags.append(f"-artifact_prefix={corpus}/found-")
    atheris.Setup([sys.argv[0], *flags, str(corpus)], lambda raw: answered(target, raw))
    atheris.Fuzz()


def _text(raw: bytes) -> str:
    """Bytes as text, halves of characters among it."""
    return raw.decode("utf-8", "surrogatepass") if _is_text(raw) else raw.decode("latin-1")


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
