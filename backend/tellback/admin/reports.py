"""What the moderators' screens show of readers' reports."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.admin import desk, wording
from tellback.admin.exports import Cell
from tellback.moderation import flags
from tellback.moderation.models import Flag
from tellback.screening import RULES, screen
from tellback.stories.models import PublishedText, Story

COLUMNS = ("Story", "Title", "Reason", "Words", "Urgent", "Times", "Reported")


def describe_open(account: Account) -> dict[str, Any]:
    """The reports that wait, as `staff/flags.html` shows them: the urgent first, then the longest waiting."""
    found = list(flags.open_flags().limit(flags.PAGE))
    titles = _titles([flag.story_id for flag in found])
    return {
        "flags": [_described(flag, titles.get(flag.story_id), account) for flag in found],
        "total": flags.open_count(),
        "export_url": url_for("admin.flags_file"),
    }


def rows() -> Iterator[tuple[Cell, ...]]:
    """Every report that waits as a line of a file, in the order of the list."""
    found = list(flags.open_flags())
    titles = _titles([flag.story_id for flag in found])
    for flag in found:
        told = (flags.REASONS[flag.reason], flag.words, flag.urgent, flag.times, flag.told_at)
        yield (flag.story.public_id, titles.get(flag.story_id, ""), *told)


def of_story(story: Story) -> dict[str, Any]:
    """The reports on one story, as its screen shows them: those that wait, and those that were settled."""
    return {
        "open": [
            {
                "url": url_for("admin.flags", _anchor=f"flag-{flag.public_id}"),
                "reason_text": flags.REASONS[flag.reason],
                "urgent": flag.urgent,
                "times": flag.times,
            }
            for flag in flags.of_story(story)
        ],
        "settled": [
            {
                "reason_text": flags.REASONS[flag.reason],
                "settled_on": flag.settled_at.date().isoformat(),
                "note": flag.note,
            }
            for flag in flags.settled_of(story)
        ],
    }


def _described(flag: Flag, title: str | None, account: Account) -> dict[str, Any]:
    return {
        "id": flag.public_id,
        "title": title or flag.story.public_id,
        "story_url": url_for("admin.story", story_id=flag.story.public_id),
        "settle_url": url_for("admin.settle_flag", flag_id=flag.public_id),
        "reason_text": flags.REASONS[flag.reason],
        "segments": _marked(flag.words),
        "urgent": flag.urgent,
        "marks": [RULES[rule].title for rule in flag.marks.split()],
        "times": flag.times,
        "told_on": flag.told_at.date().isoformat(),
        "waiting_words": wording.waiting(flag.told_at),
        "why_not": desk.barred(flag.story, account),
    }


def _marked(words: str) -> list[dict[str, Any]]:
    """A reader's words cut into pieces, those that screening marks with their rule."""
    segments: list[dict[str, Any]] = []
    at = 0
    for finding in screen(words):
        # Where two kinds overlap the first is enough: a moderator reads the whole anyway.
        if finding.start >= at:
            segments += [
                {"text": words[at : finding.start]},
                {
                    "text": words[finding.start : finding.end],
                    "rule_title": RULES[finding.rule].title,
                    "kind": finding.kind,
                    "certainty": finding.certainty,
                },
            ]
            at = finding.end
    return [segment for segment in [*segments, {"text": words[at:]}] if segment["text"]]


def _titles(story_ids: list[int]) -> dict[int, str]:
    texts = PublishedText.select(PublishedText.story, PublishedText.title)
    return {text.story_id: text.title for text in texts.where(PublishedText.story.in_(story_ids))}
