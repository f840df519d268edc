"""How to reach an author: an email address, sealed, used for letters about this story alone."""

from tellback import clock
from tellback.stories import sealing
from tellback.stories.models import AuthorContact, Story


def keep(story: Story, email: str) -> None:
    """Keep the address an author gave to be written to about this story; it takes the place of another."""
    row = {"story": story, "email_sealed": sealing.seal(email), "created_at": clock.now()}
    AuthorContact.insert(row).on_conflict(
        conflict_target=[AuthorContact.story],
        preserve=[AuthorContact.email_sealed, AuthorContact.created_at],
    ).execute()


def is_known(story: Story) -> bool:
    """Whether the author can be written to."""
    return AuthorContact.select().where(AuthorContact.story == story.id).exists()


def address_of(story: Story) -> str | None:
    """The author's address, if one was given and is still kept: for the moment a letter is sent."""
    contact = AuthorContact.get_or_none(AuthorContact.story == story.id)
    return sealing.unseal(contact.email_sealed) if contact else None


def forget(story: Story) -> None:
    """Drop the address for good."""
    AuthorContact.delete().where(AuthorContact.story == story.id).execute()
