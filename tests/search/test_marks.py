"""Where the words stand that somebody looked for; a page marks them, and changes nothing else."""

import pytest

from tellback.published import marking
from tellback.search.marks import marks
from tellback.search.query import term
from tellback.search.words import folded, phrases, placed
from tests.fuzzing import naughty


def found(q: str, text: str, lang: str = "en") -> list[list[int]]:
    return marks(text, lang, [term(phrase.words) for phrase in phrases(q)])


def bracketed(pieces: list[marking.Piece]) -> str:
    return "".join(f"[{piece}]" if marked else piece for piece, marked in pieces)


@pytest.mark.parametrize(
    ("q", "lang", "text", "marked"),
    [
        ("waiting", "en", "We waited. WAITS! “Wait”?", "We [waited]. [WAITS]! “[Wait]”?"),
        ("didnt come", "en", "She didn’t come’.", "She [didn’t] [come]’."),
        ("waiting room", "en", "The waiting, the room.", "The [waiting], the [room]."),
        ('"waiting room"', "en", "A room, waiting rooms.", "A room, [waiting rooms]."),
        ('"waiting room" rooms', "en", "Waiting rooms.", "[Waiting rooms]."),
        ("pielegniarka", "pl", "Pielęgniarka, pielęgniarki", "[Pielęgniarka], pielęgniarki"),
        (
            "cafe",
            "en",
            "Cafe\N{COMBINING ACUTE ACCENT}s, Straße",
            "[Cafe\N{COMBINING ACUTE ACCENT}s], Straße",
        ),
        ("strasse", "de", "Straße.", "[Straße]."),
        ("三个", "zh-Hans", "我等了三个小时。", "我等了[三个]小时。"),
        ("fine", "en", "ﬁne ½", "[ﬁne] ½"),
        ("2", "en", "ﬁne ½ hour", "ﬁne [½] hour"),
        ("b", "en", "<b>&amp;</b>", "<[b]>&amp;</[b]>"),
        ("giraffe", "en", "", ""),
    ],
)
def test_words_are_marked_as_they_stand_in_the_text(q: str, lang: str, text: str, marked: str) -> None:
    assert bracketed(marking.pieces(text, found(q, text, lang))) == marked


def test_any_text_has_its_words_where_they_are_said_to_be() -> None:
    for text in (*naughty.MARKUP, *naughty.WRITING, *naughty.EMOJI, *naughty.DIRECTIONS, *naughty.DATA):
        words = placed(text)
        assert " ".join(word.word for word in words) == folded(text)
        for word in words:
            assert 0 <= word.start < word.end <= len(text), text
            assert word.word in folded(text[word.start : word.end]).split(), text
        everything = [[word.start, word.end] for word in words]
        assert "".join(piece for piece, _marked in marking.pieces(text, everything)) == text


def test_paragraphs_are_cut_as_pages_set_them_and_marks_go_over_their_ends() -> None:
    text = "\r\n One cold\r\n\r\n\r\n day.\n \n\nTwo  \n\n\n"
    stretches = found('"cold day"', text)
    assert [bracketed(written) for written in marking.paragraphs(text, stretches)] == [
        "One [cold]",
        "[day].",
        "Two",
    ]
    assert list(marking.paragraphs("", [])) == []
