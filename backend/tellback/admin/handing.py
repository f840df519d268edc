"""What responders see beside an answer: to whom a story was handed on, where it belongs, who is away."""

from typing import Any

from flask import url_for

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, organisations
from tellback.admin import private_talk, wording
from tellback.admin.answering import OwnStory
from tellback.errors import NotFound
from tellback.organisations import complaints, finder
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for, complaint_references, cover, handing_on, relay, rerouting
from tellback.replies.handing_on import HandOnState
from tellback.replies.models import HandOn, Reroute
from tellback.stories.models import PublishedText

_STATES = {
    HandOnState.WAITING: "Waits for an answer",
    HandOnState.ANSWERED: "Answered: waits for you",
    HandOnState.SENT: "Sent on",
    HandOnState.USED: "Taken into your draft",
    HandOnState.REVOKED: "Called back",
    HandOnState.OVER: "Over, without an answer",
    HandOnState.UNREACHED: "The letter did not arrive: check the address",
}
# Services offered for one search.
_OFFERED = 10


def describe_beside(own: OwnStory, account: Account) -> dict[str, Any] | None:
    """What can be done beside answering a story (`staff/_beside_answer.html`); None for who cannot answer."""
    services = own_services(own, account)
    if not services:
        return None
    own_id = own.story.public_id
    about = [one for one in services if one in own.services]
    handed = handing_on.of_story(own.story, _organisations(services))
    asked = [found for one in about if (found := rerouting.latest_of(own.story, one))]
    return {
        "handed": [_handed(one) for one in handed],
        "hand_on_url": url_for("admin.handed_on_of", own_id=own_id),
        "private_url": url_for("admin.private_talks", own_id=own_id) if about else None,
        "private_unread": private_talk.unread(own.story, about),
        "private_begun": any(relay.thread_of(own.story, one) for one in about),
        "not_ours_url": url_for("admin.not_ours", own_id=own_id) if about else None,
        "asked": [_asked(one) for one in asked],
        "complaint_url": url_for("admin.complaint", own_id=own_id) if about else None,
        "references": [
            said for one in _each_once(about) if (said := complaint_references.of(own.story, one))
        ],
    }


def describe_list(account: Account) -> dict[str, Any] | None:
    """What stands above the list of own stories: what is handed on, who is away; None for who only reads."""
    own = organisations(account, Action.WRITE_REPLIES)
    if not own:
        return None
    handed = handing_on.open_of(own)
    today = clock.today().isoformat()
    return {
        "handed": sum(one.state == HandOnState.WAITING for one in handed),
        "answered": sum(one.state == HandOnState.ANSWERED for one in handed),
        "handed_url": url_for("admin.handed_on"),
        "away_url": url_for("admin.away"),
        "absences": [one for one in describe_absences(account) if one["from_on"] <= today],
    }


def own_services(own: OwnStory, account: Account) -> list[Service]:
    """As which services somebody may answer this story."""
    return answering_for.services_for(own.story, account)


def describe_handed_on(own: OwnStory, account: Account) -> dict[str, Any]:
    """What was handed on of a story, with the form for more, as `staff/hand_on.html` shows it."""
    services = _at_least_one(own_services(own, account))
    return {
        "title": own.text.title,
        "lang": own.text.version.lang,
        "services": [(one.code, one.name) for one in services],
        "handed": [_handed(one) for one in handing_on.of_story(own.story, _organisations(services))],
        "days": handing_on.LIFE.days,
        "urls": {
            "back": url_for("admin.own_story", own_id=own.story.public_id),
            "send": url_for("admin.hand_on", own_id=own.story.public_id),
        },
    }


def describe_all_handed_on(account: Account) -> dict[str, Any]:
    """All that is handed on and not settled, as `staff/handed_on.html` shows it."""
    found = handing_on.open_of(organisations(account, Action.WRITE_REPLIES))
    texts = PublishedText.select().where(PublishedText.story.in_([one.story_id for one in found]))
    titles = {text.story_id: text.title for text in texts}
    return {
        "handed": [
            {
                **_handed(one),
                "title": titles.get(one.story_id, "A story that is not public any more"),
                "url": url_for("admin.own_story", own_id=one.story.public_id)
                if one.story_id in titles
                else None,
            }
            for one in found
        ],
        "urls": {"back": url_for("admin.own_stories")},
    }


def describe_not_ours(own: OwnStory, account: Account, q: str) -> dict[str, Any]:
    """Saying that a story is about another service, as `staff/not_ours.html` shows it."""
    services = _at_least_one([one for one in own_services(own, account) if one in own.services])
    asked = [found for one in services if (found := rerouting.latest_of(own.story, one))]
    return {
        "title": own.text.title,
        "lang": own.text.version.lang,
        "services": [(one.code, one.name) for one in services],
        "q": q,
        "found": offered(q),
        "asked": [_asked(one) for one in asked],
        "urls": {
            "back": url_for("admin.own_story", own_id=own.story.public_id),
            "find": url_for("admin.not_ours", own_id=own.story.public_id),
            "send": url_for("admin.say_not_ours", own_id=own.story.public_id),
        },
    }


