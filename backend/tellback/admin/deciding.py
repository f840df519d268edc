"""What a moderator's screens show of deciding: what waits, scores, what the author said, topics to tick."""

from typing import Any

from flask import url_for

from tellback import clock
from tellback.admin import wording
from tellback.moderation import agreement, pausing, reasons, templates, waiting
from tellback.moderation.criticality import LEVELS
from tellback.moderation.models import Decision
from tellback.screening import themes
from tellback.stories import about
from tellback.stories.models import Story, StoryVersion
from tellback.stories.states import State
from tellback.stories.submission import TEXT_FIELDS
from tellback.stories.topics import every
from tellback.translations.languages import known

# What is said once it is done.
DONE = {
    "publish": "The story is published.",
    "return": "The story is back with its author.",
    "reject": "The story will not be published. Its author can read why.",
    "remove": "The story is taken down. A note with the reason stands in its place.",
    agreement.ASKED: "The author can read the edits and say whether they agree.",
}
DECIDED = "Someone has decided about this story. Undo that decision to change anything."
# The same in the queue.
ANSWERED: dict[str, str] = {
    agreement.Answer.AGREED: "Its author agreed",
    agreement.Answer.DISCUSSED: "Its author wrote back",
    agreement.Answer.SILENT: "No answer from its author",
}
ANSWERS = {
    agreement.Answer.AGREED: "The author agrees to the edits.",
    agreement.Answer.DISCUSSED: "The author does not agree to all edits, and writes:",
    agreement.Answer.SILENT: f"The author did not answer in {agreement.PATIENCE.days} days.",
}


def describe_deciding(story: Story, version: StoryVersion) -> dict[str, Any]:
    """What stands around the forms of `staff/_decide.html`."""
    decision = waiting.of_story(story)
    extent = agreement.extent(version)
    return {
        "waiting": describe_waiting(decision) if decision else None,
        "paused": _paused(story),
        "levels": [
            {"value": value, "name": level.name, "when": level.when} for value, level in enumerate(LEVELS)
        ],
        "extent": {"changed": extent.changed, "words": extent.words, "is_large": extent.is_large},
        "question": _question(story),
        "answer": _answer(story, version),
        "patience_days": agreement.PATIENCE.days,
        "reasons": _reasons(version.lang),
    }


def describe_waiting(decision: Decision) -> dict[str, Any]:
    """A decision that waits, as the story's screen and the queue show it."""
    return {
        "id": decision.id,
        "act": decision.act,
        "act_words": wording.DECISIONS[decision.act],
        "by": decision.decided_by.name if decision.decided_by else "Someone",
        "decided_at": decision.decided_at.isoformat(),
        "takes_effect_at": decision.takes_effect_at.isoformat(),
        "takes_effect_words": takes_effect_words(decision),
        "reason_text": reasons.author_text(decision.reason),
        "message": decision.message,
        "urls": {
            "undo": url_for("admin.undo_decision", decision_id=decision.id),
            "send": url_for("admin.send_decision", decision_id=decision.id),
        },
    }


def said_waiting(decision: Decision) -> str:
    """What was just decided, of which story, and until when it can be undone."""
    decided = f"You decided {wording.DECISIONS[decision.act]}: “{decision.version.title}”."
    return f"{decided} It takes effect {takes_effect_words(decision)}."


def describe_topics(story: Story, version: StoryVersion) -> dict[str, list[dict[str, Any]]]:
    """Topics to tick: those that the story has, those that its words suggest, and every other one offered."""
    has = about.topics_of([story.id]).get(story.id, [])
    slugs = [raised.topic.slug for raised in has]
    suggested = themes.suggest("\n".join(getattr(version, field) or "" for field in TEXT_FIELDS))
    others = [
        {"slug": topic.slug, "name": topic.name, "ticked": False, "suggested": topic.slug in suggested}
        for topic in every()
        if topic.slug not in slugs
    ]
    ticked = [{"slug": one.topic.slug, "name": wording.raised(one), "ticked": True} for one in has]
    return {
        "first": ticked + [one for one in others if one["suggested"]],
        "others": [one for one in others if not one["suggested"]],
    }


def takes_effect_words(decision: Decision) -> str:
    """How long until a decision takes effect: "in 9 minutes"."""
    left = decision.takes_effect_at - clock.now()
    minutes = -(-int(left.total_seconds()) // 60)
    return f"in {wording.counted(minutes, 'minute')}" if minutes > 0 else "now"


def _reasons(lang: str) -> dict[str, list[dict[str, str]]]:
    """The reasons of each decision with what an author who writes in this language reads beneath."""
    tag = known(lang) or ""
    paragraphs = templates.every_standing()
    return {
        act: [
            {
                "value": slug,
                "text": text,
                "paragraph": paragraphs.get((act, slug, tag), templates.Standing()).text,
            }
            for slug, text in kind.reasons.items()
        ]
        for act, kind in templates.KINDS.items()
    }


def _paused(story: Story) -> dict[str, Any] | None:
    """Who paused the story, since when and why, while it is not shown."""
    pause = pausing.of_story(story)
    return pause and {
        "by_author": pause.by_author,
        "by": pause.account.name if pause.account else "Someone",
        "why": pause.why,
        "since": pause.since.isoformat(),
    }


def _question(story: Story) -> dict[str, str] | None:
    """What the author is asked, and by when they may answer, while the story is with them."""
    asked = agreement.question(story) if story.state == State.AWAITING_AUTHOR else None
    return asked and {"message": asked.message, "answer_by": agreement.answer_by(story).isoformat()}


def _answer(story: Story, version: StoryVersion) -> dict[str, Any] | None:
    """What the author said when asked about the edits of this version, if they were asked."""
    asked = agreement.question(story)
    answer = agreement.answer_to(asked) if asked and asked.version_id == version.id else None
    if asked is None or answer is None:
        return None
    return {
        "text": ANSWERS[agreement.Answer(answer.answer)],
        "words": answer.words,
        "at": answer.answered_at.isoformat(),
        "agreed": answer.answer == agreement.Answer.AGREED,
        "silent": answer.answer == agreement.Answer.SILENT,
        "asked": asked.message,
    }
