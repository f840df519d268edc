"""Public answers are given again for less than a second, to whoever may have them and to nobody else."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import Client, EnvironBuilder, run_wsgi_app

from tellback.http import kept_answers
from tellback.http.caching import conditional
from tellback.http.kept_answers import FRESH, LONGEST, OVER, KeptAnswers


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Service:
    """A service that says how often it was asked, behind what keeps its answers."""

    def __init__(self) -> None:
        self.asked = 0
        self.seconds = Seconds()
        # Of a database that says what was written; None: it cannot say.
        self.edition: int | None = None
        self.looked = 0
        self.meanwhile: Callable[[], Any] = lambda: None
        app = Flask("asked")
        app.add_url_rule("/api/v1/stories", view_func=self._stories, methods=["GET", "POST"])
        app.add_url_rule("/stories/1", view_func=self._stories, methods=["GET", "POST"])
        app.add_url_rule("/about", view_func=self._about)
        app.add_url_rule("/tell", view_func=self._private, methods=["GET", "POST"])
        app.add_url_rule("/with-cookie", view_func=self._with_cookie)
        app.add_url_rule("/gone", view_func=lambda: (self._stories(), 410))
        self.kept = KeptAnswers(app, self.seconds, self._look)

    def read(self, path: str = "/api/v1/stories", **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(self.kept).get(path, headers=named)

    def write(self, path: str) -> None:
        Client(self.kept).post(path)

    def _look(self) -> int | None:
        self.looked += 1
        return self.edition

    def _stories(self) -> Response:
        self.asked += 1
        said = f"asked {self.asked} times"
        self.meanwhile()
        return conditional(Response(said), max_age=30)

    def _about(self) -> Response:
        response = self._stories()
        response.vary.add("Accept-Language")
        return response

    def _private(self) -> str:
        self.asked += 1
        return "a form of one's own"

    def _with_cookie(self) -> Response:
        response = self._stories()
        response.set_cookie("who", request.path)
        return response


@pytest.fixture
def service() -> Service:
    """A service that nobody asked yet."""
    return Service()


def test_who_reads_soon_after_another_is_given_the_same_bytes(service: Service) -> None:
    first = service.read()
    service.seconds.now += FRESH - 0.01
    again = service.read()
    assert (again.data, again.headers, service.asked) == (first.data, first.headers, 1)


def test_nothing_is_given_again_after_a_second(service: Service) -> None:
    service.read()
    service.seconds.now += 1
    assert service.read().text == "asked 2 times"
    assert OVER < 1


def test_an_answer_stands_while_nothing_was_written(service: Service) -> None:
    service.edition = 7
    first = service.read()
    for _ in range(20):
        service.seconds.now += OVER
        again = service.read()
        assert (again.data, again.headers) == (first.data, first.headers)
    assert (service.asked, service.looked) == (1, 21)


def test_what_was_written_is_read_within_a_second(service: Service) -> None:
    service.edition = 7
    service.read()
    service.edition = 8
    service.seconds.now += FRESH
    assert service.read().text == "asked 2 times"


def test_what_is_written_while_an_answer_is_made_is_in_the_next(service: Service) -> None:
    service.edition = 7

    def write() -> None:
        service.edition = 8

    service.meanwhile = write
    service.read()
    service.seconds.now += FRESH
    assert service.read().text == "asked 2 times"


def test_an_answer_that_speaks_of_today_does_not_stand_for_ever(service: Service) -> None:
    service.edition = 7
    service.read()
    for _ in range(int(LONGEST / FRESH)):
        service.seconds.now += FRESH
        service.read()
    assert service.asked == 2


def test_nobody_is_told_what_nobody_can_vouch_for(service: Service) -> None:
    service.edition = 7
    service.read()
    service.edition = None
    service.seconds.now += FRESH
    assert service.read().text == "asked 2 times"
    service.seconds.now += FRESH
    assert service.read().text == "asked 3 times"


def test_one_looks_while_others_are_given_what_is_kept(service: Service) -> None:
    service.edition = 7
    service.read()
    service.seconds.now += FRESH
    look, others = service.kept._edition, []

    def slowly() -> int | None:
        if not others:
            others.append("")
            others.append(service.read().text)
        return look()  # type: ignore[return-value]

    service.kept._edition = slowly
    assert service.read().text == "asked 1 times"
    assert others == ["", "asked 1 times"]


def test_who_wrote_nothing_takes_no_answer_from_others(service: Service) -> None:
    service.edition = 7
    service.read()
    service.write("/about")
    assert service.read().text == "asked 1 times"


def test_readers_of_one_language_and_encoding_share_an_answer_however_they_say_it(service: Service) -> None:
    for accepted in ("gzip, deflate, br", "br;q=0.9, gzip", "*", "br"):
        service.read(Accept_Encoding=accepted)
    assert service.asked == 1
    for accepted in ("gzip", "deflate, gzip;q=0.5, br;q=0"):
        service.read(Accept_Encoding=accepted)
    assert service.asked == 2
    for accepted in ("", "deflate", "identity", "zstd", "br;q=0"):
        service.read(Accept_Encoding=accepted)
    assert service.asked == 3
    for accepted in ("cy", "cy-GB, en;q=0.5", "xx, cy;q=0.9, en;q=0.8"):
        service.read("/about", Accept_Language=accepted)
    assert service.asked == 4


def test_one_asks_anew_while_others_are_given_what_is_kept_and_none_for_a_second(service: Service) -> None:
    service.read()
    service.seconds.now += FRESH
    others = []
    service.meanwhile = lambda: others.append(service.read().text)
    assert service.read().text == "asked 2 times"
    assert others == ["asked 1 times"]


def test_a_slow_answer_does_not_bring_back_what_was_before(service: Service) -> None:
    def publish_meanwhile() -> None:
        service.meanwhile = lambda: None
        service.seconds.now += OVER
        assert service.read().text == "asked 2 times"

    service.meanwhile = publish_meanwhile
    assert service.read().text == "asked 1 times"
    assert service.read().text == "asked 2 times"


def test_who_has_it_already_is_told_so_without_a_body(service: Service) -> None:
    tag = service.read().headers["ETag"]
    unchanged = service.read(If_None_Match=tag)
    assert (unchanged.status_code, unchanged.data, service.asked) == (304, b"", 1)
    assert unchanged.headers["ETag"] == tag
    assert "Content-Length" not in unchanged.headers
    assert service.read(If_None_Match='"another"').status_code == 200


def test_who_asks_first_may_have_it_already(service: Service) -> None:
    tag = Service().read().headers["ETag"]
    assert service.read(If_None_Match=tag).status_code == 304
    assert service.read().text == "asked 1 times"


def test_addresses_hosts_and_encodings_are_kept_apart(service: Service) -> None:
    service.read()
    for path, headers in (
        ("/api/v1/stories?limit=2", {}),
        ("/stories/1", {}),
        ("/api/v1/stories", {"Host": "other.example"}),
        ("/api/v1/stories", {"Accept_Encoding": "br"}),
    ):
        asked = service.asked
        service.read(path, **headers)
        assert service.asked == asked + 1, path


def test_a_page_in_ones_own_language_is_ones_own_and_what_speaks_none_is_everybodys(service: Service) -> None:
    service.read("/about", Accept_Language="cy")
    service.read("/about", Accept_Language="cy")
    assert service.asked == 1
    service.read("/about", Accept_Language="pl")
    assert service.asked == 2
    service.read(Accept_Language="cy")
    service.read(Accept_Language="pl")
    assert service.asked == 3


@pytest.mark.parametrize("path", ["/tell", "/with-cookie", "/gone"])
def test_what_is_not_for_everybody_is_not_kept(service: Service, path: str) -> None:
    service.read(path)
    service.read(path)
    assert service.asked == 2


def test_what_is_asked_for_by_name_or_in_parts_is_not_given_from_what_is_kept(service: Service) -> None:
    service.read()
    service.read(Authorization="Bearer secret")
    service.read(Range="bytes=0-3")
    assert service.asked == 3


def test_whoever_writes_reads_what_they_wrote(service: Service) -> None:
    service.read("/stories/1")
    service.write("/stories/1")
    assert service.read("/stories/1").text == "asked 3 times"


def test_a_told_story_changes_nothing_that_is_read(service: Service) -> None:
    service.read("/about")
    service.write("/api/v1/stories")
    service.write("/tell")
    assert service.read("/about").text == "asked 1 times"


def test_a_page_of_another_origin_is_noted_once_a_minute(service: Service) -> None:
    page = {"Origin": "https://www.st-elsewhere.example"}
    service.read()
    service.read(**page)
    assert service.asked == 2
    for _ in range(3):
        service.read(**page)
    assert service.asked == 2
    service.read(Referer="http://localhost/services/RXH01")
    assert service.asked == 2


def at_hand(service: Service, path: str = "/api/v1/stories", **headers: str) -> str | None:
    """What is given to a reader for whom nobody has to wait; None where somebody has."""
    environ = EnvironBuilder(path, headers=headers).get_environ()
    if not service.kept.at_hand(environ):
        return None
    body, _, _ = run_wsgi_app(service.kept, environ)
    return b"".join(body).decode()


def test_what_was_read_a_moment_ago_is_at_hand_and_nothing_else(service: Service) -> None:
    assert at_hand(service) is None
    service.read()
    assert at_hand(service) == "asked 1 times"
    assert at_hand(service, "/stories/1") is None
    assert at_hand(service, Authorization="Bearer secret") is None
    assert not service.kept.at_hand(EnvironBuilder("/api/v1/stories", method="POST").get_environ())
    service.seconds.now += 1
    assert at_hand(service) is None


def test_of_those_who_come_together_after_a_while_one_looks(service: Service) -> None:
    service.edition = 7
    service.read()
    service.edition = 8
    service.seconds.now += FRESH
    first = EnvironBuilder("/api/v1/stories").get_environ()
    assert not service.kept.at_hand(first)
    assert at_hand(service) == "asked 1 times"
    body, _, _ = run_wsgi_app(service.kept, first)
    assert list(body) == [b"asked 2 times"]
    assert at_hand(service) == "asked 2 times"


def test_what_somebody_wrote_over_is_not_at_hand(service: Service) -> None:
    service.read("/stories/1")
    service.write("/stories/1")
    assert at_hand(service, "/stories/1") is None


def test_a_page_of_another_origin_is_noted_though_its_answer_is_at_hand(service: Service) -> None:
    page = {"Origin": "https://www.st-elsewhere.example"}
    service.read()
    assert at_hand(service, **page) is None
    assert service.read(**page).text == "asked 2 times"
    assert at_hand(service, **page) == "asked 2 times"


def test_answers_over_the_room_for_them_give_way(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "MOST", 15_000)
    for number in range(20):
        service.read(f"/api/v1/stories?limit={number}")
    assert 0 < len(service.kept._answers) <= 3


def test_small_answers_to_long_questions_take_no_more_room(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "MOST", 50_000)
    for number in range(40):
        service.read(f"/api/v1/stories?limit={number}&q={'x' * 8000}")
    assert 0 < len(service.kept._answers) <= 4


def test_many_readers_at_once_ask_once(service: Service) -> None:
    service.read()
    service.seconds.now += FRESH
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        assert go_on.wait(60)

    service.meanwhile = slowly
    slow = threading.Thread(target=service.read)
    slow.start()
    assert begun.wait(60)
    assert {service.read().text for _ in range(50)} == {"asked 1 times"}
    go_on.set()
    slow.join(10)
    assert service.asked == 2
