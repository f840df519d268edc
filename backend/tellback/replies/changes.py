"""A service says what it changes because of stories: planned, then made or not made.

Each thing it says is a claim, and a moderator reads every claim before the public does. Until then the
public goes on reading the one that was shown before.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.audit import acts
from tellback.db import prepared, transaction
from tellback.errors import Conflict, InvalidInput, NotFound
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.replies.change_facts import is_over, is_public_address, wrong_with_date
from tellback.replies.models import ChangeClaim, ServiceChange, StoryChange
from tellback.stories.models import Story, StoryService
from tellback.stories.states import State, in_states
from tellback.stories.submission import new_public_id

# Characters: a change is said in a few plain sentences, or it is not one change.
LONGEST = 500
# Stories that one claim may put forward; more follow in the next.
MOST_STORIES = 50
_NOT_SENT = "Nothing was sent yet, and what you typed is still here."


class ChangeState(StrEnum):
    """What is said of a change."""

    PLANNED = "planned"
    MADE = "made"
    NOT_MADE = "not_made"


class Review(StrEnum):
    """Where a claim stands with the moderators; `past`: it was shown or down until a later one was shown."""

    WAITING = "waiting"
    SHOWN = "shown"
    RETURNED = "returned"
    PAST = "past"
    REMOVED = "removed"


class _Claim(NamedTuple):
    """What is shown of a claim; named as `ChangeClaim` names it."""

    state: str
    what: str
    why: str | None
    on: str | None
    evidence: str | None
    published_at: datetime | None
    lang: str


# What may be said next, by what the public reads now. The same state again mends words or adds stories.
MOVES: dict[ChangeState | None, frozenset[ChangeState]] = {
    None: frozenset({ChangeState.PLANNED, ChangeState.MADE}),
    ChangeState.PLANNED: frozenset(ChangeState),
    ChangeState.MADE: frozenset({ChangeState.MADE}),
    ChangeState.NOT_MADE: frozenset({ChangeState.NOT_MADE}),
}


def record(
    service_code: str, story_ids: Collection[str], said: dict[str, Any], *, by: Account
) -> ChangeClaim:
    """Keep the first claim of a new change, which answers these stories, until a moderator has read it.

    `said` has `state`, `what`, `why`, `on` (YYYY-MM or YYYY-MM-DD), `evidence` (an https address), `lang`.
    Raises InvalidInput by field, NotAllowed for someone outside the service's organisation, Conflict when
    the same is with a moderator already (a second press of the button).
    """
    service = _service(service_code)
    require(by, Action.RECORD_CHANGES, service.organisation)
    told = _checked(said, None)
    with transaction():
        if _is_waiting(service, told["what"]):
            raise Conflict("A moderator is reading this already. It was not sent a second time.")
        change = ServiceChange.create(public_id=new_public_id(), service=service, begun_at=clock.now())
        return _claim(change, story_ids, told, by)


def go_on(
    change: ServiceChange, revision: int, story_ids: Collection[str], said: dict[str, Any], *, by: Account
) -> ChangeClaim:
    """Say what became of a change, or that it answers further stories; `said` as for `record`.

    `revision` is the one the writer read. Raises as `record` does, and Conflict when a claim waits for a
    moderator or a colleague was first. A claim that came back is mended by another.
    """
    require(by, Action.RECORD_CHANGES, change.service.organisation)
    if waiting(change):
        raise Conflict("A moderator is reading what was said last. What you wrote was not sent.")
    told = _checked(said, _state_of(shown_claim(change)))
    with transaction():
        counted = (
            ServiceChange.update(revision=ServiceChange.revision + 1)
            .where(ServiceChange.id == change.id, ServiceChange.revision == revision)
            .execute()
        )
        if not counted:
            raise Conflict("A colleague has worked on this change meanwhile. What you wrote was not sent.")
        return _claim(change, story_ids, told, by)


def get(public_id: str) -> ServiceChange:
    """The change of this id, its service at hand. Raises NotFound."""
    query = ServiceChange.select(ServiceChange, Service).join(Service)
    found: ServiceChange | None = query.where(ServiceChange.public_id == public_id).first()
    if found is None:
        raise NotFound("There is no such change.")
    return found


def get_claim(public_id: str) -> ChangeClaim:
    """The claim of this id, its change and service at hand. Raises NotFound."""
    found: ChangeClaim | None = in_full().where(ChangeClaim.public_id == public_id).first()
    if found is None:
        raise NotFound("There is no such change.")
    return found


def in_full() -> "peewee.ModelSelect[ChangeClaim]":
    """A query of claims with their changes and services at hand."""
    query: peewee.ModelSelect[ChangeClaim] = (
        ChangeClaim.select(ChangeClaim, ServiceChange, Service).join(ServiceChange).join(Service)
    )
    return query


def shown_claim(change: ServiceChange) -> ChangeClaim | None:
    """What the public reads of a change, if there is anything yet."""
    return _claim_in(change, Review.SHOWN)


def waiting(change: ServiceChange) -> ChangeClaim | None:
    """What a moderator has yet to read of a change, if there is anything."""
    return _claim_in(change, Review.WAITING)


def latest(change: ServiceChange) -> ChangeClaim:
    """What its service said last."""
    claim: ChangeClaim = change.claims.order_by(ChangeClaim.id.desc()).get()
    return claim


def moves_from(claim: ChangeClaim | None) -> list[ChangeState]:
    """What may be said next of a change of which the public reads this claim (or nothing), in their order."""
    return [state for state in ChangeState if state in MOVES[_state_of(claim)]]


def is_overdue(claim: ChangeClaim) -> bool:
    """Whether the month or day is over that a change was planned for."""
    return claim.state == ChangeState.PLANNED and bool(claim.on) and is_over(claim.on)


def decided(claim: ChangeClaim, review: Review, **values: object) -> None:
    """Settle a waiting claim, in the caller's transaction. Raises Conflict when someone else did."""
    changed = (
        ChangeClaim.update(review=review.value, **values)
        .where(ChangeClaim.id == claim.id, ChangeClaim.review == Review.WAITING.value)
        .execute()
    )
    if not changed:
        raise Conflict("Someone else has decided on this change. Nothing was changed.")


