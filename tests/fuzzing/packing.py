"""Many short texts in few stories, so that one page shows them all."""

from tests.fuzzing import naughty

# Characters of one story: as many as each of its fields takes.
ROOM = 3400


def packed() -> list[list[str]]:
    """The texts of `naughty`, in their order, as many together as fit a story."""
    stories: list[list[str]] = [[]]
    for text in naughty.EVERY:
        if sum(map(len, stories[-1])) + len(stories[-1]) + len(text) > ROOM:
            stories.append([])
        stories[-1].append(text)
    return stories


STORIES = packed()