def describe_complaint(own: OwnStory, account: Account) -> dict[str, Any]:
    """The number of a complaint that a story is also, as `staff/complaint.html` shows it."""
    services = _at_least_one([one for one in own_services(own, account) if one in own.services])
    return {
        "title": own.text.title,
        "lang": own.text.version.lang,
        "desks": [
            {
                "code": one.organisation.code,
                "organisation": one.organisation.name,
                "reference": complaint_references.of(own.story, one.organisation),
                "contact": complaints.describe(one),
            }
            for one in _first_of_each(services)
        ],
        "urls": {
            "back": url_for("admin.own_story", own_id=own.story.public_id),
            "send": url_for("admin.keep_complaint", own_id=own.story.public_id),
        },
    }


def organisation_of(own: OwnStory, account: Account, code: str) -> Organisation:
    """The organisation of this code, where it is one's own and the story is about it. Raises NotFound."""
    for service in own_services(own, account):
        if service in own.services and service.organisation.code == code:
            organisation: Organisation = service.organisation
            return organisation
    raise NotFound("This story is not about that organisation.")


def describe_away(account: Account) -> dict[str, Any]:
    """Who is away and who covers, as `staff/away.html` shows it, with the form for oneself."""
    return {
        "mine": [_absence(one) for one in cover.absences([account])],
        "others": describe_absences(account),
        "colleagues": [(str(one.id), one.name) for one in cover.colleagues(account)],
        "urls": {"back": url_for("admin.own_stories"), "send": url_for("admin.go_away")},
    }


def describe_absences(account: Account) -> list[dict[str, Any]]:
    """Which colleagues are away, now or later, and who covers for each."""
    return [_absence(one) for one in cover.absences(cover.colleagues(account))]


def offered(q: str) -> list[dict[str, str]]:
    """The services that a search finds, best first."""
    if not q.strip():
        return []
    return [
        {
            "code": one.code,
            "name": one.name,
            "about": " · ".join(
                filter(None, (one.parent.name if one.parent else "", one.town, one.postcode))
            ),
        }
        for one in finder.find(q, limit=_OFFERED).items
    ]


def _handed(one: HandOn) -> dict[str, Any]:
    own_id = one.story.public_id
    waiting, answered = one.state == HandOnState.WAITING, one.state == HandOnState.ANSWERED
    urls = {"hand_on_id": one.public_id, "own_id": own_id}
    return {
        "to_whom": one.to_whom,
        "email": handing_on.address_of(one),
        "note": one.note,
        "service": one.service.name,
        "by": one.account.name if one.account else "somebody who has left",
        "state": one.state,
        "state_words": _STATES[HandOnState(one.state)],
        "handed_on": one.handed_at.date().isoformat(),
        "ends_on": one.ends_at.date().isoformat(),
        "waiting_words": wording.waiting(one.handed_at) if waiting else "",
        "answer": {
            "body": one.body,
            "lang": one.lang,
            "responder_name": one.responder_name,
            "responder_role": one.responder_role,
        }
        if one.body
        else None,
        "revoke_url": url_for("admin.revoke_hand_on", **urls) if waiting else None,
        "send_url": url_for("admin.send_hand_on", **urls) if answered else None,
        "draft_url": url_for("admin.draft_hand_on", **urls) if answered else None,
    }


def _asked(one: Reroute) -> dict[str, Any]:
    return {
        "service": one.service.name,
        "proposed": one.proposed.name if one.proposed else "",
        "state": one.state,
        "asked_on": one.asked_at.date().isoformat(),
        "why": one.why,
        "note": one.note,
    }


def _absence(one: Any) -> dict[str, Any]:
    return {
        "name": one.account.name,
        "from_on": one.from_on,
        "to_on": one.to_on,
        "covers": sorted(cover_row.account.name for cover_row in one.covers),
        "end_url": url_for("admin.come_back", absence_id=one.id),
    }


def _at_least_one(services: list[Service]) -> list[Service]:
    if not services:
        raise NotFound("There is no story that you may answer at this address.")
    return services


def _organisations(services: list[Service]) -> list[int]:
    return [one.organisation_id for one in services]


def _first_of_each(services: list[Service]) -> list[Service]:
    """One service of each organisation."""
    return list({one.organisation_id: one for one in reversed(services)}.values())[::-1]


def _each_once(services: list[Service]) -> list[Organisation]:
    return [one.organisation for one in _first_of_each(services)]
