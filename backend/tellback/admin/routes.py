"""The staff screens at /admin: each calls a rule and shows what it said."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, may_somewhere
from tellback.accounts.sign_in import current_account, signed_in, to_sign_in
from tellback.admin import answering, changing, desk, embedding, history, reports, schemas
from tellback.errors import Conflict, InvalidInput, NotFound, Problem
from tellback.http import bodies
from tellback.http.headers import PREVIEWING_POLICY
from tellback.moderation import change_decisions, decisions, queue, redaction, reply_decisions
from tellback.moderation import flags as flagging
from tellback.moderation.redaction import Span
from tellback.replies import changes, responding
from tellback.websites import registration

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.url_value_preprocessor
def only_ids(_route: str | None, parts: dict[str, Any] | None) -> None:
    """Refuse, before any query, what cannot be an id of ours."""
    if parts and not all(str(part).replace("-", "").isalnum() for part in parts.values()):
        raise NotFound("There is nothing at this address.")


@pages.context_processor
def frame() -> dict[str, Any]:
    """Who is signed in, and the doors open to them: what someone may not do shows no menu."""
    account = current_account()
    doors = [
        (".stories", "To read", Action.READ_UNPUBLISHED),
        (".own_stories", "Your stories", Action.READ_OWN_STORIES),
        (".own_changes", "Your changes", Action.READ_OWN_STORIES),
        (".websites", "Websites", Action.KEEP_WEBSITES),
    ]
    menu = [
        {"label": label, "url": url_for(route), "current": request.path == url_for(route)}
        for route, label, action in doors
        if account is not None and may_somewhere(account, action)
    ]
    # Readers seldom report anything, so this door stands only while something waits behind it.
    if account is not None and may(account, Action.SETTLE_FLAGS) and (waiting := flagging.open_count()):
        here = url_for(".flags")
        menu.insert(1, {"label": f"Reports ({waiting})", "url": here, "current": request.path == here})
    return {"signed_in": account, "menu": menu}


@pages.get("/")
def start() -> ResponseReturnValue:
    """Where this person's work lies."""
    account = current_account()
    if account is None:
        return to_sign_in()
    if may(account, Action.READ_UNPUBLISHED):
        return redirect(url_for(".stories"))
    if may_somewhere(account, Action.READ_OWN_STORIES):
        return redirect(url_for(".own_stories"))
    if may_somewhere(account, Action.KEEP_WEBSITES):
        return redirect(url_for(".websites"))
    return render_template("staff/nothing.html")


@pages.get("/stories")
@signed_in(Action.READ_UNPUBLISHED)
def stories() -> str:
    """The queue: stories and replies that wait for a moderator."""
    waiting = changing.describe_waiting(queue.changes())
    return render_template("staff/queue.html", **desk.describe_queue(), changes=waiting)


@pages.get("/stories/<story_id>")
@signed_in(Action.READ_UNPUBLISHED)
def story(story_id: str) -> str:
    """One story with its findings and redactions marked; its author is told that someone reads it."""
    desk.begin_reading(desk.find_story(story_id), _me())
    return _story_screen(story_id)


