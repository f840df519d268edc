"""How well screening finds what it should: `.venv/bin/python -m tests.screening.measure`.

Precision and recall by kind on labelled sentences that we invented (labelled/README.md): `practice`, which
the rules were written looking at and the weights learned from, and `fresh`, which nobody who does so reads. A
mark counts as found when a finding of its kind overlaps it; a finding is right when it overlaps a mark of its
kind. Where ../shared/data is at hand, also the findings in real comments, and the time.
`--missed` prints what went wrong in practice. Asked for nothing, it prints the table for README.
"""

import csv
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tellback.screening import Finding, screen, screen_story

LABELLED = Path(__file__).with_name("labelled")
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
PARTS = ("practice", "fresh")

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


def count(part: str) -> dict[str, Count]:
    """Screen the sentences of a part and count by label."""
    items = json.loads((LABELLED / f"{part}.json").read_text(encoding="utf-8"))
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


def microseconds(texts: Iterable[str]) -> float:
    """The median time that screening of a story takes."""
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
    texts = comments()
    if texts:
        print(f"\nPer 1,000 of {len(texts):,} real comments:")
        for (kind, rule), rate in per_thousand(texts).items():
            print(f"  {kind:18} {rule:20} {rate:6.2f}")
        long = [" ".join(texts[n : n + 12]) for n in range(0, len(texts), 12)]
        print(
            f"Median: {microseconds(texts):.0f} µs a comment; {microseconds(long):.0f} µs for a story of "
            f"{statistics.median(map(len, long)):.0f} characters"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
