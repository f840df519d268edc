"""Nothing that identifies a person reaches a log: a whole journey full of private things, then a search.

The service runs as an operator runs it, in a process of its own, with all loggers at their most talkative;
failures are provoked in it that quote what was sent. Everything it writes on both channels is searched.
"""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from tellback import clock, config, db, sealing
from tellback.accounts.models import Account
from tellback.alerts.models import WebhookEndpoint
from tellback.moderation import decisions
from tests import people
from tests.outbox.conftest import Inbox, inbox

__all__ = ["inbox"]  # The server of letters' own tests.

# Served as ever, but that every logger writes all it has, rounds are quick, and some rules fail: each with an
# error whose words are the person's own, as those of drivers and libraries may be.
SERVED = """
import logging
from flask import request
from tellback import logs, rounds
begin = logs.begin
def talkative(*format_and_level):
    begin(*format_and_level)
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("tellback").setLevel(logging.DEBUG)
logs.begin = talkative
rounds.BETWEEN_ROUNDS = 0.5
import tellback.stories.telling, tellback.stories.me_too, tellback.retention.turns
def private():
    return " ".join(str(part) for part in (request.args.to_dict(), request.get_data(as_text=True)))
def broken(*_, **__):
    raise RuntimeError("it failed at Tamsin Quokkason, numbatstory, " + private())
def locked(*_, **__):
    import peewee
    raise peewee.OperationalError("database is locked: " + private())
tellback.stories.telling.describe = broken
tellback.stories.me_too.add = locked
def late(*_, **__):
    raise ValueError("Tamsin Quokkason")
tellback.retention.turns.take = late
from tellback.cli import main
main()
"""
PRIVATE = {
    "name": "Tamsin Quokkason",
    "phone": "07700 900982",
    "email": "tamsin.quokkason@mail.example",
    "NHS number": "943 476 5919",
    "street": "17 Wombat Crescent",
    "story": "numbatstory",
    "flag": "bilbyflag",
    "removal": "potoroorequest",
    "talk": "dunnarttalk",
    "search": "quollsearch",
    "password": "wrong-kowari-password",
    "staff address": "moira.kowari@trust.example",
    "lost link": "lost.betong@mail.example",
    "bad JSON": "antechinusbroken",
    "agent": "PademelonBrowser",
    "network": "203.0.113.77",
    "cookie": "wallabycookie",
}


