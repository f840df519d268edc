"""A name to show with a story that is nobody's: "Kingfisher and Slow River"."""

import random
import re

from tellback.translations.embed_words import word
from tellback.translations.sentences import say, spoken


def suggested_name(key: str, tag: str) -> str:
    """Two of the embed's names (birds, flowers, waters) in a language, always the same two for a key.

    Sixteen names make 240 pairs, so two people on a ward hardly get the same one.
    """
    names = re.split(r"\s*[,،、，]\s*", spoken(word("names"), tag))
    # Which bird is no secret.
    first, second = random.Random(key).sample(names, 2)  # noqa: S311 (nothing is secret)
    # Translators: A made-up name to show with a story, of two things: Kingfisher and Slow River.
    pair: str = spoken(say("{first} and {second}", first=first, second=second), tag)
    return pair
