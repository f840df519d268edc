"""The screen on which a story is answered: the story, what was sent, the composer, a colleague's look."""

from collections.abc import Mapping
from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, organisations
from tellback.admin import changing, handing, wording
from tellback.admin.answering import OwnStory
from tellback.errors import Conflict, Problem
from tellback.moderation.reasons import REMOVED_ANSWERS
from tellback.organisations.models import Service
from tellback.published import wall
from tellback.published.shown import shown
from tellback.replies import answering_for, composing, drafts, second_looks, undoing
from tellback.replies.models import Reply, ReplyDraft, SecondLook
from tellback.replies.second_looks import Outcome
from tellback.replies.states import ReplyState
from tellback.stories import readings
from tellback.stories.models import Story


def services_of(own: OwnStory, account: Account) -> list[Service]:
    """As which services somebody may answer a story: what belongs to it first."""
    return answering_for.services_for(own.story, account)


def draft_of(own: OwnStory, account: Account) -> ReplyDraft | None:
    """The draft that somebody's organisations keep of a reply to a story."""
    ids = {service.organisation_id for service in services_of(own, account)}
    return drafts.of_story(own.story, ids)


def note_reading(own: OwnStory, account: Account) -> None:
    """Note, for its author to see as a number, that somebody of each of these services has opened a story."""
    for service in own.services:
        readings.record(own.story, service, account)


def kept_words(account: Account, public_id: str, typed: str) -> list[str]:
    """What somebody and their colleagues wrote on a story that is public no more: typed, drafted or sent."""
    own = organisations(account, Action.READ_OWN_STORIES)
    story = Story.get_or_none(Story.public_id == public_id)
    if story is None:
        return []
    draft = drafts.of_story(story, own)
    open_still = [ReplyState.WAITING.value, ReplyState.KEPT.value, ReplyState.RETURNED.value]
    replies = Reply.select(Reply.body).join(Service).order_by(Reply.id.desc())
    replies = replies.where(Reply.story == story, Service.organisation.in_(own), Reply.state.in_(open_still))
    words = [typed, draft.body if draft else "", *(reply.body for reply in replies)]
    return [one for one in dict.fromkeys(word.strip() for word in words) if one]


def describe_answer(
    own: OwnStory,
    account: Account,
    public_url: str,
    typed: Mapping[str, str] | None = None,
    problem: Problem | None = None,
) -> dict[str, Any]:
    """One own story with the composer, as `staff/reply.html` shows it.

    In the composer stands what was `typed`; else the draft; else a reply that came back, to be mended.
    """
    services = services_of(own, account)
    draft = draft_of(own, account) if services else None
    last = own.replies[0] if own.replies else None
    came_back = last if last and last.state in (ReplyState.RETURNED, ReplyState.REMOVED) else None
    values = typed if typed is not None and "body" in typed else _kept(draft, came_back, account)
    errors = (problem.errors or {}) if problem else {}
    (story,) = shown([own.story], public_url)
    return {
        "story": story,
        "composer": _composer(own, services, values, errors) if services else None,
        "note": came_back.note if came_back else None,
        "taken_down": _taken_down(last),
        "shown": _shown(own, services),
        "thanks_url": _thanks_url(story),
        "changes": changing.of_story(own.story, account, public_url) if own.services else [],
        "on_their_way": _on_their_way(own, account, services),
        "draft": _draft(draft) if draft else None,
        "revision": _revision(draft, values, problem),
        "theirs": draft.body if draft and isinstance(problem, Conflict) else None,
        "looks": _looks(draft, account) if draft else None,
        "colleagues": _colleagues(services, account),
        "problem": problem,
        "errors": errors,
        "values": typed or {},
        "beside": handing.describe_beside(own, account),
        "urls": _urls(own),
    }


def _taken_down(last: Reply | None) -> str | None:
    """Why moderators took the newest reply down, where they did."""
    if last is None or last.state != ReplyState.REMOVED:
        return None
    return REMOVED_ANSWERS.get(last.removed_reason, "")


def _shown(own: OwnStory, services: list[Service]) -> list[dict[str, str]]:
    """One's own replies that everyone reads, to be corrected."""
    names = {service.id: service.name for service in services}
    return [
        {"from": names[reply.service_id], "url": url_for("admin.correct_reply", reply_id=reply.public_id)}
        for reply in own.replies
        if reply.state == ReplyState.PUBLISHED and reply.service_id in names
    ]


