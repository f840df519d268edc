"""What an installation has its authors read beneath the sentence of a reason: a paragraph for each language.

The sentences are ours and speak every language of ours (`reasons`); a paragraph is the installation's own
and says what we cannot know: whom to ring, what to send. It is written here and frozen into each decision.
"""

from dataclasses import dataclass
from typing import NamedTuple

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.moderation.models import ReasonText
from tellback.moderation.reasons import REJECTED, REMOVED, RETURNED
from tellback.translations.languages import LANGUAGES, SOURCE, known

LONGEST = 2000


class Kind(NamedTuple):
    """A decision that has reasons: what staff call it, and the built-in sentences by their slug."""

    label: str
    reasons: dict[str, str]


# By the decision's act.
KINDS = {
    "return": Kind("Sent back to its author", RETURNED),
    "reject": Kind("Not published", REJECTED),
    "remove": Kind("Taken down", REMOVED),
}


@dataclass(frozen=True)
class Standing:
    """The paragraph that stands, and how often it was written; `number` 0 and no text where it never was."""

    number: int = 0
    text: str = ""


def text_of(kind: str, reason: str, lang: str = SOURCE) -> str:
    """The paragraph beneath a reason's sentence for an author who writes in `lang` (BCP 47); empty for none.

    A paragraph stands for its own language alone: another one in the middle of a letter helps nobody who
    cannot read it.
    """
    tag = known(lang)
    return standing(kind, reason, tag).text if tag else ""


def standing(kind: str, reason: str, lang: str) -> Standing:
    """The paragraph of a reason in one of our languages, as it stands."""
    row = _of(kind, reason, lang).order_by(ReasonText.number.desc()).first()
    return Standing(row.number, row.text) if row else Standing()


def every_standing() -> dict[tuple[str, str, str], Standing]:
    """All paragraphs that stand, by kind, reason and language."""
    rows = ReasonText.select().order_by(ReasonText.number)
    latest = {(row.kind, row.reason, row.lang): Standing(row.number, row.text) for row in rows}
    return {key: one for key, one in latest.items() if one.text}


def history(kind: str, reason: str, lang: str) -> list[ReasonText]:
    """Every writing of a paragraph with who wrote it, the newest first."""
    query = _of(kind, reason, lang).join(Account, peewee.JOIN.LEFT_OUTER)
    return list(query.select(ReasonText, Account).order_by(ReasonText.number.desc()))


def sentence(kind: str, reason: str, lang: str) -> str:
    """The built-in sentence above a paragraph. Raises NotFound for what is no reason or language of ours."""
    found = KINDS[kind].reasons.get(reason) if kind in KINDS else None
    if found is None or lang not in LANGUAGES:
        raise NotFound("There is no such reason, or we do not speak that language.")
    return found


def write(kind: str, reason: str, lang: str, text: str, read: int, by: Account) -> bool:
    """Let authors read `text` from now on, or nothing where it is empty; whether that changed anything.

    `read` is the number of the paragraph that the writer saw. What was decided before keeps its words. Raises
    NotAllowed, NotFound, InvalidInput, and Conflict where somebody else wrote it since.
    """
    require(by, Action.KEEP_STORE)
    sentence(kind, reason, lang)
    if len(text) > LONGEST:
        raise InvalidInput(errors={"text": [f"Keep it to {LONGEST:,} characters. It has {len(text):,}."]})
    before = standing(kind, reason, lang)
    if before.number != read:
        raise _overtaken()
    if before.text == text:
        return False
    try:
        with transaction():
            ReasonText.create(
                kind=kind,
                reason=reason,
                lang=lang,
                number=read + 1,
                text=text,
                written_by=by,
                written_at=clock.now(),
            )
            act = acts.Act.TEMPLATE_WRITTEN if text else acts.Act.TEMPLATE_DROPPED
            acts.record(act, acts.staff(by.id), "template", f"{kind}:{reason}:{lang}", number=read + 1)
    except peewee.IntegrityError as error:
        # Somebody else wrote it between our look and our row.
        raise _overtaken() from error
    return True


def _of(kind: str, reason: str, lang: str) -> "peewee.ModelSelect[ReasonText]":
    query: peewee.ModelSelect[ReasonText] = ReasonText.select().where(
        ReasonText.kind == kind, ReasonText.reason == reason, ReasonText.lang == lang
    )
    return query


def _overtaken() -> Conflict:
    return Conflict("Somebody else wrote this paragraph while you were writing. Nothing of yours is lost.")
