"""The author's way back to a story, without an account: a secret token in a link's fragment."""

import hashlib
import secrets
from datetime import timedelta

from tellback import clock, sealing
from tellback.db import put
from tellback.errors import Gone, NotSignedIn
from tellback.stories.models import ErasedLink, PrivateLink, Story
from tellback.translations.languages import SOURCE, known
from tellback.translations.sentences import say

# How long a link says that its story was erased. Who has not opened it for a year has heard of it otherwise.
WORD_KEPT = timedelta(days=365)


def give(story: Story) -> str:
    """Make the story's token (256 random bits), keep its hash and its sealed copy, and return it."""
    token = secrets.token_urlsafe(32)
    put(PrivateLink, [{"story": story, "token_hash": _hashed(token), "token_sealed": sealing.seal(token)}])
    return token


def again(story: Story) -> str:
    """The token once more, for the author who lost an answer or asked for a letter."""
    return sealing.unseal(PrivateLink.get_by_id(story.id).token_sealed)


def leave_word(story: Story) -> None:
    """Keep that the story of this link was erased, and nothing of that story; before the link goes."""
    link = PrivateLink.get_or_none(PrivateLink.story == story)
    if link is not None:
        ErasedLink.create(token_hash=link.token_hash, erased_on=clock.today().isoformat())


def forget_word() -> int:
    """Forget the links whose stories were erased long ago; how many. They open nothing any more."""
    over = (clock.today() - WORD_KEPT).isoformat()
    return int(ErasedLink.delete().where(ErasedLink.erased_on < over).execute())


def story_of(token: str) -> Story:
    """The story a token opens.

    Raises Gone where that was erased, NotSignedIn, in the author's words, for one that opens none.
    """
    link = (
        PrivateLink.select(PrivateLink, Story)
        .join(Story)
        .where(PrivateLink.token_hash == _hashed(token))
        .first()
    )
    if link is None:
        _require_not_erased(token)
        raise NotSignedIn(
            say(
                "This link opens no story. Check that you copied all of it, from https to the last character."
            )
        )
    story: Story = link.story
    return story


def _require_not_erased(token: str) -> None:
    if ErasedLink.select().where(ErasedLink.token_hash == _hashed(token)).exists():
        raise Gone(
            say(
                "The story of this link was erased: its author asked for that, or it had been kept for as "
                "long as stories are. Its words and everything that belonged to them are gone for good."
            )
        )


def address(public_url: str, token: str, lang: str = SOURCE) -> str:
    """The private link: the token stands in the fragment, which browsers send to nobody.

    The page it opens speaks `lang`, the author's language, where we know it.
    """
    tag = known(lang) or SOURCE
    query = "" if tag == SOURCE else f"?lang={tag}"
    return f"{public_url}/my-story{query}#{token}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