def answerable(service: Service) -> "peewee.ModelSelect[Story]":
    """The public stories that a change of this service may answer: told of it, or of what belongs to it.

    What belongs to it but is run by another organisation is that organisation's to answer.
    """
    told = (
        StoryService.select(StoryService.story)
        .join(Service)
        .where(Service.id.in_(catalogue.below(service)), Service.organisation == service.organisation_id)
    )
    query: peewee.ModelSelect[Story] = Story.select().where(in_states(State.PUBLISHED), Story.id.in_(told))
    return query


def stories_with(*states: ChangeState) -> "peewee.ModelSelect[StoryChange]":
    """The ids of stories under which the public reads of a change in one of these states, as a subquery."""
    query: peewee.ModelSelect[StoryChange] = (
        StoryChange.select(StoryChange.story)
        .join(ChangeClaim, on=(ChangeClaim.change == StoryChange.change))
        .where(
            StoryChange.shown_at.is_null(False),
            ChangeClaim.review == Review.SHOWN.value,
            ChangeClaim.state.in_([state.value for state in states]),
        )
    )
    return query


def changes_of(story_ids: Iterable[int], public_url: str) -> dict[int, list[dict[str, Any]]]:
    """What the public reads of changes, by the id of the story they stand under; one query for all.

    The first shown stands first, each with what its story's author says of it. Whether the stories themselves
    are public is the caller's to know.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for story, verdict, public_id, code, name, *columns in _shown_under(*story_ids):
        described = _described(public_id, _Claim(*columns), code, name, public_url)
        found.setdefault(story, []).append({**described, "verdict": verdict})
    return found


def describe(claim: ChangeClaim, change: ServiceChange, public_url: str) -> dict[str, Any]:
    """A claim as the API shows it."""
    return _described(change.public_id, claim, change.service.code, change.service.name, public_url)


@prepared
def _shown_under(*stories: Any) -> Any:
    """What is shown under each story: the author's verdict, the change, its service, and `_Claim`."""
    columns = [getattr(ChangeClaim, name) for name in _Claim._fields]
    about = (ServiceChange.public_id, Service.code, Service.name)
    return (
        StoryChange.select(StoryChange.story, StoryChange.verdict, *about, *columns)
        .join(ServiceChange)
        .join(Service)
        .switch(ServiceChange)
        .join(ChangeClaim, on=(ChangeClaim.change == ServiceChange.id))
        .where(
            StoryChange.story.in_(stories),
            StoryChange.shown_at.is_null(False),
            ChangeClaim.review == Review.SHOWN.value,
        )
        .order_by(ChangeClaim.published_at, ChangeClaim.id)
        .tuples()
    )


