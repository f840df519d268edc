"""nginx keeps what is public as long as it may, and nothing else."""

import time
from collections.abc import Callable

import pytest

from tellback import db, sealing
from tellback.accounts.roles import Role
from tellback.moderation import decisions
from tests import people
from tests.deploy.conftest import Proxy

pytestmark = pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
LIST = "/api/v1/stories?limit=3"
# Seconds within which a change is looked for: less than an answer says of itself that others may keep it.
WITHIN = 25


def kept(proxy: Proxy) -> str:
    """Everything in nginx's cache."""
    files = [path for path in (proxy.folder / "cache").rglob("*") if path.is_file()]
    return "\n".join(path.read_bytes().decode("latin-1") for path in files)


def test_a_list_is_given_again_without_asking_the_service(proxy: Proxy) -> None:
    first, second = proxy.ask(LIST), proxy.ask(LIST)
    assert (first.status, second.status) == (200, 200)
    assert first.body == second.body
    assert "public" in first.headers["Cache-Control"]
    assert any(line.endswith("HIT") for line in proxy.lines_soon("HIT"))


def test_who_has_it_is_told_so(proxy: Proxy) -> None:
    etag = proxy.ask(LIST).headers["ETag"]
    again = proxy.ask(LIST, headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")


def test_each_gets_the_encoding_it_can_read(proxy: Proxy) -> None:
    page = "/openapi.json"
    assert proxy.ask(page, headers={"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"
    assert "Content-Encoding" not in proxy.ask(page).headers


def test_what_is_private_or_searched_for_is_never_kept(proxy: Proxy) -> None:
    for path, headers in (
        ("/my-story", {}),
        ("/admin/", {}),
        ("/admin/", {"Cookie": "staff=private-cookie"}),
        ("/api/v1/my-story", {"Authorization": "Bearer private-token"}),
        ("/api/v1/stories?q=private-words", {}),
        ("/api/v1/services?q=private-words", {}),
        ("/api/v1/stories?limit=4", {"Cookie": "private-cookie=1"}),
        ("/healthz", {}),
    ):
        for _ in range(2):
            proxy.ask(path, headers=headers)
    assert "private" not in kept(proxy).replace("Cache-Control: private", "")
    assert "/my-story" not in kept(proxy)
    assert "/admin" not in kept(proxy)
    assert "/healthz" not in kept(proxy)


def test_what_was_taken_down_is_gone_from_nginx_long_before_its_time(proxy: Proxy) -> None:
    def until(is_so: Callable[[str], bool]) -> str:
        before = time.monotonic() + WITHIN
        while time.monotonic() < before:
            if is_so(read := proxy.ask(LIST).body.decode()):
                return read
        raise AssertionError(read)

    proxy.ask(LIST)
    sealing.use(("a key of the tests that seals addresses",))
    db.connect(proxy.behind.tellback.environment["TELLBACK_DATABASE_URL"])
    try:
        moira = people.make_account("Moira", Role.MODERATOR)
        story = people.tell(title="Words that stood here").story
        decisions.open_for_review(story, moira)
        decisions.publish(story, story.revision, moira)
        until(lambda read: "Words that stood here" in read)
        decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
        assert '"removed"' in until(lambda read: "Words that stood here" not in read)
    finally:
        db.database.close_all()  # type: ignore[attr-defined]
