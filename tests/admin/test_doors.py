"""Every staff address, tried by everyone: nobody sees another organisation's private matter."""

from collections.abc import Callable

import pytest
from flask import Flask

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import decisions, flags
from tellback.moderation.models import Flag
from tellback.replies import changes, responding
from tellback.replies.models import ChangeClaim, Reply
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both elsewhere (own stories, history, hostile input).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
SECRET = "The bell was in the sluice room"
WRITTEN = {"responder_name": "R", "responder_role": "M", "body": SECRET, "lang": "en"}


@pytest.fixture
def story(app: Flask, moira: Account) -> Story:
    """A published story about St Elsewhere."""
    made = tell().story
    decisions.open_for_review(made, moira)
    decisions.publish(made, made.revision, moira)
    return made


@pytest.fixture
def reply(story: Story, ruth: Account) -> Reply:
    """St Elsewhere's answer, and what it says it changes, which no moderator has read yet."""
    said = {"state": "planned", "what": SECRET, "why": "", "on": "2027-01", "evidence": "", "lang": "en"}
    changes.record("RXH01", [story.public_id], said, by=ruth)
    flags.tell(story.public_id, "not_true", "")
    return responding.reply(story, "RXH01", WRITTEN, by=ruth)


def addresses(app: Flask, story: Story, reply: Reply) -> dict[str, tuple[str, str]]:
    """Every staff address of the app by its endpoint, with one of its methods."""
    claim = ChangeClaim.get()
    ids = {
        "story_id": story.public_id,
        "own_id": story.public_id,
        "reply_id": reply.public_id,
        "change_id": claim.change.public_id,
        "claim_id": claim.public_id,
        "flag_id": Flag.get().public_id,
        "site_key": "st-elsewhere-test",
    }
    found = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("admin."):
                method = "POST" if "POST" in (rule.methods or ()) else "GET"
                parts = {name: ids[name] for name in rule.arguments}
                found[rule.endpoint] = (method, app.url_for(rule.endpoint, **parts))
    return found


MODERATORS = {
    "admin.stories", "admin.story", "admin.redact", "admin.redact_words", "admin.undo", "admin.publish",
    "admin.send_back", "admin.reject", "admin.remove", "admin.reply",
    "admin.publish_reply", "admin.return_reply", "admin.claim", "admin.publish_claim", "admin.return_claim",
    "admin.flags", "admin.settle_flag",
}  # fmt: skip
SERVICES = {
    "admin.own_stories", "admin.own_story", "admin.answer", "admin.own_changes", "admin.new_change",
    "admin.record_change", "admin.change", "admin.go_on_with_change",
}  # fmt: skip


WEBMASTERS = {
    "admin.websites", "admin.new_website", "admin.add_website", "admin.website", "admin.change_website",
}  # fmt: skip


def test_every_address_is_in_the_table(app: Flask, story: Story, reply: Reply) -> None:
    assert set(addresses(app, story, reply)) == {
        *MODERATORS,
        *SERVICES,
        *WEBMASTERS,
        "admin.start",
    }


def test_someone_not_signed_in_is_sent_to_sign_in(
    app: Flask, stranger: Browser, story: Story, reply: Reply
) -> None:
    for method, address in addresses(app, story, reply).values():
        answer = stranger.client.open(address, method=method)
        if method == "GET":
            assert answer.status_code == 302
            assert answer.location.startswith("/admin/sign-in?next=/admin/")
        else:
            assert answer.status_code == 400
        assert SECRET not in answer.text


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


def test_a_form_that_came_from_elsewhere_is_refused_everywhere(
    app: Flask, signed_in: SignIn, moira: Account, story: Story, reply: Reply
) -> None:
    browser = signed_in(moira)
    posts = [address for method, address in addresses(app, story, reply).values() if method == "POST"]
    assert len(posts) == 17
    for address in posts:
        answer = browser.client.post(address, data={"revision": story.revision, "reason": "not_genuine"})
        assert answer.status_code == 400
    assert Story.get_by_id(story.id).state == "published"
    assert Reply.get_by_id(reply.id).state == "submitted"


