"""Lists of what services changed because of stories, newest first, each with the stories it answers."""

from dataclasses import dataclass
from typing import Any

from peewee import Expression, ModelSelect

from tellback.http import pagination
from tellback.published.subjects import Subject
from tellback.replies import verdicts
from tellback.replies.changes import Review, describe, in_full
from tellback.replies.models import ChangeClaim, ServiceChange, StoryChange
from tellback.stories.models import PublishedText, Story


@dataclass(frozen=True)
class Page:
    """A stretch of a list: its changes as the API shows them, the cursor of what follows, how many in all."""

    items: list[dict[str, Any]]
    next: str | None
    total: int


def newest(
    about: Subject,
    public_url: str,
    *,
    cursor: str | None = None,
    limit: int = 10,
) -> Page:
    """What the public reads of the changes of its services, and of those for its stories.

    A change of the hospital that answers a ward's story is the ward's, too. The same few queries, however
    many changes. Raises InvalidInput for a cursor not of ours.
    """
    query = in_full().where(ChangeClaim.review == Review.SHOWN.value, *_about(about))
    rows = list(
        (query.where(_after(cursor)) if cursor else query)
        .order_by(ChangeClaim.published_at.desc(), ChangeClaim.id.desc())
        .limit(limit + 1)
    )
    claims = rows[:limit]
    ids = [claim.change_id for claim in claims]
    stories, said = _stories_of(ids, public_url), verdicts.of_changes(ids)
    items = [
        {
            **describe(claim, claim.change, public_url),
            "stories": stories.get(claim.change_id, []),
            "verdicts": said.get(claim.change_id, verdicts.counts(())),
        }
        for claim in claims
    ]
    onward = pagination.after(claims[-1].published_at, claims[-1].id) if len(rows) > limit else None
    return Page(items, onward, query.count())


def _about(about: Subject) -> list[Expression]:
    stories, services = about.stories(), about.services
    if stories is None:
        return []
    if services is None:
        return [_answers(stories)]
    return [ServiceChange.service.in_(services) | _answers(stories)]


def _answers(stories: "ModelSelect[Any]") -> Expression:
    """That a change is shown under one of these stories, and that one is public still."""
    public = PublishedText.select(PublishedText.story)
    shown = StoryChange.select(StoryChange.change).where(
        StoryChange.shown_at.is_null(False), StoryChange.story.in_(stories), StoryChange.story.in_(public)
    )
    condition: Expression = ServiceChange.id.in_(shown)
    return condition


def _after(cursor: str) -> Expression:
    moment, number = pagination.moment_and_id(cursor)
    at = ChangeClaim.published_at
    older: Expression = (at < moment) | ((at == moment) & (ChangeClaim.id < number))
    return older


def _stories_of(change_ids: list[int], public_url: str) -> dict[int, list[dict[str, str]]]:
    """The public stories that changes answer, by change, the first published first."""
    rows = (
        StoryChange.select(StoryChange, Story, PublishedText.title.alias("title"))
        .join(Story)
        .join(PublishedText, on=(PublishedText.story == Story.id))
        .where(StoryChange.change.in_(change_ids), StoryChange.shown_at.is_null(False))
        .order_by(Story.published_at, Story.id)
        .objects()
    )
    found: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        story = {"id": row.public_id, "url": f"{public_url}/stories/{row.public_id}", "title": row.title}
        found.setdefault(row.change_id, []).append(story)
    return found
