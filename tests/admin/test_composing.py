"""A responder writes an answer with advice beside it, drafts, a second look, and time to take it back."""

import dataclasses
from collections.abc import Callable

import pytest
from flask import Flask

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.config import Settings
from tellback.moderation import decisions
from tellback.organisations.models import Organisation, Service
from tellback.replies.models import Reply, ReplyDraft
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, make_account, tell_and_publish

# What these screens ask of a database is asked of both elsewhere (tests/replies).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
ANSWER = {
    "responder_name": "Ruth Hall",
    "responder_role": "Matron",
    "body": "Thank you.\r\nWe moved the bell.",
}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As most installations have it: a reply waits half an hour."""
    return dataclasses.replace(settings, reply_minutes=30)


@pytest.fixture
def story(app: Flask, moira: Account) -> Story:
    """A published story about St Elsewhere."""
    return published(moira)


@pytest.fixture
def rita(places: Places) -> Account:
    """Ruth's colleague."""
    return make_account("Rita", Role.RESPONDER, places.hospital.organisation)


def published(by: Account, **told: object) -> Story:
    story = tell_and_publish(by, **{"title": "A call at night", **told})
    return Story.get_by_id(story.id)


def at(story: Story) -> str:
    return f"/admin/answers/{story.public_id}"


def pressed(browser: Browser, story: Story, press: str, status: int = 200, **typed: str) -> object:
    """Press another button of the composer than the one that sends."""
    form = browser.open(at(story)).form(at(story))
    form.action += press
    return browser.send(form, status, **typed)


def test_the_press_says_what_is_there_and_what_is_missing_and_keeps_what_was_typed(
    signed_in: SignIn, story: Story, ruth: Account
) -> None:
    service = signed_in(ruth)
    page = pressed(
        service, story, "/check", **{**ANSWER, "body": "Thank you. Looking at your records, I see it."}
    )
    assert "Found: Thanks them" in page.text
    assert "Not found: Says who you are" in page.text
    assert "“looking at your records”" in page.text
    assert page.form(at(story)).values["body"].startswith("Thank you. Looking")
    assert Reply.select().count() == ReplyDraft.select().count() == 0


def test_a_draft_is_there_for_a_colleague_who_looks_at_it(
    signed_in: SignIn, story: Story, ruth: Account, rita: Account
) -> None:
    service, colleague = signed_in(ruth), signed_in(rita)
    page = pressed(service, story, "/look", **ANSWER, colleague=str(rita.id))
    assert "Rita is asked to look at it." in page.text
    assert "Ruth is drafting" in colleague.open("/admin/answers").text
    page = colleague.open(at(story))
    assert "Ruth asks what you think" in page.text
    assert page.form(at(story)).values["body"] == "Thank you.\nWe moved the bell."
    page = colleague.send(page.form("/look/give"), 422, words="")
    assert "Write what you would change" in page.text
    form = page.form("/look/give")
    form.values["outcome"] = "good"
    colleague.send(form)
    assert "Rita says that it looks good." in service.open(at(story)).text


def test_two_who_write_at_once_both_keep_their_words(
    signed_in: SignIn, story: Story, ruth: Account, rita: Account
) -> None:
    service, colleague = signed_in(ruth), signed_in(rita)
    stale = service.open(at(story)).form(at(story))
    pressed(colleague, story, "/draft", **{**ANSWER, "body": "What Rita wrote."})
    for press in ("/draft", ""):
        stale.action = at(story) + press
        page = service.send(stale, 409, **{**ANSWER, "body": "What Ruth wrote."})
        assert "What Rita wrote." in page.text
        assert page.form(at(story)).values["body"] == "What Ruth wrote."
    assert ReplyDraft.get().body == "What Rita wrote."
    service.send(page.form(at(story)), body="What both wrote.")
    assert Reply.get().body == "What both wrote."


def test_a_reply_is_taken_back_mended_and_sent_on(signed_in: SignIn, story: Story, ruth: Account) -> None:
    service = signed_in(ruth)
    page = service.send(service.open(at(story)).form(at(story)), **ANSWER)
    assert "Your reply goes on in 30 minutes." in page.text
    assert "Sent, and goes on at 10:00 today" in page.text
    assert "Sent, can be taken back" in service.open("/admin/answers").text
    page = service.send(page.form("/take-back"))
    assert "It is a draft again." in page.text
    page = service.send(page.form(at(story)), body="Thank you. We moved the bell on Monday.")
    page = service.send(page.form("/send-now"))
    assert "Your reply is with a moderator." in page.text
    assert [reply.state for reply in Reply.select()] == ["submitted"]


