"""Themes of the closed list are suggested by a story's words."""

import pytest

from tellback.screening.themes import MOST, suggest
from tellback.stories.topics import THEMES


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("I waited four hours and nobody said why", "waiting"),
        ("They cancelled my appointment by text", "appointments"),
        ("The receptionist was rude and abrupt", "staff-attitude"),
        ("She listened and took me seriously", "being-listened-to"),
        ("He explained the leaflet in plain words", "information"),
        ("I was asked what I wanted and given a choice", "decisions"),
        ("The operation and the physiotherapy", "treatment"),
        ("The wrong dose of my tablets from the pharmacy", "medicines"),
        ("I was in agony and had no painkillers", "pain"),
        ("The meals were cold, and the toast was hard", "food"),
        ("The toilets were filthy", "cleanliness"),
        ("The curtain stood open and my gown too", "privacy-and-dignity"),
        ("Discharged at night without follow-up", "getting-home"),
        ("I was sent from pillar to post between departments", "working-together"),
        ("On hold for an hour, and the website is down", "phone-and-online"),
        ("Parking costs too much", "travel-and-parking"),
        ("The lights and the noise, and the heating", "building"),
        ("She fell because they were short staffed", "safety"),
    ],
)
def test_a_theme_is_suggested_by_its_words(text: str, theme: str) -> None:
    assert theme in suggest(text)


def test_the_likeliest_stand_first_and_there_are_few() -> None:
    text = "We waited and waited in the queue, delayed for hours. The food was cold. Parking. Rude. In pain."
    found = suggest(text)
    assert found[0] == "waiting"
    assert len(found) == MOST


def test_only_themes_of_the_list_are_suggested() -> None:
    assert set(suggest(" ".join(THEMES.values()))) <= set(THEMES)
    assert suggest("") == []


def test_a_word_within_another_word_or_saying_shows_nothing() -> None:
    assert suggest("The waiting room had a fish tank") == []
    assert suggest("Contagious laughter") == []