@dataclass
class Journey:
    """The running service, and what was found out on the way that no log may hold either."""

    port: int
    process: "subprocess.Popen[str]"
    tokens: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Send a request as a person's browser does, through a proxy."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent: bytes | None = None
        given = {"User-Agent": PRIVATE["agent"], "X-Forwarded-For": PRIVATE["network"],
                 "X-Request-ID": PRIVATE["name"], "Cookie": f"a={PRIVATE['cookie']}", **headers}  # fmt: skip
        if isinstance(body, dict):
            sent, given["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif isinstance(body, str):
            sent = body.encode()
            given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        # A body that is too long is not read to its end, but answered.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.request(method, path, sent, given)
        try:
            answer = line.getresponse()
        except ConnectionError:
            return 0, ""
        said = answer.read().decode(errors="replace")
        cookie = answer.headers.get("Set-Cookie", "")
        line.close()
        self.answers.append(answer.status)
        if cookie:
            self.tokens.append(cookie.partition("=")[2].partition(";")[0])
        return answer.status, said


@pytest.fixture(params=["json", pytest.param("text", marks=pytest.mark.long)])
def service(
    tmp_path: Path, empty_sqlite: Path, inbox: tuple[Inbox, str], request: pytest.FixtureRequest
) -> Iterator[tuple[Journey, str]]:
    """The service with a story to read, a mail server that quotes whom it refuses, a webhook that fails."""
    url = f"sqlite:///{tmp_path / 'tellback.db'}"
    (tmp_path / "tellback.db").write_bytes(empty_sqlite.read_bytes())
    db.connect(url)
    sealing.use(("a key of the tests that seals addresses",))
    clock.pin(None)
    places = people.make_places()
    published = _published(places)
    db.database.close_all()  # type: ignore[attr-defined]
    inbox[0].says = {PRIVATE["email"]: f"550 {PRIVATE['name']} <{PRIVATE['email']}> is unknown here"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TELLBACK_")}
    environment |= {
        "TELLBACK_DATA_DIR": str(tmp_path / "data"),
        "TELLBACK_DATABASE_URL": url,
        "TELLBACK_OPERATOR": "The Tellback Trust",
        "TELLBACK_CONTACT_KEY": "a key of the tests that seals addresses",
        "TELLBACK_SMTP_URL": inbox[1],
        "TELLBACK_TRUSTED_PROXIES": "1",
        "TELLBACK_RATELIMIT_ENABLED": "false",
        "TELLBACK_LOG_FORMAT": request.param,
        "TELLBACK_LOG_LEVEL": "info",
    }
    config.load(environment)
    log = tmp_path / "log"
    with log.open("w") as out, subprocess.Popen(
        [sys.executable, "-u", "-W", "always", "-c", SERVED, "serve", "--port", "0"],
        env=environment, stdout=subprocess.PIPE, stderr=out, text=True,
    ) as process:  # fmt: skip
        line = process.stdout.readline() if process.stdout else ""
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, log.read_text()
        journey = Journey(int(found[1]), process)
        yield journey, published
        process.send_signal(signal.SIGTERM)


def _published(places: people.Places) -> str:
    moira = people.make_account("Moira", people.Role.MODERATOR)
    Account.update(email=PRIVATE["staff address"]).where(Account.id == moira.id).execute()
    story = people.tell(title="A calm night").story
    decisions.open_for_review(story, moira)
    WebhookEndpoint.create(
        public_id="hook", organisation=places.hospital.organisation,
        url=f"https://127.0.0.1:9/{PRIVATE['search']}", kinds=["story.published"],
        secret_sealed=sealing.seal("a secret"), state="active", state_since=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    decisions.publish(story, story.revision, moira)
    return str(story.public_id)


def _words() -> str:
    return " ".join(PRIVATE[name] for name in ("name", "phone", "email", "NHS number", "street", "story"))


def test_a_whole_journey_leaves_no_private_thing_in_any_log(
    service: tuple[Journey, str], tmp_path: Path
) -> None:
    journey, published = service
    _tell(journey)
    _talk_and_ask(journey, published)
    _staff(journey)
    _fail(journey, published)
    failed = ("not sent (address_refused)", "forget_what_is_over failed", "RuntimeError", "OperationalError")
    log = _wait_for(journey, tmp_path / "log", *failed)
    assert {200, 201, 422, 400, 404, 500, 503} <= set(journey.answers)
    searched = [*PRIVATE.values(), *(quote(value) for value in PRIVATE.values()), *journey.tokens]
    searched += [part for value in PRIVATE.values() for part in re.split(r"[ @]", value) if len(part) > 6]
    if log.startswith("{"):
        each = [set(json.loads(line)) for line in log.splitlines()]
        assert {"time", "level", "logger", "message"} <= set.intersection(*each)
    found = sorted({value for value in searched if value.lower() in log.lower()})
    print(f"{len(log.splitlines())} log lines, {len(set(searched))} private strings, {len(found)} found")
    assert found == []


def _tell(journey: Journey) -> None:
    origin = {"Origin": people.ORIGIN}
    told = people.a_story(
        body=_words(), title=PRIVATE["name"], display_name="Tamsin", contact_email=PRIVATE["email"],
        topic_words=PRIVATE["story"], idempotency_key=f"{PRIVATE['story']}-0123456789",
    )  # fmt: skip
    status, said = journey.ask("POST", "/api/v1/stories?lang=en", told, **origin)
    assert status == 201, said
    link = json.loads(said)["private_link"]
    journey.tokens.append(link.partition("#")[2])
    journey.ask(
        "POST", "/api/v1/stories", {**told, "author_role": PRIVATE["name"], "shoe": _words()}, **origin
    )
    journey.ask("POST", "/api/v1/stories", urlencode({**told, "body": "", "visited_on": _words()}), **origin)
    journey.ask("POST", "/api/v1/check", {"text": _words(), "lang": "en"}, **origin)
    journey.ask("POST", "/tell", urlencode({**told, "step": "check"}))
    bearer = {"Authorization": f"Bearer {journey.tokens[-1]}"}
    for path in ("/api/v1/my-story", "/api/v1/my-story/copy"):
        assert journey.ask("GET", path, **bearer)[0] == 200
    journey.ask("PATCH", "/api/v1/my-story", {"revision": 1, "body": _words() + " again"}, **bearer)
    journey.ask("PATCH", "/api/v1/my-story/contact", {"email": PRIVATE["email"] + ".other"}, **bearer)
    journey.ask("POST", "/my-story", urlencode({"token": link, "step": "copy"}))
    journey.ask("GET", "/api/v1/my-story", Authorization=f"Bearer {PRIVATE['name']}")


def _talk_and_ask(journey: Journey, published: str) -> None:
    journey.ask("POST", f"/api/v1/stories/{published}/flags", {"reason": "other", "words": PRIVATE["flag"]})
    removal = {"ground": "about_me", "words": PRIVATE["removal"], "name": PRIVATE["name"],
               "email": PRIVATE["email"]}  # fmt: skip
    journey.ask("POST", f"/stories/{published}/removal", urlencode(removal))
    bearer = {"Authorization": f"Bearer {journey.tokens[-1]}"}
    talk = {"service": "RXH01", "words": PRIVATE["talk"]}
    journey.ask("POST", "/api/v1/my-story/relay", talk, **bearer)
    journey.ask("POST", "/api/v1/lost-links", {"email": PRIVATE["lost link"]})
    for path in (
        "/api/v1/stories?q=",
        "/services?q=",
        "/api/v1/services?q=",
        "/nowhere/",
        "/stories?service=",
    ):
        journey.ask("GET", path + quote(f"{PRIVATE['search']} {PRIVATE['name']}"))


def _staff(journey: Journey) -> None:
    _status, page = journey.ask("GET", f"/admin/sign-in?next=/admin/{PRIVATE['search']}")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    form = {"csrf_token": token[1] if token else "", "email": PRIVATE["staff address"],
            "password": PRIVATE["password"]}  # fmt: skip
    journey.ask("POST", "/admin/sign-in", urlencode(form))
    journey.ask("POST", "/admin/forgotten", urlencode({**form, "email": PRIVATE["staff address"]}))
    journey.ask(
        "POST", "/api/v1/stories/x/replies", {"body": _words()}, Authorization=f"Bearer {PRIVATE['name']}"
    )


def _fail(journey: Journey, published: str) -> None:
    journey.ask("POST", "/api/v1/stories", '{"body": "' + PRIVATE["bad JSON"],
                **{"Content-Type": "application/json", "Origin": people.ORIGIN})  # fmt: skip
    journey.ask("GET", "/api/v1/telling?service=RXH01&lang=en")
    journey.ask("POST", f"/stories/{published}/me-too?x={quote(_words())}", urlencode({"words": _words()}))
    journey.ask("POST", "/api/v1/stories", "body=" + PRIVATE["bad JSON"] * 90_000)
    journey.ask("PUT", f"/api/v1/stories/{quote(PRIVATE['name'])}")
    journey.ask("GET", f"/stories/{quote(PRIVATE['name'])}%00%ff?{PRIVATE['search']}")


def _wait_for(journey: Journey, path: Path, *said: str) -> str:
    """The whole log, once all of this stands in it."""
    until = time.monotonic() + 40
    while time.monotonic() < until:
        log = path.read_text(errors="replace")
        if all(words in log for words in said):
            return log
        # Something to wait on that is no time: an answer, which the rounds go beside.
        journey.ask("GET", "/healthz")
    missing = [words for words in said if words not in log]
    raise AssertionError(f"not in the log: {missing}\n" + "\n".join(sorted(set(log.splitlines()))))
