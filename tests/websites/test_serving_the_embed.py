"""The embed's file: evergreen and pinned, readable from every page, with this service's address in it."""

import base64
import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import __version__
from tellback.websites import embed


def test_the_evergreen_file_knows_its_service_and_is_asked_for_again_soon(client: FlaskClient) -> None:
    response = client.get("/v1/stories.js")
    assert (response.status_code, response.mimetype) == (200, "text/javascript")
    assert "https://stories.example" in response.text
    assert "__TELLBACK_" not in response.text
    assert response.headers["Cache-Control"] == "public, max-age=300, stale-while-revalidate=86400"
    again = client.get("/v1/stories.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_the_pinned_file_holds_all_that_runs_and_never_changes(client: FlaskClient) -> None:
    pinned = client.get(f"/{__version__}/stories.js")
    light, form = client.get("/v1/stories.js"), client.get(f"/{__version__}/telling.js")
    assert len(pinned.data) > len(light.data) + len(form.data) / 2
    assert "immutable" in pinned.headers["Cache-Control"]
    digest = base64.b64encode(hashlib.sha384(pinned.data).digest()).decode()
    docs = client.get("/docs").text
    assert f"https://stories.example/{__version__}/stories.js" in docs
    assert f'integrity="sha384-{digest}"' in docs.replace("&#34;", '"')


def test_a_page_of_any_origin_and_under_coep_may_load_it(client: FlaskClient) -> None:
    headers = client.get("/v1/stories.js").headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_a_page_that_pinned_an_earlier_release_goes_on_working(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "0.0.7.js").write_text('go("__TELLBACK_ORIGIN__", "__TELLBACK_VERSION__")')
    monkeypatch.setattr(embed, "_RELEASES", tmp_path)
    response = client.get("/0.0.7/stories.js")
    assert response.text == 'go("https://stories.example", "0.0.7")'
    assert "immutable" in response.headers["Cache-Control"]


def test_another_release_says_which_one_runs_here(client: FlaskClient) -> None:
    response = client.get("/99.0.0/stories.js")
    assert response.status_code == 404
    assert __version__ in response.text


def test_it_travels_compressed(client: FlaskClient) -> None:
    small = client.get("/v1/stories.js", headers={"Accept-Encoding": "br"})
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.data) <= 12_500
