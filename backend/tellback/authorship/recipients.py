"""Whom a letter goes to: looked up when it is sent, so that an erased address is not written to.

Authors read letters in the language they chose for it, else in that of their story.
"""

from tellback.outbox.delivery import Recipient, Resolver
from tellback.stories import contact, private_links
from tellback.stories.models import Story


def resolver(public_url: str) -> Resolver:
    """The look-up that `outbox.delivery` asks: authors by their story's public id."""

    def resolve(kind: str, recipient_id: str) -> Recipient | None:
        story = Story.get_or_none(Story.public_id == recipient_id) if kind == "author" else None
        address = contact.address_of(story) if story else None
        if story is None or address is None:
            return None
        lang = contact.language_of(story)
        link = private_links.address(public_url, private_links.again(story), lang)
        return Recipient(address, {"private_link": link}, lang)

    return resolve
