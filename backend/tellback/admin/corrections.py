"""What screens show of corrections: the form of a service, and one beside what stands for a moderator."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.admin import desk, wording
from tellback.moderation import queue
from tellback.published.shown import describe_reply, shown
from tellback.replies import correcting
from tellback.replies.correcting import CorrectionState
from tellback.replies.models import Reply, ReplyCorrection
from tellback.stories.models import PublishedText


def describe_form(reply: Reply) -> dict[str, Any]:
    """A published reply with the form to correct it, as `staff/correct.html` shows it."""
    last = correcting.latest(reply)
    came_back = last if last and last.state == CorrectionState.RETURNED else None
    return {
        "reply": describe_reply(reply),
        "waits": last is not None and last.state == CorrectionState.SUBMITTED,
        "note": came_back.note if came_back else None,
        "languages": list(wording.LANGUAGES.items()),
        "values": correcting.describe(came_back or reply),
        "urls": {
            "back": url_for("admin.own_story", own_id=reply.story.public_id),
            "send": url_for("admin.send_correction", reply_id=reply.public_id),
        },
    }


def describe_waiting() -> list[dict[str, Any]]:
    """Those that wait for a moderator, as the list of replies in `staff/queue.html` shows them."""
    waiting = correcting.waiting(queue.OTHERS)
    ids = [correction.reply.story_id for correction in waiting]
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    titles = {text.story_id: text.title for text in texts.where(PublishedText.story.in_(ids))}
    return [
        {
            "id": correction.public_id,
            "url": url_for("admin.correction", correction_id=correction.public_id),
            "from_name": f"{correction.reply.service.name}: a correction",
            "story_title": titles.get(correction.reply.story_id, ""),
            "waiting_words": wording.waiting(correction.written_at),
        }
        for correction in waiting
    ]


def describe(correction: ReplyCorrection, account: Account, public_url: str) -> dict[str, Any]:
    """One beside what stands, as `staff/correction.html` shows it."""
    reply, waits = correction.reply, correction.state == CorrectionState.SUBMITTED
    why_not = desk.barred(reply.story, account) or (
        "" if waits else "Someone has decided on this correction already."
    )
    return {
        "correction": {
            **correcting.describe(correction),
            "written_on": correction.written_at.date().isoformat(),
            "waiting_words": wording.waiting(correction.written_at) if waits else "",
        },
        "reply": describe_reply(reply),
        "story": shown([reply.story], public_url)[0],
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            "publish": url_for("admin.publish_correction", correction_id=correction.public_id),
            "return": url_for("admin.return_correction", correction_id=correction.public_id),
        },
    }