def _thanks_url(story: dict[str, Any]) -> str | None:
    """The page of thanks for the wall, of a story that is one."""
    return url_for("pages.thank_you", story_id=story["id"]) if wall.is_praise(story) else None


def _composer(
    own: OwnStory, services: list[Service], values: Mapping[str, Any], errors: Mapping[str, Any]
) -> dict[str, Any]:
    here = {"own_id": own.story.public_id}
    return composing.describe(
        own.story,
        services,
        values,
        errors,
        check_url=url_for("admin.check_answer", **here),
        save_url=url_for("admin.save_draft", **here),
    )


def _kept(draft: ReplyDraft | None, came_back: Reply | None, account: Account) -> dict[str, Any]:
    if draft:
        return {name: getattr(draft, name) for name in drafts.FIELDS}
    if came_back:
        return {
            **{name: getattr(came_back, name) for name in drafts.FIELDS if name != "service"},
            "service": came_back.service.code,
        }
    return {"responder_name": account.name}


def _revision(draft: ReplyDraft | None, values: Mapping[str, Any], problem: Problem | None) -> int:
    """The revision of the draft that the form has read: as sent, unless that was refused for a newer one."""
    current = draft.revision if draft else 0
    if isinstance(problem, Conflict) or "revision" not in values:
        return current
    sent = str(values["revision"])
    return int(sent) if sent.isascii() and sent.isdigit() else current


def _draft(draft: ReplyDraft) -> dict[str, Any]:
    return {
        "saved_by": draft.saved_by.name if draft.saved_by else "a colleague who has left",
        "saved": wording.due(draft.saved_at)["words"],
    }


def _looks(draft: ReplyDraft, account: Account) -> dict[str, Any]:
    every = second_looks.of_draft(draft)
    mine = next((look for look in every if look.asked_of_id == account.id and not look.outcome), None)
    return {
        "said": [_said(look) for look in every],
        "asked_by": mine.asked_by.name if mine else None,
    }


def _said(look: SecondLook) -> dict[str, str]:
    words = {
        Outcome.GOOD: f"{look.asked_of.name} says that it looks good.",
        Outcome.COMMENT: f"{look.asked_of.name} comments:",
    }
    asked = f"{look.asked_by.name} asked {look.asked_of.name} to look at it."
    return {"said": words[Outcome(look.outcome)] if look.outcome else asked, "words": look.words}


def _colleagues(services: list[Service], account: Account) -> list[tuple[str, str]]:
    if not services:
        return []
    ids = {service.organisation_id for service in services}
    return [(str(one.id), one.name) for one in second_looks.colleagues(ids, account)]


def _on_their_way(own: OwnStory, account: Account, services: list[Service]) -> list[dict[str, Any]]:
    """The replies that were sent and do not show yet; one that its writer may still take back says so."""
    if not services:
        return []
    mine = undoing.waiting(account, own.story.id)
    return [
        {
            "from": answering_for.signature(reply.service),
            "body": reply.body,
            "lang": reply.lang,
            "by": f"{reply.responder_name}, {reply.responder_role}",
            "until": wording.due(reply.due_at)["words"] if reply.due_at else None,
            "mine": mine is not None and reply.id == mine.id,
        }
        for reply in own.replies
        if reply.state in (ReplyState.WAITING, ReplyState.SUBMITTED)
    ]


def _urls(own: OwnStory) -> dict[str, str | None]:
    story_id = own.story.public_id
    here = {"own_id": story_id}
    return {
        "back": url_for("admin.own_stories"),
        "send": url_for("admin.answer", **here),
        "save": url_for("admin.save_draft", **here),
        "throw_away": url_for("admin.throw_draft_away", **here),
        "ask": url_for("admin.ask_for_look", **here),
        "give": url_for("admin.give_look", **here),
        "take_back": url_for("admin.take_reply_back", **here),
        "send_now": url_for("admin.send_reply_now", **here),
        # What a service changes is said by whoever runs it.
        "plan": url_for("admin.new_change", story=story_id, state="planned") if own.services else None,
        "made": url_for("admin.new_change", story=story_id, state="made") if own.services else None,
    }
