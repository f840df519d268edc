"""A letter as its reader meets it."""

from email.message import EmailMessage


def plain(letter: EmailMessage) -> str:
    """Its plain text."""
    return _part(letter, "plain")


def html(letter: EmailMessage) -> str:
    """Its HTML."""
    return _part(letter, "html")


def _part(letter: EmailMessage, form: str) -> str:
    part = letter.get_body((form,))
    assert part is not None, f"there is no {form} form"
    return str(part.get_content())
