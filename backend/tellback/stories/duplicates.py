"""Stories told before, in the same words or nearly so, on any website and at any time: for the desk alone.

A story is cut into runs of three words. Each run is hashed once, the hashes fall into bins, and each bin
keeps its least (one-permutation MinHash: Li, Owen and Zhang, NIPS 2012). Three bins together make a number, a
"band"; stories that share most of their runs share a band almost surely, others almost never. So what is
alike is found by looking up a dozen numbers in an index, among a million stories as among a hundred.
"""

import hashlib
import re
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from tellback.db import database, put
from tellback.screening import fold
from tellback.stories.models import Story, StoryLikeness, StoryVersion

FEWEST_WORDS = 8
"""Fewer words are said by many, each for themself: "Everyone was so kind, thank you all"."""

NEARLY = 0.5
"""The share of runs in common from which two stories are nearly the same."""

_RUN = 3
_BANDS, _BINS_OF_A_BAND = 12, 3
_BINS = _BANDS * _BINS_OF_A_BAND
# Newest stories looked at for each band: what thousands have told alike, the newest tell as well.
_NEWEST = 8
# In Chinese each character is a word.
_WORD = re.compile("[\u3400-\u9fff]|[^\\W_\u3400-\u9fff]+")


@dataclass(frozen=True)
class Twin:
    """Another story that says the same, or (`share` below 1) nearly the same."""

    story: Story
    share: float


def words_of(version: StoryVersion) -> list[str]:
    """What was told, word by word and folded, without the title: that may be our own."""
    return _words(version.body, version.what_was_good, version.what_could_be_better)


def keep(story: Story, numbers: Collection[int], *, is_new: bool) -> None:
    """Let a story be found by these numbers (`bands`) and no earlier ones; in the caller's transaction."""
    if not is_new:
        StoryLikeness.delete().where(StoryLikeness.story == story).execute()
    put(StoryLikeness, [{"band": number, "story": story.id} for number in set(numbers)])


def twin_of(story: Story, words: list[str], numbers: Collection[int]) -> Twin | None:
    """The story most like these words, which have these numbers; None where none is nearly the same.

    `story` is the one they are of, kept already or not.
    """
    candidates = _candidates(story, set(numbers))
    if not candidates:
        return None
    runs = _runs(words)
    found, share = None, 0.0
    for story_id, *told in _versions(candidates):
        theirs = _words(*told)
        if theirs == words:
            found, share = story_id, 1.0
            break
        alike = _share(runs, _runs(theirs))
        if alike >= NEARLY and alike > share:
            found, share = story_id, alike
    # None, too, of one that is erased in this moment.
    twin = Story.select(Story.id, Story.public_id).where(Story.id == found).first() if found else None
    return Twin(twin, share) if twin else None


def likeness(one: str, other: str) -> float:
    """The share of runs that two texts have in common, 0 to 1; 0 where either has too few words to say."""
    words = [_WORD.findall(fold(text).lower) for text in (one, other)]
    if min(map(len, words)) < FEWEST_WORDS:
        return 0.0
    return 1.0 if words[0] == words[1] else _share(_runs(words[0]), _runs(words[1]))


def bands(words: list[str]) -> list[int]:
    """The numbers that words share with words nearly the same; none for too few words."""
    if len(words) < FEWEST_WORDS:
        return []
    least: list[int | None] = [None] * _BINS
    for run in _runs(words):
        said = run.encode()
        place, value = zlib.crc32(said) % _BINS, zlib.crc32(said, 1)
        if least[place] is None or value < least[place]:  # type: ignore[operator]
            least[place] = value
    filled = _borrowed(least)
    return [
        _number(band, filled[band * _BINS_OF_A_BAND : (band + 1) * _BINS_OF_A_BAND]) for band in range(_BANDS)
    ]


def _borrowed(least: list[int | None]) -> list[int]:
    """Fill each empty bin from the next that is not: short stories leave many empty."""
    filled: list[int] = []
    for place in range(_BINS):
        for step in range(_BINS):
            value = least[(place + step) % _BINS]
            if value is not None:
                # With how far it was borrowed, so that two empty bins in a row are two facts.
                filled.append(value * _BINS + step)
                break
    return filled


def _number(band: int, bins: list[int]) -> int:
    digest = hashlib.blake2b(repr((band, bins)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def _candidates(story: Story, numbers: set[int]) -> set[int]:
    """The newest stories of each number but this one: looked up one by one, in one question."""
    if not numbers:
        return set()
    # Written out: a dozen such queries cost more to put together than to answer.
    newest = (
        "SELECT story_id FROM (SELECT story_id FROM story_likeness WHERE band = ? AND story_id <> ?"
        " ORDER BY band DESC, story_id DESC LIMIT ?) AS newest"
    ).replace("?", database.param)
    # A story that is not kept yet has no number.
    values = [value for number in numbers for value in (number, story.id or 0, _NEWEST)]
    rows = database.execute_sql(" UNION ALL ".join([newest] * len(numbers)), values)
    return {story_id for (story_id,) in rows}


def _versions(story_ids: set[int]) -> Iterable[tuple[Any, ...]]:
    """Of every version of these stories, oldest first: the story's id, and what was told."""
    told = StoryVersion.body, StoryVersion.what_was_good, StoryVersion.what_could_be_better
    rows = StoryVersion.select(StoryVersion.story, *told).where(StoryVersion.story.in_(story_ids))
    versions: Iterable[tuple[Any, ...]] = rows.order_by(StoryVersion.id).tuples()
    return versions


def _words(*told: str | None) -> list[str]:
    return _WORD.findall(fold(" ".join(text for text in told if text)).lower)


def _runs(words: list[str]) -> set[str]:
    return {" ".join(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
