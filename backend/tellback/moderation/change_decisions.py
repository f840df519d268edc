"""A moderator reads what a service says it changes: it becomes public here, or goes back with a note."""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require, require_no_interest
from tellback.alerts import webhook_events
from tellback.audit import acts
from tellback.db import transaction
from tellback.errors import Conflict
from tellback.outbox import messages
from tellback.replies.changes import Review, decided, shown_claim
from tellback.replies.models import ChangeClaim, ServiceChange, StoryChange
from tellback.replies.responding import check_note
from tellback.stories import contact, shelves
from tellback.stories.models import Story
from tellback.stories.states import State


def publish(claim: ChangeClaim, by: Account) -> None:
    """Show the claim under the stories it answers, instead of the one before, and tell their authors.

    An author is written to when the change is new to their story or moved on, not when words were mended.
    Raises NotAllowed, or Conflict when someone else decided or none of a new change's stories is public.
    """
    _require_decider(claim, by)
    change, moment = claim.change, clock.now()
    with transaction():
        before, links = shown_claim(change), _links(change)
        new = {link.id for link in links if not link.shown_at}
        if before is None and not any(link.story.state == State.PUBLISHED for link in links):
            raise Conflict("None of its stories is public any more, so the change cannot be shown.")
        # What was shown, and the note of what was taken down, make room.
        ChangeClaim.update(review=Review.PAST.value).where(
            ChangeClaim.change == change,
            ChangeClaim.review.in_([Review.SHOWN.value, Review.REMOVED.value]),
        ).execute()
        decided(claim, Review.SHOWN, published_at=moment)
        StoryChange.update(shown_at=moment).where(
            StoryChange.change == change, StoryChange.shown_at.is_null()
        ).execute()
        shelves.put(*(link.story for link in links))
        webhook_events.change_published(claim)
        _record(acts.Act.CHANGE_PUBLISHED, claim, [link.story for link in links], by)
        for link in links:
            news = link.id in new or before is None or before.state != claim.state
            if news and link.story.state == State.PUBLISHED and contact.is_known(link.story):
                messages.put("change_published", "author", link.story.public_id, change=claim.state)


def send_back(claim: ChangeClaim, by: Account, *, note: str) -> None:
    """Return the claim to the service, saying what should change; what was shown before stays shown.

    Raises as `publish`, and InvalidInput without a note.
    """
    _require_decider(claim, by)
    said = check_note(note)
    with transaction():
        decided(claim, Review.RETURNED, note=said)
        _record(acts.Act.CHANGE_RETURNED, claim, [link.story for link in _links(claim.change)], by)


def _require_decider(claim: ChangeClaim, by: Account) -> None:
    require(by, Action.DECIDE_CHANGES)
    require_no_interest(by, [claim.change.service.organisation])


def _links(change: ServiceChange) -> list[StoryChange]:
    query = StoryChange.select(StoryChange, Story).join(Story).where(StoryChange.change == change)
    return list(query.order_by(StoryChange.id))


def _record(act: acts.Act, claim: ChangeClaim, stories: list[Story], by: Account) -> None:
    change = claim.change
    acts.record(act, acts.staff(by.id), "change", change.public_id, state=claim.state)
    for story in stories:
        acts.record(
            act, acts.staff(by.id), "story", story.public_id, change=change.public_id, state=claim.state
        )
