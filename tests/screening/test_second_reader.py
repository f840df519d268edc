"""The second reader hears harm in whatever words, and whatever it is given."""

import itertools
import random

import pytest

from tellback.screening import Finding, fold, read_again, screen, second_reader
from tests.screening import measure
from tests.screening.test_screening import HOSTILE, WHOLE

# Ours, and in none of the labelled files.
HARM = [
    "my uncle says nobody would believe me if i told about the garage",
    "i have given the dog to my sister and paid up the rent so nobody is put out",
    "she had been in the same nightdress for nine days and her tongue was like leather",
]
CALM = [
    "the receptionist found me a chair and a cup of tea",
    "we waited forty minutes and then the doctor explained the scan",
    "parking was dear, but the ward was clean and cheerful",
]


@pytest.fixture(scope="module")
def reader() -> second_reader.Reader:
    return second_reader.the_reader()


def test_what_speaks_of_harm_weighs_more_than_what_does_not(reader: second_reader.Reader) -> None:
    weights = reader.weigh([*HARM, *CALM])
    assert min(weights[: len(HARM)]) > reader.possible > max(weights[len(HARM) :])


def test_a_sentence_weighs_the_same_alone_as_among_others(reader: second_reader.Reader) -> None:
    together = reader.weigh([*HARM, *CALM] * 4)
    alone = [reader.weigh([text])[0] for text in [*HARM, *CALM] * 4]
    assert together == pytest.approx(alone, abs=1e-3)


def test_it_reads_in_order_and_not_words_alone(reader: second_reader.Reader) -> None:
    to_them, by_them = reader.weigh(
        [
            "the nurse helped me and my husband hit the ball",
            "the nurse helped me and my husband hit me",
        ]
    )
    assert by_them > to_them


def test_it_marks_the_sentence_in_the_text_as_given() -> None:
    text = (
        "A lovely ward.\n\nMy  UNCLE says nobody would\u200b believe me if I told about the garage! Thanks."
    )
    (found,) = read_again(text, [])
    assert found.rule == "perhaps_in_danger"
    assert text[found.start : found.end].startswith("My  UNCLE")
    assert text[found.start : found.end].endswith("garage")


def test_what_is_marked_as_surely_is_not_marked_again() -> None:
    text = "I want to kill myself tonight."
    assert read_again(text, []) != []
    assert read_again(text, screen(text)) == []
    # Personal data there says nothing of it.
    assert read_again(text, [Finding("personal_data", "persons_name", 0, 9, "sure")]) == read_again(text, [])


def test_words_it_never_met_are_read_in_pieces(reader: second_reader.Reader) -> None:
    cutter = second_reader.Cutter(
        {"[CLS]": 2, "[SEP]": 3, "[UNK]": 1, "un": 4, "##happ": 5, "##y": 6, "##ily": 7}
    )
    assert cutter.cut("unhappily un") == [2, 4, 5, 7, 4, 3]
    assert cutter.cut("unhappier") == [2, 1, 3]
    assert len(cutter.cut("un " * 500)) == second_reader.MOST_PIECES + 2


def test_it_raises_for_no_text_and_keeps_its_promises() -> None:
    dice = random.Random(2026)
    for _ in range(60):
        text = "".join(dice.choices(HOSTILE + WHOLE, k=dice.randrange(1, 14)))
        found = read_again(text, [])
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        assert all(first.end <= second.start for first, second in itertools.pairwise(found))
    assert list(second_reader.read(fold("x" * 30_000))) == []


def test_an_official_name_is_no_harm(reader: second_reader.Reader) -> None:
    names = measure.rows("ods_gp_practices.csv")[::40]
    said = [f"i went to {row['name'].lower()}" for row in names]
    assert [
        text for text, weight in zip(said, reader.weigh(said), strict=True) if weight >= reader.possible
    ] == []
