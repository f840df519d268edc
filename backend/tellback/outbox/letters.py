"""A letter's text: a template per kind, the subject in its first line; plain, in its reader's language."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tellback.clock import now
from tellback.errors import Problem
from tellback.translations.catalogues import catalogue
from tellback.translations.languages import SOURCE, known


class UnsafeLetter(Problem):
    """A header would have carried more than its own line."""


def compose(
    kind: str, message_id: str, sender: str, recipient: str, facts: dict[str, Any], lang: str = SOURCE
) -> EmailMessage:
    """The letter of this kind, ready to be sent; `message_id` is the outbox row's stable id.

    It speaks `lang` (any BCP 47 tag) where there is a catalogue, else English.

    Raises UnsafeLetter for a header that could be read as more than one: Python's email package
    decodes RFC 2047 words in what it is given, so one in an address or a subject is refused.
    """
    tag = known(lang) or SOURCE
    subject, _, body = _letters(tag).get_template(f"{kind}.txt").render(facts).partition("\n")
    for text in (subject, sender, recipient):
        if "=?" in text or "\n" in text or "\r" in text:
            raise UnsafeLetter("This letter's header cannot be sent safely.")
    letter = EmailMessage()
    letter["Subject"] = subject.strip()
    letter["From"] = sender
    letter["To"] = recipient
    letter["Date"] = formatdate(now().timestamp())
    letter["Message-ID"] = make_msgid(message_id, domain=sender.rpartition("@")[2].rstrip(">"))
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(body.lstrip("\n"))
    # Last: setting the text drops every Content- header.
    letter["Content-Language"] = tag
    return letter


@cache
def _letters(tag: str) -> Environment:
    """The templates, with their sentences in one language."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates" / "letters"),
        # Plain text: there is nothing to escape for, and a missing fact must not become an empty space.
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["with_lang"] = lambda address: address if tag == SOURCE else f"{address}?lang={tag}"
    environment.install_gettext_translations(catalogue(tag), newstyle=True)  # type: ignore[attr-defined]
    return environment
