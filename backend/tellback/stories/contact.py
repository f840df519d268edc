"""How to reach an author: an email address, sealed, for letters about this story alone, and a language."""

from tellback import clock, sealing
from tellback.outbox import messages
from tellback.stories.models import AuthorContact, Story, StoryVersion


def keep(story: Story, email: str) -> None:
    """Keep the address an author gave to be written to about this story; it takes the place of another."""
    row = {
        "story": story,
        "email_sealed": sealing.seal(email),
        "bucket": sealing.buckets(_same(email))[0],
        "created_at": clock.now(),
    }
    AuthorContact.insert(row).on_conflict(
        conflict_target=[AuthorContact.story],
        preserve=[AuthorContact.email_sealed, AuthorContact.bucket, AuthorContact.created_at],
    ).execute()
    # That letters came back was said of the address before.
    messages.forget_bounce("author", story.public_id)


def is_known(story: Story) -> bool:
    """Whether the author can be written to."""
    return AuthorContact.select().where(AuthorContact.story == story.id).exists()


def address_of(story: Story) -> str | None:
    """The author's address, if one was given and is still kept: for the moment a letter is sent."""
    contact = AuthorContact.get_or_none(AuthorContact.story == story.id)
    return sealing.unseal(contact.email_sealed) if contact else None


def forget(story: Story) -> None:
    """Drop the address for good."""
    messages.forget_bounce("author", story.public_id)
    AuthorContact.delete().where(AuthorContact.story == story.id).execute()


def stories_at(email: str) -> list[Story]:
    """The stories that this address was given for, the latest first: to write to it, and to nobody else.

    All of a few addresses are unsealed and compared; of which, the keys alone tell.
    """
    near = AuthorContact.select(AuthorContact, Story).join(Story)
    near = near.where(AuthorContact.bucket.in_(sealing.buckets(_same(email))))
    found = [one for one in near if _same(sealing.unseal(one.email_sealed)) == _same(email)]
    return sorted((one.story for one in found), key=lambda story: story.id, reverse=True)


def put_in_buckets() -> None:
    """Let addresses be found that were given before they could be."""
    for one in AuthorContact.select().where(AuthorContact.bucket.is_null()):
        one.bucket = sealing.buckets(_same(sealing.unseal(one.email_sealed)))[0]
        one.save(only=["bucket"])


def put_in_buckets_anew() -> None:
    """Put every address in its bucket by the first key, once a new one has taken over."""
    for one in list(AuthorContact.select()):
        bucket = sealing.buckets(_same(sealing.unseal(one.email_sealed)))[0]
        if bucket != one.bucket:
            AuthorContact.update(bucket=bucket).where(AuthorContact.story == one.story_id).execute()


def language_of(story: Story) -> str:
    """What its author wants to be written to and answered in (BCP 47): as they chose, else the story's."""
    if story.contact_lang:
        return str(story.contact_lang)
    told: StoryVersion = story.versions.order_by(StoryVersion.number.desc()).get()
    return str(told.lang)


def choose_language(story: Story, lang: str | None) -> None:
    """Keep what its author wants to be written to and answered in; None is the story's own language."""
    Story.update(contact_lang=lang).where(Story.id == story.id).execute()
    story.contact_lang = lang


def _same(email: str) -> str:
    """An address as it is compared: no mail server that matters tells upper from lower case."""
    return email.strip().casefold()