@pages.post("/stories/<story_id>/redactions")
@signed_in(Action.REDACT_STORIES)
def redact(story_id: str) -> ResponseReturnValue:
    """Take out the words of a finding."""
    form = bodies.read(schemas.SpanSchema())
    span = Span(form.pop("field"), form.pop("start"), form.pop("end"))
    redaction.redact(desk.find_story(story_id), form.pop("revision"), span, by=_me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.post("/stories/<story_id>/redactions/by-words")
@signed_in(Action.REDACT_STORIES)
def redact_words(story_id: str) -> ResponseReturnValue:
    """Take out exact words wherever they stand."""
    form = bodies.read(schemas.WordsSchema())
    redaction.redact_words(desk.find_story(story_id), by=_me(), **form)
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.post("/stories/<story_id>/redactions/undo")
@signed_in(Action.REDACT_STORIES)
def undo(story_id: str) -> ResponseReturnValue:
    """Put the author's words back."""
    form = bodies.read(schemas.UndoSchema())
    redaction.undo(desk.find_story(story_id), form["revision"], form["redaction"], by=_me())
    return redirect(url_for(".story", story_id=story_id, _anchor="words"))


@pages.post("/stories/<story_id>/publish")
@signed_in(Action.DECIDE_STORIES)
def publish(story_id: str) -> ResponseReturnValue:
    """Let everyone read the story."""
    form = bodies.read(schemas.ReadStorySchema())
    decisions.publish(desk.find_story(story_id), form["revision"], _me())
    return _next("The story is published.")


@pages.post("/stories/<story_id>/return")
@signed_in(Action.DECIDE_STORIES)
def send_back(story_id: str) -> ResponseReturnValue:
    """Ask the author to change it."""
    form = bodies.read(schemas.DecisionSchema())
    decisions.send_back(desk.find_story(story_id), by=_me(), **form)
    return _next("The story is back with its author.")


@pages.post("/stories/<story_id>/reject")
@signed_in(Action.DECIDE_STORIES)
def reject(story_id: str) -> ResponseReturnValue:
    """Decide not to publish it."""
    form = bodies.read(schemas.DecisionSchema())
    decisions.reject(desk.find_story(story_id), by=_me(), **form)
    return _next("The story will not be published. Its author can read why.")


@pages.post("/stories/<story_id>/remove")
@signed_in(Action.DECIDE_STORIES)
def remove(story_id: str) -> ResponseReturnValue:
    """Take a published story down."""
    form = bodies.read(schemas.DecisionSchema())
    decisions.remove(desk.find_story(story_id), by=_me(), **form)
    return _next("The story is taken down. A note with the reason stands in its place.")


@pages.get("/replies/<reply_id>")
@signed_in(Action.DECIDE_REPLIES)
def reply(reply_id: str) -> str:
    """A reply beside its story, before it shows."""
    return _reply_screen(reply_id)


@pages.post("/replies/<reply_id>/publish")
@signed_in(Action.DECIDE_REPLIES)
def publish_reply(reply_id: str) -> ResponseReturnValue:
    """Show the reply under its story."""
    reply_decisions.publish(responding.get(reply_id), _me())
    return _next("The reply is published under its story.")


@pages.post("/replies/<reply_id>/return")
@signed_in(Action.DECIDE_REPLIES)
def return_reply(reply_id: str) -> ResponseReturnValue:
    """Ask whoever wrote the reply to change it."""
    form = bodies.read(schemas.NoteSchema())
    reply_decisions.send_back(responding.get(reply_id), _me(), note=form["note"])
    return _next("The reply is back with the service.")


@pages.get("/flags")
@signed_in(Action.SETTLE_FLAGS)
def flags() -> str:
    """What readers report about published stories."""
    return render_template("staff/flags.html", **reports.describe_open(_me()))


@pages.post("/flags/<flag_id>")
@signed_in(Action.SETTLE_FLAGS)
def settle_flag(flag_id: str) -> ResponseReturnValue:
    """Close a report with a note."""
    form = bodies.read(schemas.NoteSchema())
    flagging.settle(flagging.get(flag_id), _me(), note=form["note"])
    flash("The report is settled.")
    return redirect(url_for(".flags"))


@pages.get("/answers")
@signed_in(Action.READ_OWN_STORIES)
def own_stories() -> str:
    """Published stories about one's own services, those that wait for an answer first."""
    page = min(max(request.args.get("page", 1, type=int), 1), answering.LAST_PAGE)
    return render_template("staff/my_stories.html", **answering.describe_list(_me(), page))


@pages.get("/answers/<own_id>")
@signed_in(Action.READ_OWN_STORIES)
def own_story(own_id: str) -> str:
    """One of them, with the form to answer it."""
    return _answer_screen(own_id)


@pages.post("/answers/<own_id>")
@signed_in(Action.WRITE_REPLIES)
def answer(own_id: str) -> ResponseReturnValue:
    """Send an answer to a moderator, who reads it before it shows."""
    own = answering.own_story(_me(), own_id)
    form = bodies.read(schemas.ReplySchema())
    responding.reply(own.story, form.pop("service"), form, by=_me())
    flash("Your reply is with a moderator. It shows under the story once they have read it.")
    return redirect(url_for(".own_story", own_id=own_id))


@pages.get("/changes")
@signed_in(Action.READ_OWN_STORIES)
def own_changes() -> str:
    """What one's own services said they change because of stories."""
    page = min(max(request.args.get("page", 1, type=int), 1), answering.LAST_PAGE)
    return render_template("staff/changes.html", **changing.describe_list(_me(), page))


@pages.get("/changes/new")
@signed_in(Action.RECORD_CHANGES)
def new_change() -> str:
    """The form to say what is planned or was made because of a story."""
    return _new_change_screen()


@pages.post("/changes/new")
@signed_in(Action.RECORD_CHANGES)
def record_change() -> ResponseReturnValue:
    """Send it to a moderator, who reads it before it shows."""
    form = bodies.read(schemas.NewChangeSchema())
    claim = changes.record(form.pop("service"), form.pop("stories"), form, by=_me())
    flash("A moderator reads it now. Then it shows under the stories, and their authors are told.")
    return redirect(url_for(".change", change_id=claim.change.public_id))


@pages.get("/changes/<change_id>")
@signed_in(Action.READ_OWN_STORIES)
def change(change_id: str) -> str:
    """One change, with the form to say what became of it or which stories it answers, too."""
    return _change_screen(change_id)


@pages.post("/changes/<change_id>")
@signed_in(Action.RECORD_CHANGES)
def go_on_with_change(change_id: str) -> ResponseReturnValue:
    """Send what became of it to a moderator."""
    own = changing.own_change(_me(), change_id)
    form = bodies.read(schemas.ChangeSchema())
    del form["service"]
    changes.go_on(own, form.pop("revision"), form.pop("stories"), form, by=_me())
    flash("A moderator reads it now. Until then, everyone reads what was shown before.")
    return redirect(url_for(".change", change_id=change_id))


@pages.get("/claims/<claim_id>")
@signed_in(Action.DECIDE_CHANGES)
def claim(claim_id: str) -> str:
    """What a service says it changes, before it shows."""
    return _claim_screen(claim_id)


@pages.post("/claims/<claim_id>/publish")
@signed_in(Action.DECIDE_CHANGES)
def publish_claim(claim_id: str) -> ResponseReturnValue:
    """Show it under the stories it answers."""
    change_decisions.publish(changes.get_claim(claim_id), _me())
    return _next("The change is shown under its stories.")


@pages.post("/claims/<claim_id>/return")
@signed_in(Action.DECIDE_CHANGES)
def return_claim(claim_id: str) -> ResponseReturnValue:
    """Ask the service to say it otherwise."""
    form = bodies.read(schemas.NoteSchema())
    change_decisions.send_back(changes.get_claim(claim_id), _me(), note=form["note"])
    return _next("What was said of the change is back with the service.")


@pages.get("/websites")
@signed_in(Action.KEEP_WEBSITES)
def websites() -> str:
    """The websites one keeps, and whether the embed lives on them."""
    return render_template("websites/list.html", **embedding.describe_list(_me()))


@pages.get("/websites/new")
@signed_in(Action.KEEP_WEBSITES)
def new_website() -> str:
    """The form to add a website."""
    return _new_website_screen()


@pages.post("/websites/new")
@signed_in(Action.KEEP_WEBSITES)
def add_website() -> ResponseReturnValue:
    """Let a website's pages send stories."""
    form = bodies.read(schemas.WebsiteSchema())
    organisation = embedding.organisation_for(_me(), form["organisation"])
    added = registration.register(form["name"], form["origins"], organisation, by=_me())
    flash("Its pages may send stories from now on. Choose below what they show, and copy the tag.")
    chosen: Any = request.args.to_dict(flat=False)
    return redirect(url_for(".website", **{**chosen, "site_key": added.site_key}))


@pages.get("/websites/<site_key>")
@signed_in(Action.KEEP_WEBSITES)
def website(site_key: str) -> ResponseReturnValue:
    """One website: whether the embed lives on it, what to paste, which origins it has."""
    return _website_screen(site_key), {"Content-Security-Policy": PREVIEWING_POLICY}


@pages.post("/websites/<site_key>")
@signed_in(Action.KEEP_WEBSITES)
def change_website(site_key: str) -> ResponseReturnValue:
    """Change a website's name and origins."""
    own = registration.get(_me(), site_key)
    form = bodies.read(schemas.WebsiteSchema(exclude=["organisation"]))
    registration.change(own, form["name"], form["origins"], by=_me())
    flash("The website is changed.")
    chosen: Any = request.args.to_dict(flat=False)
    return redirect(url_for(".website", **{**chosen, "site_key": site_key}))


@pages.errorhandler(Conflict)
@pages.errorhandler(InvalidInput)
def show_again(problem: Problem) -> ResponseReturnValue:
    """The screen the form stood on, with what was typed and what is wrong or has changed meanwhile."""
    if request.endpoint == "admin.add_website":
        return _new_website_screen(problem), problem.status
    if not request.view_args:
        return _new_change_screen(problem), problem.status
    screens = {
        "story_id": _story_screen,
        "reply_id": _reply_screen,
        "own_id": _answer_screen,
        "flag_id": _flags_screen,
        "change_id": _change_screen,
        "claim_id": _claim_screen,
        "site_key": _website_screen,
    }
    ((name, public_id),) = request.view_args.items()
    if name == "story_id" and desk.changed_since(public_id, request.form.get("revision", type=int)):
        # What was missing matters no more: there may be nothing left to decide.
        problem = desk.OVERTAKEN
    return screens[name](public_id, problem), problem.status


def _story_screen(story_id: str, problem: Problem | None = None) -> str:
    found = desk.find_story(story_id)
    read = request.form.get("revision", type=int)
    changed = history.since(found, read) if problem and read is not None else []
    refused = desk.form_of((request.endpoint or "").removeprefix("admin.")) if problem else None
    described = {**desk.describe_story(found, _me(), _public_url()), "flags": reports.of_story(found)}
    return render_template(
        "staff/story.html", **described, failed=refused, changed=changed, **_typed(problem)
    )


def _flags_screen(flag_id: str, problem: Problem | None = None) -> str:
    described = reports.describe_open(_me())
    return render_template("staff/flags.html", **described, failed=flag_id, **_typed(problem))


def _reply_screen(reply_id: str, problem: Problem | None = None) -> str:
    described = desk.describe_reply(responding.get(reply_id), _me(), _public_url())
    return render_template("staff/reply_review.html", **described, **_typed(problem))


def _answer_screen(own_id: str, problem: Problem | None = None) -> str:
    described = answering.describe_answer(answering.own_story(_me(), own_id), _me(), _public_url())
    return render_template("staff/reply.html", **{**described, **(_typed(problem) if problem else {})})


def _new_change_screen(problem: Problem | None = None) -> str:
    ids = _chosen_stories()
    described = changing.describe_new(_me(), ids, request.values.get("state", ""))
    return render_template("staff/change.html", **{**described, **_typed_change(problem, ids)})


def _change_screen(change_id: str, problem: Problem | None = None) -> str:
    ids = _chosen_stories()
    own = changing.own_change(_me(), change_id)
    described = changing.describe_change(own, _me(), _public_url(), ids)
    return render_template("staff/change.html", **{**described, **_typed_change(problem, ids)})


def _claim_screen(claim_id: str, problem: Problem | None = None) -> str:
    described = changing.describe_claim(changes.get_claim(claim_id), _me(), _public_url())
    return render_template("staff/change_review.html", **described, **_typed(problem))


def _new_website_screen(problem: Problem | None = None) -> str:
    described = embedding.describe_new(_me(), request.query_string.decode("ascii", "ignore"))
    return render_template("websites/new.html", **described, **_typed(problem))


def _website_screen(site_key: str, problem: Problem | None = None) -> str:
    described = embedding.describe_website(
        registration.get(_me(), site_key),
        request.args.to_dict(flat=False),
        current_app.extensions["tellback_embed"].whole.integrity,
        current_app.extensions["tellback_subjects"],
    )
    return render_template("websites/website.html", **{**described, **(_typed(problem) if problem else {})})


def _chosen_stories() -> list[str]:
    """The ids of stories that the address or the form names; what cannot be one of ours is left out."""
    named = [*request.args.getlist("story"), *request.form.getlist("stories")]
    return [name for name in dict.fromkeys(named) if name.isalnum()][: changes.MOST_STORIES]


def _typed_change(problem: Problem | None, story_ids: list[str]) -> dict[str, Any]:
    if problem is None:
        return {}
    return {**_typed(problem), "values": {**request.form.to_dict(), "stories": story_ids}}


def _typed(problem: Problem | None) -> dict[str, Any]:
    return {"problem": problem, "errors": problem.errors if problem else None, "values": request.form}


def _public_url() -> str:
    return str(current_app.config["SETTINGS"].public_url)


def _next(said: str) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(".stories"))


def _me() -> Account:
    account = current_account()
    assert account is not None, "routes that ask are behind signed_in"
    return account
