"""A responder says that a story is not about their service, and where it belongs; a moderator decides."""

from enum import StrEnum

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.replies.models import Reroute
from tellback.stories.about import services_of
from tellback.stories.models import Story
from tellback.stories.states import State, hold
from tellback.stories.submission import new_public_id

LONGEST = 1000


class RerouteState(StrEnum):
    """Where the question stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


def ask(story: Story, service_code: str, proposed_code: str, why: str, *, by: Account) -> Reroute:
    """Say that a story is not about a service, and which it is about (empty where they do not know).

    The story stays where it is until a moderator agrees. Raises NotFound, NotAllowed, InvalidInput by field,
    Conflict when the story is not public or a moderator is asked already.
    """
    service = _own(story, service_code)
    require(by, Action.WRITE_REPLIES, service.organisation)
    proposed = _proposed(story, proposed_code)
    if not why.strip():
        raise InvalidInput(errors={"why": ["Say how you see that. A moderator decides by it."]})
    if len(why) > LONGEST:
        raise InvalidInput(errors={"why": [f"Keep it to {LONGEST:,} characters."]})
    with transaction():
        # Of two questions asked at once the second waits here, and is then refused.
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict("This story is not public any more, so there is nothing to move.")
        if open_of(story, service) is not None:
            raise Conflict("A moderator is asked about this already.")
        made: Reroute = Reroute.create(
            public_id=new_public_id(),
            story=story,
            service=service,
            proposed=proposed,
            why=why.strip(),
            account=by,
            state=RerouteState.OPEN.value,
            asked_at=clock.now(),
        )
        acts.record(
            acts.Act.MOVE_ASKED,
            acts.staff(by.id),
            "story",
            story.public_id,
            move=made.public_id,
            service=service.code,
        )
    return made


def open_of(story: Story, service: Service) -> Reroute | None:
    """What a moderator is asked about a story and a service, if anything waits."""
    return latest_of(story, service, RerouteState.OPEN)


def latest_of(story: Story, service: Service, *states: RerouteState) -> Reroute | None:
    """The latest question about a story and a service, in one of these states where they are named."""
    query = Reroute.select().where(Reroute.story == story, Reroute.service == service)
    if states:
        query = query.where(Reroute.state.in_([state.value for state in states]))
    found: Reroute | None = query.order_by(Reroute.id.desc()).first()
    return found


def moves_of(story: Story) -> list[Reroute]:
    """The moves of a story from one service to another that moderators agreed to, the first first."""
    accepted = story.reroutes.where(Reroute.state == RerouteState.ACCEPTED.value)
    return list(accepted.order_by(Reroute.decided_at, Reroute.id))


def get(public_id: str) -> Reroute:
    """The question of this id. Raises NotFound."""
    found: Reroute | None = Reroute.get_or_none(Reroute.public_id == public_id)
    if found is None:
        raise NotFound("There is no such question.")
    return found


def waiting() -> list[Reroute]:
    """What waits for a moderator, the longest first; the questions about stories that ended wait no more."""
    return list(_waiting().order_by(Reroute.asked_at, Reroute.id))


def waiting_count() -> int:
    """How many questions wait."""
    count: int = _waiting().count()
    return count


def _waiting() -> "peewee.ModelSelect[Reroute]":
    query: peewee.ModelSelect[Reroute] = Reroute.select(Reroute, Story).join(Story)
    return query.where(Reroute.state == RerouteState.OPEN.value, Story.state == State.PUBLISHED.value)


def _own(story: Story, code: str) -> Service:
    for service in services_of([story.id]).get(story.id, []):
        if service.code == code:
            return catalogue.get(code)
    raise NotFound("This story is not about that service.")


def _proposed(story: Story, code: str) -> Service | None:
    if not code.strip():
        return None
    found = catalogue.by_codes([code])
    if not found:
        raise InvalidInput(errors={"proposed": ["No service here has this code. Look for it by its name."]})
    if found[0] in services_of([story.id]).get(story.id, []):
        raise InvalidInput(errors={"proposed": ["The story is about that service already."]})
    return found[0]
