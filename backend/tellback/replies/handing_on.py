"""A responder hands a story on to somebody without an account: a ward, a colleague who was there.

They get a link by letter, read the story as everyone does, and write an answer under their own name and
role. It comes back to those who answer for the service, who send it on with one press, or take it into a
draft of theirs. Nothing that is written by such a link shows by itself.
"""

import hashlib
import re
import secrets
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Any

import peewee

from tellback import clock, sealing
from tellback.accounts import recipients
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from tellback.organisations.models import Service
from tellback.outbox import delivery, messages
from tellback.outbox.delivery import Recipient, Resolver
from tellback.replies import answering_for, cover, drafts, responding, signed_links
from tellback.replies.models import HandOn, Reply
from tellback.replies.responding import NO_WAIT, Via
from tellback.stories.models import Story
from tellback.stories.states import State, hold, in_states
from tellback.stories.submission import new_public_id

# The kind of recipient that `outbox.messages.put` names; the id is the row's public one.
KIND = "hand_on"
LIFE = timedelta(days=14)
LONGEST_NOTE = 1000
# Of one story at a time: the ward, the doctors, the matron; more would be asking around.
MOST_OF_A_STORY = 5
# Letters to addresses that nobody checked: of one organisation in a day.
MOST_IN_A_DAY = 30
# What they write.
WRITTEN = ("responder_name", "responder_role", "body", "lang")
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


class HandOnState(StrEnum):
    """Where it stands. `used`: it went into a draft; `unreached`: its letter was given up."""

    WAITING = "waiting"
    ANSWERED = "answered"
    SENT = "sent"
    USED = "used"
    REVOKED = "revoked"
    OVER = "over"
    UNREACHED = "unreached"


_ENDED = {
    HandOnState.ANSWERED: "You have answered. Those who handed the story on to you read it, and send it on.",
    HandOnState.SENT: "You have answered, and your answer was sent on. It shows under the story once a "
    "moderator has read it.",
    HandOnState.USED: "You have answered. Those who handed the story on to you work with what you wrote.",
    HandOnState.REVOKED: "Whoever sent you this link called it back. Nothing can be sent by it any more.",
    HandOnState.OVER: "This link is over two weeks old, so it sends nothing any more. Ask whoever sent it "
    "for a new one.",
    HandOnState.UNREACHED: "The letter with this link was given up, so it sends nothing. Ask for a new one.",
}


def hand_on(story: Story, service_code: str, *, to_whom: str, email: str, note: str, by: Account) -> HandOn:
    """Have somebody at an address asked to answer for a service; they get a letter with a link.

    Raises NotFound when that service may not answer the story, NotAllowed, InvalidInput by field, Conflict
    when the story is not public, the same address has it already, or a limit is reached.
    """
    service = answering_for.service_of(story, service_code)
    require(by, Action.WRITE_REPLIES, service.organisation)
    _check(to_whom, email, note)
    token, moment = secrets.token_urlsafe(32), clock.now()
    with transaction():
        # Whoever takes the story away at this moment goes first, or waits.
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict("This story is not public any more, so it cannot be handed on.")
        _check_limits(story, service, email)
        made: HandOn = HandOn.create(
            public_id=new_public_id(),
            story=story,
            service=service,
            account=by,
            to_whom=to_whom.strip(),
            note=note.strip(),
            email_sealed=sealing.seal(email.strip()),
            token_sealed=sealing.seal(token),
            token_hash=_hashed(token),
            state=HandOnState.WAITING.value,
            handed_at=moment,
            ends_at=moment + LIFE,
        )
        messages.put("handed_on", KIND, made.public_id)
        _record(made, acts.Act.HANDED_ON, acts.staff(by.id))
    return made


def of_token(token: str) -> HandOn:
    """What a link was made for, whether or not it is still good. Raises NotSignedIn for none of ours."""
    found: HandOn | None = (
        HandOn.select(HandOn, Story, Service)
        .join(Story)
        .switch(HandOn)
        .join(Service)
        .where(HandOn.token_hash == _hashed(token))
        .first()
    )
    if found is None:
        raise NotSignedIn(signed_links.NO_LINK)
    return found


def ended(handed: HandOn) -> str:
    """Why nothing can be sent by its link any more, in a sentence; empty while it can."""
    if handed.state != HandOnState.WAITING:
        return _ENDED[HandOnState(handed.state)]
    if why := signed_links.story_ended(handed.story, handed.service):
        return why
    return _ENDED[HandOnState.OVER] if clock.now() >= handed.ends_at else ""


