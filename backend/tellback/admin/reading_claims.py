"""What a moderator sees of what services say they changed: those that wait, and one beside its stories."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import require_no_interest
from tellback.admin import changing, wording
from tellback.errors import NotAllowed
from tellback.organisations.models import Organisation, Service
from tellback.published.shown import shown
from tellback.replies import changes
from tellback.replies.changes import Review
from tellback.replies.models import ChangeClaim
from tellback.stories.states import State

# Stories that a moderator can read in full beside what is claimed.
READ_IN_FULL = 10


def describe_waiting(claims: list[ChangeClaim]) -> list[dict[str, Any]]:
    """Claims that wait for a moderator, as `staff/queue.html` lists them."""
    return [
        {
            "url": url_for("admin.claim", claim_id=claim.public_id),
            "from_name": claim.change.service.name,
            "state_words": wording.CHANGES[claim.state],
            "what": claim.what,
            "waiting_words": wording.waiting(claim.written_at),
        }
        for claim in claims
    ]


def describe_claim(claim: ChangeClaim, account: Account, public_url: str) -> dict[str, Any]:
    """What is claimed beside what is shown now and the stories, as `staff/change_review.html` shows it."""
    change = claim.change
    waits = claim.review == Review.WAITING
    why_not = _barred(change.service, account) or ("" if waits else "Someone has decided on this already.")
    links = changing.links(change)
    standing = changes.shown_claim(change)
    unread = [link.story for link in links if not link.shown_at and link.story.state == State.PUBLISHED]
    return {
        "claim": {
            **changing.claimed(claim, change, public_url),
            "written_on": claim.written_at.date().isoformat(),
            "waiting_words": wording.waiting(claim.written_at) if waits else "",
        },
        "now": standing and waits and changes.describe(standing, change, public_url),
        "stories": [changing.linked(link) for link in links],
        "to_read": shown(unread[:READ_IN_FULL], public_url),
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "queue": url_for("admin.stories"),
            "publish": url_for("admin.publish_claim", claim_id=claim.public_id),
            "return": url_for("admin.return_claim", claim_id=claim.public_id),
        },
    }


def _barred(service: Service, account: Account) -> str:
    try:
        require_no_interest(account, [Organisation.get_by_id(service.organisation_id)])
    except NotAllowed as refusal:
        return refusal.detail
    return ""
