"""Doors between people of one story: what each reads of it, and when a door closes.

Every route is tried by every role in `test_every_route_by_every_role`.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import flags
from tellback.replies import changes, responding
from tellback.replies.models import Reply
from tellback.stories.models import Story
from tests.admin.conftest import PASSWORD, Browser
from tests.people import Places, make_account, tell_and_publish

# What these screens ask of a database is asked of both elsewhere (own stories, history, hostile input).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
SECRET = "The bell was in the sluice room"
WRITTEN = {"responder_name": "R", "responder_role": "M", "body": SECRET, "lang": "en"}


@pytest.fixture
def story(app: Flask, moira: Account) -> Story:
    """A published story about St Elsewhere."""
    return tell_and_publish(moira)


@pytest.fixture
def reply(story: Story, ruth: Account) -> Reply:
    """St Elsewhere's answer, and what it says it changes, which no moderator has read yet."""
    said = {"state": "planned", "what": SECRET, "why": "", "on": "2027-01", "evidence": "", "lang": "en"}
    changes.record("RXH01", [story.public_id], said, by=ruth)
    flags.tell(story.public_id, "not_true", "")
    return responding.reply(story, "RXH01", WRITTEN, by=ruth)


def test_what_was_typed_until_the_session_was_over_is_given_back(
    signed_in: SignIn, stranger: Browser, moira: Account, story: Story
) -> None:
    form = signed_in(moira).open(f"/admin/stories/{story.public_id}").forms[-1]
    typed = {**form.values, "message": "Half an hour's <b>thought</b>."}
    # The browser without its session's cookie is a stranger's.
    ours = stranger.client.post(form.action, data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert ours.status_code == 400
    assert "You were signed out" in ours.text
    assert "Half an hour&#39;s &lt;b&gt;thought&lt;/b&gt;." in ours.text
    theirs = stranger.client.post(form.action, data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert theirs.status_code == 400
    assert "Half an hour" not in theirs.text


def test_a_form_sent_after_a_long_lunch_comes_back_filled_and_is_sent_once_one_has_signed_in_again(
    signed_in: SignIn, moira: Account, story: Story
) -> None:
    browser = signed_in(moira)
    form = browser.open(f"/admin/stories/{story.public_id}").form("/remove")
    clock.pin(clock.now() + timedelta(minutes=61))
    given_back = browser.send(form, 400, reason="identifies_someone", message="Their neighbour wrote.")
    assert "You were signed out" in given_back.text
    here = browser.open("/admin/sign-in").form("/admin/sign-in")
    browser.send(here, email=moira.email, password=PASSWORD)
    browser.send(given_back.form("/remove"))
    assert Story.get_by_id(story.id).state == "removed"


def test_of_a_shared_story_the_other_organisations_reply_stays_private(
    app: Flask, signed_in: SignIn, moira: Account, ruth: Account, gita: Account, places: Places
) -> None:
    shared = tell_and_publish(moira, service=["RXH01", "G81001"])
    responding.reply(shared, "RXH01", WRITTEN, by=ruth)
    browser = signed_in(gita)
    page = browser.open(f"/admin/answers/{shared.public_id}")
    assert SECRET not in page.html
    assert "with a moderator" not in page.text
    form = page.form(shared.public_id)
    form.values["service"] = "RXH01"
    browser.send(form, 403, responder_name="G", responder_role="P", body="Not mine to say")
    assert Reply.select().count() == 1


def test_an_analyst_of_it_reads_no_waiting_words_and_writes_none(
    signed_in: SignIn, places: Places, story: Story, reply: Reply
) -> None:
    browser = signed_in(make_account("Anna", Role.ANALYST, places.hospital.organisation))
    page = browser.open(f"/admin/answers/{story.public_id}")
    assert SECRET not in page.html
    assert not [form for form in page.forms if "/answers/" in form.action]
    assert SECRET not in browser.open("/admin/answers").html


def test_who_loses_a_role_loses_its_doors_at_once(
    app: Flask, signed_in: SignIn, moira: Account, story: Story, reply: Reply
) -> None:
    browser = signed_in(moira)
    browser.open("/admin/stories")
    moira.memberships.model.delete().execute()
    browser.open("/admin/stories", 403)
