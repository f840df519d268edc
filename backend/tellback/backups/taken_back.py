"""What was taken back or down after a backup was made, so that restoring it brings none of it to light again.

Beside the backups of a folder stands a list of such acts, each a moment, the act and the id of a story, and
no word of any. Every backup writes it anew; the database that a restore replaces is asked, too.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from tellback.audit.acts import Act
from tellback.audit.models import AuditEvent
from tellback.authorship import erasure, own_story
from tellback.backups import archive
from tellback.errors import NotDone
from tellback.moderation import pausing
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.stories.states import State

FILE = "taken-back.txt"
# In this order: what is erased was withdrawn before.
_ACTS = (
    Act.CONTACT_DELETED,
    Act.STORY_PAUSED,
    Act.STORY_RESUMED,
    Act.STORY_REMOVED,
    Act.STORY_WITHDRAWN,
    Act.STORY_ERASED,
)
_CLOCKS_DIFFER = timedelta(minutes=10)
# Of whatever act: a later release may know more of them.
_LINE = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z [a-z_:]+ [0-9a-z]{1,24}")


def lines() -> set[str]:
    """A line for each act that the chosen database, of whatever schema, holds."""
    events = AuditEvent.select(AuditEvent.at, AuditEvent.act, AuditEvent.subject_id)
    events = events.where(AuditEvent.act.in_(_ACTS))
    return {f"{_written(event.at)} {event.act} {event.subject_id}" for event in events}


def lines_beside(folder: Path) -> set[str]:
    """The lines that stand in a folder of backups. Raises NotDone for one that nobody can read."""
    path = folder / FILE
    found = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    wrong = [number for number, line in enumerate(found, 1) if line and not _LINE.fullmatch(line)]
    if wrong:
        raise NotDone(f"{path}, line {wrong[0]}: not as Tellback wrote it. Mend it, or take the line out.")
    return {line for line in found if line}


def keep(folder: Path, found: set[str]) -> None:
    """Write the list beside the backups of a folder, from the oldest that is kept there on."""
    oldest = archive.moment_of(archive.all_in(folder)[0])
    assert oldest
    kept = after(lines_beside(folder) | found, oldest)
    fresh = folder / f".{FILE}"
    with open(fresh, "w", encoding="utf-8", opener=archive.owner_only) as file:
        file.write("".join(f"{line}\n" for line in kept))
    archive.sync(fresh)
    fresh.replace(folder / FILE)
    archive.sync(folder)


def after(found: Iterable[str], moment: datetime) -> list[str]:
    """The lines of acts from a moment on, in their order; a little sooner, since clocks differ."""
    return sorted(line for line in found if line >= _written(moment - _CLOCKS_DIFFER))


def do_again(found: list[str]) -> int:
    """Do these acts again, where they are not done already; of how many stories something was taken back."""
    acts_of: dict[str, set[str]] = {}
    for line in found:
        _at, act, story_id = line.split()
        if act not in _ACTS:
            continue
        acts = acts_of.setdefault(story_id, set())
        acts.add(act)
        if act == Act.STORY_RESUMED:
            acts.discard(Act.STORY_PAUSED)
    return sum(_again(story_id, acts) for story_id, acts in acts_of.items())


def _again(story_id: str, acts: set[str]) -> bool:
    story = Story.get_or_none(Story.public_id == story_id)
    if story is None:
        return False
    if Act.CONTACT_DELETED in acts:
        contact.forget(story)
    if Act.STORY_ERASED in acts:
        erasure.erase(story)
    elif Act.STORY_WITHDRAWN in acts and story.state != State.WITHDRAWN:
        own_story.withdraw(story)
    elif acts & {Act.STORY_PAUSED, Act.STORY_REMOVED} and story.state == State.PUBLISHED:
        # Whoever decides about stories takes it down again, or shows it.
        pausing.pause_again(story)
    return acts != {Act.STORY_RESUMED}


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
