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
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tellback.screening import DISTRESS, Finding, is_distress, screen, screen_story

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


def count(part: str) -> dict[str, Count]:
    """Screen the sentences of a part and count by label."""
    return count_items(json.loads((LABELLED / f"{part}.json").read_text(encoding="utf-8")))


def count_items(items: Iterable[dict[str, Any]]) -> dict[str, Count]:
    """Screen labelled items and count by label."""
    counts = {label: Count() for label in NAMES}
    for item in items:
        findings = screen_story({"body": item["text"]}, item.get("services", ()))
        for label, counted in counts.items():
            here = [
                finding
                for _, finding in findings
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


def marked_early(texts: list[str]) -> float:
    """Of 1,000 texts, how many have words that may be of crisis or harm."""
    return 1000 * sum(any(f.kind in DISTRESS for f in screen(text)) for text in texts) / len(texts)


def stories_of(length: int, texts: Iterable[str]) -> list[str]:
    """Stories of about so many characters, of texts one after another."""
    stories, story = [], ""
    for text in texts:
        story = f"{story} {text}".strip()
        if len(story) >= length:
            stories.append(story[:length])
            story = ""
    return stories


def microseconds(texts: Iterable[str]) -> float:
    """The median CPU time that screening of a story takes."""
    spent = []
    for text in texts:
        before = time.process_time()
        screen(text)
        spent.append(time.process_time() - before)
    return 1e6 * statistics.median(spent)


def table() -> str:
    """Precision and recall by kind, as README has them."""
    counted = {part: count(part) for part in PARTS}
    lines = [
        "| what is looked for | practice: precision, recall | fresh: precision, recall | marks |",
        "|---|---|---|---|",
    ]
    for label, name in NAMES.items():
        shown = [f"{c.precision:.2f}, {c.recall:.2f}" for c in (counted[part][label] for part in PARTS)]
        marks = " + ".join(str(counted[part][label].marks) for part in PARTS)
        lines.append(f"| {name} | {shown[0]} | {shown[1]} | {marks} |")
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
    for name in BLIND:
        items = bracketed([name], "crisis")
        crisis = count_items(items)["crisis"]
        calls = sum(is_distress(item["text"]) for item in items if item["marks"])
        reached = f"precision {crisis.precision:.2f}, recall {crisis.recall:.3f} of {crisis.marks}"
        print(f"{name}: crisis, {reached}; {calls} call the person on call")
    ordinary = lines_of([ORDINARY])
    calls = 1000 * sum(map(is_distress, ordinary)) / len(ordinary)
    print(f"Per 1,000 ordinary sentences: {marked_early(ordinary):.0f} marked early, {calls:.0f} call")
    texts = comments()
    if texts:
        print(f"\nPer 1,000 of {len(texts):,} real comments:")
        for (kind, rule), rate in per_thousand(texts).items():
            print(f"  {kind:18} {rule:20} {rate:6.2f}")
        long = [text for text in texts if len(text) > 300]
        print(
            f"Marked early: {marked_early(texts):.0f}; of {len(long)} with over 300 characters, "
            f"{marked_early(long):.0f} per 1,000; likely to be meant: "
            f"{1000 * sum(map(is_distress, texts)) / len(texts):.1f}"
        )
        print(f"Median: {microseconds(texts):.0f} µs a comment", end="")
        for length in (200, 500, 900, 2000):
            print(f"; {microseconds(stories_of(length, texts)):.0f} µs for {length} characters", end="")
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
