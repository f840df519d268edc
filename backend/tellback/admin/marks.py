"""What a moderator's screen of a story shows of its findings."""

from typing import Any

from flask import url_for

from tellback.admin import wording
from tellback.moderation import dismissals, marking
from tellback.moderation.marking import Segment
from tellback.organisations.models import Service
from tellback.screening import DISTRESS, REASONS, RULES, WHOLE_STORY, Rule, in_brackets, unchecked
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.submission import TEXT_FIELDS

_CERTAINTIES = {"sure": "Sure", "likely": "Likely", "possible": "May be"}
# What is not looked for well enough in some languages, as a moderator reads it.
_UNCHECKED = {
    "names": "names of people",
    "crisis": "words of crisis",
    "rest": "the rest that is marked in English",
}


def describe(version: StoryVersion) -> dict[str, Any]:
    """The findings of a version, as `staff/_findings.html` shows them."""
    standing = [_finding(f) for f in marking.open_findings(version)]
    return {
        "findings": standing,
        "dismissed": [_finding(f) for f in marking.dismissed_findings(version)],
        "in_distress": any(f["kind"] in DISTRESS and f["certainty"] != "possible" for f in standing),
        "unchecked": [_UNCHECKED[what] for what in unchecked(version.lang)],
    }


NOTHING_TO_READ: dict[str, Any] = {"findings": [], "dismissed": [], "in_distress": False, "unchecked": []}
"""What is described of a story whose words are gone."""


def describe_segment(segment: Segment) -> dict[str, Any]:
    """A stretch of a told field with what is marked on it, as `staff/_marked.html` shows it."""
    finding, redacted = segment.finding, segment.redaction
    return {
        "text": segment.text,
        "finding": finding
        and {
            "id": finding.id,
            "rule_title": rule_of(finding.rule, finding.kind).title,
            "kind": finding.kind,
            "certainty": finding.certainty,
        },
        "redaction": redacted
        and {
            "id": redacted.id,
            "replacement": redacted.replacement,
            "reason_text": REASONS[redacted.reason],
        },
    }


def rule_of(rule: str, kind: str) -> Rule:
    """A rule by its id; a finding outlives its rule when a later rule book drops it."""
    dropped = Rule(rule, kind, rule.replace("_", " "), replacement=None, reason=None)  # type: ignore[arg-type]
    return RULES.get(rule, dropped)


def _finding(finding: StoryFinding) -> dict[str, Any]:
    rule = rule_of(finding.rule, finding.kind)
    words = dismissals.words_of(finding)
    return {
        "id": finding.id,
        "rule_title": rule.title,
        "kind": finding.kind,
        "kind_words": wording.KINDS[finding.kind],
        "certainty": finding.certainty,
        "certainty_words": _CERTAINTIES[finding.certainty],
        "field": finding.field,
        "field_label": "The whole story" if finding.field == WHOLE_STORY else wording.FIELDS[finding.field],
        "start": finding.start,
        "end": finding.end,
        "words": words,
        # What only staff read need not be taken out.
        "reason": rule.reason if finding.field in TEXT_FIELDS else None,
        "replacement": in_brackets(finding.rule, finding.offer),
        "can_remember": dismissals.can_remember(finding),
        "other": _other(finding),
    }


def _other(finding: StoryFinding) -> dict[str, str] | None:
    """The other story or service that a finding names, with its address."""
    if not finding.other:
        return None
    if finding.kind == "duplicate":
        other = Story.get_or_none(Story.public_id == finding.other)
        if other is None:
            return None
        told_on = other.told_at.date().isoformat()
        return {"told_on": told_on, "url": url_for("admin.story", story_id=other.public_id)}
    service = Service.get_or_none(Service.code == finding.other)
    return service and {"words": service.name, "url": url_for("pages.service_page", code=service.code)}
