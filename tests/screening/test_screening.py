"""What screen() promises of any text whatever."""

import itertools
import random
import time

import pytest

from tellback.screening import EVERY_KIND, REASONS, RULES, Finding, fold, screen, wide_net

LONGEST_STORY = 8000

HOSTILE = [
    "1 ", "a@", ".", "@", "1/", "1-", "0 ", "07", "(0", "+44 ", "+1", "a", "a.", "www.", "http://", "12 ",
    "12 may ", "b1 1", "my ", "not ", "i want to ", "i feel so ", "i am being been ", "no hope ",
    "want to die ", "suicid", "he ", "suicide prevention ", "she hits ", "Dr ", "dr a", "Dr A ", "nurse ",
    "my son ", "My nurse Joy ", "the a", "Dr Van de ", "Mr and ", "A-A", "Aa", "fy hun ",
    "i'r ", "  ", "\n", "\0", "\ud800", "é", "İ",
    "\u200b", "nhs number ", "call me on 1", "1/2 ", "a'", "x!", "kill ", "Anna ", "anna ",
    "myself life hope abuse want to that suicid killed myself i ",
    "\U0001f600 1", "٠١",
]  # fmt: skip
WHOLE = [
    "4505577104", "01273 696955", "jo@example.com", "BN2 5BE", "3rd of May", "12/03/26", " ", "I ", "nhs no ",
    "want to die", "kill myself", "Dr Shah ", "my nurse, Joy", "dr shah",
    "\udfff", "(", "'", "ß", "ŉ", "\uff11", "-",
]  # fmt: skip


def test_it_says_what_where_by_which_rule_and_how_sure():
    assert screen("Ring 01273 696955") == [
        Finding("personal_data", "phone_number", 5, 17, "sure", "phone_number")
    ]


def test_it_finds_both_kinds_in_one_text_in_their_order():
    found = screen("On 12 March 2026 I wanted to end my life. Ring 01273 696955.")
    assert [(f.kind, f.rule) for f in found] == [
        ("personal_data", "exact_date"),
        ("crisis", "suicide"),
        ("personal_data", "phone_number"),
    ]


def test_it_counts_places_in_code_points_of_the_text_as_given():
    text = "\U0001f600\u200b İ caf\u00e9 BN2\u200b\u00a05BE."
    (found,) = screen(text)
    assert text[found.start : found.end] == "BN2\u200b\u00a05BE"


def test_it_takes_an_empty_text():
    assert screen("") == []


def test_it_excuses_the_names_of_the_storys_own_services():
    text = "The 1 June surgery, bn25be, is on +44 1273 696955."
    assert len(screen(text)) == 3
    assert screen(text, ["1 JUNE SURGERY", "Brighton", "BN2 5BE", "01273 696955", "", "B"]) == []


def test_an_own_name_excuses_no_more_than_itself():
    text = "BN2 5BE and BN2 5BEX and BN2 5BF"
    assert [text[f.start : f.end] for f in screen(text, ["BN2 5BE"])] == ["BN2 5BF"]


def test_a_topic_called_suicide_silences_no_cry_for_help():
    assert [f.rule for f in screen("suicide", ["Suicide"])] == ["suicide"]


def test_what_is_redacted_has_words_to_stand_in_its_place_and_a_reason():
    for rule in RULES.values():
        redacted = rule.kind in ("personal_data", "descriptor", "abuse", "profanity")
        assert (rule.replacement is not None) is redacted
        assert (rule.reason in REASONS) is redacted
        assert rule.title
        assert not redacted or (rule.replacement[0], rule.replacement[-1]) == ("[", "]")


def test_no_hostile_text_takes_more_than_its_length():
    def seconds(unit: str, characters: int) -> float:
        text = (unit * characters)[:characters]
        before = time.process_time()
        screen(text)
        return time.process_time() - before

    for unit in HOSTILE:
        # Four times the text: 16 times the work would be a square; a pattern that backtracks takes minutes.
        # Below 60 ms the clock is too coarse to say; one of three, since what else the machine does adds.
        most = max(0.06, 9 * seconds(unit, LONGEST_STORY // 4))
        assert any(seconds(unit, LONGEST_STORY) < most for _ in range(3)), ascii(unit)


def test_what_a_sentence_weighs_is_reckoned_once_a_word(monkeypatch):
    weighed = []
    monkeypatch.setattr(wide_net, "heaviest", lambda words: weighed.append(len(words)) or 0)
    for characters in (LONGEST_STORY, 4 * LONGEST_STORY):
        weighed.clear()
        list(wide_net.cast(fold(("kill tablets bridge " * characters)[:characters]), []))
        assert sum(weighed) <= characters / 6
        assert max(weighed) <= wide_net.MOST_WORDS


def words_of(sentence):
    ((_, _, words),) = wide_net.sentences(sentence)
    return words


def test_what_stands_around_harm_in_a_long_sentence_waters_nothing_down():
    harm = words_of("he beats me and i am frightened to go home")
    calm = words_of("the tea was warm and the nurse was kind to all of us on the ward")
    assert wide_net.heaviest(harm) > wide_net.heaviest(calm)
    assert wide_net.certainty_of([*calm, *harm, *calm]) is not None
    assert wide_net.certainty_of([*calm, *calm]) is None


def test_a_sentence_is_weighed_as_it_was_learned():
    weights = wide_net._WEIGHTS
    known = frozenset(stem for pair in weights if " " in pair for stem in pair.split(" "))
    for sentence in ("i want to go to sleep, and never wake up", "they were kind"):
        learned = sum(weights.get(one, 0) for one in wide_net.features(words_of(sentence), known))
        assert wide_net.heaviest(words_of(sentence)) == wide_net._BOOK["bias"] + learned


def test_it_raises_for_no_text_and_keeps_its_promises():
    dice = random.Random(2026)
    pieces = HOSTILE + WHOLE
    for _ in range(600):
        text = "".join(dice.choices(pieces, k=dice.randrange(1, 14)))
        own_names = dice.choices(pieces, k=dice.randrange(3))
        found = screen(text, own_names)
        assert found == sorted(found, key=lambda f: (f.start, f.kind, f.end))
        for kind in EVERY_KIND:
            spans = [(f.start, f.end) for f in found if f.kind == kind]
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(first[1] <= second[0] for first, second in itertools.pairwise(spans))


def test_it_gives_the_same_for_the_same():
    text = "On 12 March 2026, 450 557 7104, I want to die"
    assert screen(text) == screen(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Digwyddodd hyn oherwydd prinder staff. Rydym wedi siarad. Cafodd y ward ei newid.", []),
        ("Roedd Megan yn garedig iawn. Diolch i Zofia am bopeth.", ["Megan", "Zofia"]),
        ("Pielęgniarka siedziała przy mnie. Czekałam cztery godziny. Wszystko było dobrze.", []),
        ("Asistenta Elena a stat cu mine. Nimeni nu mi-a spus nimic.", ["Elena"]),
        ("Kalkaalisadu way ila fadhiday. Waxaan sugayay afar saacadood.", []),
    ],
)
def test_in_another_language_than_english_only_listed_names_are_names(text: str, names: list[str]) -> None:
    assert [text[f.start : f.end] for f in screen(text) if f.rule == "persons_name"] == names
