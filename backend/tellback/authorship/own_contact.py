"""How the author of a story is reached: their address, and the language that they want to read."""

from typing import Any

from tellback.audit import acts
from tellback.authorship.own_letter import send_link
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.outbox import messages
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.stories.states import State
from tellback.translations.languages import LANGUAGES
from tellback.translations.sentences import say


def describe(story: Story) -> dict[str, Any]:
    """What is kept for writing to the author: no more of the address than they need to know it again."""
    address = contact.address_of(story)
    return {
        "email": address and _hinted(address),
        "came_back": bool(address) and messages.bounced("author", story.public_id),
        "lang": contact.language_of(story),
        "chosen_lang": story.contact_lang,
    }


def set_address(story: Story, email: str | None) -> None:
    """Write to this address from now on, and send the private link there; None deletes the one that is kept.

    Raises as `own_letter.send_link`.
    """
    if email is not None:
        send_link(story, email)
        return
    if not contact.is_known(story):
        return
    with transaction():
        contact.forget(story)
        acts.record(acts.Act.CONTACT_DELETED, acts.AUTHOR, "story", story.public_id)


def set_language(story: Story, lang: str | None) -> None:
    """Write to the author, and have them answered, in this language; None: in that of their story.

    Raises InvalidInput for one that we have no words in, Conflict for a story that was taken back.
    """
    if story.state == State.WITHDRAWN:
        raise Conflict(say("You took this story back, so we send no more letters about it."))
    if lang is not None and lang not in LANGUAGES:
        raise InvalidInput(errors={"contact_lang": [say("Choose a language from the list.")]})
    if lang == story.contact_lang:
        return
    with transaction():
        contact.choose_language(story, lang)
        acts.record(acts.Act.CONTACT_LANGUAGE, acts.AUTHOR, "story", story.public_id)


def _hinted(address: str) -> str:
    """An address that its owner knows again and a stranger does not learn: "a…@example.org"."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}…@{host}"
