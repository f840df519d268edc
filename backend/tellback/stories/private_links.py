"""The author's way back to a story, without an account: a secret token in a link's fragment."""

import hashlib
import secrets

from tellback.errors import NotSignedIn
from tellback.stories import sealing
from tellback.stories.models import PrivateLink, Story
from tellback.translations.languages import SOURCE, known
from tellback.translations.sentences import say


def give(story: Story) -> str:
    """Make the story's token (256 random bits), keep its hash and its sealed copy, and return it."""
    token = secrets.token_urlsafe(32)
    PrivateLink.create(story=story, token_hash=_hashed(token), token_sealed=sealing.seal(token))
    return token


def again(story: Story) -> str:
    """The token once more, for the author who lost an answer or asked for a letter."""
    return sealing.unseal(PrivateLink.get_by_id(story.id).token_sealed)


def story_of(token: str) -> Story:
    """The story a token opens. Raises NotSignedIn, in the author's words, for one that opens none."""
    link = (
        PrivateLink.select(PrivateLink, Story)
        .join(Story)
        .where(PrivateLink.token_hash == _hashed(token))
        .first()
    )
    if link is None:
        raise NotSignedIn(
            say(
                "This link opens no story. Check that you copied all of it, from https to the last character."
            )
        )
    story: Story = link.story
    return story


def address(public_url: str, token: str, lang: str = SOURCE) -> str:
    """The private link: the token stands in the fragment, which browsers send to nobody.

    The page it opens speaks `lang`, the author's language, where we know it.
    """
    tag = known(lang) or SOURCE
    query = "" if tag == SOURCE else f"?lang={tag}"
    return f"{public_url}/my-story{query}#{token}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
