"""What a machine does to a form and a person does not: marked for the desk, and refused to nobody."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.blocking import phrases
from tellback.http import limits, pressure, traps
from tellback.moderation import flags
from tellback.moderation.models import Case, Flag
from tellback.stories.models import Story, StoryFinding
from tests.people import ORIGIN, a_story, tell_and_publish
from tests.proofs import TIGHT

# Fields of forms and signatures: the same on both engines.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPENED = re.compile(r'name="opened" value="([^"]+)"')
ON_PAGE = {"step": "send", "way": "short"}


@pytest.fixture
def pressed(calm: None, monkeypatch: pytest.MonkeyPatch, client: FlaskClient) -> FlaskClient:
    """A client whose next story comes under pressure."""
    monkeypatch.setattr(limits, "PRESSURE", TIGHT)
    opened = form(client)
    wait(60)
    assert client.post("/tell", data=a_story(**ON_PAGE, opened=opened)).status_code == 200
    return client


@pytest.fixture
def published(client: FlaskClient, moira: Account) -> Story:
    """A published story."""
    return tell_and_publish(moira, title="A quiet night")


def form(client: FlaskClient, address: str = "/tell?service=RXH01&way=short") -> str:
    """When a form was opened, as it says itself."""
    found = OPENED.search(client.get(address).text)
    assert found
    return found[1]


def wait(seconds: float) -> None:
    clock.pin(clock.now() + timedelta(seconds=seconds))


def marks() -> list[str]:
    """The rules that mark the newest story as one of a machine."""
    newest = Story.select().order_by(Story.id.desc()).first()
    found = StoryFinding.select().where(StoryFinding.kind == "machine").order_by(StoryFinding.id)
    return [one.rule for one in found if one.version.story == newest]


def test_a_person_who_takes_a_minute_is_not_marked(client: FlaskClient) -> None:
    opened = form(client)
    wait(60)
    assert client.post("/tell", data=a_story(**ON_PAGE, opened=opened, subject="")).status_code == 200
    assert marks() == []


def test_what_fills_the_field_nobody_sees_is_kept_and_marked(client: FlaskClient) -> None:
    opened = form(client)
    wait(60)
    for send in (
        lambda: client.post("/tell", data=a_story(**ON_PAGE, opened=opened, subject="Cheap watches")),
        lambda: client.post("/api/v1/stories", data=a_story(subject="Watches"), headers={"Origin": ORIGIN}),
    ):
        assert send().status_code in (200, 201)
        assert marks() == [traps.FILLED]
    assert Story.select().count() == 2


def test_what_is_sent_within_seconds_is_kept_and_marked(client: FlaskClient) -> None:
    opened = form(client)
    wait(traps.LEAST["story"] - 1)
    assert client.post("/tell", data=a_story(**ON_PAGE, opened=opened)).status_code == 200
    assert marks() == [traps.TOO_SOON]


@pytest.mark.parametrize(
    "after",
    [
        # A tab that came back, a draft of last week, a clock that was put back, a form of a month ago.
        timedelta(hours=9),
        timedelta(days=7),
        timedelta(hours=-1),
        timedelta(days=40),
    ],
)
def test_no_time_but_seconds_marks_anybody(client: FlaskClient, after: timedelta) -> None:
    opened = form(client)
    clock.pin(clock.now() + after)
    assert client.post("/tell", data=a_story(**ON_PAGE, opened=opened)).status_code == 200
    assert marks() == []


@pytest.mark.parametrize("opened", [None, "", "soon", "1764000000.0123", "²³.4", "9" * 400, "1764000000"])
def test_a_moment_that_is_not_ours_says_nothing(client: FlaskClient, opened: str | None) -> None:
    sent = a_story(**ON_PAGE) | ({} if opened is None else {"opened": opened})
    assert client.post("/tell", data=sent).status_code == 200
    assert marks() == []


def test_the_moment_of_one_form_is_none_of_another(app: Flask) -> None:
    with app.app_context():
        assert traps.keep(report := traps.stamp("report"), "report") == report
        wait(1)
        assert traps.keep(report, "story") == traps.stamp("story")


def test_the_form_carries_its_moment_from_page_to_page(client: FlaskClient) -> None:
    opened = form(client)
    wait(60)
    check = client.post("/tell", data=a_story(step="check", way="short", opened=opened, subject="x"))
    assert OPENED.findall(check.text) == [opened]
    # Sent on as it came, once: a field that comes twice would be refused.
    assert check.text.count('name="subject"') == 1
    again = client.post("/tell", data=a_story(step="change", way="short", opened=opened, subject="x"))
    assert again.text.count('name="subject"') == 1


def test_the_field_nobody_sees_is_out_of_everyones_way(client: FlaskClient, published: Story) -> None:
    at = f"/stories/{published.public_id}"
    for address in ("/tell?service=RXH01&way=long", f"{at}/report", f"{at}/removal"):
        page = client.get(address).text
        (field,) = re.findall(r'<div class="tb-unseen".*?</div>', page)
        for part in ('aria-hidden="true"', 'tabindex="-1"', 'autocomplete="off"', "Leave this empty"):
            assert part in field, address


def test_the_embed_learns_when_its_form_was_opened_and_caches_stay_of_use(client: FlaskClient) -> None:
    first = client.get("/api/v1/telling?service=RXH01")
    wait(2)
    sent = a_story(opened=first.get_json()["opened"])
    assert client.post("/api/v1/stories", data=sent, headers={"Origin": ORIGIN}).status_code == 201
    assert marks() == [traps.TOO_SOON]
    known = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/api/v1/telling?service=RXH01", headers=known).status_code == 304


def test_without_javascript_nobody_is_kept_out_under_pressure(pressed: FlaskClient) -> None:
    opened = form(pressed)
    wait(60)
    sent = pressed.post("/tell", data=a_story(**ON_PAGE, opened=opened))
    assert sent.status_code == 200
    assert marks() == [traps.NO_PROOF]
    with pressed.application.app_context():
        assert pressure.last_hour().without == 1


@pytest.mark.parametrize("opened", ["", "1764000000.0123", "just now"])
def test_under_pressure_a_form_that_was_never_open_has_to_wait_for_seconds(
    pressed: FlaskClient, opened: str
) -> None:
    typed = a_story(**ON_PAGE, opened=form(pressed) if opened == "just now" else opened)
    typed["body"] = "Half an hour's <b>thought</b>."
    refused = pressed.post("/tell", data=typed)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "5"
    assert "press the button once more" in refused.text
    assert "Half an hour&#39;s &lt;b&gt;thought&lt;/b&gt;." in refused.text
    (again,) = OPENED.findall(refused.text)
    wait(5)
    assert pressed.post("/tell", data={**typed, "opened": again}).status_code == 200
    assert Story.select().count() == 2


def test_a_report_is_marked_likewise(client: FlaskClient, published: Story) -> None:
    phrases.block("replica watches", "Adverts", 30, by=acts.staff(7))
    at = f"/stories/{published.public_id}/report"
    opened = form(client, at)
    sent = {"reason": "other", "words": "Replica  Watches here", "opened": opened, "subject": "x"}
    assert client.post(at, data=sent).status_code == 303
    assert Flag.get().marks.split() == [traps.FILLED, traps.TOO_SOON, phrases.RULE]
    wait(60)
    told = {"reason": "other", "words": "It names my aunt.", "opened": opened}
    assert client.post(at, data=told).status_code == 303
    assert flags.of_story(published)[-1].marks == ""


def test_a_request_to_take_a_story_down_is_marked_likewise(client: FlaskClient, published: Story) -> None:
    at = f"/stories/{published.public_id}/removal"
    asked = {"ground": "about_me", "words": "It is me.", "name": "A. Person", "email": "a@person.example"}
    assert client.post(at, data={**asked, "opened": form(client, at), "subject": "x"}).status_code == 303
    assert Case.get().marks.split() == [traps.FILLED, traps.TOO_SOON]


def test_reports_under_pressure_need_a_proof_or_a_form_that_was_open(
    client: FlaskClient, published: Story, calm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRESSURE", TIGHT)
    at = f"/stories/{published.public_id}/report"

    def by_api(words: str) -> TestResponse:
        sent = {"reason": "other", "words": words}
        headers = {"Origin": ORIGIN}
        return client.post(f"/api/v1/stories/{published.public_id}/flags", data=sent, headers=headers)

    assert by_api("One").status_code == 201
    assert by_api("Two").get_json(force=True)["challenge"]
    refused = client.post(at, data={"reason": "other", "words": "Two <b>words</b>"})
    assert refused.status_code == 429
    assert "Two &lt;b&gt;words&lt;/b&gt;" in refused.text
    (opened,) = OPENED.findall(refused.text)
    wait(2)
    assert client.post(at, data={"reason": "other", "words": "Two", "opened": opened}).status_code == 303
    assert flags.of_story(published)[-1].marks == traps.NO_PROOF
    removal = f"/stories/{published.public_id}/removal"
    asked = {"ground": "about_me", "words": "It is me.", "name": "A. Person", "email": "a@person.example"}
    refused = client.post(removal, data=asked)
    assert refused.status_code == 429
    assert "It is me." in refused.text
