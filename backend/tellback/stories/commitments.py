"""What the public ledger commits to: the words of an author, or of what the public reads, under a salt."""

from tellback.audit import ledger
from tellback.stories.models import PublishedText, StoryVersion


def committed_words(text: StoryVersion | PublishedText) -> dict[str, str | None]:
    """The words as they are committed to: the ledger's format, whatever else a story may once be told in."""
    return {
        "title": text.title,
        "body": text.body,
        "what_was_good": text.what_was_good,
        "what_could_be_better": text.what_could_be_better,
    }


def commitment(text: StoryVersion | PublishedText) -> str:
    """The commitment to these words in the ledger. It opens while their salt is kept; erasure destroys it."""
    return ledger.commit(text.salt, committed_words(text))
