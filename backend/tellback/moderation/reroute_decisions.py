"""A moderator decides whether a story is about another service than it was told about.

The ledger holds what was said, not about whom, so nothing in it changes.
"""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import matching, webhook_events
from tellback.alerts.scopes import ground_of
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict, InvalidInput
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation, Service
from tellback.outbox import messages
from tellback.replies import handing_on
from tellback.replies.models import Reply, Reroute
from tellback.replies.rerouting import RerouteState
from tellback.replies.states import ReplyState
from tellback.stories import contact, desk_words, public_words, standings
from tellback.stories.about import organisations_of, services_of
from tellback.stories.models import Story, StoryService
from tellback.stories.states import State, hold, touch

LONGEST_NOTE = 1000
_ON_THEIR_WAY = (ReplyState.WAITING.value, ReplyState.SUBMITTED.value)


def accept(asked: Reroute, to_code: str, by: Account) -> None:
    """Have the story be about another service instead; the old one's people see it no more.

    The new service's people and the author are told, and systems of both services. Raises NotAllowed,
    InvalidInput for a service that there is not, or that the story is about already; Conflict when it is
    decided, the story is not public, or a reply of the old service is on its way.
    """
    story, old, new = asked.story, asked.service, _service(to_code)
    _require(story, [new.organisation], by)
    with transaction():
        hold(story)
        if story.state != State.PUBLISHED:
            raise Conflict("This story is not public any more, so there is nothing to move.")
        if new in services_of([story.id]).get(story.id, []):
            raise InvalidInput(errors={"to": ["The story is about that service already."]})
        _decide(asked, RerouteState.ACCEPTED, by, moved_to=new)
        on_its_way = Reply.select().where(
            Reply.story == story, Reply.service == old, Reply.state.in_(_ON_THEIR_WAY)
        )
        if on_its_way.exists():
            raise Conflict(f"A reply of {old.name} is on its way. Decide on that first.")
        touch(story, story.revision)
        before = ground_of(story)
        with standings.moving([story.public_id]):
            StoryService.delete().where(StoryService.story == story, StoryService.service == old).execute()
            StoryService.create(story=story, service=new)
        handing_on.end_for(story, old)
        desk_words.keep(story)
        public_words.keep(story)
        acts.record(
            acts.Act.STORY_MOVED,
            acts.staff(by.id),
            "story",
            story.public_id,
            move=asked.public_id,
            services=[old.code, new.code],
        )
        matching.story_moved(story, new)
        webhook_events.story_moved(story, before, old, new)
        if contact.is_known(story):
            messages.put("story_moved", "author", story.public_id, service=new.name)


def refuse(asked: Reroute, by: Account, *, note: str) -> None:
    """Leave the story where it is, and say why to whoever asked.

    Raises NotAllowed, InvalidInput without a note, Conflict when it is decided.
    """
    _require(asked.story, [], by)
    said = note.strip()
    if not said:
        raise InvalidInput(errors={"note": ["Say why it stays. They read it on the page of the story."]})
    with transaction():
        _decide(asked, RerouteState.REFUSED, by, note=said[:LONGEST_NOTE])
        facts = {"move": asked.public_id, "service": asked.service.code}
        acts.record(acts.Act.MOVE_REFUSED, acts.staff(by.id), "story", asked.story.public_id, **facts)


def _decide(asked: Reroute, state: RerouteState, by: Account, **facts: object) -> None:
    decided = (
        Reroute.update(state=state.value, decided_at=clock.now(), decided_by=by, **facts)
        .where(Reroute.id == asked.id, Reroute.state == RerouteState.OPEN.value)
        .execute()
    )
    if not decided:
        raise Conflict("Someone else has decided on this. Nothing was changed.")


def _require(story: Story, besides: list[Organisation], by: Account) -> None:
    require(by, Action.DECIDE_STORIES)
    require_no_interest(by, [*organisations_of(story), *besides])


def _service(code: str) -> Service:
    found = catalogue.by_codes([code]) if code.strip() else []
    if not found:
        raise InvalidInput(errors={"to": ["Choose the service that the story is about."]})
    return found[0]
