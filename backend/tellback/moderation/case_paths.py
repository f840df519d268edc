"""The path of each kind of case: when to take it, what to check, by when, what to ask, how it ends.

The steps are ours. What they rest on was read in November 2026; an operator's own procedure and solicitor
come before them.

- Safeguarding: serious stories are not published, and go to whoever can protect (careopinion.org.uk
  /info/moderation-safeguarding, careopinion.org.au /info/0/safeguarding-process); councils lead for adults
  (Care Act 2014, section 42). Consent is asked unless that adds to the danger, and reasons are written down
  (GMC, "Protecting children and young people", chapter 5; SCIE, "Sharing information").
- Appeals: who wrote something that is taken down may complain (Online Safety Act 2023, section 21).
- Removal: erasure and objection (UK GDPR, articles 17 and 21), answered within a month (article 12(3)).
- Legal notice: Defamation Act 2013, section 5; SI 2013/3028, whose 48 hours leave out weekends and bank
  holidays (regulation 1(3)), and the guidance of the Ministry of Justice on both (January 2014).
- Staff: Digital Markets, Competition and Consumers Act 2024, schedule 20, paragraph 13; staff may tell of
  their own care, not of colleagues (careopinion.org.uk /info/editorial-policy).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tellback.moderation.targets import Target, Unit
from tellback.stories.states import State
from tellback.translations.sentences import say


class Kind(StrEnum):
    """Why a story needs more than a decision."""

    SAFEGUARDING = "safeguarding"
    APPEAL = "appeal"
    REMOVAL = "removal"
    LEGAL = "legal"
    UNDER_16 = "under_16"
    SOMEONE_ELSE = "someone_else"
    UNDECLARED_STAFF = "undeclared_staff"


class ByLaw(StrEnum):
    """A time that a law sets, whatever the desk's hours are."""

    # From the notice, or from what its author answers; weekends do not count.
    FORTY_EIGHT_HOURS = "within 48 hours, weekends left out"
    # Until when an author may answer a notice: midnight at the end of it.
    FIFTH_DAY = "by the end of the fifth day"


Limit = Target | ByLaw

_PUBLIC_NO_MORE = frozenset({State.REMOVED, State.WITHDRAWN})
_NOT_SHOWN = frozenset({State.RETURNED, State.REJECTED, State.REMOVED, State.WITHDRAWN})


@dataclass(frozen=True)
class Outcome:
    """How a case ends.

    `states`: where the story must stand by then (empty: anywhere); `reopens`: it goes back to the desk;
    `told`: somebody must have been told; `answer`: whoever asked must be told why.
    """

    label: str
    states: frozenset[State] = frozenset()
    reopens: bool = False
    told: bool = False
    answer: bool = False


@dataclass(frozen=True)
class Path:
    """What a kind of case is called, when it is opened, and what is to be done.

    `first` runs from its opening, `asked` from a question to the author, `then` from all else that is done.
    `question` is what its author reads when asked; empty where authors are not. `asks` says who asked for
    the case, and reads its answer: "author", "outsider", or nobody.
    """

    name: str
    when: str
    steps: tuple[str, ...]
    first: Limit
    then: Limit
    outcomes: Mapping[str, Outcome]
    asked: Limit = field(default=Target(10, Unit.DAYS))
    question: str = ""
    asks: str = ""
    opened_in: frozenset[State] = frozenset()


_READ_AGAIN = Outcome(
    "It was taken down, and is read again to be published otherwise",
    states=frozenset({State.REMOVED}),
    reopens=True,
)
_ABOUT_THE_AUTHOR = {
    "goes_on": Outcome("It may be shown"),
    "not_shown": Outcome("It is not shown", states=_NOT_SHOWN),
    "read_again": _READ_AGAIN,
}
_ON_REQUEST = {
    "stays": Outcome("The story stays as it is", answer=True),
    "taken_down": Outcome("The story is taken down", states=_PUBLIC_NO_MORE),
    "read_again": _READ_AGAIN,
}
_READ_OR_PUBLISHED = frozenset({State.IN_MODERATION, State.PUBLISHED})

