"""A service records what it changes, and a moderator reads it before it shows. Without JavaScript."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import change_decisions
from tellback.replies import changes
from tellback.replies.models import ChangeClaim, ServiceChange
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, make_account, tell_and_publish

SignIn = Callable[[Account], Browser]
WHAT = "Bells that can be reached from every bed."
FORM = {"what": WHAT, "on_month": "1", "on_year": "2027"}
SAID = {"state": "planned", "what": WHAT, "why": "", "on": "2027-01", "evidence": "", "lang": "en"}
sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def published(by: Account, **told: object) -> Story:
    return tell_and_publish(by, **{"title": "Nobody heard me", **told})


def recorded(by: Account, *stories: Story, shown_by: Account | None = None, **said: str) -> ServiceChange:
    claim = changes.record("RXH01", [s.public_id for s in stories], {**SAID, **said}, by=by)
    if shown_by:
        change_decisions.publish(claim, shown_by)
    return claim.change


def review_of(desk: Browser) -> str:
    """The address of the one claim in the queue."""
    (link,) = (link for link in desk.open("/admin/stories").links if "/admin/claims/" in link)
    return link


def test_a_responder_plans_and_makes_a_change_and_a_moderator_reads_both(
    signed_in: SignIn, stranger: Browser, moira: Account, ruth: Account
) -> None:
    story = published(moira)
    service, desk = signed_in(ruth), signed_in(moira)
    answer = service.open(f"/admin/answers/{story.public_id}")
    (plan,) = (link for link in answer.links if link.endswith("state=planned"))
    page = service.open(plan)
    form = page.form("/changes/new")
    assert (form.values["state"], form.values["stories"]) == ("planned", story.public_id)
    assert "It shows as a change of St Elsewhere Hospital." in page.text
    page = service.send(form, **FORM)
    assert "A moderator reads it now." in page.text
    assert [f.action for f in page.forms] == ["/admin/sign-out"], "nothing more is said while it is read"
    assert "With a moderator" in service.open("/admin/changes").text
    assert "with a moderator" in service.open(f"/admin/answers/{story.public_id}").text

    page = desk.open(review_of(desk))
    assert "Change planned: St Elsewhere Hospital" in page.text
    assert "Nobody heard me" in page.text
    desk.send(page.form("/publish"))
    shown = stranger.open(f"/stories/{story.public_id}")
    assert f"Change planned {WHAT}" in shown.text
    assert "planned for January 2027" in shown.text

    page = service.open(f"/admin/changes/{ServiceChange.get().public_id}")
    form = page.form(ServiceChange.get().public_id)
    assert "state" not in form.values, "what became of it is not guessed"
    assert form.values["what"] == WHAT
    service.send(
        form, state="made", what="Every bed has its bell.", on_day="20", on_month="11", on_year="2026"
    )
    assert "Change planned" in stranger.open(f"/stories/{story.public_id}").text
    page = desk.open(review_of(desk))
    assert "What everyone reads until then" in page.text
    desk.send(page.form("/publish"))
    shown = stranger.open(f"/stories/{story.public_id}")
    assert "Change made Every bed has its bell." in shown.text
    assert "made on 20 November 2026" in shown.text
    assert "planned" not in shown.text


@sqlite_alone
def test_what_came_back_is_mended(signed_in: SignIn, moira: Account, ruth: Account) -> None:
    story = published(moira)
    change = recorded(ruth, story)
    service, desk = signed_in(ruth), signed_in(moira)
    review = desk.open(review_of(desk))
    page = desk.send(review.form("/return"), 422, note="")
    assert "Say what should change." in page.text
    desk.send(review.form("/return"), note="Which beds?")
    assert "Came back" in service.open("/admin/changes").text
    assert "came back: Which beds?" in service.open(f"/admin/answers/{story.public_id}").text
    page = service.open(f"/admin/changes/{change.public_id}")
    form = page.form(change.public_id)
    assert "Which beds?" in page.text
    kept = ("state", "what", "on_day", "on_month", "on_year", "stories")
    assert [form.values.get(name, "") for name in kept] == [
        "planned", WHAT, "", "01", "2027", story.public_id,
    ]  # fmt: skip
    service.send(form, what="Bells at beds 1 to 24.")
    assert [claim.review for claim in ChangeClaim.select().order_by(ChangeClaim.id)] == [
        "returned",
        "waiting",
    ]


@sqlite_alone
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"what": " "}, "Say what the change is"),
        ({"on_month": "", "on_year": ""}, "Say when: the month is enough."),
        ({"on_month": "13"}, "There is no such date."),
        ({"on_month": "May"}, "There is no such date."),
        ({"on_year": "2025"}, "That is over."),
        ({"evidence": "http://x.example"}, "it begins with https://"),
        ({"what": "x" * 501}, "may have up to 500 characters. It has 501."),
        ({"lang": "tlh"}, "Choose the language you write in."),
        ({"on_day": "1" * 30}, "Check the date."),
        ({"stories": "bcdf"}, "Choose again."),
        ({"state": "done"}, "Say which it is"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    typed: dict[str, str], said: str, signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story, service = published(moira), signed_in(ruth)
    page = service.open(f"/admin/changes/new?story={story.public_id}&state=planned")
    form = page.form("/changes/new")
    given = {**FORM, "why": "Three of you asked.", "evidence": "https://www.example.org/", **typed}
    page = service.send(form, 422, **given)
    assert said in page.text
    kept = page.form("/changes/new").values
    # What a list does not offer cannot be shown as chosen; all that can be typed is there again.
    for name in set(given) - {"lang", "stories", "state"}:
        assert kept[name].strip() == given[name].strip(), name
    assert ServiceChange.select().count() == 0


@sqlite_alone
def test_nothing_typed_is_lost_when_a_colleague_was_first(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    change = recorded(ruth, published(moira), shown_by=moira)
    service = signed_in(ruth)
    form = service.open(f"/admin/changes/{change.public_id}").form(change.public_id)
    changes.go_on(changes.get(change.public_id), 1, [], {**SAID, "what": "Another's words"}, by=ruth)
    page = service.send(form, 409, state="made", what="My words", on_month="11", on_year="2026")
    assert "A moderator is reading what was said last." in page.text
    assert "You had written: “My words”" in page.text
    again = service.open("/admin/changes/new").form("/changes/new")
    service.send(again, state="planned", stories=Story.get().public_id, **FORM)
    page = service.send(again, 409, state="planned", stories=Story.get().public_id, **FORM)
    assert "It was not sent a second time." in page.text


@sqlite_alone
def test_a_change_of_a_ward_or_of_the_hospital_above_it(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story = published(moira, service=["RXH01-ward-5", "G81001"])
    service = signed_in(ruth)
    page = service.open(f"/admin/changes/new?story={story.public_id}&state=made")
    chosen = page.html[page.html.index('<select class="nhsuk-select" id="service"') :].split("</select>")[0]
    assert "Ward 5" in chosen
    assert "St Elsewhere Hospital" in chosen
    assert "Elm Surgery" not in chosen
    form = page.form("/changes/new")
    service.send(form, service="RXH01", **{**FORM, "on_month": "10", "on_year": "2026"})
    assert ServiceChange.get().service.code == "RXH01"


@sqlite_alone
def test_a_story_is_added_to_a_change_recorded_before(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    first = published(moira)
    change = recorded(ruth, first, shown_by=moira, state="made", on="2026-11")
    second = published(moira, title="I rang and rang")
    service, desk = signed_in(ruth), signed_in(moira)
    page = service.open(f"/admin/changes/new?story={second.public_id}")
    (link,) = (link for link in page.links if f"/admin/changes/{change.public_id}?story=" in link)
    form = service.open(link).form(change.public_id)
    assert (form.values["state"], form.values["stories"]) == ("made", second.public_id)
    service.send(form)
    page = desk.open(review_of(desk))
    assert "Nobody heard me · shown there already I rang and rang · new" in page.text
    desk.send(page.form("/publish"))
    assert len(changes.changes_of([second.id], "-")[second.id]) == 1
    page = service.open(f"/admin/changes/new?story={second.public_id}")
    assert "Recorded already?" not in page.text, "it stands under that change now"


@sqlite_alone
def test_another_organisations_change_is_not_there(
    signed_in: SignIn, moira: Account, ruth: Account, gita: Account
) -> None:
    change = recorded(ruth, published(moira), shown_by=moira)
    stranger = signed_in(gita)
    stranger.open(f"/admin/changes/{change.public_id}", 404)
    assert "No change has been recorded yet." in stranger.open("/admin/changes").text
    page = stranger.open("/admin/changes/new")
    assert "No story about your services has been published yet." in page.text


@sqlite_alone
def test_the_second_decision_about_a_change_is_refused_kindly(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    recorded(ruth, published(moira))
    desk = signed_in(moira)
    review = desk.open(review_of(desk))
    desk.send(review.form("/publish"))
    page = desk.send(review.form("/return"), 409, note="Too late.")
    assert "Someone else has decided on this change." in page.text
    assert "Too late." in page.text
    assert "Someone has decided on this already." in page.text


@sqlite_alone
def test_a_moderator_with_a_role_there_is_told_why_they_do_not_decide(
    signed_in: SignIn, places: Places, moira: Account, ruth: Account
) -> None:
    from tellback.accounts.models import Membership

    recorded(ruth, published(moira))
    beth = make_account("Beth", Role.MODERATOR)
    Membership.create(account=beth, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    page = signed_in(beth).open(f"/admin/claims/{ChangeClaim.get().public_id}")
    assert "You have a role at St Elsewhere NHS Trust" in page.text
    assert [form.action for form in page.forms] == ["/admin/sign-out"]


@sqlite_alone
def test_an_analyst_reads_and_is_offered_no_form(
    signed_in: SignIn, places: Places, moira: Account, ruth: Account
) -> None:
    change = recorded(ruth, published(moira), shown_by=moira)
    analyst = signed_in(make_account("Anna", Role.ANALYST, places.hospital.organisation))
    page = analyst.open("/admin/changes")
    assert WHAT in page.text
    assert "Record a change" not in page.text
    page = analyst.open(f"/admin/changes/{change.public_id}")
    assert [form.action for form in page.forms] == ["/admin/sign-out"]


def test_the_list_begins_with_what_needs_its_service(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story = published(moira)
    recorded(ruth, story, shown_by=moira, what="made", state="made", on="2026-10")
    recorded(ruth, story, shown_by=moira, what="planned for spring", on="2027-03")
    recorded(ruth, story, shown_by=moira, what="planned for winter", on="2027-01")
    back = recorded(ruth, story, what="came back").claims.get()
    change_decisions.send_back(back, moira, note="Why?")
    recorded(ruth, story, what="waits")
    page = signed_in(ruth).open("/admin/changes").text
    places = [page.index(what) for what in ("came back", "winter", "spring", "waits", "made Ward")
              if what in page]  # fmt: skip
    assert places == sorted(places)
    assert "Changes: 5 of 5" in page


@sqlite_alone
def test_a_planned_change_past_its_date_is_marked(signed_in: SignIn, moira: Account, ruth: Account) -> None:
    from datetime import timedelta

    from tellback import clock

    recorded(ruth, published(moira), shown_by=moira, on="2026-11")
    service = signed_in(ruth)
    assert "past its date" not in service.open("/admin/changes").text
    clock.pin(clock.now() + timedelta(days=8))
    assert "It is past its date. Say what became of it." in signed_in(ruth).open("/admin/changes").text


def test_hostile_words_and_numbers_are_shown_as_text_or_refused(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    change = recorded(ruth, published(moira, title="<b>Bold</b>"), shown_by=moira, what="<script>x</script>")
    published(moira, title="<i>Another</i>")
    service = signed_in(ruth)
    form = service.open(f"/admin/changes/{change.public_id}").form(change.public_id)
    for typed in ({"revision": str(10**30)}, {"what": "\0"}, {"stories": "\0"}, {"on_year": "٢٠٢٧"}):
        page = service.send(form, 422, **{"state": "planned", **FORM, **typed})
        assert "<script>x" not in page.html
        assert "<b>Bold" not in page.html
        assert "<i>Another" not in page.html
    for address in ("/admin/changes/bcdf", "/admin/changes/%00"):
        service.open(address, 404)
    service.open(f"/admin/changes/{change.public_id}?story=%00")
    service.open("/admin/changes/new?story=%00&state=%00")
    signed_in(moira).open("/admin/claims/bcdf", 404)
