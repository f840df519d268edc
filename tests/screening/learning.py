"""Makes anew what screening learned: `.venv/bin/python -m tests.screening.learning`.

Logistic regression in plain Python: seeded, so that the same sentences give the same weights, in a few
minutes. It needs the real comments of ../shared/data, of which nothing is kept that our own sentences do not
hold (`possible` and `likely` are set on halves of them that were not learned from), the official names of
services, and the labelled sentences: practice.json and the files of HARM, BLIND and NAMES.
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tellback.organisations.naming import readable
from tellback.screening import DISTRESS, likely_names, screen_by_rules, wide_net
from tellback.screening.folding import fold
from tellback.screening.rulebook import FIRST_NAMES
from tests.screening import measure

SCREENING = Path(wide_net.__file__).parent
HARM = ("harm.txt", "more_harm.txt", "wider_harm.txt", "further_harm.txt")
HARM_WITHOUT_NAMES = ("harm.txt", "more_harm.txt")
"""Those that names are told apart by: learned from all of them, fewer names were found in the fresh ones."""

BLIND = ("blind_one.txt",)
"""Of the sentences written blind those that were learned from once they had been measured."""

ORDINARY = ("ordinary.txt",)
"""Whole sentences of ordinary stories: those about harm are so too, and most real comments are not."""

NAMES = ("names.txt", "more_names.txt")
Example = tuple[Iterable[str], bool, float]
"""Features, whether they are of what is looked for, and as how many the example counts."""

FRAMES = ("I went to {}.", "{} is good", "At {}, all was well", "Thank you {}", "{}")
"""What is said around a service's name."""

NUMBERS = ("my phone number is 1", "my number, 1, was wrong", "my nhs number 1 was wrong", "ring me on 1")
"""What is said around numbers, which the rules mark."""

SURE_ENOUGH = {"possible": 0.0, "likely": 2.0}
"""The weights from which on a word is shown as a name: as many missed as mistaken, by cross-validation."""

PULL = 15.0
"""How hard each weight of harm is pulled to nothing in a round, however few sentences have its feature: what
two of them happen to share weighs little."""

WEIGHTY = 8.0
"""As how many a sentence about harm counts, an ordinary one, and each time a service's name, which must never
be marked."""

NAME_COUNTS = 1.3
"""As how many a name counts."""

LIGHTEST = 5
"""Lighter weights of harm, in hundredths, are left out."""

ALARMS = {"possible": 150, "likely": 12}
"""Of 1,000 real comments, none learned from, so many are marked at most: what the desk reads early, and what
calls somebody (words that raise the alarm alone are counted first, and call nobody)."""

CALLS = 10
"""Of 1,000 ordinary sentences, none learned from, so many call somebody at most: a story has several."""


def learn(
    examples: Iterable[Example], pull: Callable[[int], float], *, rounds: int
) -> tuple[dict[str, float], float]:
    """Learn the weight of each feature that two examples have, and what all begin with (AdaGrad).

    Each example with a feature also pulls its weight to nothing: how hard, `pull` says by how many have it.
    """
    todo = list(examples)
    often = Counter(feature for features, _, _ in todo for feature in set(features))
    weights, bias = dict.fromkeys((f for f, times in often.items() if times > 1), 0.0), 0.0
    steps = dict.fromkeys(weights, 1e-3)
    pulls = {feature: pull(often[feature]) for feature in weights}
    dice = random.Random(1)
    todo = [
        (sorted(one for one in features if one in weights), true, counts) for features, true, counts in todo
    ]
    for _ in range(rounds):
        dice.shuffle(todo)
        for features, true, counts in todo:
            total = bias + sum([weights[feature] for feature in features])
            error = counts * (1 / (1 + math.exp(-max(-30.0, min(30.0, total)))) - true)
            bias -= 0.03 * error
            for feature in features:
                slope = error + pulls[feature] * weights[feature]
                steps[feature] += slope * slope
                weights[feature] -= 0.3 * slope / math.sqrt(steps[feature])
    return weights, bias


def harm_sentences(files: Iterable[str] = HARM) -> list[tuple[str, bool]]:
    """The lines of files: sentences about harm, and after "!" those that only sound like it."""
    return [(line.lstrip("!"), not line.startswith("!")) for line in measure.lines_of(files)]


def labelled_sentences(items: Iterable[dict[str, Any]]) -> list[tuple[list[str], bool]]:
    """The words of each labelled sentence, and whether it holds a mark of harm."""
    found = []
    for item in items:
        folded = fold(item["text"])
        marks = measure.places(item, "crisis")
        for first, last, words in wide_net.sentences(folded.as_said.text):
            start, end = folded.span(folded.as_said.places[first], folded.as_said.places[last - 1] + 1)
            found.append((words, any(start < e and s < end for s, e in marks)))
    return found


def words_of(text: str) -> list[list[str]]:
    """The words of each sentence of a text."""
    return [words for _, _, words in wide_net.sentences(fold(text).as_said.text)]


