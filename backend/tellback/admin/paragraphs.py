"""What staff see of the paragraphs that authors read beneath the sentence of a reason."""

from collections.abc import Iterator
from typing import Any

from flask import url_for

from tellback.admin.exports import Cell
from tellback.errors import NotFound
from tellback.moderation import templates
from tellback.translations.languages import LANGUAGES, SOURCE
from tellback.translations.sentences import spoken

COLUMNS = ("Decision", "Reason", "Sentence", "Language", "Paragraph")


def describe_list(q: str) -> dict[str, Any]:
    """Every reason with the languages it has a paragraph in, as `staff/store/reasons.html` shows it."""
    standing = templates.every_standing()
    kinds = [
        {
            "label": kind.label,
            "reasons": [
                {
                    "sentence": sentence,
                    "url": _url("admin.reason", name, reason, None),
                    "languages": [
                        one.name for tag, one in LANGUAGES.items() if (name, reason, tag) in standing
                    ],
                }
                for reason, sentence in kind.reasons.items()
                if _sought(q, sentence, name, reason, standing)
            ],
        }
        for name, kind in templates.KINDS.items()
    ]
    return {
        "kinds": [kind for kind in kinds if kind["reasons"]],
        "values": {"q": q},
        "urls": {"here": url_for("admin.reasons"), "export": url_for("admin.reasons_file")},
    }


def rows() -> Iterator[tuple[Cell, ...]]:
    """Every paragraph that stands as a line of a file."""
    standing = templates.every_standing()
    for name, kind in templates.KINDS.items():
        for reason, sentence in kind.reasons.items():
            for tag in LANGUAGES:
                if one := standing.get((name, reason, tag)):
                    yield kind.label, reason, spoken(sentence, tag), tag, one.text


def describe_reason(kind: str, reason: str, lang: str, typed: str | None = None) -> dict[str, Any]:
    """One reason in one language, as `staff/store/reason.html` shows it; `typed` is to be tried out.

    Raises NotFound for what is no reason or language of ours.
    """
    sentence = templates.sentence(kind, reason, lang)
    one, standing = templates.standing(kind, reason, lang), templates.every_standing()
    text = one.text if typed is None else typed
    return {
        "kind": templates.KINDS[kind].label,
        "sentence": spoken(sentence, SOURCE),
        "language": {"tag": lang, "name": LANGUAGES[lang].name, "direction": LANGUAGES[lang].direction},
        "languages": [
            {
                "name": other.name,
                "tag": tag,
                "url": _url("admin.reason", kind, reason, tag),
                "written": (kind, reason, tag) in standing,
                "current": tag == lang,
            }
            for tag, other in LANGUAGES.items()
        ],
        "number": one.number,
        "text": one.text,
        "values": {"text": text},
        "preview": {"sentence": spoken(sentence, lang), "paragraph": text, "tried": typed is not None},
        "longest": templates.LONGEST,
        "history": [
            {
                "at": written.written_at.isoformat(),
                "actor": written.written_by.name if written.written_by else "Someone",
                "text": written.text,
            }
            for written in templates.history(kind, reason, lang)
        ],
        "urls": {
            "back": url_for("admin.reasons"),
            "send": _url("admin.write_reason", kind, reason, lang),
        },
    }


def named(name: str) -> str:
    """The slug of a reason that an address names: addresses have hyphens where slugs have underscores."""
    return name.replace("-", "_")


def known_language(tag: str) -> str:
    """A language of ours. Raises NotFound for any other."""
    if tag not in LANGUAGES:
        raise NotFound("We do not speak that language.")
    return tag


def _url(route: str, kind: str, reason: str, lang: str | None) -> str:
    return url_for(route, kind=kind, reason=reason.replace("_", "-"), lang=lang)


def _sought(q: str, sentence: str, kind: str, reason: str, standing: Any) -> bool:
    """Whether a reason's sentence, or one of its paragraphs, holds what is sought."""
    texts = [sentence, *(one.text for key, one in standing.items() if key[:2] == (kind, reason))]
    return any(q.casefold() in text.casefold() for text in texts)
