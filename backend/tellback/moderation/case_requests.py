"""A named person or a service asks that a story be taken down, or gives notice under a law.

Who they are and what they write is sealed. It is read on the case's screen, and when a letter to them is
sent; a year after the case is closed it is forgotten.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from tellback import clock
from tellback.audit import acts
from tellback.blocking import phrases
from tellback.db import transaction
from tellback.errors import InvalidInput
from tellback.moderation import cases, flags
from tellback.moderation.case_paths import Kind
from tellback.moderation.models import Case, CaseStep
from tellback.outbox import messages
from tellback.outbox.delivery import Recipient, Resolver
from tellback.stories.models import Story
from tellback.stories.states import hold
from tellback.translations.sentences import say

# Why, in the words of whoever asks.
GROUNDS = {
    "about_me": say("It shows who I am"),
    "someone_close": say("It shows who my child is, or someone I speak for"),
    "service": say("I write for the service that it is about"),
    "defamation": say("It says something untrue that harms my good name"),
    "law": say("A court, or another law, asks for it"),
}
_LEGAL = ("defamation", "law")
LONGEST_NAME = 120
# As long as one can sue for defamation (Limitation Act 1980, section 4A).
KEPT = timedelta(days=365)


@dataclass(frozen=True)
class Request:
    """What somebody asks, and who they are. `lang` is the language they asked in.

    For a notice about defamation also what SI 2013/3028, regulation 2, wants of it: the meaning they see in
    the words and what is wrong with it, that they do not know who wrote it, and whether the author may have
    their name and address.
    """

    ground: str
    words: str
    name: str
    email: str
    lang: str
    meaning: str = ""
    author_unknown: bool = False
    share: bool = False


def ask(public_id: str, request: Request, marks: Sequence[str] = ()) -> Case:
    """Open a case for a request; the same again while it is open finds the same case.

    `marks` are rules by which it may be from a machine; a phrase of the list marks it, too. They get a
    receipt by letter. Raises NotFound for a story that nobody can read, InvalidInput for what is missing of a
    notice.
    """
    _check(request)
    story: Story = flags.public_story(public_id).story
    kind = Kind.LEGAL if request.ground in _LEGAL else Kind.REMOVAL
    with transaction():
        hold(story)
        for case in cases.of_story(story):
            if case.kind == kind and cases.told(case) == asdict(request):
                return case
        case = cases.begin(story, kind, told=asdict(request))
        case.marks = " ".join((*marks, *phrases.marks(f"{request.words} {request.meaning}")))
        case.save(only=[Case.marks])
        cases.record(case, acts.Act.CASE_ASKED_FOR, acts.READER, ground=request.ground)
        messages.put("case_received", cases.OUTSIDER, case.public_id)
    return case


def notice(case: Case) -> dict[str, str] | None:
    """What the author reads of a notice about defamation: not who sent it, unless they agreed to that."""
    request = cases.told(case)
    if request.get("ground") != "defamation":
        return None
    shared = ("name", "email") if request["share"] else ()
    return {name: request[name] for name in ("words", "meaning", *shared)}


def resolver() -> Resolver:
    """The look-up for letters to those who asked, by their case's public id."""

    def resolve(kind: str, recipient_id: str) -> Recipient | None:
        case = Case.get_or_none(Case.public_id == recipient_id) if kind == cases.OUTSIDER else None
        request = cases.told(case) if case else {}
        if not case or not request:
            return None
        facts = {
            "reference": case.public_id,
            "legal": case.kind == Kind.LEGAL,
            "story": case.story.public_id,
            "answer": case.answer,
        }
        return Recipient(request["email"], facts, request["lang"])

    return resolve


def forget_old() -> int:
    """Forget who asked, and all that was written from outside, in cases closed for long; how many cases."""
    answered = CaseStep.select(CaseStep.case).where(CaseStep.said_sealed.is_null(False))
    sealed = Case.told_sealed.is_null(False) | Case.id.in_(answered)
    old = [case.id for case in Case.select(Case.id).where(Case.closed_at <= clock.now() - KEPT, sealed)]
    if old:
        with transaction():
            CaseStep.update(said_sealed=None).where(CaseStep.case.in_(old)).execute()
            Case.update(told_sealed=None).where(Case.id.in_(old)).execute()
    return len(old)


def _check(request: Request) -> None:
    wrong: dict[str, list[str]] = {}
    if request.ground not in GROUNDS:
        wrong["ground"] = [say("Choose a reason from the list.")]
    if request.ground == "defamation":
        if not request.meaning:
            wrong["meaning"] = [say("Say what the words mean to you, and what in them is wrong.")]
        if not request.author_unknown:
            wrong["author_unknown"] = [
                say("Tick this if it is so. If you know who wrote it, choose another reason.")
            ]
    if wrong:
        raise InvalidInput(errors=wrong)
