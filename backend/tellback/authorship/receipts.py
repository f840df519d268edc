"""An author's receipts: what opens the ledger's commitments to their words, so that nobody can deny them."""

from typing import Any

from tellback.audit import ledger
from tellback.stories.commitments import committed_words
from tellback.stories.models import PublishedText, Story, StoryVersion

# Entries of one story; one has a handful.
_MOST = 200


def receipts_of(story: Story, public_url: str) -> list[dict[str, Any]]:
    """A receipt for each entry of the ledger whose commitment we can still open, the first first.

    Whoever keeps one can prove that these words were received, or published, by that day, whatever we say:
    SHA-256 over `salt` and `words` is `commitment`, which stands in the entry of this `number` and `hash`.
    """
    texts: list[StoryVersion | PublishedText] = [
        *story.versions.order_by(StoryVersion.number),
        *PublishedText.select().where(PublishedText.story == story),
    ]
    opens = {ledger.commit(text.salt, committed_words(text)): text for text in texts if text.salt}
    return [
        {
            "ledger": f"{public_url}/api/v1/ledger",
            **{name: getattr(entry, name) for name in ("number", "day", "step", "hash", "commitment")},
            "salt": opens[entry.commitment].salt,
            "words": committed_words(opens[entry.commitment]),
        }
        for entry in ledger.after(0, limit=_MOST, story_id=story.public_id)
        if entry.commitment in opens
    ]
