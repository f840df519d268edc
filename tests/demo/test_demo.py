"""The demo as a newcomer starts it: one process, every address answers, one Ctrl+C ends all."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from demo.cast import PAGES, SITES, STAFF
from demo.seeding import STORIES

ROOT = Path(__file__).resolve().parents[2]
SERVE = ROOT / "demo" / "serve.py"
# Seconds; far more than it takes, so that a busy machine fails nothing.
PATIENCE = 60
WITH_A_TAG = [site for site in SITES if site.folder != "guide"]


class Demo:
    """A demo that runs: what it printed, and where everything is."""

    def __init__(self, folder, port):
        self.folder = folder
        self.address = f"http://127.0.0.1:{port}"
        self.sites = {site.folder: f"http://127.0.0.1:{port + n}" for n, site in enumerate(SITES, start=1)}
        self.process = subprocess.Popen(
            [sys.executable, SERVE, "--port", str(port), "--keep", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""
        for line in self.process.stdout:
            self.printed += line
            if line.startswith("Stop with Ctrl+C"):
                return
        raise AssertionError(f"the demo did not start: {self.printed}")

    @property
    def password(self):
        return re.search(r"the password  (\S+)", self.printed)[1]

    def end(self):
        self.process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.printed += self.process.communicate(timeout=PATIENCE)[0]
        self.process.kill()

    def stories(self, **query):
        asked = urllib.parse.urlencode({"limit": 50, **query})
        return json.loads(text_of(f"{self.address}/api/v1/stories?{asked}"))["items"]

    def sign_in(self, email, password):
        """Where someone comes to who signs in, and what is written there."""
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(cookies)
        with browser.open(f"{self.address}/admin/", timeout=PATIENCE) as page:
            form, where = page.read().decode(), page.url
        hidden = dict(re.findall(r'<input[^>]*name="(\w+)" type="hidden" value="([^"]*)"', form))
        assert "csrf_token" in hidden
        told = urllib.parse.urlencode({**hidden, "email": email, "password": password})
        with browser.open(where, told.encode(), timeout=PATIENCE) as page:
            return page.url, page.read().decode()


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    started = Demo(tmp_path_factory.mktemp("demo") / "kept", free_ports())
    yield started
    started.end()


def free_ports():
    """A port free along with those of the sites after it, below the range that the system gives out."""
    many = len(SITES) + 1
    # Another process begins to look elsewhere, so that two do not take the same.
    begin = os.getpid() % 1000 * many
    for port in [20_000 + (begin + n * many) % 10_000 for n in range(100)]:
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for taken in range(port, port + many):
                held.enter_context(socket.create_server(("127.0.0.1", taken)))
            return port
    raise AssertionError("no free ports")


def text_of(address):
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read().decode()


@pytest.mark.parametrize("site", WITH_A_TAG, ids=lambda site: site.folder)
def test_a_site_carries_the_tag_as_documented(demo, site):
    page = text_of(demo.sites[site.folder])
    assert f'<script src="{demo.address}/v1/stories.js" async></script>' in page
    tag = re.search(r'<patient-stories (service|topic)="([\w-]+)"[^>]*><a href="([^"]+)">', page)
    kind, about, link = tag.groups()
    assert link == f"{demo.address}/{kind}s/{about}"
    assert text_of(link)
    assert demo.stories(**{kind: about})


def told_from(demo, origin):
    """The status of a story told by a page of this origin."""
    story = {
        "service": "local-st-elsewhere-hospital",
        "body": "The porter whistled all the way, and I forgot to be afraid.",
        "author_role": "patient",
        "consent_publish": "true",
    }
    request = urllib.request.Request(
        f"{demo.address}/api/v1/stories", urllib.parse.urlencode(story).encode(), {"Origin": origin}
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.folder)
def test_every_file_and_link_of_a_site_is_there(demo, site):
    page = text_of(demo.sites[site.folder])
    links = set(re.findall(r'(?:href|src)="([^"#]+)', page))
    for link in links:
        if not link.startswith(("tel:", "mailto:", "sms:")):
            assert text_of(urllib.parse.urljoin(f"{demo.sites[site.folder]}/", link)), link
    anchors = set(re.findall(r'href="#([^"]+)"', page))
    assert anchors <= set(re.findall(r'id="([^"]+)"', page))


def test_the_strict_site_allows_our_service_two_things_and_nobody_anything_else(demo):
    with urllib.request.urlopen(demo.sites["saltmarsh"]) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert policy.count(demo.address) == 2
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_what_a_site_does_not_have_is_not_found(demo):
    for wrong in ("/nothing.html", "/../cast.py", "/%2e%2e/cast.py"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            text_of(demo.sites["st-elsewhere"] + wrong)
        with refused.value:
            assert refused.value.code == 404


def test_published_stories_show_redactions_replies_languages_and_tombstones(demo):
    shown = demo.stories()
    assert Counter(story["state"] for story in shown) == {"published": 14, "removed": 2}
    public = [story for story in shown if story["state"] == "published"]
    assert {story["lang"] for story in public} == {"en", "cy", "pl"}
    assert sum(bool(story["redactions"]) for story in public) == 3
    assert [] in [story["replies"] for story in public]
    assert {reply["lang"] for story in public for reply in story["replies"]} == {"en", "cy", "pl"}
    assert {s["reason"] for s in shown if s["state"] == "removed"} == {
        "identifies_someone",
        "withdrawn_by_author",
    }
    assert any(not story["services"] for story in public)


def test_changes_show_what_was_planned_made_and_not_made(demo):
    changes = [
        (change["state"], change["service"]["name"]) for s in demo.stories() for change in s["changes"]
    ]
    assert Counter(state for state, _ in changes) == {"made": 3, "planned": 1, "not_made": 1}
    page = text_of(f"{demo.address}/services/local-st-elsewhere-hospital/changes")
    assert "Showing 3 of 3 changes" in page
    assert "a clear box with a lid" in page


def test_stories_stand_in_every_state_a_newcomer_should_see(demo):
    with contextlib.closing(sqlite3.connect(f"file:{demo.folder}/tellback.db?mode=ro", uri=True)) as file:
        states = dict(file.execute("SELECT state, count(*) FROM story GROUP BY state"))
        found = {kind for (kind,) in file.execute("SELECT DISTINCT kind FROM story_finding")}
        replies = dict(file.execute("SELECT state, count(*) FROM reply GROUP BY state"))
        claims = dict(file.execute("SELECT review, count(*) FROM change_claim GROUP BY review"))
        # As it stood at the start: these are written while it runs, once a day and once a week.
        by_the_rounds = "('morning', 'ledger_head')"
        waiting = "SELECT count(*) FROM outbox_message WHERE sent_at IS NULL AND kind NOT IN "
        letters = file.execute(waiting + by_the_rounds).fetchone()[0]
    assert states == {
        "submitted": 2,
        "in_moderation": 1,
        "published": 14,
        "returned": 1,
        "rejected": 1,
        "removed": 1,
        "withdrawn": 1,
    }
    assert "crisis" in found
    assert replies["submitted"] == 1
    assert claims == {"shown": 5, "past": 3, "waiting": 1}
    assert f"{letters} letters stood in the outbox" in text_of(demo.sites["guide"])


@pytest.mark.parametrize("person", STAFF, ids=lambda person: person.name)
def test_the_printed_sign_in_works(demo, person):
    assert person.email in demo.printed
    where, page = demo.sign_in(person.email, demo.password)
    assert where.startswith(f"{demo.address}/admin/")
    assert person.name in page


def test_a_story_can_be_told_from_the_sites_and_from_no_other_page(demo):
    assert told_from(demo, demo.sites["st-elsewhere"]) == 201
    assert told_from(demo, "https://somewhere-else.example") == 403


def test_the_guide_opens_a_private_link(demo):
    token = re.search(rf'{demo.address}/my-story#([\w-]+)"', text_of(demo.sites["guide"]))[1]
    request = urllib.request.Request(
        f"{demo.address}/api/v1/my-story", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:
        own = json.load(answer)
    assert own["state"] == "published"
    assert own["edits"]
    assert own["replies"]


def test_a_second_demo_says_that_the_ports_are_taken(demo, tmp_path):
    port = demo.address.rpartition(":")[2]
    second = subprocess.run(
        [sys.executable, SERVE, "--port", port], capture_output=True, text=True, timeout=PATIENCE
    )
    assert second.returncode == 1
    assert f"Port {port} is taken" in second.stderr
    assert "--port" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path):
    (tmp_path / "tellback.db").write_text("real stories")
    refused = subprocess.run(
        [sys.executable, SERVE, "--port", str(free_ports()), "--keep", tmp_path],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert refused.returncode == 1
    assert "not the demo's" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tellback.db"]


def test_ctrl_c_ends_it_and_a_kept_demo_goes_on_with_its_stories_and_a_new_password(demo):
    before = {story["id"] for story in demo.stories()}
    old = demo.password
    demo.end()
    assert demo.process.returncode == 0
    assert demo.printed.endswith("Stopped.\n")
    again = Demo(demo.folder, free_ports())
    try:
        assert {story["id"] for story in again.stories()} == before
        assert again.password != old
        assert STAFF[0].name in again.sign_in(STAFF[0].email, again.password)[1]
    finally:
        again.end()


def test_everything_in_it_is_invented():
    for path in [*STORIES.iterdir(), *PAGES.glob("*/*.html")]:
        text = path.read_text()
        assert "invented" in text.casefold(), path
        for host in re.findall(r"[\w.+-]+@([\w.-]+\w)", text):
            assert host == "example.org", path
        # https://www.ofcom.org.uk: 01632 960xxx and 07700 900xxx are kept for drama.
        for number in re.findall(r"\b0\d{4} ?\d{6}\b", text):
            assert re.match("01632 ?960|07700 ?900", number), number


def test_no_site_dresses_up_as_the_nhs():
    for path in PAGES.rglob("*.*"):
        text = path.read_text().casefold()
        for theirs in ("nhs", "frutiger", "#005eb8", "#003087"):
            assert theirs not in text, path
