"""What moderators see of replies: those that wait, those that showed at once, and one beside its story."""

from collections.abc import Collection
from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.admin import wording
from tellback.admin.desk import barred
from tellback.moderation import queue, reply_decisions
from tellback.published.shown import describe_reply as describe_shown_reply
from tellback.published.shown import shown
from tellback.replies import beside, coaching, fast_track
from tellback.replies.models import HandOn, Reply
from tellback.replies.states import ReplyState, Via
from tellback.stories.models import PublishedText
from tellback.stories.states import State

_WHY_NOT = {
    ReplyState.WAITING: "Its writer can still take it back. It comes to the moderators after that.",
    ReplyState.KEPT: "Its story ended before it was sent on, so there is nothing to decide.",
}
_DECIDED = "Someone has decided on this reply already."


def describe_waiting() -> list[dict[str, Any]]:
    """The replies that wait, as `staff/queue.html` shows them."""
    replies = queue.replies()
    titles = _titles({reply.story_id for reply in replies})
    return [
        {
            "id": reply.public_id,
            "url": url_for("admin.reply", reply_id=reply.public_id),
            "from_name": reply.service.name,
            "story_title": titles.get(reply.story_id, wording.STATES[State(reply.story.state)]),
            "waiting_words": wording.waiting(reply.written_at),
        }
        for reply in replies
    ]


def describe_unread() -> list[dict[str, Any]]:
    """The replies that showed at once and are to be read afterwards, as `staff/queue.html` shows them."""
    replies = reply_decisions.unread()
    titles = _titles({reply.story_id for reply in replies})
    return [
        {
            "url": url_for("admin.reply", reply_id=reply.public_id),
            "from_name": reply.service.name,
            "story_title": titles.get(reply.story_id, wording.STATES[State(reply.story.state)]),
            "shown_words": wording.waiting(reply.published_at),
        }
        for reply in replies
    ]


def describe_reply(reply: Reply, account: Account, public_url: str) -> dict[str, Any]:
    """One reply beside its story, as `staff/reply_review.html` shows it."""
    state = ReplyState(reply.state)
    waits = state == ReplyState.SUBMITTED
    barred_by = barred(reply.story, account)
    why_not = barred_by or ("" if waits else _WHY_NOT.get(state, _DECIDED))
    return {
        "reply": {
            **describe_shown_reply(reply),
            "written_on": reply.written_at.date().isoformat(),
            "waiting_words": wording.waiting(reply.written_at) if waits else "",
            "came_by": _came_by(reply),
        },
        "story": shown([reply.story], public_url)[0],
        "noticed": _noticed(reply),
        "may_decide": not why_not,
        "why_not": why_not,
        "read_after": _read_after(reply, barred_by),
        "urls": {
            "queue": url_for("admin.stories"),
            "publish": url_for("admin.publish_reply", reply_id=reply.public_id),
            "return": url_for("admin.return_reply", reply_id=reply.public_id),
            "read": url_for("admin.note_reply_read", reply_id=reply.public_id),
        },
    }


def _came_by(reply: Reply) -> str:
    """How a reply came, where that is not from the screens of its service."""
    by = reply.account.name if reply.account else "somebody who has left"
    if reply.via == Via.HAND_ON:
        handed = HandOn.get_or_none(HandOn.reply == reply)
        wrote = handed.to_whom if handed else "somebody"
        return f"written by {wrote}, to whom it was handed on; sent on by {by}"
    return {Via.LINK: f"by a link in a letter to {by}", Via.API: "by a program"}.get(Via(reply.via), "")


def _read_after(reply: Reply, barred_by: str) -> dict[str, Any] | None:
    """Why a reply showed at once, and whether it is still to be read; None for one that did not."""
    if reply.fast_track is None:
        return None
    unread = reply.fast_track == fast_track.UNREAD and reply.state == ReplyState.PUBLISHED
    return {"rules": [rule.says for rule in fast_track.RULES], "may": unread and not barred_by}


def _noticed(reply: Reply) -> list[dict[str, Any]]:
    """What to look at in a reply; what was taken out of its story is looked for here alone."""
    written = {"body": reply.body, "lang": reply.lang, "responder_name": reply.responder_name}
    looked = coaching.look_at(written, beside.told(reply.story, reply.service.organisation))
    noticed = [{"title": hint.title, "words": list(hint.examples)} for hint in looked.warnings]
    if not looked.language_read:
        noticed.append({"title": "Nothing could be looked for in its language", "words": []})
    elif fast_track.claims_change(reply.body, reply.lang):
        noticed.append(
            {"title": "It may say that something changes. Does it say what, and when?", "words": []}
        )
    if beside.holds_words_taken_out(reply.story, reply.body, reply.lang):
        noticed.append({"title": "It holds a word that was taken out of the story", "words": []})
    return noticed


def _titles(story_ids: Collection[int]) -> dict[int, str]:
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    return {text.story_id: text.title for text in texts.where(PublishedText.story.in_(story_ids))}
