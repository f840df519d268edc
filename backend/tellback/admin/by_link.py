"""What stands behind a link in a letter: a story to answer, by who has an account and by who has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for

from tellback.db import transaction
from tellback.errors import Conflict, NotSignedIn, Problem
from tellback.organisations.models import Service
from tellback.published.shown import shown
from tellback.replies import composing, drafts, handing_on, responding, signed_links
from tellback.replies.models import HandOn, Reply, ReplyDraft
from tellback.replies.signed_links import AnswerLink
from tellback.replies.states import ReplyState, Via
from tellback.stories import readings
from tellback.stories.models import Story

# What became of an answer by link, for whoever opens the link again.
_BECAME = {
    ReplyState.WAITING: "It goes on in a few minutes. To take it back until then, sign in.",
    ReplyState.SUBMITTED: "A moderator reads it before it shows under the story.",
    ReplyState.PUBLISHED: "It shows under the story.",
    ReplyState.RETURNED: "A moderator sent it back to be changed. Sign in to change it.",
    ReplyState.REMOVED: "It was taken down. Sign in to read why.",
    ReplyState.KEPT: "The story is not public any more, so it was not sent on. Sign in to read your words.",
}


@dataclass(frozen=True)
class Opened:
    """A link as it was opened: what it lets answer, whose it is, and why it sends nothing any more."""

    story: Story
    service: Service
    ended: str
    link: AnswerLink | None = None
    handed: HandOn | None = None


def open_link(token: str) -> Opened:
    """What a token opens, of either kind. Raises NotSignedIn for none of ours."""
    try:
        handed = handing_on.of_token(token)
    except NotSignedIn:
        link = signed_links.read(token)
        return Opened(link.story, link.service, signed_links.ended(link), link=link)
    service = Service.in_full().where(Service.id == handed.service_id).get()
    return Opened(handed.story, service, handing_on.ended(handed), handed=handed)


def note_reading(opened: Opened) -> None:
    """Note, for its author to see as a number, that somebody of the service has opened the story."""
    if opened.link and not opened.ended:
        readings.record(opened.story, opened.service, opened.link.account)


def send(opened: Opened, written: dict[str, Any], wait: timedelta) -> None:
    """Send an answer: to the moderators, or to those who handed the story on.

    Raises NotSignedIn, or Conflict, when the link is good no more; else as `responding.reply`.
    """
    facts = {name: written[name] for name in (*handing_on.WRITTEN, "kind")}
    if opened.handed:
        handing_on.answer(opened.handed, facts)
        return
    assert opened.link, "a link is one of the two"
    with transaction():
        signed_links.use(opened.link)
        responding.reply(
            opened.story,
            opened.service.code,
            facts,
            by=opened.link.account,
            via=Via.LINK,
            wait=wait,
            draft_revision=written["revision"],
        )


def describe(
    opened: Opened,
    token: str,
    typed: Mapping[str, str],
    problem: Problem | None,
    public_url: str,
) -> dict[str, Any]:
    """The page behind a link, as `public/answer.html` shows it."""
    draft = _draft(opened)
    current = draft.revision if draft else 0
    overtaken = isinstance(problem, Conflict)
    return {
        "token": token,
        # As it was read, unless a newer one is shown with this page.
        "revision": current if overtaken else typed.get("revision") or current,
        "theirs": draft.body if draft and overtaken else "",
        "draft_by": draft.saved_by.name if draft and draft.saved_by else "",
        "story": shown([opened.story], public_url)[0],
        "service": opened.service.name,
        "name": opened.link.account.name if opened.link else "",
        "handed": _handed(opened.handed) if opened.handed else None,
        "ended": opened.ended,
        "became": _became(opened.link) if opened.link else "",
        "composer": None if opened.ended else _composer(opened, typed, problem),
        "typed": typed.get("body", ""),
        "problem": problem,
        "errors": (problem.errors or {}) if problem else {},
    }


def _composer(opened: Opened, typed: Mapping[str, str], problem: Problem | None) -> dict[str, Any]:
    draft = _draft(opened)
    begun = {"responder_name": opened.link.account.name if opened.link else ""}
    if draft:
        begun = {name: getattr(draft, name) for name in drafts.FIELDS if name != "service"}
    return composing.describe(
        opened.story,
        [opened.service],
        typed if "body" in typed else begun,
        problem.errors if problem else None,
        check_url=url_for("answer_link.check"),
    )


def _draft(opened: Opened) -> ReplyDraft | None:
    """What those who answer have begun to write; it is nothing for whom a story was handed on to."""
    if not opened.link or opened.ended:
        return None
    return drafts.of_story(opened.story, [opened.service.organisation_id])


def _handed(handed: HandOn) -> dict[str, str]:
    by = handed.account.name if handed.account else handed.service.organisation.name
    return {"by": by, "note": handed.note}


def _became(link: AnswerLink) -> str:
    """What became of the answer that was sent by this link, or one made no later; empty where none was."""
    used = signed_links.used_at(link)
    if used is None:
        return ""
    sent = Reply.select().where(
        Reply.story == link.story,
        Reply.service == link.service,
        Reply.account == link.account,
        Reply.via == Via.LINK.value,
    )
    reply = sent.order_by(Reply.id.desc()).first()
    return _BECAME[ReplyState(reply.state)] if reply else ""
