"""What an author told otherwise, word for word, beside what everyone reads or what they told before."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.submission import TEXT_FIELDS

_WORD = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True)
class Stretch:
    """Words that stand on both sides, or (`differs`) on one."""

    text: str
    differs: bool


def since_before(story: Story, version: StoryVersion) -> dict[str, tuple[list[Stretch], list[Stretch]]]:
    """The fields that this version tells otherwise: as they were, and as they are now; none for the first.

    Beside the words that are public, where the story is published; else beside the version before.
    """
    before = PublishedText.get_or_none(PublishedText.story == story) or (
        story.versions.where(StoryVersion.number == version.number - 1).first()
    )
    if before is None:
        return {}
    texts = {field: (getattr(before, field) or "", getattr(version, field) or "") for field in TEXT_FIELDS}
    return {field: between(was, now) for field, (was, now) in texts.items() if was != now}


def between(was: str, now: str) -> tuple[list[Stretch], list[Stretch]]:
    """Two texts in stretches that are the same, or not."""
    left, right = _WORD.findall(was), _WORD.findall(now)
    old: list[Stretch] = []
    new: list[Stretch] = []
    for kind, i, j, k, m in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for words, stretches in ((left[i:j], old), (right[k:m], new)):
            if words:
                stretches.append(Stretch("".join(words), kind != "equal"))
    return old, new
