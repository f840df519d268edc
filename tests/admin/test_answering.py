"""A service answers, and a moderator reads the answer before it shows. Without JavaScript."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import decisions
from tellback.replies.models import Reply
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, make_account, tell_and_publish

# What these screens ask of a database is asked of both elsewhere (own stories, history, hostile input).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
ANSWER = {
    "responder_name": "Ruth Hall",
    "responder_role": "Matron",
    "body": "Thank you for telling us.\r\nWe moved the bell.",
}


def published(by: Account, **changes: object) -> Story:
    return tell_and_publish(by, **{"title": "A call at night", **changes})


def at(story: Story) -> str:
    return f"/admin/answers/{story.public_id}"


def test_a_responder_answers_and_a_moderator_publishes(
    signed_in: SignIn, stranger: Browser, moira: Account, ruth: Account
) -> None:
    story = published(moira)
    service, desk = signed_in(ruth), signed_in(moira)
    page = service.open("/admin/")
    assert "1 of 1 wait for an answer." in page.text
    page = service.send(service.open(at(story)).form(at(story)), **ANSWER)
    assert "Your reply is with a moderator." in page.text
    assert "With a moderator" in service.open("/admin/answers").text

    page = desk.open("/admin/stories")
    (link,) = (link for link in page.links if link.startswith("/admin/replies/"))
    page = desk.open(link)
    assert "We moved the bell." in page.text
    page = desk.send(page.form("/publish"))
    assert "The reply is published under its story." in page.text

    shown = stranger.open(f"/stories/{story.public_id}")
    assert "Response from St Elsewhere Hospital" in shown.text
    assert "Ruth Hall, Matron" in shown.text
    assert "Answered" in service.open("/admin/answers").text


def test_a_reply_goes_back_with_a_note_and_is_mended(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story = published(moira)
    service, desk = signed_in(ruth), signed_in(moira)
    service.send(service.open(at(story)).form(at(story)), **ANSWER)
    review = desk.open(f"/admin/replies/{Reply.get().public_id}")
    desk.send(review.form("/return"), note="Say when it was moved.")
    assert "Your reply came back" in service.open("/admin/answers").text
    page = service.open(at(story))
    assert "Say when it was moved." in page.text
    form = page.form(at(story))
    assert form.values["body"] == "Thank you for telling us.\nWe moved the bell."
    assert form.values["responder_role"] == "Matron"
    service.send(form, body="We moved the bell on Monday.")
    assert [reply.state for reply in Reply.select().order_by(Reply.id)] == ["returned", "submitted"]


def test_a_responder_of_two_services_says_which_one_answers(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story = published(moira, service=["RXH01", "RXH01-ward-5", "G81001"])
    service = signed_in(ruth)
    page = service.open(at(story))
    assert "Elm Surgery" not in page.html[page.html.index("<select") : page.html.index("</select>")]
    service.send(page.form(at(story)), service="RXH01-ward-5", lang="cy", **ANSWER)
    reply = Reply.get()
    assert (reply.service.code, reply.lang) == ("RXH01-ward-5", "cy")


@pytest.mark.parametrize("missing", ["body", "responder_name", "responder_role"])
def test_what_is_missing_is_said_and_what_was_typed_stays(
    missing: str, signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story, service = published(moira), signed_in(ruth)
    page = service.send(service.open(at(story)).form(at(story)), 422, **{**ANSWER, missing: " "})
    assert "is still empty" in page.text
    kept = page.form(at(story)).values
    for name in set(ANSWER) - {missing}:
        assert kept[name].split() == ANSWER[name].split()
    assert Reply.select().count() == 0


def test_a_note_is_needed_to_send_a_reply_back(signed_in: SignIn, moira: Account, ruth: Account) -> None:
    story, service, desk = published(moira), signed_in(ruth), signed_in(moira)
    service.send(service.open(at(story)).form(at(story)), **ANSWER)
    review = desk.open(f"/admin/replies/{Reply.get().public_id}")
    page = desk.send(review.form("/return"), 422, note="")
    assert "Say what should change." in page.text
    assert Reply.get().state == "submitted"


def test_the_second_decision_about_a_reply_is_refused_kindly(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story, service, desk = published(moira), signed_in(ruth), signed_in(moira)
    service.send(service.open(at(story)).form(at(story)), **ANSWER)
    review = desk.open(f"/admin/replies/{Reply.get().public_id}")
    desk.send(review.form("/publish"))
    page = desk.send(review.form("/return"), 409, note="Say when.")
    assert "Someone else has decided on this reply. Nothing was changed." in page.text
    assert "Say when." in page.text
    assert Reply.get().state == "published"


def test_a_story_taken_down_meanwhile_cannot_be_answered(
    signed_in: SignIn, moira: Account, ruth: Account
) -> None:
    story, service = published(moira), signed_in(ruth)
    form = service.open(at(story)).form(at(story))
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    service.send(form, 404, **ANSWER)
    assert Reply.select().count() == 0


def test_an_analyst_reads_the_list_and_is_offered_no_form(
    signed_in: SignIn, moira: Account, places: Places
) -> None:
    story = published(moira)
    analyst = signed_in(make_account("Anna", Role.ANALYST, places.hospital.organisation))
    assert "A call at night" in analyst.open("/admin/").text
    page = analyst.open(at(story))
    assert [form.action for form in page.forms] == ["/admin/sign-out"]


def test_someone_who_has_no_role_any_more_is_told(signed_in: SignIn, places: Places) -> None:
    account = make_account("Rue", Role.RESPONDER, places.hospital.organisation)
    account.memberships.model.delete().execute()
    page = signed_in(account).open("/admin/")
    assert "Nothing here for you yet" in page.text
    assert "To read" not in page.text
