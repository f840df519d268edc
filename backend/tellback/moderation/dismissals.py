"""Dismissing a finding of screening, and remembering its words, so that they are not marked again."""

from datetime import datetime

from peewee import JOIN, ModelSelect

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound
from tellback.moderation import waiting
from tellback.organisations.models import Service
from tellback.stories import dismissed
from tellback.stories.about import organisations_of, services_of
from tellback.stories.models import DismissedWords, Story, StoryFinding
from tellback.stories.states import touch
from tellback.stories.submission import current_version
from tellback.stories.urgency import reckon


def dismiss(story: Story, revision: int, finding_id: int, *, remember: bool = False, by: Account) -> None:
    """Say that what a rule marked in the story's current version is nothing.

    `remember` its words: the rule marks them no more in stories about the story's services. `revision` is
    the one the moderator read. Raises NotFound for a finding of another story or version, InvalidInput where
    words may not be remembered, NotAllowed, or Conflict when the story is decided or changed since.
    """
    finding = _of(story, finding_id, by)
    words = words_of(finding)
    if remember and not can_remember(finding):
        raise InvalidInput(
            errors={"remember": ["These words are always marked. Dismiss them in this story."]}
        )
    with transaction():
        touch(story, revision)
        _settle(finding, clock.now(), by)
        if remember:
            _remember(story, finding, words, by)
        _record(acts.Act.FINDING_DISMISSED, story, finding, by, remembered=remember)
        reckon(story)


def restore(story: Story, revision: int, finding_id: int, *, by: Account) -> None:
    """Mark a dismissed finding again; words that were remembered stay so. Raises as `dismiss`."""
    finding = _of(story, finding_id, by)
    with transaction():
        touch(story, revision)
        _settle(finding, None, None)
        _record(acts.Act.FINDING_RESTORED, story, finding, by)
        reckon(story)


def forget(remembered_id: int, *, by: Account) -> None:
    """Have a rule mark words again, in stories that are told from now on. Raises NotFound, NotAllowed."""
    require(by, Action.REDACT_STORIES)
    row = DismissedWords.get_or_none(DismissedWords.id == remembered_id)
    if row is None:
        raise NotFound("These words are forgotten already.")
    with transaction():
        row.delete_instance()
        acts.record(acts.Act.WORDS_FORGOTTEN, acts.staff(by.id), "service", row.service.code, rule=row.rule)


def remembered(q: str = "") -> "ModelSelect[DismissedWords]":
    """The words that rules mark no more, the newest first; with `q`, those that it or their service holds."""
    query = DismissedWords.select(DismissedWords, Service, Account).join(Service).switch(DismissedWords)
    query = query.join(Account, JOIN.LEFT_OUTER)
    if q:
        query = query.where(DismissedWords.words.contains(dismissed.key(q)) | Service.name.contains(q))
    return query.order_by(DismissedWords.dismissed_at.desc(), DismissedWords.id.desc())


def can_remember(finding: StoryFinding) -> bool:
    """Whether the words of a finding may be marked no more."""
    return dismissed.may_be_remembered(finding.kind, finding.field, words_of(finding))


def words_of(finding: StoryFinding) -> str:
    """The words that a finding marks; empty for one about the whole story."""
    text: str = getattr(finding.version, finding.field) if finding.end else ""
    return text[finding.start : finding.end]


def _of(story: Story, finding_id: int, by: Account) -> StoryFinding:
    require(by, Action.REDACT_STORIES)
    require_no_interest(by, organisations_of(story))
    waiting.require_open(story)
    found: StoryFinding | None = StoryFinding.get_or_none(
        StoryFinding.id == finding_id, StoryFinding.version == current_version(story)
    )
    if found is None:
        raise NotFound("This is not marked in the story any more.")
    return found


def _settle(finding: StoryFinding, at: datetime | None, by: Account | None) -> None:
    changed = {"dismissed_at": at, "dismissed_by": by}
    StoryFinding.update(changed).where(StoryFinding.id == finding.id).execute()


def _remember(story: Story, finding: StoryFinding, words: str, by: Account) -> None:
    rows = [
        {
            "service": service,
            "rule": finding.rule,
            "words": dismissed.key(words),
            "dismissed_by": by,
            "dismissed_at": clock.now(),
        }
        for service in services_of([story.id]).get(story.id, [])
    ]
    if rows:
        DismissedWords.insert_many(rows).on_conflict_ignore().execute()


def _record(act: acts.Act, story: Story, finding: StoryFinding, by: Account, **more: bool) -> None:
    facts = {"rule": finding.rule, "field": finding.field, **more}
    acts.record(act, acts.staff(by.id), "story", story.public_id, **facts)
