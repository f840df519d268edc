"""The list of words that are marked no more, as staff see it and take it away."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from tellback.admin.exports import Cell
from tellback.admin.marks import rule_of
from tellback.admin.storing import PAGE, pages_of
from tellback.moderation import dismissals

COLUMNS = ("Service", "Rule", "Words", "Dismissed by", "On")


def describe_dismissed(q: str, page: int) -> dict[str, Any]:
    """The words that are marked no more, the newest first, as `staff/store/dismissed.html` shows them."""
    query = dismissals.remembered(q)
    return {
        "words": [
            {
                "words": one.words,
                "rule_title": rule_of(one.rule, "").title,
                "service": one.service.name,
                "by": one.dismissed_by.name if one.dismissed_by else "Someone",
                "on": one.dismissed_at.date().isoformat(),
                "forget_url": url_for("admin.forget_words", remembered_id=one.id),
            }
            for one in query.paginate(page, PAGE)
        ],
        "total": (total := query.count()),
        "values": {"q": q},
        "urls": {
            **pages_of("admin.dismissed_words", page, total, q=q or None),
            "export": url_for("admin.dismissed_file", q=q or None),
        },
    }


def dismissed_rows(q: str) -> Iterator[tuple[Cell, ...]]:
    """The same list as lines of a file."""
    for one in dismissals.remembered(q):
        by = one.dismissed_by.name if one.dismissed_by else ""
        yield one.service.name, rule_of(one.rule, "").title, one.words, by, one.dismissed_at
