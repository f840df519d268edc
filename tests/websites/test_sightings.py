"""Whether the embed lives on a page: seen by what pages ask for anyway, told to their webmaster."""

from collections.abc import Callable
from datetime import datetime, timedelta

import peewee
import pytest
from flask.testing import FlaskClient

from tellback import __version__, clock
from tellback.http.sightings import Seen
from tellback.websites import sightings
from tellback.websites.models import Sighting, Website, WebsiteOrigin
from tellback.websites.sightings import Notes, Place, State
from tests.people import ORIGIN, Places, a_story

STRANGER = "https://stranger.example"
SCRIPT = {"Referer": f"{ORIGIN}/"}
FETCH = {"Origin": ORIGIN, "Referer": f"{ORIGIN}/"}
LIST = "/api/v1/stories?service=RXH01"

Later = Callable[..., datetime]


@pytest.fixture
def later() -> Later:
    """Let time pass."""

    def pass_by(**time: float) -> datetime:
        clock.pin(clock.now() + timedelta(**time))
        return clock.now()

    return pass_by


def seen() -> set[tuple[str, str, str, str]]:
    """What is kept, without the times."""
    return {(row.origin, row.kind, row.version, row.subject) for row in Sighting.select()}


def place_of(website: Website) -> Place:
    (place,) = sightings.of(website)
    return place


def test_a_page_that_carries_the_tag_is_seen_by_what_it_asks_for(client: FlaskClient, places: Places) -> None:
    client.get("/v1/stories.js", headers=SCRIPT)
    client.get(LIST, headers=FETCH)
    client.post("/api/v1/stories", data=a_story(), headers=FETCH)
    assert seen() == {
        (ORIGIN, "file", "evergreen", ""),
        (ORIGIN, "read", "", "service:RXH01"),
        (ORIGIN, "told", "", "service:RXH01"),
    }
    place = place_of(places.website)
    assert (place.state, place.version, place.subjects) == (State.ALIVE, "evergreen", ("service:RXH01",))
    assert place.file_at == place.read_at == place.told_at == clock.now()


def test_what_a_browser_or_a_cache_has_already_still_counts(client: FlaskClient, places: Places) -> None:
    for address, headers in (("/v1/stories.js", SCRIPT), (LIST, FETCH)):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={**headers, "If-None-Match": tag}).status_code == 304
    assert {kind for _, kind, _, _ in seen()} == {"file", "read"}


def test_a_pinned_file_is_told_by_its_version(client: FlaskClient, places: Places) -> None:
    # With crossorigin="anonymous" the browser sends an Origin; the page may send no Referer at all.
    client.get(f"/{__version__}/stories.js", headers={"Origin": ORIGIN})
    assert seen() == {(ORIGIN, "file", __version__, "")}


def test_a_version_that_is_not_here_any_more_is_told(
    client: FlaskClient, places: Places, later: Later
) -> None:
    client.get(LIST, headers=FETCH)
    later(days=1)
    client.get("/0.0.9/stories.js", headers={"Origin": ORIGIN})
    place = place_of(places.website)
    assert (place.state, place.missing_version) == (State.MISSING, "0.0.9")


def test_a_frame_is_seen_by_the_page_around_it(client: FlaskClient, places: Places) -> None:
    client.get("/embed?service=RXH01&site-key=st-elsewhere-test", headers=SCRIPT)
    assert seen() == {(ORIGIN, "frame", "", "service:RXH01")}
    assert place_of(places.website).state is State.ALIVE


def test_a_topic_is_told_as_one_and_a_code_in_its_own_letters(client: FlaskClient) -> None:
    client.get("/api/v1/stories?topic=multiple-sclerosis", headers=FETCH)
    client.get("/api/v1/stories?service=rxh01", headers=FETCH)
    assert {subject for *_, subject in seen()} == {"topic:multiple-sclerosis", "service:RXH01"}


