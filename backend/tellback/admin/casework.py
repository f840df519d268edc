"""What the screens of cases show: the list with what is due, one case on its path, those of a story."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from tellback import clock
from tellback.accounts.models import Account
from tellback.admin import desk, wording
from tellback.admin.exports import Cell
from tellback.moderation import case_closing, case_requests, case_steps, cases, reasons
from tellback.moderation.case_paths import BY_STAFF, PATHS, Kind, Path, outcome_label
from tellback.moderation.cases import CaseState, StepKind
from tellback.moderation.models import Case, CaseStep
from tellback.organisations.models import Service
from tellback.rota.hours import ZONE
from tellback.screening import RULES
from tellback.stories import contact
from tellback.stories.about import latest_versions, services_of
from tellback.stories.models import Story
from tellback.stories.states import State

COLUMNS = ("case", "kind", "story", "state of the story", "opened", "due", "late")
_DONE = {
    StepKind.TOLD: "told",
    StepKind.ASKED: "asked its author",
    StepKind.ANSWERED: "The author answered",
    StepKind.NOTED: "noted",
}


def describe_open(account: Account) -> dict[str, Any]:
    """What is open and what was closed lately, as `staff/cases.html` shows it, for who may work on it."""
    query = cases.open_cases(account)
    found, closed = list(query.limit(cases.PAGE)), cases.closed_lately(account)
    titles = _titles([case.story for case in [*found, *closed]])
    return {
        "cases": [_row(case, titles) for case in found],
        "closed": [_row(case, titles) for case in closed],
        "total": query.count(),
        "export_url": url_for("admin.cases_file"),
    }


def rows(account: Account) -> Iterator[tuple[Cell, ...]]:
    """What is open as lines of a file: neither what anybody wrote, nor who asked."""
    for case in cases.open_cases(account):
        name, state = PATHS[Kind(case.kind)].name, wording.STATES[State(case.story.state)]
        times = (case.opened_at, case.due_at, case.due_at < clock.now())
        yield (case.public_id, name, case.story.public_id, state, *times)


def describe(case: Case, account: Account) -> dict[str, Any]:
    """One case as `staff/case.html` shows it. Raises NotAllowed for who may not work on it."""
    cases.require_may_work(case, account)
    path, story = PATHS[Kind(case.kind)], case.story
    services = services_of([story.id]).get(story.id, [])
    asked = case_steps.open_question(story)
    return {
        "case": _facts(case, path),
        "story": {
            "title": _titles([story])[story.id],
            "url": url_for("admin.story", story_id=story.public_id),
            "state_words": wording.STATES[State(story.state)],
            "services": [service.name for service in services],
            "has_contact": contact.is_known(story),
            "may_be_asked": story.consent_contact,
        },
        "asker": _asker(case),
        "appeal": _appeal(case),
        "whom": [_whom(service) for service in services] if case.kind == Kind.SAFEGUARDING else [],
        "steps": path.steps,
        "done": [_step(step) for step in case_steps.of_case(case)],
        "may_tell": case.kind == Kind.SAFEGUARDING,
        "ways": list(case_steps.WAYS.items()),
        "now": _now_at_desk(),
        "question": case_steps.question_of(case) if story.state != State.WITHDRAWN else "",
        "asked": {"answer_by": case_steps.answer_by(asked).isoformat()} if asked else None,
        "outcomes": [(slug, ending.label) for slug, ending in path.outcomes.items()],
        "why_not_close": case_closing.why_not_close(case, account),
        "urls": {
            name: url_for(f"admin.{route}", case_id=case.public_id)
            for name, route in (
                ("tell", "case_tell"),
                ("ask", "case_ask"),
                ("note", "case_note"),
                ("close", "case_close"),
            )
        },
    }


def of_story(story: Story, account: Account) -> dict[str, Any]:
    """The cases of a story as its screen shows them; of no case to who has a role at its service."""
    barred = bool(desk.barred(story, account))
    open_now = [] if barred else cases.of_story(story)
    kinds = {case.kind for case in open_now}
    may_open = [
        kind for kind in BY_STAFF if not barred and kind not in kinds and story.state in PATHS[kind].opened_in
    ]
    return {
        "open": [_facts(case, PATHS[Kind(case.kind)]) for case in open_now],
        "closed": [] if barred else [_facts(c, PATHS[Kind(c.kind)]) for c in cases.closed_of(story)],
        "may_escalate": Kind.SAFEGUARDING in may_open,
        "take_down_first": not barred and story.state == State.PUBLISHED,
        "escalate_steps": PATHS[Kind.SAFEGUARDING].steps,
        "kinds": [
            {"value": kind.value, "label": PATHS[kind].name, "when": PATHS[kind].when}
            for kind in may_open
            if kind != Kind.SAFEGUARDING
        ],
    }


def _facts(case: Case, path: Path) -> dict[str, Any]:
    is_open = case.state == CaseState.OPEN
    return {
        "id": case.public_id,
        "url": url_for("admin.case", case_id=case.public_id),
        "kind": case.kind,
        "name": path.name,
        "when": path.when,
        "is_open": is_open,
        "due": wording.due(case.due_at) if is_open else None,
        "opened_on": case.opened_at.date().isoformat(),
        "opened_by": case.opened_by.name if case.opened_by else _who_asked(path),
        "words": case.words,
        "asks": path.asks,
        "outcome": outcome_label(case.kind, case.outcome) if case.outcome else "",
        "answer": case.answer,
        "closed_on": case.closed_at.date().isoformat() if case.closed_at else None,
        "closed_by": case.closed_by.name if case.closed_by else "",
    }


def _who_asked(path: Path) -> str:
    return {"author": "its author", cases.OUTSIDER: "somebody from outside"}.get(path.asks, "someone")


def _row(case: Case, titles: dict[int, str]) -> dict[str, Any]:
    return {
        **_facts(case, PATHS[Kind(case.kind)]),
        "title": titles[case.story_id],
        "state_words": wording.STATES[State(case.story.state)],
    }


def _titles(stories: list[Story]) -> dict[int, str]:
    """What stories are called by; of one that its author took back, only that."""
    versions = latest_versions([story.id for story in stories])
    taken_back = wording.STATES[State.WITHDRAWN]
    return {
        story.id: taken_back if story.state == State.WITHDRAWN else versions[story.id].title
        for story in stories
    }


def _asker(case: Case) -> dict[str, Any] | None:
    """Who asked from outside, and what they wrote; None for nobody, and once it is forgotten."""
    told = cases.told(case)
    if "ground" not in told:
        return None
    marks = [RULES[rule].title for rule in case.marks.split()]
    return {**told, "ground": case_requests.GROUNDS[told["ground"]], "marks": marks}


def _appeal(case: Case) -> dict[str, Any] | None:
    """What the author says against which decision."""
    if case.kind != Kind.APPEAL:
        return None
    decision = case.decision
    return {
        "words": cases.told(case).get("words", ""),
        "act_words": wording.DECISIONS[decision.act],
        "reason_text": reasons.author_text(decision.reason),
        "message": decision.message,
        "by": decision.decided_by.name if decision.decided_by else "Someone",
        "on": decision.decided_at.date().isoformat(),
    }


def _whom(service: Service) -> dict[str, Any]:
    """Where a service is, by which its council is found, and whose task its stories are there."""
    owner = service if service.owner_name else service.organisation
    return {
        "name": service.name,
        "place": " ".join(part for part in (service.town, service.postcode) if part),
        "organisation": service.organisation.name,
        "owner": owner.owner_name or "",
        "owner_email": owner.owner_email or "",
    }


def _step(step: CaseStep) -> dict[str, Any]:
    said = _DONE[StepKind(step.kind)]
    told = f"{said} {step.who}, {case_steps.WAYS[step.how]}" if step.kind == StepKind.TOLD else said
    who = step.noted_by.name if step.noted_by else ""
    local = step.at.astimezone(ZONE)
    return {
        "at": local.isoformat(),
        "time": f"{local:%H:%M}",
        "text": f"{who} {told}".strip(),
        "words": case_steps.said(step),
    }


def _now_at_desk() -> dict[str, str]:
    local = clock.now().astimezone(ZONE)
    return {"on": local.date().isoformat(), "at": f"{local:%H:%M}"}
