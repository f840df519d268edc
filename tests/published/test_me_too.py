"""“This happened to me too”: one press, no account, no cookie, and nobody keeps who it was."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.authorship.own_story import withdraw
from tellback.stories.models import MeToo, Story
from tests.people import ORIGIN, tell

Publish = Callable[..., Story]


def press(client: FlaskClient, story: Story, address: str = "192.0.2.1", **more: object) -> dict[str, object]:
    """Press the button on somebody's page."""
    path = f"/api/v1/stories/{story.public_id}/me-too"
    response = client.post(path, headers={"Origin": ORIGIN}, environ_base={"REMOTE_ADDR": address}, **more)
    assert "Set-Cookie" not in response.headers
    return {"status": response.status_code, **response.get_json(force=True)}


def test_a_reader_is_counted_once_a_day_for_a_story(client: FlaskClient, publish: Publish) -> None:
    story, other = publish(), publish()
    assert press(client, story) == {"status": 200, "me_too": 1, "counted": True}
    assert press(client, story) == {"status": 200, "me_too": 1, "counted": False}
    assert press(client, other)["counted"] is True
    assert press(client, story, "192.0.2.2") == {"status": 200, "me_too": 2, "counted": True}
    assert client.get(f"/api/v1/stories/{story.public_id}").get_json()["me_too"] == 2
    assert client.get("/api/v1/stories").get_json()["items"][1]["me_too"] == 2


def test_tomorrow_the_count_stays_and_who_pressed_is_forgotten(client: FlaskClient, publish: Publish) -> None:
    story, other = publish(), publish()
    press(client, story)
    press(client, other)
    clock.pin(clock.now() + timedelta(days=1))
    assert press(client, story) == {"status": 200, "me_too": 2, "counted": True}
    assert [row.day for row in MeToo.select()] == ["2026-11-24"]
    assert client.get(f"/api/v1/stories/{other.public_id}").get_json()["me_too"] == 1


def test_where_a_reader_is_stands_nowhere(client: FlaskClient, publish: Publish, tmp_path: Path) -> None:
    press(client, publish(), "203.0.113.77")
    (row,) = MeToo.select().tuples()
    assert "203.0.113.77" not in str(row)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"203.0.113.77" not in path.read_bytes(), path


def test_any_body_will_do(client: FlaskClient, publish: Publish) -> None:
    story = publish()
    for n, body in enumerate([{"data": {}}, {"json": {}}, {"data": b"\xff", "content_type": "text/plain"}]):
        assert press(client, story, f"192.0.2.{n}", **body)["me_too"] == n + 1


def test_only_what_can_be_read_can_be_counted(client: FlaskClient, publish: Publish) -> None:
    unread, gone = tell().story, publish()
    withdraw(gone)
    for story in (unread, gone, Story(public_id="nothing")):
        assert press(client, story)["status"] == 404
    assert MeToo.select().count() == 0


def test_it_is_sent_from_allowed_pages_only(client: FlaskClient, publish: Publish) -> None:
    path = f"/api/v1/stories/{publish().public_id}/me-too"
    for origin, status in (
        ("https://elsewhere.example", 403),
        ("null", 200),
        ("https://stories.example", 200),
    ):
        assert client.post(path, headers={"Origin": origin}).status_code == status, origin


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_script_is_held_to_twenty_an_hour(client: FlaskClient, publish: Publish) -> None:
    path = f"/api/v1/stories/{publish().public_id}/me-too"
    assert [client.post(path).status_code for _ in range(21)] == [200] * 20 + [429]
    assert client.post(path, headers={"Origin": ORIGIN}).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_button_of_a_storys_page_needs_no_script(client: FlaskClient, publish: Publish) -> None:
    page = f"/stories/{publish().public_id}"
    assert f'action="{page}/me-too" method="post"' in client.get(page).text
    own = {"Origin": "https://stories.example"}
    answer = client.post(f"{page}/me-too", headers=own)
    assert (answer.status_code, answer.location) == (303, f"{page}?said=me-too#me-too")
    shown = client.get(answer.location).text
    assert "Thank you. You are counted." in shown
    assert "1 reader says: this happened to me too" in shown
    assert f'action="{page}/me-too"' not in shown
    again = client.post(f"{page}/me-too?lang=cy", headers=own)
    assert again.location == f"{page}?said=before&lang=cy#me-too"
    assert "said so today" in client.get(f"{page}?said=before").text
    assert client.post(f"{page}/me-too", headers={"Origin": "https://elsewhere.example"}).status_code == 403
