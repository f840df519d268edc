"""The store: organisations, services, topics, what authors read of reasons, and block lists."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tellback.accounts.roles import Action
from tellback.accounts.sign_in import signed_in
from tellback.admin import answering, keeping_out, paragraphs, schemas, store_schemas, storing
from tellback.admin.doors import me, pages, stands_on, typed
from tellback.admin.exports import csv_answer
from tellback.audit import acts
from tellback.blocking import addresses, blocks, phrases
from tellback.errors import Conflict, Problem
from tellback.http import bodies
from tellback.moderation import templates
from tellback.organisations import catalogue, complaints, editing
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for
from tellback.stories import moved_services, topics
from tellback.translations.languages import SOURCE

# A filter is a few words; a longer one finds nothing anyway.
_LONGEST_Q = 200


def _show(template: str, here: str, **described: Any) -> str:
    """A screen of the store, in its frame; `here` is the list that it belongs to."""
    return render_template(f"staff/store/{template}.html", **storing.sections(me(), here), **described)


def _q() -> str:
    return request.args.get("q", "").strip()[:_LONGEST_Q]


def _page() -> int:
    return min(max(request.args.get("page", 1, type=int), 1), answering.LAST_PAGE)


def _with_typed(described: dict[str, Any], problem: Problem | None, **forms: str) -> dict[str, Any]:
    """A screen of several forms after one was refused: `forms` are where each one's values go, by its route.

    The refused form holds what was typed; the others hold what is kept.
    """
    failed = (request.endpoint or "").removeprefix("admin.") if problem else ""
    shown = {**described, **typed(problem), "values": described.get("now", {}), "failed": failed}
    if failed in forms:
        shown[forms[failed]] = request.form
    meanwhile = {
        described["labels"][name]: kept
        for name, kept in described.get("now", {}).items()
        if isinstance(problem, Conflict) and name in request.form and not _same(request.form[name], kept)
    }
    return {**shown, "meanwhile": meanwhile}


def _same(one: str, other: str) -> bool:
    # Browsers send line ends of their own.
    return one.split() == other.split()


def _organisation_screen(code: str, problem: Problem | None = None, **_named: int) -> str:
    described = storing.describe_organisation(editing.organisation(code))
    forms = {
        "change_organisation": "values",
        "name_organisation_contact": "contact",
        "let_organisation_answer": "typed_place",
    }
    return _show("organisation", "admin.organisations", **_with_typed(described, problem, **forms))


def _service_screen(code: str, problem: Problem | None = None) -> str:
    described = storing.describe_service(catalogue.get(code))
    forms = {"change_service": "values", "name_service_contact": "contact"}
    return _show("service", "admin.services", **_with_typed(described, problem, **forms))


def _new_service_screen(problem: Problem | None = None) -> str:
    described = storing.describe_new_service(request.args.get("parent", ""))
    return _show("service_new", "admin.services", **{**described, **(typed(problem) if problem else {})})


def _topics_screen(problem: Problem | None = None) -> str:
    described = storing.describe_topics(_q())
    return _show("topics", "admin.topics_list", **{**described, **(typed(problem) if problem else {})})


def _topic_screen(slug: str, problem: Problem | None = None) -> str:
    described = storing.describe_topic(topics.get(slug))
    return _show("topic", "admin.topics_list", **_with_typed(described, problem, rename_topic="values"))


def _reason_screen(kind: str, reason: str, problem: Problem | None = None) -> str:
    lang = paragraphs.known_language(request.args.get("lang", SOURCE))
    described = paragraphs.describe_reason(kind, paragraphs.named(reason), lang, request.form.get("text"))
    return _show("reason", "admin.reasons", **{**typed(problem), **described})


def _blocks_screen(problem: Problem | None = None, **_named: Any) -> str:
    asked = request.form.get("kind") or request.args.get("kind")
    kind = blocks.PHRASE if asked == blocks.PHRASE else blocks.ADDRESS
    described = keeping_out.describe_lists(kind, _q(), _page())
    failed = (request.endpoint or "").removeprefix("admin.") if problem else ""
    return _show(
        "blocks", "admin.blocks_list", **{**described, **typed(problem), "q": _q(), "failed": failed}
    )


@pages.get("/store")
@signed_in(Action.READ_STORE)
def store() -> str:
    """The parts of the store."""
    return _show("store", "admin.store", parts=storing.describe_store())


@pages.get("/organisations")
@signed_in(Action.READ_STORE)
def organisations() -> str:
    """Who runs services."""
    return _show("organisations", "admin.organisations", **storing.describe_organisations(_q(), _page()))


@pages.get("/organisations.csv")
@signed_in(Action.READ_STORE)
def organisations_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("organisations", storing.ORGANISATION_COLUMNS, storing.organisation_rows(_q()))


@pages.get("/organisations/<code>")
@signed_in(Action.READ_STORE)
def organisation(code: str) -> str:
    """One organisation: what it is called, who looks after its stories, where complaints go."""
    return _organisation_screen(code)


@pages.post("/organisations/<code>")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def change_organisation(code: str) -> ResponseReturnValue:
    """Set its name and who looks after its stories."""
    form = bodies.read(store_schemas.OrganisationSchema())
    editing.change_organisation(code, form.pop("revision"), form, by=acts.staff(me().id))
    return _back(".organisation", "The organisation is changed.", code=code)


@pages.post("/organisations/<code>/complaints")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def name_organisation_contact(code: str) -> ResponseReturnValue:
    """Say where complaints about all its services go, or name nobody any more."""
    return _named_contact(editing.organisation(code), ".organisation")


@pages.post("/organisations/<code>/answers-for")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def let_organisation_answer(code: str) -> ResponseReturnValue:
    """Let a charity or a patient group answer stories about a service or a topic, named as what it is."""
    form = bodies.read(store_schemas.LetInSchema())
    organisation = editing.organisation(code)
    answering_for.let_in(organisation, form["service"], form["topic"], by=acts.staff(me().id))
    return _back(".organisation", "It may answer these stories from now on.", code=code)


@pages.post("/organisations/<code>/answers-for/<int:let_in_id>/end")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def stop_organisation_answering(code: str, let_in_id: int) -> ResponseReturnValue:
    """Take that back."""
    answering_for.shut_out(editing.organisation(code), let_in_id, by=acts.staff(me().id))
    return _back(".organisation", "It answers these stories no more. What it answered stays.", code=code)


@pages.post("/organisations/<code>/register")
@signed_in(Action.KEEP_STORE)
@stands_on(_organisation_screen)
def let_register_say_organisation(code: str) -> ResponseReturnValue:
    """Take its name from the register again."""
    form = bodies.read(schemas.ReadSchema())
    editing.let_register_say(editing.organisation(code), form["revision"], by=acts.staff(me().id))
    return _back(".organisation", "The register says it again, once it is brought in next.", code=code)


@pages.get("/services")
@signed_in(Action.READ_STORE)
def services() -> str:
    """What stories are about."""
    state, cursor = request.args.get("state", ""), request.args.get("cursor")
    return _show("services", "admin.services", **storing.describe_services(_q(), state, cursor))


@pages.get("/services.csv")
@signed_in(Action.READ_STORE)
def services_file() -> Response:
    """The same list as a file to keep."""
    rows = storing.service_rows(_q(), request.args.get("state", ""))
    return csv_answer("services", storing.SERVICE_COLUMNS, rows)


@pages.get("/services/new")
@signed_in(Action.KEEP_STORE)
def new_service() -> str:
    """The form to name a service that no register lists."""
    return _new_service_screen()


@pages.post("/services/new")
@signed_in(Action.KEEP_STORE)
@stands_on(_new_service_screen)
def add_service() -> ResponseReturnValue:
    """Name it."""
    form = bodies.read(store_schemas.NewServiceSchema())
    added = editing.add_service(form, by=acts.staff(me().id))
    return _back(".service", f"It is added. Its code is {added.code}.", code=added.code)


@pages.get("/services/<code>")
@signed_in(Action.READ_STORE)
def service(code: str) -> str:
    """One service: all that is known of it, and where complaints about it go."""
    return _service_screen(code)


@pages.post("/services/<code>")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def change_service(code: str) -> ResponseReturnValue:
    """Set what is known of it."""
    form = bodies.read(store_schemas.ServiceSchema())
    moved_services.change_service(code, form.pop("revision"), form, by=acts.staff(me().id))
    return _back(".service", "The service is changed.", code=code)


@pages.post("/services/<code>/complaints")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def name_service_contact(code: str) -> ResponseReturnValue:
    """Say where complaints about it go, or name nobody any more."""
    return _named_contact(catalogue.get(code), ".service")


@pages.post("/services/<code>/state")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def open_or_close_service(code: str) -> ResponseReturnValue:
    """Close it, or open it again."""
    form = bodies.read(store_schemas.StateSchema())
    act, said = (
        (editing.close_service, "The service is closed. Its stories stay.")
        if form["to"] == "closed"
        else (editing.open_service, "The service is open again.")
    )
    act(code, form["revision"], by=acts.staff(me().id))
    return _back(".service", said, code=code)


@pages.post("/services/<code>/register")
@signed_in(Action.KEEP_STORE)
@stands_on(_service_screen)
def let_register_say_service(code: str) -> ResponseReturnValue:
    """Take what was set by hand from the register again."""
    form = bodies.read(schemas.ReadSchema())
    editing.let_register_say(catalogue.get(code), form["revision"], by=acts.staff(me().id))
    return _back(".service", "The register says it again, once it is brought in next.", code=code)


@pages.get("/topics")
@signed_in(Action.READ_STORE)
def topics_list() -> str:
    """What gathers stories across services."""
    return _topics_screen()


@pages.get("/topics.csv")
@signed_in(Action.READ_STORE)
def topics_file() -> Response:
    """The same list as a file to keep."""
    return csv_answer("topics", storing.TOPIC_COLUMNS, storing.topic_rows(_q()))


@pages.post("/topics")
@signed_in(Action.KEEP_STORE)
@stands_on(_topics_screen)
def add_topic() -> ResponseReturnValue:
    """Name a condition."""
    added = topics.name_new(bodies.read(store_schemas.NewTopicSchema())["name"], me())
    return _back(".topic", "The condition is offered from now on.", slug=added.slug)


@pages.get("/topics/<slug>")
@signed_in(Action.READ_STORE)
def topic(slug: str) -> str:
    """One condition."""
    return _topic_screen(slug)


@pages.post("/topics/<slug>")
@signed_in(Action.KEEP_STORE)
@stands_on(_topic_screen)
def rename_topic(slug: str) -> ResponseReturnValue:
    """Call it otherwise."""
    form = bodies.read(store_schemas.TopicSchema())
    topics.rename(slug, form["revision"], form["name"], me())
    return _back(".topic", "The condition has its new name. Its address stays.", slug=slug)


@pages.post("/topics/<slug>/state")
@signed_in(Action.KEEP_STORE)
@stands_on(_topic_screen)
def retire_or_restore_topic(slug: str) -> ResponseReturnValue:
    """Offer it no more, or again."""
    form = bodies.read(store_schemas.StateSchema())
    act, said = (
        (topics.retire, "It is offered no more. Its stories stay.")
        if form["to"] == "closed"
        else (topics.restore, "It is offered again.")
    )
    act(slug, form["revision"], me())
    return _back(".topic", said, slug=slug)


@pages.get("/reasons")
@signed_in(Action.READ_STORE)
def reasons() -> str:
    """Why stories are sent back, not published or taken down, and what authors read of it."""
    return _show("reasons", "admin.reasons", **paragraphs.describe_list(_q()))


@pages.get("/reasons.csv")
@signed_in(Action.READ_STORE)
def reasons_file() -> Response:
    """Every paragraph that was written, as a file to keep."""
    return csv_answer("reasons", paragraphs.COLUMNS, paragraphs.rows())


@pages.get("/reasons/<kind>/<reason>")
@signed_in(Action.READ_STORE)
def reason(kind: str, reason: str) -> str:
    """One reason in one language: what its author reads."""
    return _reason_screen(kind, reason)


@pages.post("/reasons/<kind>/<reason>")
@signed_in(Action.KEEP_STORE)
@stands_on(_reason_screen)
def write_reason(kind: str, reason: str) -> ResponseReturnValue:
    """Look at what an author would read, or let them read it."""
    form = bodies.read(store_schemas.ParagraphSchema())
    if form["step"] == "try":
        return _reason_screen(kind, reason)
    lang = paragraphs.known_language(request.args.get("lang", SOURCE))
    templates.write(kind, paragraphs.named(reason), lang, form["text"], form["revision"], me())
    said = "Authors read it from the next decision on." if form["text"] else "The paragraph is gone."
    return _back(".reason", said, kind=kind, reason=reason, lang=lang)


@pages.get("/blocks")
@signed_in(Action.READ_STORE)
def blocks_list() -> str:
    """Addresses that are kept out, or phrases that are marked."""
    return _blocks_screen()


@pages.get("/blocks.csv")
@signed_in(Action.READ_STORE)
def blocks_file() -> Response:
    """Both lists as a file to keep."""
    return csv_answer("blocks", keeping_out.COLUMNS, keeping_out.rows())


@pages.post("/blocks/addresses")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def block_address() -> ResponseReturnValue:
    """Keep an address out for a time."""
    form = bodies.read(store_schemas.BlockSchema(exclude=["phrase"]))
    by, own = acts.staff(me().id), request.remote_addr or ""
    addresses.block(form["address"], form["reason"], form["days"], by=by, own=own)
    return _back(".blocks_list", "It is kept out from now on. We have not kept the address itself.")


@pages.post("/blocks/phrases")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def block_phrase() -> ResponseReturnValue:
    """Mark a phrase for a time."""
    form = bodies.read(store_schemas.BlockSchema(exclude=["address"]))
    phrases.block(form["phrase"], form["reason"], form["days"], by=acts.staff(me().id))
    return _back(".blocks_list", "It is marked in stories from now on.", kind=blocks.PHRASE)


@pages.post("/blocks/ask")
@signed_in(Action.READ_STORE)
@stands_on(_blocks_screen)
def ask_address() -> ResponseReturnValue:
    """Say whether an address is blocked. In a form, so that no log of addresses holds it."""
    found = addresses.covering(bodies.read(store_schemas.AddressSchema())["asked"])
    said = "; ".join(f"until {one.until:%d %B %Y}: {one.reason}" for one in found)
    return _back(".blocks_list", f"It is blocked {said}" if found else "It is not blocked.")


@pages.post("/blocks/<int(max=2147483647):block_id>/lift")
@signed_in(Action.KEEP_STORE)
@stands_on(_blocks_screen)
def lift_block(block_id: int) -> ResponseReturnValue:
    """End a block before its time."""
    block = blocks.get(block_id)
    blocks.lift(block, by=acts.staff(me().id))
    return _back(".blocks_list", "It is ended.", kind=block.kind)


def _named_contact(place: Organisation | Service, route: str) -> ResponseReturnValue:
    form = bodies.read(store_schemas.ContactSchema())
    read, by = form.pop("revision"), acts.staff(me().id)
    if any(form.values()):
        editing.name_complaints_contact(place, read, form, by=by)
    else:
        editing.forget_complaints_contact(place, read, by=by)
    told = complaints.named_for(place)
    return _back(
        route, f"Complaints go to {told.name}." if told else "Nobody is named here.", code=place.code
    )


def _back(route: str, said: str, **to: Any) -> ResponseReturnValue:
    flash(said)
    return redirect(url_for(route, **to))
