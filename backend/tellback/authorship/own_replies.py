"""The answers to a story as its author sees them, with what they said to each, shown or not."""

from typing import Any

from tellback.published.shown import replies_of
from tellback.replies import answering_back
from tellback.replies.models import AnswerBack, Reply
from tellback.stories.models import Story


def describe(story: Story) -> list[dict[str, Any]]:
    """The published replies, each with the author's own answers to it and whether they can answer now."""
    shown = replies_of(story)
    rows = Reply.select(Reply.id, Reply.public_id).where(Reply.public_id.in_([one["id"] for one in shown]))
    ids = {reply.public_id: reply.id for reply in rows}
    answers = answering_back.of_replies(ids.values())
    return [
        {
            **one,
            "answers_back": [own_answer(answer) for answer in answers.get(ids[one["id"]], [])],
            "may_answer": answering_back.may_answer(story, answers.get(ids[one["id"]], [])),
        }
        for one in shown
    ]


def own_answer(answer: AnswerBack) -> dict[str, Any]:
    """An answer of theirs to a reply, wherever it stands; `note` is why it is not shown."""
    return {
        **answering_back.describe(answer),
        "state": answer.state,
        "note": answer.note,
        "written_at": answer.written_at.isoformat(timespec="seconds"),
    }
