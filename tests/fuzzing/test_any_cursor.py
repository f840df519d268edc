"""Cursors: any text is a page or a refusal, and who pages through to the end meets each story once."""

import base64
import contextlib
import json
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from tellback import clock
from tellback.errors import InvalidInput
from tellback.http import pagination
from tests.conftest import A_MORNING
from tests.embedded import Staff
from tests.fuzzing.texts import any_text, fewer

values = (
    st.none() | st.booleans() | st.integers() | st.floats() | any_text | st.just("2026-11-23T09:30:00+00:00")
)
places = st.dictionaries(
    st.sampled_from(["at", "id", "of", "rank", "name", "code", "order", "score"]), values
)
forged = places.map(lambda place: base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("="))
cursors = any_text | forged | st.binary(max_size=40).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
LISTS = (
    "/api/v1/stories", "/api/v1/stories?order=waiting", "/api/v1/stories?order=changed",
    "/api/v1/stories?order=relevant&q=nurse", "/api/v1/services", "/api/v1/services?q=ward",
    "/api/v1/services/RXH01/changes", "/services/RXH01", "/",
)  # fmt: skip


@given(places)
def test_a_place_comes_back_from_its_cursor(place: dict[str, object]) -> None:
    given = json.loads(json.dumps(place))
    assert json.dumps(pagination.decode(pagination.encode(place))) == json.dumps(given)


@given(cursors)
def test_any_text_is_a_place_or_refused(cursor: str) -> None:
    for read in (pagination.decode, pagination.moment_and_id):
        # Any other exception fails the test.
        with contextlib.suppress(InvalidInput):
            read(cursor)


@fewer
@given(cursor=cursors, of=st.sampled_from(LISTS))
def test_no_list_breaks_on_any_cursor(client: FlaskClient, cursor: str, of: str) -> None:
    path, _, query = of.partition("?")
    asked = dict(pair.split("=") for pair in query.split("&") if pair)
    answer = client.get(path, query_string={**asked, "cursor": cursor.encode("utf-8", "surrogatepass")})
    assert answer.status_code in (200, 400, 422, 429), answer.text[:300]


@pytest.mark.parametrize("order", ["newest", "waiting"])
def test_each_story_is_met_once_while_others_are_published(
    client: FlaskClient, staff_of_rules: Staff, order: str
) -> None:
    stood = [_published(staff_of_rules, minute) for minute in range(5)]
    for limit in (1, 2, 4):
        # In the order of those that wait, what comes meanwhile comes last: two are enough to see.
        meanwhile = iter(range(100 * limit, 100 * limit + 2))
        seen, query = [], {"limit": limit, "order": order}
        while True:
            page = client.get("/api/v1/stories", query_string=query).get_json()
            seen += [story["id"] for story in page["items"]]
            if page["next"] is None:
                break
            query["cursor"] = page["next"]
            if (minute := next(meanwhile, None)) is not None:
                _published(staff_of_rules, minute)
        assert len(seen) == len(set(seen))
        assert set(stood) <= set(seen)


@pytest.fixture
def staff_of_rules(client: FlaskClient) -> Staff:
    """Moira and Ruth, by rule."""
    return Staff()


def _published(staff: Staff, minute: int) -> str:
    clock.pin(A_MORNING + timedelta(minutes=minute))
    return staff.publish(body=f"The nurse came at minute {minute}.").public_id
