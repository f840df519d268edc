"""nginx keeps what is public as long as it may, and nothing else."""

import pytest

from tests.deploy.conftest import Proxy

pytestmark = pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
LIST = "/api/v1/stories?limit=3"


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
