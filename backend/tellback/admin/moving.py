"""What moderators see of stories that are told about the wrong service."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import require_no_interest
from tellback.admin import desk, handing, wording
from tellback.errors import NotAllowed
from tellback.organisations import catalogue
from tellback.published.shown import shown
from tellback.replies import rerouting
from tellback.replies.models import Reroute
from tellback.replies.rerouting import RerouteState
from tellback.stories.models import PublishedText
from tellback.stories.states import State


def describe_waiting() -> dict[str, Any]:
    """The stories that responders say are not theirs, the longest waiting first: `staff/moves.html`."""
    found = rerouting.waiting()
    texts = PublishedText.select().where(PublishedText.story.in_([one.story_id for one in found]))
    titles = {text.story_id: text.title for text in texts}
    return {
        "moves": [
            {
                "url": url_for("admin.move", move_id=one.public_id),
                "title": titles.get(one.story_id, wording.STATES[State(one.story.state)]),
                "service": one.service.name,
                "proposed": one.proposed.name if one.proposed else "",
                "waiting_words": wording.waiting(one.asked_at),
            }
            for one in found
        ]
    }


def describe(asked: Reroute, account: Account, q: str, public_url: str) -> dict[str, Any]:
    """One of them beside the story, as `staff/move.html` shows it; `q` looks for another service."""
    why_not = _barred(asked, account)
    if not why_not and asked.state != RerouteState.OPEN:
        why_not = "Somebody has decided on this already."
    proposed = catalogue.by_codes([asked.proposed.code]) if asked.proposed else []
    named = [{"code": one.code, "name": one.name, "about": one.town} for one in proposed]
    return {
        "move": {
            "service": asked.service.name,
            "organisation": asked.service.organisation.name,
            "why": asked.why,
            "asked_by": asked.account.name if asked.account else "somebody who has left",
            "asked_on": asked.asked_at.date().isoformat(),
        },
        "story": shown([asked.story], public_url)[0],
        "choices": [*named, *(one for one in handing.offered(q) if one not in named)],
        "q": q,
        "may_decide": not why_not,
        "why_not": why_not,
        "urls": {
            "back": url_for("admin.moves"),
            "find": url_for("admin.move", move_id=asked.public_id),
            "accept": url_for("admin.accept_move", move_id=asked.public_id),
            "refuse": url_for("admin.refuse_move", move_id=asked.public_id),
        },
    }


def _barred(asked: Reroute, account: Account) -> str:
    if barred := desk.barred(asked.story, account):
        return barred
    try:
        require_no_interest(account, [asked.proposed.organisation] if asked.proposed else [])
    except NotAllowed as refusal:
        return refusal.detail
    return ""