def answer(handed: HandOn, written: dict[str, Any]) -> None:
    """Keep what they answer (`responder_name`, `responder_role`, `body`, `lang`) for those who handed it on.

    The address is dropped. Raises Conflict when the link is good no more, or was used at the same moment.
    """
    if why := ended(handed):
        raise Conflict(why)
    given = {name: written[name] for name in WRITTEN}
    with transaction():
        _move(handed, HandOnState.WAITING, HandOnState.ANSWERED, answered_at=clock.now(), **given)
        _tell_whose(handed, "handed_on_answered")
        # Whoever holds the link is no account of ours: the row says whom it was for.
        _record(handed, acts.Act.HAND_ON_ANSWERED, acts.SYSTEM)


def send_on(handed: HandOn, *, by: Account, wait: timedelta = NO_WAIT) -> Reply:
    """Send their answer as a reply, under their name and role. Raises as `responding.reply`, and Conflict."""
    written = {name: getattr(handed, name) for name in WRITTEN}
    with transaction():
        _move(handed, HandOnState.ANSWERED, HandOnState.SENT)
        if drafts.of_story(handed.story, [handed.service.organisation_id]):
            raise Conflict("Your organisation has a draft. Take their answer into it, or delete it first.")
        reply = responding.reply(
            handed.story, handed.service.code, written, by=by, via=Via.HAND_ON, wait=wait
        )
        HandOn.update(reply=reply).where(HandOn.id == handed.id).execute()
        _record(handed, acts.Act.HAND_ON_SENT, acts.staff(by.id))
    return reply


def take_into_draft(handed: HandOn, *, by: Account) -> None:
    """Put their answer into the organisation's draft, below what stands there. Raises as `drafts.save`."""
    organisation = handed.service.organisation
    require(by, Action.WRITE_REPLIES, organisation)
    with transaction():
        _move(handed, HandOnState.ANSWERED, HandOnState.USED)
        kept = drafts.of_story(handed.story, [organisation.id])
        before = f"{kept.body.strip()}\n\n" if kept and kept.body.strip() else ""
        written = {
            "service": handed.service.code,
            "kind": kept.kind if kept else "",
            **{name: getattr(handed, name) for name in WRITTEN},
            "body": f"{before}{handed.body}",
        }
        drafts.save(handed.story, organisation, written, kept.revision if kept else 0, by=by)
        _record(handed, acts.Act.HAND_ON_ENDED, acts.staff(by.id))


def revoke(handed: HandOn, *, by: Account) -> None:
    """Call a link back. Raises NotAllowed, Conflict when it was answered or ended already."""
    require(by, Action.WRITE_REPLIES, handed.service.organisation)
    with transaction():
        _move(handed, HandOnState.WAITING, HandOnState.REVOKED)
        _record(handed, acts.Act.HAND_ON_ENDED, acts.staff(by.id))


def get(public_id: str, organisation_ids: Collection[int]) -> HandOn:
    """What was handed on under this id, by one of these organisations. Raises NotFound."""
    found: HandOn | None = _of(organisation_ids).where(HandOn.public_id == public_id).first()
    if found is None:
        raise NotFound("Nothing of your organisation was handed on under this address.")
    return found


def of_story(story: Story, organisation_ids: Collection[int]) -> list[HandOn]:
    """What these organisations handed on of a story, the newest first."""
    return list(_of(organisation_ids).where(HandOn.story == story).order_by(HandOn.id.desc()))


def open_of(organisation_ids: Collection[int]) -> list[HandOn]:
    """What these organisations handed on and is not settled: answers that wait first, then the oldest."""
    still = _of(organisation_ids).where(HandOn.state.in_([HandOnState.WAITING, HandOnState.ANSWERED]))
    return list(still.order_by(HandOn.state == HandOnState.WAITING.value, HandOn.handed_at))


def address_of(handed: HandOn) -> str | None:
    """The address it went to, while it is kept."""
    return sealing.unseal(handed.email_sealed) if handed.email_sealed else None


def end_over() -> int:
    """End the links whose time is over, or whose story is; how many. Addresses go, and senders hear."""
    due = (
        HandOn.select(HandOn, Story, Service)
        .join(Story)
        .switch(HandOn)
        .join(Service)
        .where(HandOn.state == HandOnState.WAITING.value)
        .where((HandOn.ends_at <= clock.now()) | ~in_states(State.PUBLISHED))
    )
    count = 0
    for handed in list(due):
        with transaction():
            try:
                _move(handed, HandOnState.WAITING, HandOnState.OVER)
            except Conflict:
                # Answered, or ended by another process, at this moment.
                continue
            count += 1
            if handed.story.state == State.PUBLISHED:
                _tell_whose(handed, "handed_on_over")
            _record(handed, acts.Act.HAND_ON_ENDED, acts.SYSTEM)
    return count


