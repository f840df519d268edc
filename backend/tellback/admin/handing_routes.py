"""For responders, beside the answer: handing on, “not ours”, leave cover, and the number of a complaint."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action, organisations
from tellback.admin import answer_schemas, answering, handing
from tellback.admin.doors import me, on_to, pages, stands_on, typed
from tellback.errors import NotFound, Problem
from tellback.http import bodies
from tellback.organisations.finder import LONGEST_QUERY
from tellback.replies import complaint_references, cover, handing_on, rerouting
from tellback.replies.models import HandOn


def _hand_on_screen(own_id: str, hand_on_id: str = "", problem: Problem | None = None) -> str:
    described = handing.describe_handed_on(answering.own_story(me(), own_id), me())
    # A refused press on what was handed on leaves the form for more as it is.
    refused = typed(problem) if not hand_on_id else {"problem": problem}
    return render_template("staff/hand_on.html", **described, **refused)


def _not_ours_screen(own_id: str, problem: Problem | None = None) -> str:
    q = request.values.get("q", "")[:LONGEST_QUERY]
    described = handing.describe_not_ours(answering.own_story(me(), own_id), me(), q)
    return render_template("staff/not_ours.html", **described, **typed(problem))


def _complaint_screen(own_id: str, problem: Problem | None = None) -> str:
    described = handing.describe_complaint(answering.own_story(me(), own_id), me())
    return render_template("staff/complaint.html", **described, **typed(problem))


def _away_screen(problem: Problem | None = None, **_named: object) -> str:
    values = {**request.form.to_dict(), "covers": request.form.getlist("covers")} if problem else {}
    described = handing.describe_away(me())
    return render_template("staff/away.html", **described, **{**typed(problem), "values": values})


def _handed(own_id: str, hand_on_id: str) -> HandOn:
    """What was handed on of this very story, by an organisation that one answers for."""
    found = handing_on.get(hand_on_id, organisations(me(), Action.WRITE_REPLIES))
    if found.story.public_id != own_id:
        raise NotFound("Nothing of your organisation was handed on under this address.")
    return found


@pages.get("/answers/handed-on")
@signed_in(Action.WRITE_REPLIES)
def handed_on() -> str:
    """All that one's organisation handed on and waits for."""
    return render_template("staff/handed_on.html", **handing.describe_all_handed_on(me()))


@pages.get("/answers/<own_id>/hand-on")
@signed_in(Action.WRITE_REPLIES)
def handed_on_of(own_id: str) -> str:
    """To whom a story was handed on, and the form to hand it on."""
    return _hand_on_screen(own_id)


@pages.post("/answers/<own_id>/hand-on")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_hand_on_screen)
def hand_on(own_id: str) -> ResponseReturnValue:
    """Send somebody without an account a link to answer it."""
    own = answering.own_story(me(), own_id)
    form = bodies.read(answer_schemas.HandOnSchema())
    handing_on.hand_on(own.story, form.pop("service"), by=me(), **form)
    said = "A letter with a link goes out now. What they answer comes back to you first."
    return on_to(".handed_on_of", said, own_id=own_id)


@pages.post("/answers/<own_id>/hand-on/<hand_on_id>/revoke")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_hand_on_screen)
def revoke_hand_on(own_id: str, hand_on_id: str) -> ResponseReturnValue:
    """Call a link back."""
    handing_on.revoke(_handed(own_id, hand_on_id), by=me())
    said = "The link sends nothing any more, and the address is deleted."
    return on_to(".handed_on_of", said, own_id=own_id)


@pages.post("/answers/<own_id>/hand-on/<hand_on_id>/send")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_hand_on_screen)
def send_hand_on(own_id: str, hand_on_id: str) -> ResponseReturnValue:
    """Send their answer on, under their name."""
    wait = current_app.config["SETTINGS"].reply_wait
    handing_on.send_on(_handed(own_id, hand_on_id), by=me(), wait=wait)
    said = "Their answer is on its way. It shows under the story once a moderator has read it."
    return on_to(".own_story", said, own_id=own_id)


@pages.post("/answers/<own_id>/hand-on/<hand_on_id>/draft")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_hand_on_screen)
def draft_hand_on(own_id: str, hand_on_id: str) -> ResponseReturnValue:
    """Take their answer into the draft, to work on it."""
    handing_on.take_into_draft(_handed(own_id, hand_on_id), by=me())
    return on_to(".own_story", "Their answer is in your draft.", own_id=own_id)


@pages.get("/answers/<own_id>/not-ours")
@signed_in(Action.WRITE_REPLIES)
def not_ours(own_id: str) -> str:
    """Look for the service that a story is about."""
    return _not_ours_screen(own_id)


@pages.post("/answers/<own_id>/not-ours")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_not_ours_screen)
def say_not_ours(own_id: str) -> ResponseReturnValue:
    """Ask a moderator to move it."""
    own = answering.own_story(me(), own_id)
    form = bodies.read(answer_schemas.NotOursSchema())
    rerouting.ask(own.story, form["service"], form["proposed"], form["why"], by=me())
    return on_to(".own_story", "A moderator decides. Until then the story stays with you.", own_id=own_id)


@pages.get("/answers/<own_id>/complaint")
@signed_in(Action.WRITE_REPLIES)
def complaint(own_id: str) -> str:
    """The number under which a story is also a complaint."""
    return _complaint_screen(own_id)


@pages.post("/answers/<own_id>/complaint")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_complaint_screen)
def keep_complaint(own_id: str) -> ResponseReturnValue:
    """Keep that number, or forget it."""
    own = answering.own_story(me(), own_id)
    form = bodies.read(answer_schemas.ComplaintSchema())
    organisation = handing.organisation_of(own, me(), form["organisation"])
    complaint_references.keep(own.story, organisation, form["reference"], by=me())
    said = "The number is kept for your organisation." if form["reference"] else "No number is kept."
    return on_to(".own_story", said, own_id=own_id)


@pages.get("/answers/away")
@signed_in(Action.WRITE_REPLIES)
def away() -> str:
    """Who is away, and who covers."""
    return _away_screen()


@pages.post("/answers/away")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_away_screen)
def go_away() -> ResponseReturnValue:
    """Say when one is away, and who covers."""
    form = bodies.read(answer_schemas.AwaySchema())
    cover.away(me(), form["from_on"], form["to_on"], form["covers"])
    return on_to(".away", "Letters about stories go to your colleagues too while you are away.")


@pages.post("/answers/away/<int:absence_id>/end")
@signed_in(Action.WRITE_REPLIES)
@stands_on(_away_screen)
def come_back(absence_id: int) -> ResponseReturnValue:
    """Be back."""
    cover.come_back(me(), absence_id)
    return on_to(".away", "You are back.")
