"""What the desk shows of authors' answers to replies: those that wait, and one beside its story."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.admin import desk, wording
from tellback.moderation import queue
from tellback.published.shown import shown
from tellback.replies import answering_back
from tellback.replies.answering_back import AnswerState
from tellback.replies.models import AnswerBack
from tellback.screening import screen_for_author
from tellback.stories.about import services_of
from tellback.stories.models import PublishedText
from tellback.stories.own_names import own_names


def describe_waiting() -> list[dict[str, Any]]:
    """Those that wait, as `staff/queue.html` shows them."""
    waiting = queue.answers_back()
    ids = [answer.reply.story_id for answer in waiting]
    titles = {
        text.story_id: text.title for text in PublishedText.select().where(PublishedText.story.in_(ids))
    }
    return [
        {
            "url": url_for("admin.answer_back", answer_id=answer.public_id),
            "service": answer.reply.service.name,
            "story_title": titles.get(answer.reply.story_id, ""),
            "waiting_words": wording.waiting(answer.written_at),
        }
        for answer in waiting
    ]


def describe(answer: AnswerBack, account: Account, public_url: str) -> dict[str, Any]:
    """One answer beneath its story, as `staff/answer_back.html` shows it."""
    story, waits = answer.reply.story, answer.state == AnswerState.SUBMITTED
    decided = "" if waits else "Someone has decided on this answer already."
    why_not = desk.barred(story, account) or decided
    return {
        "answer": {
            **answering_back.describe(answer),
            "written_on": answer.written_at.date().isoformat(),
            "waiting_words": wording.waiting(answer.written_at) if waits else "",
            "marked": _marked(answer),
        },
        "story": shown([story], public_url)[0],
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            "publish": url_for("admin.publish_answer_back", answer_id=answer.public_id),
            "reject": url_for("admin.reject_answer_back", answer_id=answer.public_id),
        },
    }


def _marked(answer: AnswerBack) -> list[str]:
    """The words in it that could show who someone is."""
    services = services_of([answer.reply.story_id]).get(answer.reply.story_id, [])
    found = screen_for_author(answer.body, own_names(services))
    return [answer.body[one.start : one.end] for one in found if one.kind == "personal_data"]
