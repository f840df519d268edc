"""A reader reports a story; moderators settle it; the story stays until one of them decides."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.moderation import decisions, flags
from tellback.moderation.models import Flag
from tellback.stories.models import Story
from tellback.troubles import OUT_OF_REACH
from tests.people import ORIGIN, Places, tell, tell_and_publish


@pytest.fixture
def story(client: FlaskClient, moira: Account) -> Story:
    """A published story."""
    return tell_and_publish(moira, title="A quiet night")


def report(client: FlaskClient, story: Story, origin: str | None = ORIGIN, **sent: Any) -> TestResponse:
    headers = {"Origin": origin} if origin else {}
    return client.post(f"/api/v1/stories/{story.public_id}/flags", headers=headers, **sent)


def test_a_report_waits_for_a_moderator_and_the_story_stays(client: FlaskClient, story: Story) -> None:
    response = report(client, story, data={"reason": "names_someone", "words": "The nurse\r\nis my aunt."})
    assert (response.status_code, response.get_json()) == (201, {"state": "received"})
    assert "Set-Cookie" not in response.headers
    (flag,) = flags.open_flags()
    assert (flag.story, flag.reason, flag.words) == (story, "names_someone", "The nurse\nis my aunt.")
    assert (flag.urgent, flag.times, flag.told_at) == (False, 1, clock.now())
    assert client.get(f"/api/v1/stories/{story.public_id}").get_json()["state"] == "published"
    (told,) = [event for event in time_line("story", story.public_id) if event.act == "flag:state:told"]
    assert (told.actor_kind, told.detail) == ("reader", {"flag": flag.public_id})


def test_json_will_do_and_words_may_be_left_out(client: FlaskClient, story: Story) -> None:
    assert report(client, story, json={"reason": "other"}).status_code == 201
    assert Flag.get().words == ""


def test_the_same_again_counts_on_the_open_report(client: FlaskClient, story: Story, moira: Account) -> None:
    for words in ("", "", "It was not so."):
        report(client, story, data={"reason": "not_true", "words": words})
    assert sorted((flag.words, flag.times) for flag in flags.open_flags()) == [("", 2), ("It was not so.", 1)]
    flags.settle(Flag.get(Flag.words == ""), moira, note="It is what they lived.")
    report(client, story, data={"reason": "not_true"})
    assert flags.open_count() == 2


def test_what_is_wrong_is_said_by_field(client: FlaskClient, story: Story) -> None:
    for sent, field, said in (
        ({"words": "It is."}, "reason", "Choose a reason from the list."),
        ({"reason": "dull"}, "reason", "Choose a reason from the list."),
        ({"reason": "other", "words": "x" * 1001}, "words", "may have up to 1,000 characters"),
        ({"reason": "other", "wrods": "x"}, "wrods", "We do not know this field."),
    ):
        response = report(client, story, data=sent)
        assert response.status_code == 422
        assert said in response.get_json(force=True)["errors"][field][0]
    assert Flag.select().count() == 0


def test_only_a_story_that_can_be_read_can_be_reported(client: FlaskClient, story: Story) -> None:
    withdraw(story)
    for other in (story, tell().story, Story(public_id="nothing")):
        assert report(client, other, data={"reason": "other"}).status_code == 404


def test_it_is_sent_from_allowed_pages_only(client: FlaskClient, story: Story) -> None:
    answers = {"https://elsewhere.example": 403, "null": 201, "https://stories.example": 201, ORIGIN: 201}
    for origin, status in answers.items():
        assert report(client, story, origin, data={"reason": "other"}).status_code == status, origin


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_script_is_held_to_ten_an_hour(client: FlaskClient, story: Story) -> None:
    sent = {"data": {"reason": "other"}}
    assert [report(client, story, None, **sent).status_code for _ in range(11)] == [201] * 10 + [429]
    assert report(client, story, **sent).status_code == 201


def test_danger_comes_first_then_the_longest_waiting(client: FlaskClient, story: Story) -> None:
    for reason, words in (("not_true", ""), ("other", "She says she wants to kill herself."), ("unsafe", "")):
        flags.tell(story.public_id, reason, words)
    assert [flag.reason for flag in flags.open_flags()] == ["other", "unsafe", "not_true"]


def test_a_moderator_settles_it_with_a_note(story: Story, moira: Account, ruth: Account) -> None:
    flag = flags.tell(story.public_id, "not_true", "")
    with pytest.raises(InvalidInput):
        flags.settle(flag, moira, note="  ")
    with pytest.raises(InvalidInput):
        flags.settle(flag, moira, note="x" * 1001)
    with pytest.raises(NotAllowed):
        flags.settle(flag, ruth, note="It never happened.")
    flags.settle(flag, moira, note=" I asked the ward. ")
    with pytest.raises(Conflict):
        flags.settle(flag, moira, note="Once more.")
    settled = flags.get(flag.public_id)
    assert (settled.state, settled.note, settled.settled_by) == ("settled", "I asked the ward.", moira)
    assert settled.settled_at == clock.now()
    acts = [event.act for event in time_line("story", story.public_id)]
    assert acts[-2:] == ["flag:state:told", "flag:state:settled"]
    assert Story.get_by_id(story.id).state == "published"


def test_a_moderator_with_a_role_there_may_not_settle_it(
    story: Story, moira: Account, places: Places
) -> None:
    Membership.create(account=moira, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    with pytest.raises(NotAllowed, match="You have a role at St Elsewhere NHS Trust"):
        flags.settle(flags.tell(story.public_id, "other", ""), moira, note="Nothing is wrong.")


def test_a_story_that_is_gone_takes_its_reports_along(story: Story, moira: Account) -> None:
    flags.tell(story.public_id, "not_true", "")
    decisions.remove(story, story.revision, moira, reason="not_genuine", message="")
    flag = Flag.get()
    assert (flag.state, flag.note, flag.settled_by) == ("settled", "The story was taken down.", moira)


def test_a_story_that_its_author_took_back_does_too(story: Story) -> None:
    flags.tell(story.public_id, "not_true", "")
    withdraw(story)
    flag = Flag.get()
    assert (flag.state, flag.note, flag.settled_by) == ("settled", "Its author took the story back.", None)


OWN = {"Origin": "https://stories.example"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_to_report_a_story_needs_no_script(client: FlaskClient, story: Story) -> None:
    page = f"/stories/{story.public_id}/report"
    form = client.get(page).text
    assert "A quiet night" in form
    assert form.count('type="radio"') == len(flags.REASONS) == 7
    answer = client.post(page, data={"reason": "abusive", "words": "It shouts."}, headers=OWN)
    assert (answer.status_code, answer.location) == (303, f"{page}?sent=yes")
    assert "A moderator reads your report" in client.get(answer.location).text
    assert [flag.reason for flag in flags.open_flags()] == ["abusive"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_was_typed_is_lost(client: FlaskClient, story: Story) -> None:
    page, typed = f"/stories/{story.public_id}/report", {"words": "It shouts <loudly>."}
    without_reason = client.post(page, data=typed, headers=OWN)
    assert without_reason.status_code == 422
    assert "Choose a reason from the list." in without_reason.text
    for _ in range(29):
        client.post(page, data={"reason": "other"}, headers=OWN)
    limited = client.post(page, data={"reason": "abusive", **typed}, headers=OWN)
    assert limited.status_code == 429
    withdraw(story)
    clock.pin(clock.now().replace(hour=12))
    gone = client.post(page, data={"reason": "abusive", **typed}, headers=OWN)
    assert gone.status_code == 404
    for answer in (without_reason, limited, gone):
        assert "It shouts &lt;loudly&gt;." in answer.text
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("error", OUT_OF_REACH)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_the_database_cannot_be_written_every_word_is_given_back(
    client: FlaskClient, story: Story, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def away(*_: object, **__: object) -> None:
        raise error("out of reach")

    monkeypatch.setattr(flags, "tell", away)
    page = f"/stories/{story.public_id}/report"
    refused = client.post(page, data={"reason": "abusive", "words": "It shouts <loudly>."}, headers=OWN)
    assert refused.status_code == 503
    assert "It shouts &lt;loudly&gt;." in refused.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_changes_its_language_with_what_was_typed(client: FlaskClient, story: Story) -> None:
    page = f"/stories/{story.public_id}/report?lang=cy"
    answer = client.post(page, data={"step": "change", "words": "It shouts."}, headers=OWN)
    assert answer.status_code == 200
    assert 'lang="cy"' in answer.text
    assert "It shouts." in answer.text
    assert flags.open_count() == 0