def weights_of_harm(
    ours: list[tuple[list[str], bool]], usual: Iterable[str], ordinary: Iterable[str], known: frozenset[str]
) -> tuple[dict[str, int], int]:
    """Learn what speaks of harm in our sentences and not in usual texts, nor in ordinary sentences of ours.

    Weights and bias, in hundredths. Nothing is learned of what usual texts alone have, so that no name in
    them is kept.
    """
    examples: list[Example] = [
        (wide_net.features(words, known), true, WEIGHTY if true else 1.0) for words, true in ours
    ]
    had = {feature for features, _, _ in examples for feature in features}
    never = [*services(), *4 * NUMBERS]
    harmless = [(text, 1.0) for text in usual] + [(text, WEIGHTY) for text in (*ordinary, *3 * never)]
    for text, counts in harmless:
        for words in words_of(text):
            examples.append(([one for one in wide_net.features(words, known) if one in had], False, counts))
    weights, bias = learn(examples, lambda times: PULL / times, rounds=8)
    kept = {feature: round(100 * weight) for feature, weight in sorted(weights.items())}
    return {feature: weight for feature, weight in kept.items() if abs(weight) >= LIGHTEST}, round(100 * bias)


def make_wide_net(items: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The book of the wide net, with weights learned from labelled items, HARM and BLIND."""
    ours = labelled_sentences([*items, *measure.bracketed(BLIND, "crisis")])
    ours += [(words, true) for line, true in harm_sentences() for words in words_of(line)]
    often = Counter(wide_net.stem(word) for words, _ in ours for word in set(words))
    known = frozenset(word for word, times in often.items() if times > 1)
    comments = measure.comments()
    random.Random(5).shuffle(comments)
    # What the rules know for harm is no example of what is none.
    usual = [text for text in comments if not any(f.kind in DISTRESS for f in screen_by_rules(text))]
    ordinary = measure.lines_of(ORDINARY)
    random.Random(5).shuffle(ordinary)
    ranked: list[float] = []
    told: list[float] = []
    for held_out in (0, 1):
        weights, bias = weights_of_harm(ours, usual[1 - held_out :: 2], ordinary[1 - held_out :: 2], known)
        ranked += [heaviest(text, weights, bias, known) for text in usual[held_out::2]]
        told += [heaviest(text, weights, bias, known) for text in ordinary[held_out::2]]
    ranked.sort(reverse=True)
    # What a word marks alone calls nobody.
    told = sorted((weight for weight in told if weight < math.inf), reverse=True)
    thresholds = {name: round(ranked[rate * len(ranked) // 1000]) for name, rate in ALARMS.items()}
    thresholds["likely"] = max(thresholds["likely"], round(told[CALLS * len(told) // 1000]))
    weights, bias = weights_of_harm(ours, usual, ordinary, known)
    # Nobody is in danger because of what a hospital is called; a tenth of a word more, for its postcode.
    said = [frame.format(name) for name in services() for frame in ("{}", "At {}, all was well")]
    named = max(heaviest(text, weights, bias, known) for text in said)
    thresholds["possible"] = max(thresholds["possible"], round(named) + 10)
    return {**_book("wide_net.json"), "bias": bias, **thresholds, "weights": weights}


def heaviest(text: str, weights: dict[str, int], bias: int, known: frozenset[str]) -> float:
    """What the heaviest stretch of a text weighs; more than any where a word raises the alarm alone."""
    sentences = words_of(text)
    if any(map(wide_net.alarms, (word for words in sentences for word in words))):
        return math.inf
    return bias + max(
        (
            sum(weights.get(feature, 0) for feature in wide_net.features(words[begin:end], known))
            for words in sentences
            if len(words) >= wide_net.FEWEST_WORDS
            for begin, end in wide_net.stretches(len(words))
        ),
        default=-math.inf,
    )


class Renaming:
    """Puts other names in the places of those in a sentence, so that it is the place that is learned.

    One in five is a name that no list shall have: it counts as an unknown word.
    """

    def __init__(self, items: Iterable[dict[str, Any]]) -> None:
        book = _book("names.json")
        self.dice = random.Random(3)
        self.first, self.more = sorted(FIRST_NAMES), book["first_names"].split()
        self.either = book["names_and_words"].split()
        self.other = [
            looks.lower
            for item in items
            for start, end in measure.places(item, "persons_name")
            for looks in likely_names.cut(item["text"][start:end]).looks
            if len(looks.lower) > 2 and looks.kind == ""
        ]

    def renamed(self, item: dict[str, Any]) -> tuple[str, list[tuple[int, int]], dict[str, str]]:
        """The sentence with other names, their places, and the words that shall count as unknown."""
        text, at, marks, kinds = "", 0, [], {}
        for start, end in measure.places(item, "persons_name"):
            text += item["text"][at:start]
            begins = len(text)
            name = item["text"][start:end]
            text += re.sub(r"[^\W\d_]+", lambda word: self._other_name(word[0], kinds), name)
            marks.append((begins, len(text)))
            at = end
        return text + item["text"][at:], marks, kinds

    def _other_name(self, word: str, kinds: dict[str, str]) -> str:
        looks = likely_names.looks_of(word)
        if looks.kind == "never" or looks.lower in likely_names.TITLES:
            return word
        (names,) = self.dice.choices(
            [self.first, self.more, self.either, self.other, None], [35, 20, 15, 10, 20]
        )
        name = self.dice.choice(names or self.first)
        if names is None:
            kinds[name] = ""
        if word.isupper() and len(word) > 1:
            return name.upper()
        return name.capitalize() if word[0].isupper() else name


Lists = tuple[frozenset[str], frozenset[str]]


def name_examples(
    text: str, marks: list[tuple[int, int]], lists: Lists, kinds: dict[str, str] | None = None
) -> Iterator[Example]:
    """The candidates of a text, and whether each is of a name; `lists` are neighbours and common words."""
    folded = fold(text)
    pieces = likely_names.cut(folded.plain)
    for place in likely_names.candidates(pieces):
        start, end = folded.span(pieces.starts[place], pieces.end(place))
        named = any(start < e and s < end for s, e in marks)
        yield likely_names.features(pieces, place, *lists, kinds), named, NAME_COUNTS if named else 1.0


def usual_words(items: Iterable[dict[str, Any]], comments: Iterable[str]) -> Lists:
    """The words that stand for themselves beside a name, and those that are known to be words."""
    ours: Counter[str] = Counter()
    for item in [*items, *({"text": line, "marks": []} for line, _ in harm_sentences(HARM_WITHOUT_NAMES))]:
        marks = measure.places(item, "persons_name")
        pieces = likely_names.cut(fold(item["text"]).plain)
        for at, looks in zip(pieces.starts, pieces.looks, strict=True):
            named = any(start <= at < end for start, end in marks)
            ours[looks.lower] += looks.shape == "low" and not named
    theirs = Counter(
        word
        for comment in comments
        for word in {
            looks.lower for looks in likely_names.cut(fold(comment).plain).looks if looks.shape == "low"
        }
    )
    every = {word: ours[word] + theirs[word] for word in ours | theirs if word.isascii()}
    signs = frozenset(',.:;-&()"!?')
    known = frozenset(word for word, times in every.items() if times >= 12 or ours[word] >= 3)
    common = frozenset(
        word
        for word, times in every.items()
        if times + ours[word] >= 2 and len(word) > 1 and likely_names.kind_of(word) in ("", "never")
    )
    return known | signs | likely_names.TITLES, common


def make_names(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The book of names, with weights learned from labelled items and NAMES."""
    comments = measure.comments()
    random.Random(5).shuffle(comments)
    half = len(comments) // 2
    lists = usual_words(items, comments)
    renaming = Renaming(items)
    examples: list[Example] = []
    for item in [*items, *measure.bracketed(NAMES, "persons_name")]:
        marks = measure.places(item, "persons_name")
        examples += 2 * list(name_examples(item["text"], marks, lists))
        for written in (item["text"].upper(), item["text"].lower()):
            # Of a few letters ("ß") another case has more, and the marks would be elsewhere.
            if len(written) == len(item["text"]):
                examples += name_examples(written, marks, lists)
        for _ in range(6 if marks else 0):
            text, renamed, kinds = renaming.renamed(item)
            examples += name_examples(text, renamed, lists, kinds)
    for comment in comments[:half]:
        named = [(f.start, f.end) for f in screen_by_rules(comment) if f.rule == likely_names.RULE]
        examples += [example for example in name_examples(comment, named, lists) if not example[1]]
    for service in renaming.dice.sample(services(), 1500):
        frame = renaming.dice.choice(FRAMES)
        examples += name_examples(frame.format(readable(service)), [], lists)
    for service in services():
        for written in sorted({service, service.title(), service.lower()}):
            examples += name_examples(written, [], lists)
    weights, bias = learn(examples, lambda _: 0.01, rounds=8)
    kept = {feature: round(weight, 1) for feature, weight in sorted(weights.items()) if abs(weight) >= 0.42}
    known, common = (" ".join(sorted(words)) for words in lists)
    learned = {"common_words": common, "neighbours": known, "bias": round(bias, 2), **SURE_ENOUGH}
    return {**_book("names.json"), **learned, "weights": kept}


def services() -> list[str]:
    """The official names of services."""
    practices = [row["name"] for row in measure.rows("ods_gp_practices.csv")]
    return practices + [row["OrganisationName"] for row in measure.rows("ods_hospitals.csv")]


def _book(name: str) -> dict[str, Any]:
    book: dict[str, Any] = json.loads((SCREENING / name).read_text(encoding="utf-8"))
    return book


def write(name: str, book: dict[str, Any]) -> None:
    """Write a book: one part a line, without needless spaces."""
    parts = {key: json.dumps(value, ensure_ascii=False, separators=(",", ":")) for key, value in book.items()}
    lines = ",\n".join(f" {json.dumps(key)}: {part}" for key, part in parts.items())
    (SCREENING / name).write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def main() -> None:
    """Write what was learned into the package."""
    items = json.loads((measure.LABELLED / "practice.json").read_text(encoding="utf-8"))
    write("wide_net.json", make_wide_net(items))
    write("names.json", make_names(items))


if __name__ == "__main__":
    main()
