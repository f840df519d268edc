"""Signed links in letters: somebody of a service answers one story by one, and does nothing else.

A link is bound to account, story and service, is good for `LIFE`, and sends one answer. Nothing is stored
until it does; opening it, as programs that look through mail do, changes nothing.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import peewee

from tellback import clock, sealing
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.db import transaction
from tellback.errors import Conflict, NotFound, NotSignedIn, SettingsError
from tellback.organisations.models import Service
from tellback.replies import answering_for
from tellback.replies.models import AnswerLinkUse
from tellback.stories.models import Story
from tellback.stories.states import State

LIFE = timedelta(days=14)
# Nothing else that we seal begins so.
_PURPOSE = "answer"
# Characters: no token of ours is longer.
_LONGEST = 500

NO_LINK = (
    "This link opens nothing. Check that you copied all of it, from https to the last character, or sign in "
    "and answer there."
)


@dataclass(frozen=True)
class AnswerLink:
    """What a link says: who may answer which story for which service, and since when."""

    service: Service
    story: Story
    account: Account
    made_at: datetime


def make(service: Service, story: Story, account: Account) -> str:
    """A token by which this person may answer this story for this service, for 14 days, once."""
    moment = clock.now().isoformat()
    facts = [_PURPOSE, service.code, story.public_id, account.id, moment]
    return sealing.seal(json.dumps(facts, separators=(",", ":"))).decode().rstrip("=")


def read(token: str) -> AnswerLink:
    """What a token says, whether or not it still lets anybody answer. Raises NotSignedIn for none of ours."""
    try:
        padded = token.strip() + "=" * (-len(token.strip()) % 4)
        if len(padded) > _LONGEST:
            raise NotSignedIn(NO_LINK)
        purpose, code, story_id, account_id, moment = json.loads(sealing.unseal(padded.encode()))
    except (SettingsError, ValueError, TypeError) as error:
        raise NotSignedIn(NO_LINK) from error
    service = Service.in_full().where(Service.code == code).first()
    story = Story.get_or_none(Story.public_id == story_id)
    account = Account.get_or_none(Account.id == account_id)
    if purpose != _PURPOSE or service is None or story is None or account is None:
        raise NotSignedIn(NO_LINK)
    return AnswerLink(service, story, account, datetime.fromisoformat(moment).astimezone(UTC))


def ended(link: AnswerLink) -> str:
    """Why nothing can be sent by a link any more, in a sentence; empty while it can."""
    if not link.account.active or not may(link.account, Action.WRITE_REPLIES, link.service.organisation):
        return "This link was made for somebody who does not answer for this service any more."
    if why := story_ended(link.story, link.service):
        return why
    if used_at(link) is not None:
        return "You have answered by this link. It sends one answer; sign in to send another."
    if clock.now() >= link.made_at + LIFE:
        return "This link is over two weeks old, so it sends nothing any more. Sign in and answer there."
    return ""


def story_ended(story: Story, service: Service) -> str:
    """Why a story cannot be answered for a service any more, in a sentence; empty while it can."""
    if story.state == State.WITHDRAWN:
        return "Its author took this story back, so it cannot be answered any more."
    if story.state != State.PUBLISHED:
        return "This story is not public any more, so it cannot be answered."
    try:
        answering_for.service_of(story, service.code)
    except NotFound:
        return "A moderator found that this story is about another service, which has it now."
    return ""


def used_at(link: AnswerLink) -> datetime | None:
    """When its owner answered by this link, or by another to the same story that was made no later."""
    use = AnswerLinkUse.get_or_none(_of(link) & (AnswerLinkUse.used_at >= link.made_at))
    moment: datetime | None = use and use.used_at
    return moment


def use(link: AnswerLink) -> None:
    """Note that an answer is sent by a link, in the transaction that keeps it.

    Raises NotSignedIn when it is good no more, Conflict when it sent one at the same moment.
    """
    if why := ended(link):
        raise NotSignedIn(why)
    moment = clock.now()
    with transaction():
        again = AnswerLinkUse.update(used_at=moment).where(_of(link), AnswerLinkUse.used_at < link.made_at)
        if again.execute():
            return
        try:
            with transaction():
                AnswerLinkUse.create(
                    account=link.account, story=link.story, service=link.service, used_at=moment
                )
        except peewee.IntegrityError as error:
            raise Conflict("You have answered by this link already. It sends one answer.") from error


def _of(link: AnswerLink) -> peewee.Expression:
    return (
        (AnswerLinkUse.account == link.account)
        & (AnswerLinkUse.story == link.story)
        & (AnswerLinkUse.service == link.service)
    )
