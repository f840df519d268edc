"""docs/asvs.md leaves no requirement out, counts right, and names only files that are there."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
STANDS = ("met", "in part", "not met", "does not apply")
# Requirements of levels 1 and 2 in ASVS 5.0.0, by section: from the first to the last of these levels.
SECTIONS = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1-1 3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5
3.7.1-2 4.1.1-3 4.2.1-1 4.3.1-2 4.4.1-4 5.1.1-1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4
6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2 8.2.1-3 8.3.1-1 8.4.1-1
9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3
11.4.1-4 11.5.1-1 11.6.1-1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1-1 13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4
14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1-1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3 17.1.1-1 17.2.1-4 17.3.1-2
"""


def requirements() -> set[str]:
    """The number of every requirement of levels 1 and 2."""
    found = set()
    for section in SECTIONS.split():
        first, last = section.split("-")
        start, _, number = first.rpartition(".")
        found |= {f"{start}.{n}" for n in range(int(number), int(last) + 1)}
    return found


# Whoever is not here opens no connection; each is a row of "Whom it talks to" in docs/operators.md (13.1.1).
TALKS = {
    "accounts/single_sign_on", "backups/postgresql", "checking/machine", "checking/reach", "db",
    "http/counters", "outbox/guard", "outbox/mail", "outbox/webhooks",
}  # fmt: skip
_OPENS = re.compile(
    r"^\s*(?:import|from) (?:authlib|ftplib|http\.client|limits\.storage|psycopg|redis|requests|smtplib|ssl"
    r"|subprocess|urllib\.request|urllib3)\b",
    re.MULTILINE,
)


def rows() -> list[list[str]]:
    """The cells of every row about requirements."""
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_requirement_is_gone_through_once() -> None:
    named = [number for row in rows() for number in row[0].split(", ")]
    assert sorted(named) == sorted(requirements())
    assert len(named) == 253


def test_the_figures_are_those_of_the_rows() -> None:
    counts = Counter(dict.fromkeys(STANDS, 0))
    for row in rows():
        counts[row[2]] += len(row[0].split(", "))
    assert set(counts) == set(STANDS)
    figures = [counts[stands] for stands in STANDS]
    assert f"| {' | '.join(str(n) for n in [*figures, sum(figures)])} |" in PAGE
    assert f"{counts['met']} of {sum(figures) - counts['does not apply']} are met" in PAGE
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    met, partly, unmet = figures[:3]
    assert f"{met + partly + unmet} apply: {met} met, {partly} in part, {unmet} not |" in readme


def test_what_is_met_says_where_and_by_which_test_and_what_is_not_says_why() -> None:
    for numbers, asks, stands, where, shown in rows():
        assert asks, numbers
        assert where, numbers
        assert bool(shown) == (stands in ("met", "in part")), numbers


def test_every_file_that_is_named_is_there() -> None:
    for name in set(re.findall(r"`([\w./-]+(?:\.(?:py|js|conf|yml)|/))`", PAGE)):
        assert (ROOT / name).exists() or (ROOT / "backend" / "tellback" / name).exists(), name
    for link in set(re.findall(r"\]\(([^)#:]+)\)", PAGE)):
        assert (ROOT / "docs" / link).exists(), link


def test_only_what_is_listed_opens_connections() -> None:
    package = ROOT / "backend" / "tellback"
    found = {
        file.relative_to(package).with_suffix("").as_posix()
        for file in package.rglob("*.py")
        if _OPENS.search(file.read_text(encoding="utf-8"))
    }
    assert found == TALKS
