"""A search as it is understood: what was typed, in the tokens of the index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tellback.search import tokens
from tellback.search.words import Phrase, phrases

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
    """What stories must hold: all of these terms, or with `some` at least one of them.

    `scopes` are marks that the index keeps of a story (which service it is about): one of each scope.
    """

    terms: tuple[Term, ...]
    some: bool = False
    scopes: tuple[tuple[str, ...], ...] = ()

    def one(self, term: Term) -> "Query":
        """The same stories that hold this one term."""
        return replace(self, terms=(term,), some=False)

    def of_some(self) -> "Query":
        """The same for stories that hold any of its terms, small words left out where there are others."""
        telling = tuple(term for term in self.terms if not any((word,) in term for word in _SMALL))
        return replace(self, terms=telling or self.terms, some=True)


def term(phrase: Phrase, endings: Sequence[str] = ()) -> Term:
    """A phrase in all its forms; `endings` are words that may stand in the place of its last."""
    said = [phrase.words, *((*phrase.words[:-1], word) for word in endings)]
    return tuple(dict.fromkeys(form for words in said for form in tokens.sought_as(words)))


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
        whole = term(phrase)
        begins = phrase.begins or (phrase.open and not stands(whole))
        terms.append(term(phrase, beginning(phrase.words[-1])) if begins else whole)
    return Query(tuple(dict.fromkeys(terms)), scopes=scopes)
