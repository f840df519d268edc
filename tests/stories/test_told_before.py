"""A story told before, in the same words or nearly so, is marked for the desk and names the other."""

import time

import pytest

from tellback import db
from tellback.authorship.erasure import erase
from tellback.stories import duplicates
from tellback.stories.models import Story, StoryFinding, StoryLikeness
from tellback.stories.schemas import ToldStorySchema
from tellback.stories.submission import current_version, submit
from tests.people import Places, a_story, tell

TOLD = (
    "I waited four hours on a chair in the corridor with a broken ankle, and nobody came to ask whether I "
    "was in pain or wanted water. When the doctor saw me she was kind and quick, but could not say why it "
    "took so long."
)
NEARLY = TOLD.replace("four hours", "five hours").replace("kind and quick", "very kind") + " I will complain."
OTHER = (
    "My mother had her hip done in March and the physiotherapists came every morning with a smile. The food "
    "was warm, the nights were quiet, and the letter to our own doctor was there before we were home again."
)


def _marks(story: Story) -> list[tuple[str, str, str | None]]:
    found = StoryFinding.select().where(
        StoryFinding.version == current_version(story), StoryFinding.kind == "duplicate"
    )
    return [(finding.field, finding.rule, finding.other) for finding in found]


def test_the_same_words_name_the_story_that_has_them(places: Places) -> None:
    first = tell(body=TOLD).story
    again = tell(body=TOLD.upper(), title="Another title").story
    assert _marks(first) == []
    assert _marks(again) == [("story", "same_story", first.public_id)]


def test_nearly_the_same_words_do_too_on_another_website_and_about_another_service(places: Places) -> None:
    first = submit(ToldStorySchema().load(a_story(body=TOLD)), website=places.website).story
    again = tell(body=NEARLY, service=places.surgery.code).story
    assert _marks(again) == [("story", "nearly_same_story", first.public_id)]


def test_another_story_of_the_same_place_is_no_duplicate(places: Places) -> None:
    tell(body=TOLD)
    assert _marks(tell(body=OTHER).story) == []


def test_a_few_kind_words_are_said_by_many(places: Places) -> None:
    for _ in range(2):
        story = tell(body="Thank you all so much.").story
    assert _marks(story) == []


def test_the_story_that_is_most_alike_is_named(places: Places) -> None:
    tell(body=NEARLY)
    same = tell(body=TOLD).story
    assert _marks(tell(body=TOLD).story) == [("story", "same_story", same.public_id)]


def test_a_story_in_chinese_is_known_again(places: Places) -> None:
    told = "我在走廊里等了四个小时，脚踝骨折，没有人来问我是否疼痛或想喝水。"
    first = tell(body=told, lang="zh-Hans").story
    assert _marks(tell(body=told, lang="zh-Hans").story) == [("story", "same_story", first.public_id)]


def test_an_erased_story_is_not_found_by_words_that_are_gone(places: Places) -> None:
    first = tell(body=TOLD).story
    erase(first)
    assert StoryLikeness.select().where(StoryLikeness.story == first).count() == 0
    assert _marks(tell(body=TOLD).story) == []


@pytest.mark.parametrize("words", [[], ["no"], ["a"] * 7])
def test_too_few_words_are_like_nothing(words: list[str]) -> None:
    assert duplicates.bands(words) == []


@pytest.mark.parametrize("shared", [0.85, 0.7])
def test_most_stories_that_share_so_many_runs_share_a_band(shared: float) -> None:
    found = 0
    for seed in range(100):
        words = [f"w{seed}x{n}" for n in range(120)]
        # A word changed breaks three runs.
        changed = set(range(0, 120, round(3 * (1 + shared) / (1 - shared) / 1.05)))
        other = [f"other{n}" if n in changed else word for n, word in enumerate(words)]
        found += bool(set(duplicates.bands(words)) & set(duplicates.bands(other)))
    assert found >= (99 if shared > 0.8 else 90)


@pytest.mark.long
def test_a_hundred_thousand_stories_slow_it_down_as_little_as_a_hundred(places: Places) -> None:
    story = tell(body=TOLD).story
    version = current_version(story)

    def milliseconds() -> float:
        spent = []
        for _ in range(9):
            before = time.perf_counter()
            words = duplicates.words_of(version)
            duplicates.twin_of(story, words, duplicates.bands(words))
            spent.append(time.perf_counter() - before)
        return 1000 * sorted(spent)[4]

    few = milliseconds()
    others = [tell(body=f"{OTHER} {n}").story.id for n in range(20)]
    rows = ((band, others[band % 20]) for band in range(1, 12 * 100_000))
    with db.transaction():
        while batch := [row for row, _ in zip(rows, range(400), strict=False)]:
            StoryLikeness.insert_many(batch, fields=[StoryLikeness.band, StoryLikeness.story]).execute()
    assert milliseconds() < 3 * few + 2
