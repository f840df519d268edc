"""What became of every story: counted from the ledger, for the installation and for one service."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account
from tellback.audit import ledger, signing
from tellback.audit.models import LedgerEntry
from tellback.authorship.erasure import erase
from tellback.authorship.own_story import withdraw
from tellback.config import Settings
from tellback.db import database as peewee_database
from tellback.moderation import decisions, pausing
from tellback.organisations import catalogue
from tellback.published import counts, transparency
from tellback.stories import standings
from tellback.stories.models import Story
from tests.people import tell

Told = Callable[..., Story]


@pytest.fixture
def read(client: FlaskClient, moira: Account) -> Told:
    """Tell a story that a moderator begins to read, `days` later."""

    def told_and_read(*, days: int = 0, **told: object) -> Story:
        story = tell(**told).story
        clock.pin(clock.now() + timedelta(days=days))
        decisions.open_for_review(story, moira)
        return story

    return told_and_read


@pytest.fixture
def publish(read: Told, moira: Account) -> Told:
    """Tell a story that is published `days` later."""

    def told_and_published(**told: object) -> Story:
        story = read(**told)
        decisions.publish(story, story.revision, moira)
        return story

    return told_and_published


@pytest.fixture
def reject(read: Told, moira: Account) -> Told:
    """Tell a story that cannot be published."""

    def told_and_rejected(reason: str = "commercial", **told: object) -> Story:
        story = read(**told)
        decisions.reject(story, story.revision, moira, reason=reason, message="")
        return story

    return told_and_rejected


def _numbers(client: FlaskClient, of: str = "") -> dict[str, object]:
    numbers: dict[str, object] = client.get(f"/api/v1{of}/transparency").get_json()
    return numbers


def test_every_story_counts_once_by_what_became_of_it(
    client: FlaskClient, publish: Told, read: Told, reject: Told, moira: Account
) -> None:
    publish()
    publish(service="G81001")
    gone, returned = publish(), read()
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    decisions.send_back(returned, returned.revision, moira, reason="hard_to_follow", message="")
    reject()
    back = publish()
    withdraw(Story.get_by_id(back.id))
    tell()
    read()
    numbers = _numbers(client)
    outcomes = ("published", "waiting", "returned", "rejected", "removed", "withdrawn")
    assert [numbers[name] for name in ("told", *outcomes)] == [8, 2, 2, 1, 1, 1, 1]
    assert numbers["ever_published"] == 4
    assert [(r["reason"], r["stories"]) for r in numbers["removed_by_reason"]] == [("not_genuine", 1)]  # type: ignore[attr-defined]
    # Anyone counts the same from the ledger.
    last = {one["story"]: one["step"] for one in client.get("/api/v1/ledger?limit=500").get_json()["items"]}
    assert Counter(last.values()) == {
        "published": 2, "received": 2, "returned": 1, "rejected": 1, "removed": 1, "withdrawn": 1,
    }  # fmt: skip


def test_what_is_kept_in_sums_is_what_counting_anew_finds(
    publish: Told, reject: Told, moira: Account
) -> None:
    service = catalogue.get("RXH01")

    def is_the_same_anew() -> bool:
        read_on = [transparency.transparency(of) for of in (None, service)]
        standings.keep_up(1)
        kept = [transparency.transparency(of) for of in (None, service)]
        standings.count_anew()
        return read_on == kept == [transparency.transparency(of) for of in (None, service)]

    one, two, three = publish(days=2), publish(days=1), tell(service="RXH01-ward-5").story
    assert is_the_same_anew()
    for step in (
        lambda: pausing.pause_as_author(one),
        lambda: clock.pin(clock.now() + timedelta(days=3)),
        lambda: decisions.open_for_review(three, moira),
        lambda: decisions.publish(three, three.revision, moira),
        lambda: pausing.resume_as_author(Story.get_by_id(one.id)),
        lambda: decisions.remove(two, two.revision, moira, reason="not_genuine", message=""),
        lambda: [reject(), tell()],
        lambda: withdraw(Story.get_by_id(one.id)),
        lambda: erase(Story.get_by_id(three.id)),
    ):
        step()
        assert is_the_same_anew()
    numbers = transparency.transparency(None)
    outcomes = ("told", "waiting", "rejected", "removed", "withdrawn")
    assert [numbers[name] for name in outcomes] == [5, 1, 1, 1, 2]


def test_a_ledger_that_is_brought_back_from_a_backup_is_counted_anew(publish: Told) -> None:
    publish()
    before = transparency.transparency(None)
    last = ledger.newest()
    assert last
    publish()
    standings.keep_up(1)
    assert transparency.transparency(None)["told"] == 2
    LedgerEntry.delete().where(LedgerEntry.number > last.number).execute()
    assert transparency.transparency(None) == before
    publish()
    standings.keep_up(1)
    assert transparency.transparency(None)["told"] == 2


def test_only_what_moved_is_counted_once_more(publish: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        publish()
    standings.keep_up(1)
    story, counted = tell().story, []
    look = standings._entries

    def noted(stories: Sequence[str]) -> Any:
        counted.append(list(stories))
        return look(stories)

    monkeypatch.setattr(standings, "_entries", noted)
    for of in (None, catalogue.get("RXH01")):
        assert transparency.transparency(of)["told"] == 4
    assert counted == [[story.public_id], [story.public_id]]


def test_what_rounds_take_over_while_somebody_reads_is_counted_once(
    publish: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    look = standings._sums

    def meanwhile(about: int, *what: str) -> Any:
        monkeypatch.setattr(standings, "_sums", look)
        publish()
        standings.keep_up(1)
        return look(about, *what)

    standings.keep_up(1)
    monkeypatch.setattr(standings, "_sums", meanwhile)
    assert transparency.transparency(None)["told"] == 2


def test_a_service_counts_its_own_stories_and_those_below_it(client: FlaskClient, publish: Told) -> None:
    publish()
    publish(service="RXH01-ward-5")
    publish(services=["RXH01", "RXH01-ward-5"])
    publish(service="G81001")
    assert [_numbers(client, f"/services/{code}")["told"] for code in ("RXH01", "RXH01-ward-5")] == [3, 2]
    assert _numbers(client, "/services/G81001")["about"]["service"]["name"] == "Elm Surgery"  # type: ignore[index]
    assert client.get("/api/v1/services/NOWHERE/transparency").status_code == 404


def test_the_reason_of_one_alone_is_not_said_of_a_service(client: FlaskClient, reject: Told) -> None:
    for _ in range(4):
        reject("live_legal_matter")
    assert _numbers(client, "/services/RXH01")["rejected_by_reason"] is None
    assert _numbers(client)["rejected_by_reason"] == [
        {
            "reason": "live_legal_matter",
            "reason_text": "It is part of a complaint or a court case that is still going on.",
            "stories": 4,
        }
    ]
    page = client.get("/services/RXH01/transparency").text
    assert "The reason of one alone could show whose story it was." in page
    assert "court case" not in page
    reject("commercial")
    reasons = _numbers(client, "/services/RXH01")["rejected_by_reason"]
    assert [(r["reason"], r["stories"]) for r in reasons] == [("live_legal_matter", 4), ("commercial", 1)]  # type: ignore[attr-defined]


def test_the_median_is_of_days_from_told_to_published(client: FlaskClient, publish: Told) -> None:
    assert _numbers(client)["median_days_to_publish"] is None
    for days in (0, 1, 6):
        publish(days=days)
    assert _numbers(client)["median_days_to_publish"] == 1
    publish(days=2)
    assert _numbers(client)["median_days_to_publish"] == 1.5
    tell()
    clock.pin(clock.now() + timedelta(days=3))
    assert _numbers(client)["longest_waiting_days"] == 3


@pytest.mark.parametrize("waits", [[3], [0, 7], [1, 1, 2], [0, 0, 5, 9], [2, 2, 2, 2], [9, 4, 4, 0, 1, 30]])
def test_the_median_of_what_was_counted_is_that_of_all_days(waits: list[int]) -> None:
    assert counts.median(Counter(waits)) == median(waits)


def test_a_page_says_how_long_it_takes_only_where_there_is_enough_to_say(
    client: FlaskClient, publish: Told
) -> None:
    for _ in range(4):
        publish(days=2)
    page = client.get("/transparency").text
    assert "Only 4 stories were published so far. That is too few to say how long it usually takes." in page
    assert "These are few stories. One more could change every number here." in page
    publish(days=3)
    assert "Of 5 stories that were published, half were there to read after 2 days or sooner." in (
        client.get("/transparency").text
    )


def test_the_page_says_who_decides_and_how_to_check(
    client: FlaskClient, publish: Told, settings: Settings
) -> None:
    publish()
    signing.sign_today(settings)
    page = client.get("/transparency").text
    head = signing.newest_head()
    assert head
    for said in ("It is independent", "Nobody may decide about a story of a service", head.hash):
        assert said in page


def test_where_the_operator_is_the_subject_too_the_page_says_so(app: Flask, client: FlaskClient) -> None:
    import dataclasses

    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], operator_independent=False)
    assert "work for the same body" in client.get("/transparency").text


def test_before_the_first_story_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/services/G81001/transparency")
    assert page.status_code == 200
    assert "No story was told yet." in page.text
    assert _numbers(client)["told"] == 0


def test_lists_a_story_and_the_page_of_how_this_works_lead_to_it(client: FlaskClient, publish: Told) -> None:
    story = publish()
    assert 'href="/services/RXH01/transparency"' in client.get("/services/RXH01").text
    for page in (f"/stories/{story.public_id}", "/about", "/topics/multiple-sclerosis"):
        assert 'href="/transparency"' in client.get(page).text, page


def test_it_costs_the_same_few_queries_however_many_stories(
    client: FlaskClient, publish: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = peewee_database.obj.execute_sql  # type: ignore[attr-defined]
    asked: list[str] = []
    monkeypatch.setattr(
        peewee_database.obj,
        "execute_sql",
        lambda sql, *rest, **more: (asked.append(sql), run(sql, *rest, **more))[1],
    )
    numbers = []
    client.get("/api/v1/transparency")
    for n in (1, 4):
        for _ in range(n):
            publish()
        asked.clear()
        client.get("/api/v1/services/RXH01/transparency")
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 10, asked
