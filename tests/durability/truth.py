"""What must hold of the store, whatever was done to the service: asked of the database itself."""

import hashlib
from collections.abc import Iterable, Sequence

from tellback import db
from tellback.audit import verification
from tellback.outbox.models import OutboxMessage
from tellback.published import ledger_check
from tellback.stories.models import (
    AuthorContact,
    PrivateLink,
    Story,
    StoryFinding,
    StoryService,
    StoryVersion,
    UsedKey,
)
from tests.durability.tellers import Told

# At one moment: each story has each of its parts exactly once, and no part is of no story.
_COUNTS = """
SELECT (SELECT count(*) FROM story),
       (SELECT count(*) FROM story_version),
       (SELECT count(*) FROM private_link),
       (SELECT count(*) FROM used_key),
       (SELECT count(*) FROM story_service),
       (SELECT count(*) FROM ledger_entry WHERE step = 'received')
"""


def no_half_story() -> None:
    """Each story has its words, its private link, its key, its service and its entry in the ledger."""
    counts = db.database.execute_sql(_COUNTS).fetchone()
    assert len(set(counts)) == 1, counts


def every_one_is_there(kept: Sequence[Told]) -> None:
    """Each story that was answered with 201 is there, once."""
    ids = [told.id for told in kept]
    there = {row.public_id for row in Story.select(Story.public_id)}
    missing = [one for one in ids if one not in there]
    assert not missing, f"acknowledged and not there: {missing}"
    assert len(set(ids)) == len(ids)


def all_holds(kept: Sequence[Told], *, alone: bool = True) -> None:
    """All of it, word by word. `alone`: nothing else was told, and everybody has heard the end."""
    if not db.is_postgresql():
        found = [row[0] for row in db.database.execute_sql("PRAGMA integrity_check").fetchall()]
        assert found == ["ok"], found
        assert not db.database.execute_sql("PRAGMA foreign_key_check").fetchall()
    no_half_story()
    every_one_is_there(kept)
    if alone:
        assert Story.select().count() == len(kept)
    assert not list(verification.breaks())
    assert not list(ledger_check.disagreements())
    _each_as_told(kept)


def _each_as_told(kept: Iterable[Told]) -> None:
    stories = {story.public_id: story for story in Story.select()}
    versions = {version.story_id: version for version in StoryVersion.select()}
    keys = {row.story_id: row for row in UsedKey.select()}
    # Read at once: to ask for each link in turn takes longer than all the rest.
    opens = {link.token_hash: link.story_id for link in PrivateLink.select()}
    marked = {row.version_id for row in StoryFinding.select(StoryFinding.version)}
    placed = {row.story_id for row in StoryService.select(StoryService.story)}
    contacts = {row.story_id for row in AuthorContact.select(AuthorContact.story)}
    letters = {
        row.recipient_id for row in OutboxMessage.select().where(OutboxMessage.kind == "story_received")
    }
    for told in kept:
        assert len(set(told.answers)) == 1, f"one key, several answers: {told.answers}"
        story = stories[told.id]
        version = versions[story.id]
        assert version.body == told.words
        assert story.id in keys
        assert story.id in placed
        assert opens[hashlib.sha256(told.token.encode()).hexdigest()] == story.id
        if told.has_finding:
            assert version.id in marked
        assert (story.id in contacts) is told.asks_for_letters
        assert (told.id in letters) is told.asks_for_letters