NOBODY: list[tuple[str, dict[str, str]]] = [
    (LIST, {}),
    (LIST, {"Origin": "null"}),
    (LIST, {"Origin": "https://stories.example"}),
    ("/v1/stories.js", {"Referer": "https://stories.example/services/RXH01"}),
    ("/v1/stories.js", {"Referer": "http://[broken"}),
    ("/v1/stories.js", {"Referer": "about:blank"}),
    ("/v1/stories.js", {"Origin": "https://name:secret@st-elsewhere.example"}),
    ("/v1/stories.js", {"Origin": "https://" + "x" * 300}),
    ("/v1/stories.js", {"Origin": "https://a\udcff.example"}),
    ("/api/v1/stories?service=NOPE9", FETCH),
    ("/api/v1/services?q=elsewhere", FETCH),
    ("/services/RXH01", SCRIPT),
]


def test_nobody_else_is_seen(client: FlaskClient) -> None:
    for address, headers in NOBODY:
        client.get(address, headers=headers)
        assert seen() == set(), (address, headers)


def test_a_refused_story_is_told_with_what_it_was_about_and_nothing_more(client: FlaskClient) -> None:
    told = a_story(body="Nurse Joy Bell sat with me.", website_path="/wards/5")
    answer = client.post("/api/v1/stories", data=told, headers={"Origin": STRANGER})
    assert answer.status_code == 403
    assert seen() == {(STRANGER, "refused", "", "service:RXH01")}


