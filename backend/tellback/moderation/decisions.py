"""A moderator's decision: state, public text, audit and letter change together, or not at all."""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.moderation import flags
from tellback.moderation.models import Decision
from tellback.moderation.reasons import REJECTED, REMOVED, RETURNED
from tellback.moderation.redaction import of_version, published_fields
from tellback.outbox import messages
from tellback.search import index
from tellback.stories import contact
from tellback.stories.about import organisations_of
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State, move
from tellback.stories.submission import current_version

LONGEST_MESSAGE = 2000


def open_for_review(story: Story, by: Account) -> None:
    """Note that a moderator has begun to read; a story already being read stays as it is."""
    require(by, Action.DECIDE_STORIES)
    if story.state != State.SUBMITTED:
        return
    with transaction():
        move(story, State.IN_MODERATION)
        acts.record(acts.Act.STORY_OPENED, acts.staff(by.id), "story", story.public_id)


def publish(story: Story, revision: int, by: Account) -> None:
    """Let everyone read the story with its redactions.

    `revision` is the one the moderator read. Raises NotAllowed, or Conflict when the story
    changed since or is in no state to be published.
    """
    _require_decider(story, by)
    version = current_version(story)
    with transaction():
        move(story, State.PUBLISHED, revision=revision, published_at=clock.now())
        text = PublishedText.create(
            story=story,
            version=version,
            redactions=[{"field": r.field, "reason": r.reason} for r in of_version(version)],
            **published_fields(version),
        )
        index.put(text)
        _decide(story, version, "publish", by, acts.Act.STORY_PUBLISHED, letter="story_published")


def send_back(story: Story, revision: int, by: Account, *, reason: str, message: str) -> None:
    """Return the story to its author with what to change. Raises as `publish`, and InvalidInput."""
    _require_decider(story, by)
    _check(reason, RETURNED, message)
    version = current_version(story)
    with transaction():
        move(story, State.RETURNED, revision=revision)
        _decide(story, version, "return", by, acts.Act.STORY_RETURNED, "story_returned", reason, message)


def reject(story: Story, revision: int, by: Account, *, reason: str, message: str) -> None:
    """Do not publish the story, for a reason its author reads. Raises as `send_back`."""
    _require_decider(story, by)
    _check(reason, REJECTED, message)
    version = current_version(story)
    with transaction():
        move(story, State.REJECTED, revision=revision)
        _decide(story, version, "reject", by, acts.Act.STORY_REJECTED, "story_rejected", reason, message)


def remove(story: Story, revision: int, by: Account, *, reason: str, message: str) -> None:
    """Take a published story down; a tombstone with the reason stays. Raises as `send_back`."""
    _require_decider(story, by)
    _check(reason, REMOVED, message)
    version = current_version(story)
    with transaction():
        move(story, State.REMOVED, revision=revision, ended_at=clock.now(), ended_reason=reason)
        PublishedText.delete().where(PublishedText.story == story.id).execute()
        index.forget(story)
        flags.settle_all(story, "The story was taken down.", acts.staff(by.id), by)
        _decide(story, version, "remove", by, acts.Act.STORY_REMOVED, "story_removed", reason, message)


def latest(story: Story) -> Decision | None:
    """The decision that stands, if there is one."""
    decision: Decision | None = story.decisions.order_by(Decision.id.desc()).first()
    return decision


def _require_decider(story: Story, by: Account) -> None:
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, organisations_of(story))


def _check(reason: str, reasons: dict[str, str], message: str) -> None:
    if reason not in reasons:
        raise InvalidInput(errors={"reason": ["Choose a reason from the list."]})
    if len(message) > LONGEST_MESSAGE:
        raise InvalidInput(errors={"message": [f"Keep it to {LONGEST_MESSAGE:,} characters."]})


def _decide(
    story: Story,
    version: StoryVersion,
    act: str,
    by: Account,
    recorded: acts.Act,
    letter: str,
    reason: str | None = None,
    message: str = "",
) -> None:
    Decision.create(
        story=story,
        version=version,
        act=act,
        reason=reason,
        message=message.strip(),
        decided_by=by,
        decided_at=clock.now(),
    )
    facts = {"reason": reason} if reason else {}
    acts.record(recorded, acts.staff(by.id), "story", story.public_id, **facts)
    if contact.is_known(story):
        messages.put(letter, "author", story.public_id, **facts)
