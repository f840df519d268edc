"""Where in a text the words stand that somebody looked for, for a page to mark."""

from collections.abc import Sequence

from tellback.search import tokens
from tellback.search.query import Term
from tellback.search.words import placed


def marks(text: str, lang: str, terms: Sequence[Term]) -> list[list[int]]:
    """Stretches of a text in a language that hold the terms: first and past the last code point, in order.

    Words are found in any of their forms, as the index finds them; what stands side by side is one stretch.
    """
    words = placed(text)
    held = [tokens.of_word(word.word, lang) for word in words]
    forms = {form for term in terms for form in term}
    found: list[list[int]] = []
    for at in range(len(words)):
        many = max((len(form) for form in forms if tuple(held[at : at + len(form)]) == form), default=0)
        if not many:
            continue
        start, end = words[at].start, words[at + many - 1].end
        if found and start < found[-1][1]:
            found[-1][1] = max(end, found[-1][1])
        else:
            found.append([start, end])
    return found