def end_unreached(public_id: str, _why: str) -> None:
    """End a link whose letter could not be delivered: whoever handed the story on hears of it."""
    handed = HandOn.get_or_none(HandOn.public_id == public_id)
    if handed is None or handed.state != HandOnState.WAITING:
        return
    with transaction():
        _move(handed, HandOnState.WAITING, HandOnState.UNREACHED)
        _tell_whose(handed, "handed_on_unreached")
        _record(handed, acts.Act.HAND_ON_ENDED, acts.SYSTEM)


def end_for(story: Story, service: Service) -> None:
    """End the links to a story that is about this service no more; in the caller's transaction."""
    open_now = HandOn.select().where(HandOn.story == story, HandOn.service == service)
    for handed in list(open_now.where(HandOn.state == HandOnState.WAITING.value)):
        _move(handed, HandOnState.WAITING, HandOnState.OVER)


def resolver(public_url: str) -> Resolver:
    """The look-up for letters to those a story was handed on to: nobody once it is answered or ended."""

    def resolve(kind: str, recipient_id: str) -> Recipient | None:
        handed = HandOn.get_or_none(HandOn.public_id == recipient_id) if kind == KIND else None
        if handed is None or ended(handed) or not handed.email_sealed:
            return None
        facts = {
            "service": handed.service.name,
            "organisation": handed.service.organisation.name,
            "handed_by": handed.account.name if handed.account else handed.service.organisation.name,
            "answer_link": f"{public_url}/answer#{sealing.unseal(handed.token_sealed)}",
            "answer_by": f"{handed.ends_at.day} {handed.ends_at:%B %Y}",
        }
        return Recipient(sealing.unseal(handed.email_sealed), facts)

    return resolve


def _of(organisation_ids: Collection[int]) -> "peewee.ModelSelect[HandOn]":
    query: peewee.ModelSelect[HandOn] = (
        HandOn.select(HandOn, Story, Service, Account)
        .join(Story)
        .switch(HandOn)
        .join(Service)
        .switch(HandOn)
        .join(Account, peewee.JOIN.LEFT_OUTER)
        .where(Service.organisation.in_(list(organisation_ids)))
    )
    return query


def _move(handed: HandOn, before: HandOnState, after: HandOnState, **given: Any) -> None:
    """Move it on, dropping address and token. Raises Conflict when somebody else was first."""
    changed = (
        HandOn.update(
            state=after.value, settled_at=clock.now(), email_sealed=None, token_sealed=None, **given
        )
        .where(HandOn.id == handed.id, HandOn.state == before.value)
        .execute()
    )
    if not changed:
        raise Conflict("Somebody else was first: it was answered, sent on or ended in the meantime.")


def _tell_whose(handed: HandOn, letter: str) -> None:
    """Write to those who answer for the service what became of what was handed on."""
    for account in _whose(handed):
        recipients.write(account, letter, story=handed.story.public_id, to_whom=handed.to_whom)


def _whose(handed: HandOn) -> list[Account]:
    """Who hears of it: whoever handed it on with those who cover for them, or all who answer."""
    able = {one.id: one for one in cover.who_answers(handed.service)}
    if handed.account_id not in able:
        return list(able.values())
    own = able[handed.account_id]
    return [own, *cover.covering(own, handed.service.organisation)]


def _check(to_whom: str, email: str, note: str) -> None:
    errors: dict[str, list[str]] = {}
    if not to_whom.strip():
        errors["to_whom"] = ["Say whom it is for, as your colleagues call them."]
    if not _ADDRESS.fullmatch(email.strip()) or len(email) > 254:
        errors["email"] = ["Write the address like name@example.org."]
    if len(note) > LONGEST_NOTE:
        errors["note"] = [f"Keep it to {LONGEST_NOTE:,} characters."]
    if errors:
        raise InvalidInput(errors=errors)


def _check_limits(story: Story, service: Service, email: str) -> None:
    waiting = [one for one in of_story(story, [service.organisation_id]) if one.state == HandOnState.WAITING]
    if any((address_of(one) or "").lower() == email.strip().lower() for one in waiting):
        raise Conflict("This address has the story already. Call that link back first to send another.")
    if len(waiting) >= MOST_OF_A_STORY:
        raise Conflict(f"{MOST_OF_A_STORY} people have this story. Call a link back, or wait for an answer.")
    since = clock.now() - timedelta(days=1)
    if _of([service.organisation_id]).where(HandOn.handed_at > since).count() >= MOST_IN_A_DAY:
        raise Conflict(
            f"Your organisation has handed on {MOST_IN_A_DAY} stories since yesterday. Wait a day."
        )


def _record(handed: HandOn, act: acts.Act, actor: acts.Actor) -> None:
    facts = {"hand_on": handed.public_id, "service": handed.service.code}
    acts.record(act, actor, "story", handed.story.public_id, **facts)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


delivery.on_given_up(KIND, end_unreached)
