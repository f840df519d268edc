"""How well screening finds what it should: `.venv/bin/python -m tests.screening.measure`.

Precision and recall by kind on labelled sentences that we invented (labelled/README.md): `practice`, which
the rules were written looking at and the weights learned from, and `fresh`, which nobody who does so reads;
of crisis besides on sentences written blind (BLIND). A mark counts as found when a finding of its kind
overlaps it; a finding is right when it overlaps a mark of its kind. Where ../shared/data is at hand, also the
findings in real comments, and the time.
`--missed` prints what went wrong in practice. Asked for nothing, it prints the table for README.
"""

import csv
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tellback.screening import DISTRESS, Finding, read_again, screen_story
from tellback.screening.wide_net import RULE as WIDE_NET

LABELLED = Path(__file__).with_name("labelled")
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PARTS = ("practice", "fresh")
BLIND = ("blind_one.txt", "blind_two.txt", "blind_three.txt", "blind_four.txt")
ORDINARY = "ordinary_fresh.txt"

# What a label is called by screening: a kind, or some rules of a kind.
KINDS: dict[str, set[str]] = {
    "descriptor": {"descriptor"},
    "abuse": {"abuse"},
    "profanity": {"profanity"},
    "crisis": {"crisis", "safeguarding"},
    "complaint": {"complaint"},
    "not_an_experience": {"not_an_experience"},
    "commercial": {"spam"},
    "wrong_service": {"wrong_service"},
}
FOUND_BY: dict[str, set[str]] = {
    "persons_name": {"persons_name"},
    "age": {"persons_age"},
    "place_number": {"place_number", "reference_number", "nhs_number"},
}
NAMES = {
    "persons_name": "names",
    "age": "ages",
    "place_number": "wards, beds, references",
    "descriptor": "what somebody looks like",
    "abuse": "insults",
    "profanity": "swearing",
    "crisis": "crisis and safeguarding",
    "complaint": "a complaint",
    "not_an_experience": "not an experience",
    "commercial": "advertising",
    "wrong_service": "not about this service",
}
# Labels of a sentence as a whole.
OF_THE_WHOLE = ("complaint", "not_an_experience", "commercial", "wrong_service")


@dataclass
class Count:
    """Of one label: marks in all and found, findings in all and right, and what went wrong."""

    marks: int = 0
    found: int = 0
    findings: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    mistaken: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of findings that are right; 1 where there are none."""
        return self.right / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        """The share of marks that are found."""
        return self.found / self.marks if self.marks else 1.0


def lines_of(names: Iterable[str]) -> list[str]:
    """The lines of labelled files that hold one sentence a line; empty ones are left out."""
    texts = [(LABELLED / name).read_text(encoding="utf-8") for name in names]
    return [line for text in texts for line in text.splitlines() if line]


def bracketed(names: Iterable[str], kind: str) -> list[dict[str, Any]]:
    """The lines of labelled files as items: what is of a kind stands in square brackets."""
    items = []
    for line in lines_of(names):
        marks = [{"kind": kind, "words": words} for words in re.findall(r"\[([^]]+)\]", line)]
        items.append({"text": re.sub(r"[][]", "", line), "marks": marks, "whole": []})
    return items


Reading = Callable[[str, Iterable[str]], list[Finding]]
"""A text and the names of its services in, findings out."""


def once(text: str, services: Iterable[str] = ()) -> list[Finding]:
    """What the first reading finds in a story of one text."""
    return [finding for _, finding in screen_story({"body": text}, services)]


def twice(text: str, services: Iterable[str] = ()) -> list[Finding]:
    """What is marked after the second reading, as `stories.second_reading` keeps it."""
    first = [one for one in once(text, services) if one.rule != WIDE_NET or one.certainty == "likely"]
    return [*first, *read_again(text, first)]


def is_marked(findings: Iterable[Finding]) -> bool:
    """Whether findings have a story read early."""
    return any(finding.kind in DISTRESS for finding in findings)


def calls(findings: Iterable[Finding]) -> bool:
    """Whether findings of a story call whoever is on call (`urgency.Urgency.NOW`)."""
    return any(finding.kind in DISTRESS and finding.certainty != "possible" for finding in findings)


def count(part: str, reading: Reading = once) -> dict[str, Count]:
    """Screen the sentences of a part and count by label."""
    return count_items(json.loads((LABELLED / f"{part}.json").read_text(encoding="utf-8")), reading)


def count_items(items: Iterable[dict[str, Any]], reading: Reading = once) -> dict[str, Count]:
    """Screen labelled items and count by label."""
    counts = {label: Count() for label in NAMES}
    for item in items:
        findings = reading(item["text"], item.get("services", ()))
        for label, counted in counts.items():
            here = [
                finding
                for finding in findings
                if finding.kind in KINDS.get(label, ()) or finding.rule in FOUND_BY.get(label, ())
            ]
            if label in OF_THE_WHOLE:
                _count_whole(counted, item, label in item["whole"], here)
            else:
                _count_marks(counted, item, places(item, label), here)
    return counts


def places(item: dict[str, Any], label: str) -> list[tuple[int, int]]:
    places, at = [], {}
    for mark in item["marks"]:
        if mark["kind"] == label:
            words = mark["words"]
            start = item["text"].index(words, at.get(words, 0))
            at[words] = start + len(words)
            places.append((start, start + len(words)))
    return places


def _count_marks(
    counted: Count, item: dict[str, Any], marks: list[tuple[int, int]], here: list[Finding]
) -> None:
    text = item["text"]
    counted.marks += len(marks)
    counted.findings += len(here)
    for start, end in marks:
        if any(f.start < end and start < f.end for f in here):
            counted.found += 1
        else:
            counted.missed.append(f"{text[start:end]}  <<  {text}")
    for f in here:
        if any(f.start < end and start < f.end for start, end in marks):
            counted.right += 1
        else:
            counted.mistaken.append(f"{text[f.start : f.end]} ({f.rule}, {f.certainty})  <<  {text}")


def _count_whole(counted: Count, item: dict[str, Any], marked: bool, here: list[Finding]) -> None:
    counted.marks += marked
    counted.findings += bool(here)
    counted.found += marked and bool(here)
    counted.right += marked and bool(here)
    if marked and not here:
        counted.missed.append(item["text"])
    if here and not marked:
        counted.mistaken.append(f"{here[0].rule}  <<  {item['text']}")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the real files; none where it is not at hand."""
    path = DATA / name
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def comments() -> list[str]:
    """The real comments."""
    return [row["text"] for row in rows("patient_comments.csv")]


