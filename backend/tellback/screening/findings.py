"""What screening says: where in a text, what, by which rule, how sure; and what a person reads of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "personal_data",
    "crisis",
    "safeguarding",
    "descriptor",
    "abuse",
    "profanity",
    "capitals",
    "spam",
    "complaint",
    "not_an_experience",
    "wrong_service",
    "duplicate",
    "machine",
]

DISTRESS: tuple[Kind, ...] = ("crisis", "safeguarding")
"""What is read before all else, and what shows an author who helps at once."""

FOR_AUTHORS: tuple[Kind, ...] = ("personal_data", *DISTRESS)
"""What an author hears of while they write; the rest is for the desk alone.

How somebody looks, a strong word or an angry line may be just what has to be said: a machine that frowns at
it silences those whom it should hear. What makes a finding of an advertisement, advertisers need not know.
"""

WHOLE_STORY = "story"
"""The field of a finding about the story as a whole; its places are 0 and 0."""

Certainty = Literal["sure", "likely", "possible"]
"""How sure that it is what the rule names. For crisis and safeguarding: "sure" is said by the author of
themself or of harm going on; "likely" is about it, perhaps past or someone else's; "possible" is as often
an idiom."""

CERTAINTIES: tuple[Certainty, ...] = ("sure", "likely", "possible")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text; `start` and `end` count code points of the text as given, `end` not included.

    `offer` names what its author may write in its place, one of OFFERS; "nothing" is to leave the words out;
    None for words of crisis, which are left alone.
    """

    kind: Kind
    rule: str
    start: int
    end: int
    certainty: Certainty
    offer: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What staff read of a rule; `replacement` and `reason` (a slug of REASONS) are None in a crisis.

    `within_own_names`: a finding is excused by its last word alone (see `own_names`).
    """

    id: str
    kind: Kind
    title: str
    replacement: str | None
    reason: str | None
    within_own_names: bool = False


def as_sure(one: Certainty, other: Certainty) -> bool:
    """Whether one certainty is at least the other."""
    return CERTAINTIES.index(one) <= CERTAINTIES.index(other)


def marked(spans: Iterable[tuple[int, int]], length: int) -> bytearray:
    """Return a byte for each of `length` characters, 1 where one of the spans lies.

    Comparing every finding with every span would take the square of a hostile text's length.
    """
    marks = bytearray(length)
    for start, end in spans:
        marks[start:end] = b"\x01" * (end - start)
    return marks


def surest(findings: list[Finding]) -> list[Finding]:
    """Keep no two of `findings`, all of one kind, that overlap.

    The surer stays, then the longer, then the earlier. The answer is in the order of the text.
    """
    if len(findings) < 2:
        # Mostly: a story is asked for thirteen kinds, and has none of nearly all.
        return findings
    ranked = sorted(findings, key=lambda f: (CERTAINTIES.index(f.certainty), f.start - f.end, f.start))
    taken = bytearray(max((f.end for f in findings), default=0))
    kept = []
    for finding in ranked:
        if not any(taken[finding.start : finding.end]):
            taken[finding.start : finding.end] = b"\x01" * (finding.end - finding.start)
            kept.append(finding)
    return sorted(kept, key=lambda f: f.start)
