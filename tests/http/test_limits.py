"""Limits by their table: who shares which, what an answer says of them, and what nothing counts."""

import re
from collections.abc import Callable
from typing import Any

import peewee
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_limiter.util import get_qualified_name
from werkzeug.test import TestResponse

from tellback.http import limits
from tellback.http.counters import Counters
from tellback.http.limits import EXEMPT, LIMITS, Per
from tellback.http.proof_of_work import ProofNeeded
from tellback.http.ratelimits import has_acts, limiter
from tests.people import ORIGIN

STORIES = "/api/v1/stories"
# draft-ietf-httpapi-ratelimit-headers: a list of strings with integers as parameters (RFC 9651).
ITEM = r'"[a-z-]+";r=\d+;t=\d+'
POLICY = r'"[a-z-]+";q=\d+;w=\d+'


def _send(
    client: FlaskClient, path: str = STORIES, address: str = "192.0.2.7", body: str = "body="
) -> TestResponse:
    """Send what is no story: it counts, and costs little."""
    return client.post(
        path,
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": ORIGIN},
        environ_base={"REMOTE_ADDR": address},
    )


def _report(client: FlaskClient, address: str, times: int) -> list[int]:
    return [_send(client, f"{STORIES}/x/flags", address).status_code for _ in range(times)]


def _fill(name: str, whose: str = "everyone") -> None:
    limit = limits.BY_NAME[name]
    limiter.limiter.hit(limit.item, "moving", whose, name, cost=limit.item.amount)