def test_a_draft_is_thrown_away(signed_in: SignIn, story: Story, ruth: Account) -> None:
    service = signed_in(ruth)
    page = pressed(service, story, "/draft", **ANSWER)
    assert "Draft saved by Ruth" in page.text
    service.send(page.form("/draft/delete"))
    assert ReplyDraft.select().count() == 0


def test_words_for_a_story_that_ended_meanwhile_are_given_back(
    signed_in: SignIn, story: Story, ruth: Account, gita: Account, moira: Account
) -> None:
    service = signed_in(ruth)
    form = service.open(at(story)).form(at(story))
    pressed(service, story, "/draft", **{**ANSWER, "body": "An earlier draft."})
    written = {**ANSWER, "body": "An earlier reply.", "lang": "en"}
    Reply.create(
        public_id="kept",
        story=story,
        service=Service.get(Service.code == "RXH01"),
        state="kept",
        written_at=story.published_at,
        **written,
    )
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    page = service.send(form, 404, **ANSWER)
    assert "This story is not public any more" in page.text
    assert "We moved the bell." in page.html
    mine, theirs = service.open(at(story), 404).html, signed_in(gita).open(at(story), 404).html
    for words in ("An earlier draft.", "An earlier reply."):
        assert words in mine
        assert words not in theirs


def test_the_list_says_how_long_stories_wait_by_the_organisations_own_target(
    signed_in: SignIn, story: Story, ruth: Account, moira: Account
) -> None:
    service = signed_in(ruth)
    assert (
        "St Elsewhere NHS Trust means to answer within 7 working days." in service.open("/admin/answers").text
    )
    Organisation.update(reply_days=2).where(Organisation.code == "RXH").execute()
    # From Tuesday to the Monday after: four working days.
    Story.update(published_at=story.published_at.replace(day=17)).where(Story.id == story.id).execute()
    assert "late: 4 working days, target 2" in service.open("/admin/answers").text
    assert "There is none of these." in service.open("/admin/answers?show=answered").text
    assert "A call at night" in service.open("/admin/answers?show=waiting").text
    service.open("/admin/answers?show=nonsense")


def test_an_author_who_writes_welsh_is_answered_in_welsh(
    signed_in: SignIn, ruth: Account, moira: Account, app: Flask
) -> None:
    story = published(moira, lang="cy")
    page = signed_in(ruth).open(at(story))
    assert "Its author told it in Cymraeg." in page.text
    assert page.form(at(story)).values["lang"] == "cy"


def test_a_moderator_reads_afterwards_what_showed_at_once(
    signed_in: SignIn, story: Story, ruth: Account, moira: Account, places: Places
) -> None:
    Reply.create(
        public_id="fast",
        story=story,
        service=places.hospital,
        account=ruth,
        state="published",
        fast_track="unread",
        written_at=story.published_at,
        published_at=story.published_at,
        lang="en",
        **ANSWER,
    )
    desk = signed_in(moira)
    assert "to be read afterwards: 1" in desk.open("/admin/stories").text
    page = desk.open("/admin/replies/fast")
    assert "Every rule of the fast track held:" in page.text
    assert "It may say that something changes." in page.text
    page = desk.send(page.form("/read"))
    assert "to be read afterwards" not in desk.open("/admin/stories").text


def test_an_administrator_lets_a_charity_answer_and_says_its_target(
    signed_in: SignIn, app: Flask, places: Places
) -> None:
    anna = signed_in(make_account("Anna", Role.ADMINISTRATOR))
    page = anna.open("/admin/organisations/G81001")
    page = anna.send(page.form("/organisations/G81001"), 422, reply_days="0")
    assert "Give a whole number from 1 to 60." in page.text
    page = anna.send(page.form("/organisations/G81001"), kind="charity", reply_days="5")
    assert (places.surgery.organisation.get_by_id(places.surgery.organisation_id).reply_days) == 5
    page = anna.send(page.form("/answers-for"), 422, service="nowhere")
    page = anna.send(page.form("/answers-for"), service="RXH01", topic="")
    assert "St Elsewhere Hospital (RXH01)" in page.text
    page = anna.send(page.form("/end"))
    assert "It answers these stories no more." in page.text


def test_a_token_is_made_shown_once_and_revoked(signed_in: SignIn, app: Flask, ruth: Account) -> None:
    service = signed_in(ruth)
    page = service.open("/admin/account")
    assert "/admin/account/tokens" in page.links
    page = service.send(service.open("/admin/account/tokens").form("/tokens"), name="Our feedback system")
    assert "tellback_" in page.text
    page = service.open("/admin/account/tokens")
    assert "tellback_" not in page.text
    page = service.send(page.form("/revoke"))
    assert "The token is revoked." in page.text
