"""Advice on a reply while it is written: what patients found in the answers that helped, and what hurt.

Pure: the reply, and what everyone may read of its story, in; hints out. Nothing of what a moderator took out
of the story is looked at, since advice that knew it would let a reader find out by trying words. Advice never
stops anybody; what is `serious` is read by a moderator before it shows, whoever wrote it.

The areas are those of Baines and others 2018 (19 factors in seven areas, agreed with patients); speed is not
a matter of words, and the signature stands under every reply.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tellback.replies import phrases
from tellback.replies.phrases import Phrases
from tellback.screening import fold, screen
from tellback.stories.duplicates import NEARLY, likeness

# Words: longer answers were skimmed, and say to the reader that nobody chose what matters.
LONGEST_EASY = 300
# Words that a reply and its story share before it is known to be about that story.
FEWEST_SHARED = 2
# Examples of what was found, beside one piece of advice.
MOST_EXAMPLES = 3
_FEWEST_LETTERS, _STEM = 4, 5
_WORD = re.compile(r"[^\W\d_]+")
_LEADING_CONSONANTS = re.compile("^[bcdfghjklmnpqrstvxz]+")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_EMAIL_OR_PAGE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|https?://|www\.")
_PERSON = re.compile(
    r"\b(?!I\b)[A-Z][a-z'-]+(?: [A-Z][a-z'-]+)+|\b(?:Dr|Sister|Nurse|Mr|Mrs|Ms|Miss)\.? [A-Z][a-z'-]+"
)
# What has capitals like a name, and is a desk.
_NO_PERSON = frozenset(
    """patient advice liaison service services team customer care experience complaints complaint hospital
    trust nhs ward practice manager surgery department health board centre unit feedback relations gofal
    ysbyty bwrdd iechyd tîm monday tuesday wednesday thursday friday saturday sunday dear many kind best
    yours please thank""".split()  # noqa: SIM905 (to be read and added to)
)
_MYSELF = re.compile(r"\b(?:me|my|myself|i)\b|\b(?:fi|mi|gyda fi|â fi)\b")
_NAMES = frozenset({"persons_name"})
# What shows who somebody is, in whatever sentence it stands.
_NUMBERS = frozenset({"nhs_number", "reference_number", "persons_age", "street_address"})


@dataclass(frozen=True)
class Source:
    """Where a piece of advice comes from."""

    label: str
    url: str


BAINES = Source("Baines 2018", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6186539/")
RAMSEY = Source("Ramsey 2019", "https://pxjournal.org/journal/vol6/iss2/9/")
LOCOCK = Source("Locock 2020", "https://pmc.ncbi.nlm.nih.gov/articles/PMC6978824/")


@dataclass(frozen=True)
class Told:
    """What a reply answers, as everyone may read it, and what its service said before.

    `negative`: something went wrong for somebody. `earlier` are replies of that organisation, newest first.
    """

    words: str = ""
    lang: str = "en"
    display_name: str = ""
    negative: bool = False
    own_names: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Hint:
    """One piece of advice. `met`: whether the reply does it; None where that could not be looked for."""

    slug: str
    title: str
    advice: str
    source: Source
    met: bool | None = False
    serious: bool = False
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coaching:
    """What a good reply has, each met or not yet, and what to look at again in this one."""

    asked: tuple[Hint, ...]
    warnings: tuple[Hint, ...]
    language_read: bool

    @property
    def serious(self) -> tuple[str, ...]:
        """The slugs of warnings for which a moderator reads the reply, whoever wrote it."""
        return tuple(hint.slug for hint in self.warnings if hint.serious)


@dataclass(frozen=True)
class _Reply:
    """A reply made ready to be looked at."""

    body: str
    lang: str
    name: str
    lower: str
    sentences: tuple[str, ...]


_ASKED = {
    "introduces": (
        "Says who you are",
        "Begin with your name and what you do. Patients trusted a person more than “the team”.",
        BAINES,
    ),
    "thanks": ("Thanks them", "Thank them for what they told, in your own words.", BAINES),
    "specific": (
        "Is about this story",
        "Take up what they told, the good and the bad. An answer that fits any story was felt as none.",
        RAMSEY,
    ),
    "apologises": (
        "Says sorry for what went wrong",
        "Say plainly that you are sorry for what happened, whoever was at fault.",
        BAINES,
    ),
    "explains": (
        "Explains",
        "Say what happened or how things are meant to be, where you know it, and without excuses.",
        BAINES,
    ),
    "acts": (
        "Says what was done or will be",
        "Say who read the story, and what you did with it or will do, by when.",
        BAINES,
    ),
    "names_a_person": (
        "Invites them to talk on, with somebody by name",
        "Name a person whom they may reach; it can be you. A department is nobody.",
        BAINES,
    ),
    "two_ways": (
        "Gives more than one way to reach them",
        "Give two ways, such as a telephone number and an email address: not everybody can use either.",
        BAINES,
    ),
}
_WARNINGS = {
    "non_apology": (
        "This sounds like no apology",
        "“Sorry if” and “sorry you feel” put it on the reader. Say what you are sorry for.",
        BAINES,
        False,
    ),
    "used_before": (
        "You have sent nearly the same before",
        "Readers see your answers one under another. Write this one anew for this story.",
        RAMSEY,
        False,
    ),
    "complaints_desk_alone": (
        "It only sends them elsewhere",
        "PALS or a complaints team may be one way, never the answer. Answer here first, and name a person.",
        RAMSEY,
        False,
    ),
    "names_somebody": (
        "It may name somebody",
        "Leave out names of patients, their families and other staff, and numbers that lead to them. The "
        "name that the author chose to show is no secret; yours and that of whom they may reach are welcome.",
        LOCOCK,
        True,
    ),
    "guesses_author": (
        "It may guess who the author is",
        "Do not say that you know them, and nothing of their care that they have not told here. "
        "They told it without their name, and may fear for their care.",
        LOCOCK,
        True,
    ),
    "asks_identity": (
        "It asks who they are",
        "Everyone reads this. Let them choose whether to get in touch, and what they say then.",
        LOCOCK,
        True,
    ),
    "jargon": (
        "Some of this is the language of services",
        "Say it as you would to a neighbour.",
        BAINES,
        False,
    ),
    "too_long": (
        "It is long",
        f"Over {LONGEST_EASY} words are seldom read to the end. Keep what matters to this author.",
        BAINES,
        False,
    ),
}


def look_at(written: Mapping[str, Any], told: Told) -> Coaching:
    """The advice on a reply (`body`, `lang`, `responder_name`) to what was told.

    An empty reply has everything yet to do, and no warning. In a language whose words we have no list of,
    only its length and its likeness to earlier replies are looked at.
    """
    reply = _ready(written)
    spoken = phrases.of_language(reply.lang)
    asked = tuple(
        Hint(slug, *_ASKED[slug], met=_ASKING[slug](reply, told, spoken) if spoken else None)
        for slug in _ASKED
        if slug != "apologises" or told.negative
    )
    found = ((slug, _WARNING[slug](reply, told, spoken)) for slug in _WARNINGS if reply.body)
    warnings = tuple(
        Hint(slug, *_WARNINGS[slug][:3], serious=_WARNINGS[slug][3], examples=tuple(examples[:MOST_EXAMPLES]))
        for slug, examples in found
        if examples
    )
    return Coaching(asked, warnings, spoken is not None)


def describe(coaching: Coaching) -> dict[str, Any]:
    """Advice as `staff/_composer.html` shows it."""
    return {
        "asked": [_described(hint) for hint in coaching.asked],
        "warnings": [_described(hint) for hint in coaching.warnings],
        "language_read": coaching.language_read,
    }


def _described(hint: Hint) -> dict[str, Any]:
    return {
        "slug": hint.slug,
        "title": hint.title,
        "advice": hint.advice,
        "source": {"label": hint.source.label, "url": hint.source.url},
        "met": hint.met,
        "examples": list(hint.examples),
    }


def _ready(written: Mapping[str, Any]) -> _Reply:
    # Folding keeps capitals in `plain`, and gives straight quotes to both.
    folded = fold(written.get("body") or "")
    return _Reply(
        body=folded.plain.strip(),
        lang=written.get("lang") or "en",
        name=written.get("responder_name") or "",
        # Beyond what folding lowers: a Welsh Ŵ and Ŷ stand in its word lists.
        lower=folded.plain.lower(),
        sentences=tuple(_SENTENCE.findall(folded.plain)),
    )


def _says(pattern: str) -> Callable[[_Reply, Told, Phrases], bool]:
    return lambda reply, _told, spoken: getattr(spoken, pattern).search(reply.lower) is not None


def _is_specific(reply: _Reply, told: Told, spoken: Phrases) -> bool | None:
    if phrases.main_language(reply.lang) != phrases.main_language(told.lang):
        # Answered in another language than it was told in: words cannot be compared.
        return None
    theirs = _stems(told.words, spoken)
    return len(theirs & _stems(reply.body, spoken)) >= min(FEWEST_SHARED, max(1, len(theirs)))


def _is_sorry(reply: _Reply, _told: Told, spoken: Phrases) -> bool:
    # "Sorry you feel so" alone is none.
    return spoken.apologises.search(spoken.non_apology.sub(" ", reply.lower)) is not None


def _names_a_person(reply: _Reply, _told: Told, spoken: Phrases) -> bool:
    return any(_people(one) or _MYSELF.search(one.lower()) for one in _invitations(reply, spoken))


def _gives_two_ways(reply: _Reply, _told: Told, spoken: Phrases) -> bool:
    marked = {finding.rule for finding in screen(reply.body)}
    ways = (
        "phone_number" in marked,
        _EMAIL_OR_PAGE.search(reply.lower) is not None,
        spoken.in_person.search(reply.lower) is not None,
    )
    return sum(ways) > 1


def _found(pattern: str) -> Callable[[_Reply, Told, Phrases | None], list[str]]:
    def find(reply: _Reply, _told: Told, spoken: Phrases | None) -> list[str]:
        return _each(getattr(spoken, pattern), reply) if spoken else []

    return find


def _used_before(reply: _Reply, told: Told, _spoken: Phrases | None) -> list[str]:
    alike = (earlier for earlier in told.earlier if likeness(reply.body, earlier) >= NEARLY)
    return [_beginning(earlier) for earlier in alike]


def _hands_on_alone(reply: _Reply, _told: Told, spoken: Phrases | None) -> list[str]:
    if spoken is None or _names_a_person(reply, _told, spoken):
        return []
    return _each(spoken.complaints_desk, reply)


def _names_somebody(reply: _Reply, told: Told, spoken: Phrases | None) -> list[str]:
    welcome = {*_words(reply.name), *_words(told.display_name)}
    if spoken:
        welcome.update(word for one in _invitations(reply, spoken) for word in _words(" ".join(_people(one))))
    found = [
        reply.body[finding.start : finding.end]
        for finding in screen(reply.body, told.own_names)
        if finding.rule in _NUMBERS or (finding.rule in _NAMES and finding.certainty != "possible")
    ]
    # A number has no words, and is welcome nowhere.
    return [one for one in dict.fromkeys(found) if not _words(one) or not set(_words(one)) <= welcome]


def _is_long(reply: _Reply, _told: Told, _spoken: Phrases | None) -> list[str]:
    count = len(reply.body.split())
    return [f"{count} words"] if count > LONGEST_EASY else []


_ASKING: dict[str, Callable[[_Reply, Told, Phrases], bool | None]] = {
    "introduces": _says("introduces"),
    "thanks": _says("thanks"),
    "specific": _is_specific,
    "apologises": _is_sorry,
    "explains": _says("explains"),
    "acts": _says("acts"),
    "names_a_person": _names_a_person,
    "two_ways": _gives_two_ways,
}
_WARNING: dict[str, Callable[[_Reply, Told, Phrases | None], list[str]]] = {
    "non_apology": _found("non_apology"),
    "used_before": _used_before,
    "complaints_desk_alone": _hands_on_alone,
    "names_somebody": _names_somebody,
    "guesses_author": _found("guesses"),
    "asks_identity": _found("asks_identity"),
    "jargon": _found("jargon"),
    "too_long": _is_long,
}


def _each(pattern: re.Pattern[str], reply: _Reply) -> list[str]:
    return list(dict.fromkeys(match[0] for match in pattern.finditer(reply.lower)))


def _invitations(reply: _Reply, spoken: Phrases) -> list[str]:
    return [one for one in reply.sentences if spoken.invites.search(one.lower())]


def _people(sentence: str) -> list[str]:
    """What reads like somebody's name in a sentence: capitals, and no word of a department."""
    return [match for match in _PERSON.findall(sentence) if _NO_PERSON.isdisjoint(_words(match))]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _stems(text: str, spoken: Phrases) -> set[str]:
    """The beginnings of words that say something of one story."""
    words = {word for word in _words(text) if len(word) >= _FEWEST_LETTERS} - spoken.idle
    if spoken is phrases.of_language("cy"):
        # Its words change their first consonant: "meddyg", "y feddyges".
        words = {_LEADING_CONSONANTS.sub("", word) for word in words}
    return {word[:_STEM] for word in words if len(word) >= _FEWEST_LETTERS - 1}


def _beginning(text: str, words: int = 8) -> str:
    first: Iterable[str] = text.split()[:words]
    return " ".join(first) + " …"
