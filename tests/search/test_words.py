"""Words of any language as the index holds them and as readers type them."""

import pytest

from tellback.errors import InvalidInput
from tellback.search.words import folded, sought


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Nurse didn’t come!", "the nurse didnt come"),
        ("A&E, ward-5 (3rd floor)", "a e ward 5 3rd floor"),
        ("Żółć, café, naïve, Straße", "zolc cafe naive strasse"),
        ("Iawn â’r tŷ", "iawn ar ty"),
        ("কেমন আছেন", "কেমন আছেন"),
        ("ਤੁਹਾਡਾ ਧੰਨਵਾਦ", "ਤੁਹਾਡਾ ਧੰਨਵਾਦ"),
        ("شُكْراً لكم", "شكرا لكم"),
        ("我等了三个小时", "我 等 了 三 个 小 时"),
        ("ﬁne ½ 𝓤", "fine 1 2 u"),
        ("\x00\ud800 …—", ""),
    ],
)
def test_a_text_is_folded_to_plain_words(text: str, words: str) -> None:
    assert folded(text) == words


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("long wait", ["long", "wait"]),
        ('"waiting room" cold', ["waiting room", "cold"]),
        ("„poczekalnia była“ zimna", ["poczekalnia byla", "zimna"]),
        ("follow-up", ["follow up"]),
        ("三个小时", ["三 个 小 时"]),
        ('wait "unfinished', ["wait", "unfinished"]),
        ("wait wait Wait", ["wait"]),
        ("food & drink", ["food", "drink"]),
        ("!!! ???", [""]),
        ('""', [""]),
    ],
)
def test_what_is_typed_becomes_phrases_that_must_all_stand_there(typed: str, phrases: list[str]) -> None:
    assert sought(typed) == phrases


@pytest.mark.parametrize("typed", ["x" * 201, " ".join(f"w{n}" for n in range(21)), "三" * 21])
def test_a_pasted_letter_is_refused_with_what_to_do(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        sought(typed)
    assert refused.value.errors == {"q": ["Use fewer words: 20 at most."]}
