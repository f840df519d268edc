"""A letter: a template per kind, the subject in its first line, in its reader's language.

Plain text stands first, then HTML of the same words. It loads nothing from anywhere, and reports to nobody
that it was read.
"""

import re
from email import policy
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import formatdate
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tellback.clock import now
from tellback.errors import Problem
from tellback.outbox.letter_blocks import blocks_of
from tellback.translations.catalogues import catalogue
from tellback.translations.languages import LANGUAGES, SOURCE, known

_PACKAGE = Path(__file__).parent.parent
_FOLDER = _PACKAGE / "templates" / "letters"


class UnsafeLetter(Problem):
    """A header would have carried more than its own line."""


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that holds one address: longer than a line, Python would fold it into encoded words."""

    def fold(self, *, policy: Any) -> str:
        """The header as it is; up to 998 bytes are a line (RFC 5322, section 2.1.1)."""
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> "policy.EmailPolicy[EmailMessage]":
    headers = HeaderRegistry()
    headers.map_to_type("list-unsubscribe", _OneLine)
    return policy.EmailPolicy(header_factory=headers)


_POLICY = _policy()


def compose(
    kind: str, message_id: str, sender: str, recipient: str, facts: dict[str, Any], lang: str = SOURCE
) -> EmailMessage:
    """The letter of this kind, ready to be sent; `message_id` is the outbox row's stable id.

    It speaks `lang` (any BCP 47 tag) where there is a catalogue, else English. Its HTML is made of the plain
    text, or by `{kind}.html` where there is one. With `unsubscribe_url` among the facts a mail program may
    end such letters by one press (RFC 8058).

    Raises UnsafeLetter for a header that could be read as more than one: Python's email package
    decodes RFC 2047 words in what it is given, so one in an address or a subject is refused.
    """
    tag = known(lang) or SOURCE
    subject, _, body = _templates(tag, html=False).get_template(f"{kind}.txt").render(facts).partition("\n")
    subject, body = subject.strip(), body.strip("\n") + "\n"
    headers = {
        "Subject": subject,
        "From": sender,
        "To": recipient,
        "Date": formatdate(now().timestamp()),
        # The same at every try, so that a mailbox knows a letter that came twice.
        "Message-ID": f"<{message_id}@{sender.rpartition('@')[2].rstrip('>')}>",
        "Auto-Submitted": "auto-generated",
        **_unsubscribing(facts.get("unsubscribe_url")),
    }
    letter = EmailMessage(policy=_POLICY)
    for name, value in headers.items():
        if "=?" in value or "\n" in value or "\r" in value:
            raise UnsafeLetter("This letter's header cannot be sent safely.")
        letter[name] = value
    letter.set_content(body)
    letter.add_alternative(_html(kind, subject, body, facts, tag), subtype="html")
    # Last: setting the text drops every Content- header.
    letter["Content-Language"] = tag
    return letter


def _unsubscribing(url: str | None) -> dict[str, str]:
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _html(kind: str, subject: str, body: str, facts: dict[str, Any], tag: str) -> str:
    letter = {
        "subject": subject,
        "blocks": blocks_of(body, ours=facts["public_url"], operator=facts["operator"]),
        "tag": tag,
        "dir": LANGUAGES[tag].direction,
        "light": _colours()[0],
        "dark": _colours()[1],
    }
    return (
        _templates(tag, html=True)
        .select_template([f"{kind}.html", "_letter.html"])
        .render(facts, letter=letter)
    )


@cache
def _colours() -> tuple[dict[str, str], dict[str, str]]:
    """Our colours by day and by night, from where all pages have them: mail programs know no variables."""
    by_day, _, by_night = (_PACKAGE / "static" / "brand" / "tokens.css").read_text().partition("@media")
    light, dark = (dict(re.findall(r"--tellback-([\w-]+):\s*([^;]+);", part)) for part in (by_day, by_night))
    return light, light | dark


@cache
def _templates(tag: str, *, html: bool) -> Environment:
    """The templates of one form, with their sentences in one language."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        # In plain text there is nothing to escape for, and each line end counts.
        autoescape=html,  # noqa: S701
        trim_blocks=html,
        lstrip_blocks=html,
        # A missing fact must not become an empty space.
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.filters["with_lang"] = lambda address: address if tag == SOURCE else f"{address}?lang={tag}"
    environment.install_gettext_translations(catalogue(tag), newstyle=True)  # type: ignore[attr-defined]
    return environment