PATHS: dict[Kind, Path] = {
    Kind.SAFEGUARDING: Path(
        name="Safeguarding",
        when="Somebody may be harmed, or harm themselves or others.",
        steps=(
            "If somebody may be in danger now, call 999 and say what you know. Do this first.",
            "Ask who is at risk: the author, a child, an adult who needs care, or others.",
            "A child: the children’s services of the council where the child is. An adult who needs care or "
            "support: the council’s adult social care. A service where harm goes on: its safeguarding lead. "
            "Tell no one there who may be the one who does harm.",
            "If an address is known and it adds to no danger, ask the author how they are, what they want, "
            "and whether they agree. Others may read their letters: ours say only that there is a "
            "question.",
            "Hand on as little as will protect, without consent only where waiting would put somebody at "
            "risk.",
            "Write down here whom you told, when and how; and why, where the author did not agree.",
            "Hear back from those you told before you close it.",
        ),
        first=Target(4, Unit.HOURS),
        asked=Target(2, Unit.DAYS),
        then=Target(2, Unit.DAYS),
        question=say(
            "What you told us worries us. If you or somebody else is in danger now, call 999. We would "
            "like to know how you are, and whether somebody who can help knows about it already. We may "
            "have to tell people whose work it is to protect others. Only the few people who look after "
            "this read what you write here."
        ),
        outcomes={
            "handed_on": Outcome("Those who can protect have it; the story can be read on", told=True),
            "no_concern": Outcome("Nobody is at risk; the story can be read on"),
        },
        opened_in=frozenset(State) - {State.SUBMITTED, State.PUBLISHED, State.PAUSED, State.WITHDRAWN},
    ),
    Kind.APPEAL: Path(
        name="Appeal",
        when="Its author asks a second moderator to look at a decision.",
        steps=(
            "Whoever made the decision leaves this to somebody else.",
            "Read the story as if for the first time, before the decision and its reason.",
            "Read what its author says now. Does it answer the reason?",
            "Would the decision be the same if the story praised the service?",
            "If not, bring it back to be read again. If it is, tell its author why in words of your own.",
        ),
        first=Target(5, Unit.DAYS),
        then=Target(5, Unit.DAYS),
        outcomes={
            "reopened": Outcome("It is read again", reopens=True),
            "stands": Outcome("The decision stands", answer=True),
        },
        asks="author",
    ),
    Kind.REMOVAL: Path(
        name="Request to remove",
        when="A named person, or a service, asks that a story or a part of it be taken down.",
        steps=(
            "Criticism alone is no reason. A service that disagrees can answer the story.",
            "Does the story show who they are to those who know them? Read it as a colleague or neighbour "
            "would.",
            "Do you know that they are who they say? A name and an address that fit are enough where "
            "little is at stake; ask for no papers that you do not need.",
            "Weigh what it does to them against what its author and its readers would lose.",
            "Could words be taken out instead? Then take the story down, close this case so that it is read "
            "again, take them out and publish it.",
            "Answer in plain words. The law gives a month from the day they asked; we want to be sooner.",
        ),
        first=Target(5, Unit.DAYS),
        then=Target(5, Unit.DAYS),
        question=say(
            "Somebody has asked us to take your story down, or some of its words. It stays where it is "
            "while we look at it. Tell us what we should know. You do not have to answer."
        ),
        outcomes=_ON_REQUEST,
        asks="outsider",
    ),
    Kind.LEGAL: Path(
        name="Legal notice",
        when="Somebody says that a story defames them, or that a law or a court wants it taken down.",
        steps=(
            "An order of a court: take the story down at once, and ask your solicitor.",
            "A notice about defamation: within 48 hours (weekends left out) put the question to its "
            "author, or take the story down if no address is known. The author then sees the notice, with "
            "the name of whoever sent it only if they agreed to that.",
            "The author has until the end of the fifth day. No answer, or no name and postal address with a "
            "refusal: take the story down within 48 hours.",
            "With name and postal address: pass them on only if the author agreed, and tell whoever sent the "
            "notice within 48 hours that the story stays.",
            "An operator may also choose to take words down without all this. Ask your solicitor when in "
            "doubt.",
        ),
        first=ByLaw.FORTY_EIGHT_HOURS,
        asked=ByLaw.FIFTH_DAY,
        then=ByLaw.FORTY_EIGHT_HOURS,
        question=say(
            "Somebody says that something in your story is not true and harms their good name. Below is "
            "what they wrote. The law asks us to show it to you. Tell us whether we may take those words "
            "down. If you want them to stay, the law asks for your full name and your postal address, and "
            "whether we may pass them on. You do not have to give them. But if we do not hear from you in "
            "five days, or without them, we may have to take your story down."
        ),
        outcomes=_ON_REQUEST,
        asks="outsider",
    ),
    Kind.UNDER_16: Path(
        name="Author under 16",
        when="Its author seems to be a child.",
        steps=(
            "A child may tell what happened to them. Nobody has to speak for them.",
            "Is there any sign of harm? Then escalate it instead.",
            "Take out more than you would for an adult: school, age, place, what is rare.",
            "Ask whether a grown-up they trust knows of it. Do not ask for that person’s name.",
            "Does the child seem to understand that everyone can read it, for years? If not, do not "
            "publish it.",
            "A child who later wants it gone is obeyed at once.",
        ),
        first=Target(2, Unit.DAYS),
        then=Target(2, Unit.DAYS),
        question=say(
            "We think that you may be under 16. You are welcome here, and your story counts. Tell us whether "
            "you are, and whether a grown-up you trust knows that you told it. Then we take more care that "
            "nobody can see who you are."
        ),
        outcomes=_ABOUT_THE_AUTHOR,
        opened_in=_READ_OR_PUBLISHED,
    ),
    Kind.SOMEONE_ELSE: Path(
        name="About someone else",
        when="It tells somebody else’s story, and they may not know or agree.",
        steps=(
            "Is it the author’s own experience (as a parent, carer, friend), or the patient’s alone?",
            "Could the patient agree themselves? Then ask the author whether they do.",
            "A patient who cannot agree, or who has died: would those closest to them know it was told?",
            "Take out what shows who the patient is: what is theirs to tell is not the author’s to show.",
            "If the patient does not want it told, it is not published.",
        ),
        first=Target(5, Unit.DAYS),
        then=Target(5, Unit.DAYS),
        question=say(
            "Your story is about somebody else. Tell us who they are to you, and whether they know that you "
            "tell it and agree. If they cannot say so themselves, tell us that."
        ),
        outcomes=_ABOUT_THE_AUTHOR,
        opened_in=_READ_OR_PUBLISHED,
    ),
    Kind.UNDECLARED_STAFF: Path(
        name="Staff, not declared",
        when="Its author seems to work at the service it is about, and does not say so.",
        steps=(
            "What makes you think so: words only staff use, what no patient sees, many alike from one "
            "service?",
            "Praise and criticism weigh the same: both mislead when it is not said who writes.",
            "Staff may tell of care that they or theirs had as patients.",
            "Ask the author. Do not ask their employer: it could cost them their work.",
            "A colleague’s view of colleagues is not published. If it raises a danger, escalate it, and tell "
            "the author how to speak up at work.",
            "Several alike: look for more of them, and take them all down together.",
        ),
        first=Target(5, Unit.DAYS),
        then=Target(5, Unit.DAYS),
        question=say(
            "We think that you may work for the service your story is about. Tell us whether you do. You "
            "may tell what happened to you as a patient. We only have to know, so that nobody is misled. "
            "We do not tell the service that you wrote it."
        ),
        outcomes=_ABOUT_THE_AUTHOR,
        opened_in=_READ_OR_PUBLISHED,
    ),
}
# Those that a moderator opens; the others are asked for.
BY_STAFF = (Kind.SAFEGUARDING, Kind.UNDER_16, Kind.SOMEONE_ELSE, Kind.UNDECLARED_STAFF)
# What the system notes of a case whose story its author took back.
TAKEN_BACK = "taken_back"
TAKEN_BACK_LABEL = "Its author took the story back"


def outcome_label(kind: str, outcome: str) -> str:
    """How a case ended, in words for staff."""
    return TAKEN_BACK_LABEL if outcome == TAKEN_BACK else PATHS[Kind(kind)].outcomes[outcome].label