def _tried(browser: Browser, app: Flask, story: Story, reply: Reply, endpoints: set[str]) -> dict[str, int]:
    """The status of each, sent with this person's own good token."""
    token = browser.open("/admin/").form("/sign-out").values["csrf_token"]
    tried = {}
    for endpoint, (method, address) in addresses(app, story, reply).items():
        if endpoint in endpoints:
            data = {"csrf_token": token, "revision": "1"} if method == "POST" else None
            answer = browser.client.open(address, method=method, data=data)
            assert SECRET not in answer.text, f"{endpoint} shows the reply"
            tried[endpoint] = answer.status_code
    return tried


def test_a_responder_comes_to_no_moderators_address(
    app: Flask, signed_in: SignIn, ruth: Account, story: Story, reply: Reply
) -> None:
    assert set(_tried(signed_in(ruth), app, story, reply, MODERATORS | WEBMASTERS).values()) == {403}


def test_a_moderator_comes_to_no_services_address(
    app: Flask, signed_in: SignIn, moira: Account, story: Story, reply: Reply
) -> None:
    assert set(_tried(signed_in(moira), app, story, reply, SERVICES | WEBMASTERS).values()) == {403}


def test_a_webmaster_comes_to_websites_alone_and_to_no_other_organisations(
    app: Flask, signed_in: SignIn, places: Places, story: Story, reply: Reply
) -> None:
    # The hospital's website is the installation's, as the command line left it.
    browser = signed_in(make_account("Will", Role.WEBMASTER, places.hospital.organisation))
    assert set(_tried(browser, app, story, reply, MODERATORS | SERVICES).values()) == {403}
    tried = _tried(browser, app, story, reply, WEBMASTERS)
    assert tried == {
        "admin.websites": 200,
        "admin.new_website": 200,
        "admin.add_website": 422,
        "admin.website": 404,
        "admin.change_website": 404,
    }


def test_another_organisations_responder_reaches_nothing_of_it(
    app: Flask, signed_in: SignIn, gita: Account, story: Story, reply: Reply
) -> None:
    browser = signed_in(gita)
    assert set(_tried(browser, app, story, reply, MODERATORS).values()) == {403}
    tried = _tried(browser, app, story, reply, SERVICES)
    assert tried == {
        "admin.own_stories": 200,
        "admin.own_story": 404,
        "admin.answer": 404,
        "admin.own_changes": 200,
        "admin.new_change": 200,
        "admin.record_change": 422,
        "admin.change": 404,
        "admin.go_on_with_change": 404,
    }
    assert "No story about your services" in browser.open("/admin/answers").text


def test_of_a_shared_story_the_other_organisations_reply_stays_private(
    app: Flask, signed_in: SignIn, moira: Account, ruth: Account, gita: Account, places: Places
) -> None:
    shared = tell(service=["RXH01", "G81001"]).story
    decisions.open_for_review(shared, moira)
    decisions.publish(shared, shared.revision, moira)
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
    app: Flask, signed_in: SignIn, places: Places, story: Story, reply: Reply
) -> None:
    analyst = make_account("Anna", Role.ANALYST, places.hospital.organisation)
    tried = _tried(signed_in(analyst), app, story, reply, SERVICES - {"admin.own_changes", "admin.change"})
    assert tried == {
        "admin.own_stories": 200,
        "admin.own_story": 200,
        "admin.answer": 403,
        "admin.new_change": 403,
        "admin.record_change": 403,
        "admin.go_on_with_change": 403,
    }


def test_who_loses_a_role_loses_its_doors_at_once(
    app: Flask, signed_in: SignIn, moira: Account, story: Story, reply: Reply
) -> None:
    browser = signed_in(moira)
    browser.open("/admin/stories")
    moira.memberships.model.delete().execute()
    browser.open("/admin/stories", 403)