def per_thousand(texts: list[str]) -> dict[tuple[str, str], float]:
    """Findings per 1,000 texts, by kind and rule."""
    counted = Counter((f.kind, f.rule) for text in texts for _, f in screen_story({"body": text}))
    return {key: 1000 * times / len(texts) for key, times in sorted(counted.items())}


def stories_of(length: int, texts: Iterable[str]) -> list[str]:
    """Stories of about so many characters, of texts one after another."""
    stories, story = [], ""
    for text in texts:
        story = f"{story} {text}".strip()
        if len(story) >= length:
            stories.append(story[:length])
            story = ""
    return stories


def microseconds(texts: Iterable[str], reading: Reading = once) -> float:
    """The median CPU time that a reading of a story takes."""
    spent = []
    for text in texts:
        before = time.process_time()
        reading(text, ())
        spent.append(time.process_time() - before)
    return 1e6 * statistics.median(spent)


def table() -> str:
    """Precision and recall by kind, as README has them."""
    counted = {part: count(part) for part in PARTS}
    again = {part: count(part, twice)["crisis"] for part in PARTS}
    lines = [
        "| what is looked for | practice: precision, recall | fresh: precision, recall | marks |",
        "|---|---|---|---|",
    ]
    for label, name in NAMES.items():
        marks = " + ".join(str(counted[part][label].marks) for part in PARTS)
        for read, found in [("", [counted[part][label] for part in PARTS])] + (
            [(", read twice", list(again.values()))] if label == "crisis" else []
        ):
            shown = " | ".join(f"{one.precision:.2f}, {one.recall:.2f}" for one in found)
            lines.append(f"| {name}{read} | {shown} | {marks} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Print the table, then what only this machine can say."""
    if "--missed" in arguments:
        for label, counted in count("practice").items():
            if len(arguments) > 1 and label not in arguments:
                continue
            print(f"\n== {label}: P {counted.precision:.3f} R {counted.recall:.3f}")
            print("\n".join(f"- missed: {words}" for words in counted.missed))
            print("\n".join(f"- mistaken: {words}" for words in counted.mistaken))
        return
    print(table())
    for reading in (once, twice):
        print(f"\nRead {reading.__name__}:")
        for name in BLIND:
            items = bracketed([name], "crisis")
            crisis = count_items(items, reading)["crisis"]
            called = sum(calls(reading(item["text"], ())) for item in items if item["marks"])
            alarms = [reading(item["text"], ()) for item in items if not item["marks"]]
            print(
                f"{name}: recall {crisis.recall:.3f} of {crisis.marks}, {called} call; of {len(alarms)} "
                f"without harm {sum(map(is_marked, alarms))} marked, {sum(map(calls, alarms))} call"
            )
        ordinary = [reading(line, ()) for line in lines_of([ORDINARY])]
        print(f"Of {len(ordinary)} ordinary sentences: {_shares(ordinary)}")
        texts = comments()
        if texts:
            found = [reading(text, ()) for text in texts]
            print(f"Of {len(texts):,} real comments: {_shares(found)}", end="; ")
            long = [one for text, one in zip(texts, found, strict=True) if len(text) > 300]
            print(f"of {len(long)} with over 300 characters: {_shares(long)}")
            print(f"A comment: {microseconds(texts, reading):.0f} µs, median", end="")
            for length in (200, 500, 900, 2000):
                took = microseconds(stories_of(length, texts), reading)
                print(f"; {took:.0f} µs for {length} characters", end="")
            print()
    if texts:
        print(f"\nPer 1,000 of {len(texts):,} real comments, read once:")
        for (kind, rule), rate in per_thousand(texts).items():
            print(f"  {kind:18} {rule:20} {rate:6.2f}")


def _shares(found: list[list[Finding]]) -> str:
    marked, called = (1000 * sum(map(asked, found)) / len(found) for asked in (is_marked, calls))
    return f"{marked:.1f} per 1,000 marked early, {called:.1f} call"


if __name__ == "__main__":
    main(sys.argv[1:])
