"""Advice before a private message is sent: it would say who its author is, or it asks who they are.

It holds nothing back: the same words sent once more go.
"""

import hashlib
import re
from collections.abc import Iterable

from tellback.organisations.models import Service
from tellback.screening import screen, screen_for_author
from tellback.stories.own_names import own_names

# How somebody says who they are, where screening marks no name: it marks those of others.
_SAYS = re.compile(
    r"\bmy (?:full |first |last |sur|maiden )?name(?:[’']s| is) [^.,;:!?\n]{1,40}"
    r"|\b(?:I am|I[’']m) called [^.,;:!?\n]{1,40}",
    re.IGNORECASE,
)
# What a responder may not know, asked for in the ways that letters of complaints desks ask for it.
_WHO = (
    r"your (?:full |first |last |sur|maiden )?names?\b",
    r"(?:who|whom) (?:you are|are you|am i (?:speaking|talking|writing) (?:to|with))\b",
    r"(?:your|date of|d\.?o\.?b\.?)\s*(?:date of )?birth(?:day)?\b|\bdob\b",
    r"your (?:nhs|hospital|patient|unit|record|phone|telephone|mobile|contact) (?:number|no)\b",
    r"your (?:e-?mail|home|postal)?\s*address\b|your post ?code\b|your (?:contact |personal )?details\b",
    r"identify you(?:rself)?\b|your identity\b|which (?:bed|bay|room) (?:were|was) you",
)
_ASKS = re.compile("|".join(f"(?:{one})" for one in _WHO), re.IGNORECASE)
# "You need not give your name" is what they should say.
_SPARES = re.compile(r"\b(?:not|never|without|no need|don[’']t|needn[’']t)\b[^.!?\n]*$", re.IGNORECASE)
# What a responder's message may hold, since it is theirs to give: numbers, addresses and pages to turn to.
_OF_A_PATIENT = ("nhs_number", "persons_age", "reference_number")
# A message with more of them needs no longer list.
_MOST = 5


def for_author(words: str, services: Iterable[Service]) -> list[str]:
    """The words of an author's message that could tell the service who they are, in their order."""
    told = [
        (found.start, words[found.start : found.end])
        for found in screen_for_author(words, own_names(services))
        if found.kind == "personal_data"
    ]
    said = [(match.start(), match[0]) for match in _SAYS.finditer(words)]
    return _distinct(text for _at, text in sorted(told + said))


def for_responder(words: str, services: Iterable[Service]) -> list[str]:
    """The words of a responder's message that ask who its author is, or say so, in their order."""
    asked = [
        (match.start(), match[0])
        for match in _ASKS.finditer(words)
        if not _SPARES.search(words[: match.start()])
    ]
    told = [
        (found.start, words[found.start : found.end])
        for found in screen(words, own_names(services))
        if found.rule in _OF_A_PATIENT
    ]
    return _distinct(text for _at, text in sorted(asked + told))


def mark_of(found: list[str]) -> str:
    """What says that its writer was shown just this advice; empty when there is none."""
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:16] if found else ""


def quoted(found: list[str]) -> str:
    """The words, as a sentence shows them."""
    return ", ".join(f"“{text}”" for text in found)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text.strip() for text in texts))[:_MOST]
