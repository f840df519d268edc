"""A search as it is understood: what was typed, in the tokens of the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tellback.search import tokens
from tellback.search.words import phrases

# Tokens side by side: one way to say a term. A term is all of them; any will do.
Tokens = tuple[str, ...]
Term = tuple[Tokens, ...]

# Words that say little of what somebody looks for. They are sought like all others, and left out only where a
# story need not hold every word.
_SMALL = frozenset(
    [
        "a", "about", "after", "all", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
        "can", "could", "did", "do", "for", "from", "get", "got", "had", "has", "have", "he", "her", "him",
        "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me", "more", "my", "no", "not",
        "of", "on", "or", "our", "out", "over", "she", "so", "some", "than", "that", "the", "their", "them",
        "then", "there", "they", "this", "to", "too", "up", "us", "very", "was", "we", "were", "what",
        "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Query:
    """What stories must hold: all of these terms, or at least one of them where the terms have `weights`.

    `scopes` are marks that the index keeps of a story (which service it is about): one of each scope.
    """

    terms: tuple[Term, ...]
    weights: tuple[int, ...] = ()
    scopes: tuple[tuple[str, ...], ...] = ()

    @property
    def some(self) -> bool:
        """Whether a story need not hold all of it."""
        return bool(self.weights)

    def telling(self) -> tuple[Term, ...]:
        """The terms that say what somebody looks for: no small words, where there are others."""
        telling = tuple(term for term in self.terms if not any((word,) in term for word in _SMALL))
        return telling or self.terms


def term(words: tuple[str, ...], endings: Sequence[str] = ()) -> Term:
    """Folded words side by side, in all their forms; `endings` may stand in the place of the last."""
    said = [words, *((*words[:-1], word) for word in endings)]
    return tuple(dict.fromkeys(form for one in said for form in tokens.sought_as(one)))


def read(
    q: str,
    scopes: tuple[tuple[str, ...], ...] = (),
    *,
    stands: Callable[[Term], bool],
    beginning: Callable[[str], Sequence[str]],
) -> Query:
    """What somebody looks for who typed `q`.

    A word that ends in a star is the beginning of any (`beginning`), and so is the last one where no story
    holds it (`stands`): they may not have finished it. Raises InvalidInput when `q` is too long.
    """
    terms = []
    for phrase in phrases(q):
        whole = term(phrase.words)
        begins = phrase.begins or (phrase.open and not stands(whole))
        terms.append(term(phrase.words, beginning(phrase.words[-1])) if begins else whole)
    return Query(tuple(dict.fromkeys(terms)), scopes=scopes)
