"""What an author knows and does of cases: asks a second moderator to look again, answers what one asks."""

from typing import Any

from tellback.moderation import case_requests, case_steps, cases, decisions
from tellback.moderation.cases import CaseState
from tellback.moderation.models import Case, CaseStep, Decision
from tellback.stories.models import Story


def describe(story: Story, decision: Decision | None) -> dict[str, Any]:
    """What the private link shows of cases beside the latest decision; of any other case, nothing."""
    appeal = cases.appeal_of(story)
    asked = case_steps.open_question(story)
    return {
        "may_appeal": cases.may_appeal(story, decision),
        "appeal": _appeal(appeal) if appeal and decision and appeal.decision_id == decision.id else None,
        "asked": _asked(asked) if asked else None,
    }


def appeal(story: Story, words: str | None) -> None:
    """Ask a second moderator to look at the latest decision. Raises as `cases.appeal`."""
    cases.appeal(story, decisions.latest(story), words or "")


def answer(story: Story, words: str | None) -> None:
    """Answer what a moderator asks. Raises as `case_steps.answer`."""
    case_steps.answer(story, words or "")


def _appeal(case: Case) -> dict[str, Any]:
    return {
        "state": "waiting" if case.state == CaseState.OPEN else case.outcome,
        "words": cases.told(case).get("words", ""),
        "at": case.opened_at.isoformat(timespec="seconds"),
        "answer": case.answer,
        "answered_at": case.closed_at and case.closed_at.isoformat(timespec="seconds"),
    }


def _asked(step: CaseStep) -> dict[str, Any]:
    return {
        "text": case_steps.question_of(step.case),
        "message": case_steps.said(step),
        "notice": case_requests.notice(step.case),
        "at": step.at.isoformat(timespec="seconds"),
        "answer_by": case_steps.answer_by(step).isoformat(),
    }