def test_no_visitor_is_in_what_is_kept(client: FlaskClient) -> None:
    headers = {**FETCH, "Referer": f"{ORIGIN}/clinics/sexual-health?me=1", "User-Agent": "A phone of 2019"}
    client.get("/v1/stories.js", headers={"Referer": headers["Referer"]})
    client.get(f"{LIST}&q=miscarriage", headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    kept = repr(list(Sighting.select().tuples()))
    for private in ("clinics", "sexual", "miscarriage", "203.0.113", "phone"):
        assert private not in kept


def test_one_thing_is_written_down_once_a_minute(
    client: FlaskClient, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Seen] = []
    write = sightings._write
    monkeypatch.setattr(
        sightings, "_write", lambda what, now, known: (written.append(what), write(what, now, known=known))
    )
    first = clock.now()
    for _ in range(5):
        client.get(LIST, headers=FETCH)
    assert len(written) == 1
    last = later(seconds=61)
    client.get(LIST, headers=FETCH)
    assert len(written) == 2
    (row,) = Sighting.select()
    assert (row.first_at, row.last_at) == (first, last)


def test_a_database_that_is_away_keeps_nobody_from_reading(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise peewee.OperationalError("database is locked")

    monkeypatch.setattr(sightings, "_write", away)
    assert client.get(LIST, headers=FETCH).status_code == 200
    assert seen() == set()


def test_a_file_that_asks_for_nothing_points_at_the_policy_after_ten_minutes(
    client: FlaskClient, places: Places, later: Later
) -> None:
    assert place_of(places.website).state is State.UNSEEN
    client.get("/v1/stories.js", headers=SCRIPT)
    assert place_of(places.website).state is State.ARRIVED
    later(minutes=10)
    assert place_of(places.website).state is State.SILENT
    client.get(LIST, headers=FETCH)
    assert place_of(places.website).state is State.ALIVE


def test_a_page_that_worked_until_its_policy_changed_is_noticed(
    client: FlaskClient, places: Places, later: Later
) -> None:
    client.get("/v1/stories.js", headers=SCRIPT)
    client.get(LIST, headers=FETCH)
    later(days=2)
    client.get("/v1/stories.js", headers=SCRIPT)
    assert place_of(places.website).state is State.ARRIVED
    later(minutes=11)
    assert place_of(places.website).state is State.SILENT


def test_a_list_that_a_cache_answered_is_no_silence(
    client: FlaskClient, places: Places, later: Later
) -> None:
    client.get("/v1/stories.js", headers=SCRIPT)
    client.get(LIST, headers=FETCH)
    # The list is kept for 30 seconds, and was written down up to a minute before.
    later(seconds=85)
    client.get("/v1/stories.js", headers=SCRIPT)
    later(hours=1)
    assert place_of(places.website).state is State.ALIVE


def test_a_second_name_of_a_website_is_told_to_its_webmaster(client: FlaskClient, places: Places) -> None:
    Website.update(organisation=places.hospital.organisation).execute()
    website = Website.get()
    client.get(LIST, headers={"Origin": STRANGER})
    client.get("/v1/stories.js", headers={"Referer": f"{STRANGER}/"})
    client.get("/api/v1/stories?service=G81001", headers={"Origin": "https://elm.example"})
    (place,) = sightings.elsewhere(website)
    assert (place.origin, place.state) == (STRANGER, State.NOT_ALLOWED)
    assert place.file_at is not None
    WebsiteOrigin.create(website=website, origin=STRANGER)
    assert sightings.elsewhere(website) == []
    assert sightings.of(website)[0].state is State.ALIVE


def test_without_an_organisation_it_is_known_by_what_its_own_pages_read(
    client: FlaskClient, places: Places
) -> None:
    client.get("/api/v1/stories?topic=multiple-sclerosis", headers={"Origin": STRANGER})
    assert sightings.elsewhere(places.website) == []
    client.get("/api/v1/stories?topic=multiple-sclerosis", headers=FETCH)
    assert [place.origin for place in sightings.elsewhere(places.website)] == [STRANGER]


def test_every_row_ends_a_month_after_it_was_last_seen(
    client: FlaskClient, places: Places, later: Later
) -> None:
    client.get(LIST, headers=FETCH)
    later(days=30, seconds=1)
    assert place_of(places.website).state is State.UNSEEN
    client.get(LIST, headers={"Origin": STRANGER})
    assert {origin for origin, *_ in seen()} == {STRANGER}


def test_unknown_origins_are_few_and_the_oldest_leave(places: Places, later: Later) -> None:
    notes = Notes()
    notes.take(Seen(ORIGIN, "file", "evergreen"))
    for number in range(sightings.MOST_UNKNOWN + 20):
        later(seconds=3)
        notes.take(Seen(f"https://a{number}.example", "read", "", "service:RXH01"))
    unknown = Sighting.select().where(Sighting.origin != ORIGIN)
    assert unknown.count() == sightings.MOST_UNKNOWN
    assert not unknown.where(Sighting.origin == "https://a19.example").exists()
    assert unknown.where(Sighting.origin == "https://a20.example").exists()
    assert Sighting.select().where(Sighting.origin == ORIGIN).exists()


def test_a_flood_of_made_up_origins_costs_few_writes(places: Places) -> None:
    notes = Notes()
    for number in range(500):
        notes.take(Seen(f"https://a{number}.example", "read"))
    assert Sighting.select().count() == 30
    # A website's own pages are seen all the same.
    notes.take(Seen(ORIGIN, "read"))
    assert Sighting.select().where(Sighting.origin == ORIGIN).exists()


def test_one_origin_fills_no_more_than_its_share(places: Places, later: Later) -> None:
    notes = Notes()
    for number in range(sightings.MOST_OF_ONE + 5):
        later(seconds=1)
        notes.take(Seen(ORIGIN, "read", "", f"service:RXH01-ward-{number}"))
    assert Sighting.select().count() == sightings.MOST_OF_ONE


def test_what_a_process_remembers_has_an_end(
    places: Places, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sightings, "_MOST_REMEMBERED", 50)
    notes = Notes()
    for number in range(60):
        notes.take(Seen(f"https://a{number}.example", "read"))
    assert len(notes._written) == 50
    later(seconds=61)
    notes.take(Seen(ORIGIN, "read"))
    assert len(notes._written) == 1
