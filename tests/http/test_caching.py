"""Caches that many share are told by which keys to drop an answer."""

import pytest
from flask.testing import FlaskClient

from tests.people import tell


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("/api/v1/stories", "public"),
        ("/api/v1/stories?service=RXH01&limit=3", "public service:RXH01"),
        ("/api/v1/stories?topic=multiple-sclerosis", "public topic:multiple-sclerosis"),
        ("/api/v1/services/RXH01/summary", "public service:RXH01"),
        ("/services/RXH01-ward-5", "public service:RXH01-ward-5"),
        ("/organisations/RXH", "public organisation:RXH"),
        ("/services/RXH01/stories.atom", "public service:RXH01"),
        ("/", "public"),
    ],
)
def test_a_public_answer_says_by_which_keys_it_may_be_dropped(
    client: FlaskClient, address: str, keys: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Surrogate-Key"] == keys
    assert answer.headers["Cache-Tag"] == keys.replace(" ", ",")


def test_who_has_it_already_is_told_the_keys_too(client: FlaskClient) -> None:
    etag = client.get("/services/RXH01").headers["ETag"]
    unchanged = client.get("/services/RXH01", headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.headers["Surrogate-Key"]) == (304, "public service:RXH01")


def test_no_key_is_made_of_what_a_stranger_writes(client: FlaskClient) -> None:
    answer = client.get("/embed?service=RXH01&topic=a%0d%0aSet-Cookie:+b,public")
    assert answer.headers.get("Surrogate-Key", "public") in ("public", "public service:RXH01")


def test_what_is_not_public_has_no_keys(client: FlaskClient) -> None:
    story = tell().story
    for address in ("/tell?service=RXH01", f"/stories/{story.public_id}", "/my-story", "/healthz"):
        assert "Surrogate-Key" not in client.get(address).headers
