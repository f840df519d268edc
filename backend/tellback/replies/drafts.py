"""Drafts of replies: kept for all who answer for an organisation, and never overwritten unread."""

from collections.abc import Collection
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.organisations.models import Organisation
from tellback.replies.models import Reply, ReplyDraft
from tellback.stories.models import Story

# What the form sends, and a draft keeps as it stands.
FIELDS = ("service", "kind", "responder_name", "responder_role", "body", "lang")


def of_story(story: Story, organisation_ids: Collection[int]) -> ReplyDraft | None:
    """The draft of a reply to a story that one of these organisations keeps, if one does."""
    found: ReplyDraft | None = (
        ReplyDraft.select(ReplyDraft, Account)
        .join(Account, peewee.JOIN.LEFT_OUTER, on=ReplyDraft.saved_by)
        .where(ReplyDraft.story == story, ReplyDraft.organisation.in_(list(organisation_ids)))
        .order_by(ReplyDraft.saved_at.desc())
        .first()
    )
    return found


def of_stories(story_ids: Collection[int], organisation_ids: Collection[int]) -> dict[int, ReplyDraft]:
    """Drafts by story id, with who saved each last; one query for a list."""
    query = (
        ReplyDraft.select(ReplyDraft, Account)
        .join(Account, peewee.JOIN.LEFT_OUTER, on=ReplyDraft.saved_by)
        .where(ReplyDraft.story.in_(list(story_ids)), ReplyDraft.organisation.in_(list(organisation_ids)))
        .order_by(ReplyDraft.saved_at)
    )
    return {draft.story_id: draft for draft in query}


def save(
    story: Story, organisation: Organisation, written: dict[str, Any], revision: int, *, by: Account
) -> ReplyDraft:
    """Keep what is written so far (FIELDS). `revision` is the one that was read, 0 where there was none.

    Raises NotAllowed for someone outside the organisation, Conflict when a colleague saved since.
    """
    require(by, Action.WRITE_REPLIES, organisation)
    facts = {name: written[name] or "" for name in FIELDS}
    facts |= {"saved_by": by, "saved_at": clock.now()}
    try:
        with transaction():
            if not revision:
                return ReplyDraft.create(story=story, organisation=organisation, **facts)
            _save_again(story, organisation, revision, facts)
    except peewee.IntegrityError as error:
        raise _overtaken() from error
    draft: ReplyDraft = ReplyDraft.get(ReplyDraft.story == story, ReplyDraft.organisation == organisation)
    return draft


def throw_away(story: Story, organisation: Organisation, revision: int, *, by: Account) -> None:
    """Delete a draft as it was read. Raises as `save`."""
    require(by, Action.WRITE_REPLIES, organisation)
    drop(story, organisation, revision)


def drop(story: Story, organisation: Organisation, revision: int | None) -> None:
    """Delete the draft of a reply that is sent, in its transaction; `revision`: as read, or None for any.

    Raises Conflict when a colleague saved since.
    """
    kept = (ReplyDraft.story == story) & (ReplyDraft.organisation == organisation)
    draft = ReplyDraft.get_or_none(kept)
    if draft is None:
        return
    as_read = kept if revision is None else kept & (ReplyDraft.revision == revision)
    if not ReplyDraft.delete().where(as_read).execute():
        raise _overtaken()


def put_back(reply: Reply, *, by: Account) -> ReplyDraft:
    """Make a draft of a reply that was taken back; what a colleague drafted meanwhile follows its words."""
    organisation = reply.service.organisation
    kept = ReplyDraft.get_or_none(ReplyDraft.story == reply.story_id, ReplyDraft.organisation == organisation)
    written = {name: getattr(reply, name) for name in FIELDS if name != "service"}
    written["service"] = reply.service.code
    if kept and kept.body.strip():
        written["body"] = f"{reply.body}\n\n{kept.body}"
    return save(reply.story, organisation, written, kept.revision if kept else 0, by=by)


def _save_again(story: Story, organisation: Organisation, revision: int, facts: dict[str, Any]) -> None:
    saved = (
        ReplyDraft.update(**facts, revision=ReplyDraft.revision + 1)
        .where(
            ReplyDraft.story == story,
            ReplyDraft.organisation == organisation,
            ReplyDraft.revision == revision,
        )
        .execute()
    )
    if not saved:
        raise _overtaken()


def _overtaken() -> Conflict:
    return Conflict(
        "A colleague worked on this draft, or sent it, while you were writing. What you typed is still here: "
        "put together what you both want to keep, and save it again."
    )