@pytest.fixture
def hits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the storage is asked."""
    asked: list[str] = []

    def told(name: str) -> Callable[..., Any]:
        usual = getattr(Counters, name)

        def tell(*given: Any, **named: Any) -> Any:
            asked.append(name)
            return usual(*given, **named)

        return tell

    for name in ("acquire_entry", "take_in_turn", "windows"):
        monkeypatch.setattr(Counters, name, told(name))
    return asked


def test_neighbours_share_a_wider_limit_and_strangers_do_not(client: FlaskClient) -> None:
    assert 429 not in _report(client, "192.0.2.1", 30) + _report(client, "192.0.2.2", 30)
    assert _report(client, "192.0.2.3", 1) == [429]
    assert 429 not in _report(client, "198.51.100.1", 1)


def test_neighbours_of_ipv6_are_those_of_one_site(client: FlaskClient) -> None:
    assert 429 not in _report(client, "2001:db8:1:1::1", 30) + _report(client, "2001:db8:1:2::1", 30)
    assert _report(client, "2001:db8:1:3::1", 1) == [429]
    assert 429 not in _report(client, "2001:db8:2:1::1", 1)


def test_whoever_is_over_their_own_limit_uses_up_none_of_their_neighbours(client: FlaskClient) -> None:
    assert _report(client, "192.0.2.1", 60).count(429) == 30
    assert 429 not in _report(client, "192.0.2.2", 30)


def test_the_limit_of_all_together_says_that_it_is_not_about_you(client: FlaskClient) -> None:
    _fill("telling-everyone")
    answer = _send(client)
    assert answer.status_code == 429
    assert "Very many people are using this website now" in answer.get_json(force=True)["detail"]
    assert answer.headers["RateLimit"].startswith('"telling";r=59;t=')
    assert '"telling-everyone";r=0;t=3601' in answer.headers["RateLimit"]


def test_an_act_counts_once_whichever_address_of_ours_it_goes_to(client: FlaskClient) -> None:
    answers = [
        _send(client, path).status_code
        for _ in range(16)
        for path in (STORIES + "/x/flags", "/stories/x/report")
    ]
    assert answers.index(429) == 30


def test_what_is_sent_hears_what_is_left(client: FlaskClient) -> None:
    answer = _send(client)
    assert answer.headers["RateLimit-Policy"] == '"telling";q=60;w=3600, "trying";q=600;w=3600'
    assert answer.headers["RateLimit"] == '"telling";r=59;t=3601, "trying";r=599;t=3601'
    assert _send(client).headers["RateLimit"] == '"telling";r=58;t=3601, "trying";r=598;t=3601'


@pytest.mark.parametrize("trouble", [peewee.OperationalError, ProofNeeded])
def test_what_came_to_nothing_through_no_fault_of_theirs_costs_nobody_a_story(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_given: object, **_named: object) -> None:
            raise trouble

        patch.setattr("tellback.stories.routes.bodies.read", fail)
        answers = [_send(client) for _ in range(3)]
    assert {answer.status_code for answer in answers} <= {403, 503}
    assert re.fullmatch('"telling";r=60;t=[0-9]+, "trying";r=597;t=3601', answers[-1].headers["RateLimit"])
    assert _send(client).headers["RateLimit"] == '"telling";r=59;t=3601, "trying";r=596;t=3601'


def test_a_refusal_names_the_limit_and_the_same_time_everywhere(client: FlaskClient) -> None:
    answers = [client.post(STORIES, data="body=") for _ in range(11)]
    last = answers[-1]
    assert last.status_code == 429
    assert last.headers["RateLimit-Policy"] == '"telling-without-origin";q=10;w=3600'
    assert last.headers["RateLimit"] == '"telling-without-origin";r=0;t=3601'
    assert last.headers["Retry-After"] == "3601"
    assert last.get_json(force=True)["retry_after"] == 3601


def test_what_others_may_be_shown_too_carries_nobodys_counts(client: FlaskClient) -> None:
    for path in ("/api/v1/stories", "/api/v1/telling?service=RXH01", "/", "/services/RXH01"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert re.fullmatch(POLICY, answer.headers["RateLimit-Policy"]), path
        assert "RateLimit" not in answer.headers, path


def test_what_only_one_may_see_hears_what_is_left(client: FlaskClient) -> None:
    answer = client.get("/my-story")
    assert "no-store" in answer.headers["Cache-Control"]
    assert re.fullmatch(ITEM, answer.headers["RateLimit"])


def test_pages_of_others_may_read_these_headers(client: FlaskClient) -> None:
    exposed = _send(client).headers["Access-Control-Expose-Headers"]
    assert {"RateLimit", "RateLimit-Policy", "Retry-After"} <= set(exposed.replace(" ", "").split(","))


def test_nobody_is_told_how_often_others_tried_to_sign_in(client: FlaskClient) -> None:
    answer = client.post("/admin/sign-in", data={"email": "moira@elsewhere.example", "password": "wrong"})
    assert "anywhere" not in str(answer.headers)


def test_reading_costs_one_hit_and_no_look(client: FlaskClient, hits: list[str]) -> None:
    client.get("/api/v1/stories")
    assert hits == ["take_in_turn"]


def test_what_several_limits_count_is_one_hit_and_one_look(client: FlaskClient, hits: list[str]) -> None:
    _send(client)
    assert hits == ["take_in_turn", "windows"]


def test_what_has_no_limit_of_its_own_is_reading(client: FlaskClient, hits: list[str]) -> None:
    assert client.get("/").headers["RateLimit-Policy"] == '"reading";q=3000;w=60'
    assert hits == ["acquire_entry"]


@pytest.mark.parametrize("path", ["/healthz", "/v1/stories.js", "/v1/words/en/reading.json", "/readyz"])
def test_files_and_the_look_at_health_are_not_counted(
    client: FlaskClient, hits: list[str], path: str
) -> None:
    answer = client.get(path)
    assert answer.status_code in (200, 404)
    assert "RateLimit-Policy" not in answer.headers
    assert hits == []


def test_everything_that_is_not_counted_exists(app: Flask) -> None:
    assert EXEMPT.keys() - app.view_functions.keys() == set()


def test_every_act_of_the_public_has_limits_of_its_own(app: Flask) -> None:
    """What is posted, and is no work of signed-in staff, is never taken for mere reading."""
    loose = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods and {"POST", "PATCH", "DELETE"} & rule.methods and not rule.rule.startswith("/admin")
        if not has_acts(app.view_functions[rule.endpoint])
    }
    assert loose == set()


def test_no_route_is_counted_both_by_its_acts_and_by_the_library(app: Flask) -> None:
    """The library does not look at what names its acts, so a guard there would hold nobody."""
    guarded = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if limiter.limit_manager.decorated_limits(get_qualified_name(view))
    }
    assert "security.login" in guarded
    assert not {endpoint for endpoint in guarded if has_acts(app.view_functions[endpoint])}


def test_each_limit_has_a_name_of_its_own_and_a_reason() -> None:
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    assert all(re.fullmatch(r"[a-z-]+", limit.name) and limit.why.endswith(".") for limit in LIMITS)


def test_nobody_can_silence_a_service_or_a_website_by_a_limit() -> None:
    """Any client can name a service, or claim to be a website's page: such a count may refuse nobody."""
    assert not [limit for limit in LIMITS if limit.per in (Per.SERVICE, Per.WEBSITE)]
