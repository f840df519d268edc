"""A colleague is asked by letter to look at a draft: they mend it, comment, or say that it is good."""

from collections.abc import Collection
from enum import StrEnum

import peewee

from tellback import clock
from tellback.accounts import recipients
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, require
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.replies import cover
from tellback.replies.models import ReplyDraft, SecondLook

LONGEST = 1000


class Outcome(StrEnum):
    """What a colleague says of a draft."""

    GOOD = "good"
    COMMENT = "comment"


def colleagues(organisation_ids: Collection[int], account: Account) -> list[Account]:
    """Who may be asked to look at a draft: whoever else answers for one of these organisations, by name."""
    return [one for one in cover.responders(organisation_ids) if one.id != account.id]


def ask(draft: ReplyDraft, colleague_id: int, *, by: Account) -> SecondLook:
    """Ask a colleague to look, by letter. Asking the same one again before they answered sends nothing more.

    Raises NotAllowed, and InvalidInput for somebody who does not answer for this organisation.
    """
    require(by, Action.WRITE_REPLIES, draft.organisation)
    able = colleagues({draft.organisation_id}, by)
    chosen = next((one for one in able if one.id == colleague_id), None)
    if chosen is None:
        raise InvalidInput(errors={"colleague": ["Choose a colleague who answers for this organisation."]})
    with transaction():
        open_look: SecondLook | None = draft.looks.where(
            SecondLook.asked_of == chosen, SecondLook.outcome.is_null()
        ).first()
        if open_look:
            return open_look
        look = SecondLook.create(draft=draft, asked_by=by, asked_of=chosen, asked_at=clock.now())
        _write("second_look_asked", chosen, by, draft)
    made: SecondLook = look
    return made


def answer(draft: ReplyDraft, outcome: Outcome, words: str, *, by: Account) -> None:
    """Say what one thinks of a draft that one was asked to look at; who asked is told by letter.

    Raises InvalidInput for a comment without words, Conflict when nobody waits for one's answer.
    """
    require(by, Action.WRITE_REPLIES, draft.organisation)
    if outcome == Outcome.COMMENT and not words:
        raise InvalidInput(errors={"words": ["Write what you would change, or say that it looks good."]})
    with transaction():
        look = SecondLook.get_or_none(
            SecondLook.draft == draft, SecondLook.asked_of == by, SecondLook.outcome.is_null()
        )
        if look is None:
            raise Conflict("Nobody waits for your answer about this draft any more.")
        SecondLook.update(outcome=outcome.value, words=words, answered_at=clock.now()).where(
            SecondLook.id == look.id
        ).execute()
        if may(look.asked_by, Action.WRITE_REPLIES, draft.organisation):
            _write("second_look_given", look.asked_by, by, draft, good=outcome == Outcome.GOOD)


def of_draft(draft: ReplyDraft) -> list[SecondLook]:
    """Everything that was asked and said of a draft, the first first, with the people at hand."""
    asked_of = Account.alias()
    query = (
        SecondLook.select(SecondLook, Account, asked_of)
        .join(Account, on=SecondLook.asked_by)
        .switch(SecondLook)
        .join(asked_of, peewee.JOIN.INNER, on=(SecondLook.asked_of == asked_of.id).alias("asked_of"))
        .where(SecondLook.draft == draft)
        .order_by(SecondLook.id)
    )
    return list(query)


def _write(kind: str, to: Account, by: Account, draft: ReplyDraft, **facts: bool) -> None:
    recipients.write(to, kind, colleague=by.name, story=draft.story.public_id, **facts)