def _described(
    change: str, claim: "ChangeClaim | _Claim", code: str, name: str, public_url: str
) -> dict[str, Any]:
    moment = claim.published_at
    return {
        "id": change,
        "state": claim.state,
        "what": claim.what,
        "why": claim.why,
        "on": claim.on,
        "evidence": claim.evidence,
        "service": {"code": code, "name": name, "url": f"{public_url}/services/{code}"},
        "published_at": moment and moment.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "lang": claim.lang,
    }


def _service(code: str) -> Service:
    try:
        return catalogue.get(code)
    except catalogue.UnknownService as error:
        wrong = {"service": ["Choose the service that changes something."]}
        raise InvalidInput(_NOT_SENT, errors=wrong) from error


def _claim(
    change: ServiceChange, story_ids: Collection[str], told: dict[str, Any], by: Account
) -> ChangeClaim:
    stories = _link(change, story_ids)
    made = ChangeClaim.create(
        public_id=new_public_id(),
        change=change,
        account=by,
        review=Review.WAITING.value,
        written_at=clock.now(),
        **told,
    )
    facts = {"change": change.public_id, "state": made.state, "service": change.service.code}
    acts.record(acts.Act.CHANGE_CLAIMED, acts.staff(by.id), "change", change.public_id, state=made.state)
    for story in stories:
        acts.record(acts.Act.CHANGE_CLAIMED, acts.staff(by.id), "story", story.public_id, **facts)
    return made


def _link(change: ServiceChange, story_ids: Collection[str]) -> list[Story]:
    """Put stories forward, instead of those that no moderator agreed to; all that the change answers now."""
    StoryChange.delete().where(StoryChange.change == change, StoryChange.shown_at.is_null()).execute()
    standing = {link.story_id for link in StoryChange.select().where(StoryChange.change == change)}
    wanted = list(answerable(change.service).where(Story.public_id.in_(list(story_ids))))
    new = [story for story in wanted if story.id not in standing]
    if len(wanted) < len(set(story_ids)):
        wrong = "One of these stories is not public any more, or is not about this service. Choose again."
        raise InvalidInput(_NOT_SENT, errors={"stories": [wrong]})
    if len(new) > MOST_STORIES:
        too_many = f"Choose up to {MOST_STORIES} stories at once, and the others later."
        raise InvalidInput(_NOT_SENT, errors={"stories": [too_many]})
    if not standing and not new:
        raise InvalidInput(_NOT_SENT, errors={"stories": ["Choose a story that this change answers."]})
    for story in new:
        StoryChange.create(change=change, story=story, linked_at=clock.now())
    return [*Story.select().where(Story.id.in_(standing)), *new]


def _checked(said: dict[str, Any], standing: ChangeState | None) -> dict[str, Any]:
    """What is kept of a claim, given what the public reads now. Raises InvalidInput by field."""
    errors: dict[str, list[str]] = {}
    state = said.get("state")
    if state not in MOVES[standing]:
        errors["state"] = ["Say which it is: planned, made or not made."]
    if not said["what"]:
        errors["what"] = ["Say what the change is, so that someone who was there would notice it."]
    if state == ChangeState.NOT_MADE and not said["why"]:
        errors["why"] = ["Say why it was not made. The people who told you will read it."]
    on = None if state == ChangeState.NOT_MADE else said["on"]
    if state != ChangeState.NOT_MADE and (wrong := wrong_with_date(on, state)):
        errors["on"] = [wrong]
    if said["evidence"] and not is_public_address(said["evidence"]):
        errors["evidence"] = ["Give the whole address of a public page; it begins with https://"]
    if errors:
        raise InvalidInput(_NOT_SENT, errors=errors)
    return {**said, "why": said["why"] or None, "on": on, "evidence": said["evidence"] or None}


def _is_waiting(service: Service, what: str) -> bool:
    same = in_full().where(
        ServiceChange.service == service,
        ChangeClaim.what == what,
        ChangeClaim.review == Review.WAITING.value,
    )
    return bool(same.exists())


def _claim_in(change: ServiceChange, review: Review) -> ChangeClaim | None:
    claim: ChangeClaim | None = change.claims.where(ChangeClaim.review == review.value).first()
    return claim


def _state_of(claim: ChangeClaim | None) -> ChangeState | None:
    return ChangeState(claim.state) if claim else None
