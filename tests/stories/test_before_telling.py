"""GET /api/v1/telling: what a form needs before somebody tells; and the code of the private link."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import segno
from flask.testing import FlaskClient

from tellback.organisations import complaints
from tellback.organisations.models import Service
from tellback.stories import qr, support
from tests.people import ORIGIN, a_story


def _ask(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/api/v1/telling{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    facts: dict[str, Any] = answer.get_json()
    return facts


def test_a_form_about_a_service_learns_all_it_needs(client: FlaskClient) -> None:
    facts = _ask(client, "?service=RXH01&topic=multiple-sclerosis")
    assert facts["about"]["service"]["name"] == "St Elsewhere Hospital"
    assert facts["about"]["topic"]["slug"] == "multiple-sclerosis"
    assert facts["keeper"]["name"] == "The Tellback Trust"
    assert facts["nation"] == "england"
    assert [line["id"] for line in facts["support"]] == ["999", "111-england", "samaritans", "shout"]
    assert facts["support"][2]["call"] == "116 123"
    assert facts["support"][3]["text"] == "85258"
    assert facts["complaints"]["own"] is False
    assert facts["own_names"] == [
        "St Elsewhere Hospital",
        "ST ELSEWHERE HOSPITAL",
        "Elsewhere",
        "EL1 2SE",
        "St Elsewhere NHS Trust",
    ]
    assert [theme["slug"] for theme in facts["themes"]][:3] == ["waiting", "appointments", "staff-attitude"]
    assert facts["languages"][0] == {"tag": "en", "name": "English", "checked": True}
    assert len(facts["languages"]) == 12
    assert facts["can_check"] == {"numbers": True, "names": True, "crisis": True}
    assert facts["staffed"] == {"now": True, "opens": None}


def test_a_wards_own_names_are_its_hospitals_too(client: FlaskClient) -> None:
    names = _ask(client, "?service=RXH01-ward-5&service=G81001")["own_names"]
    assert {"Ward 5", "St Elsewhere Hospital", "Elm Surgery", "St Elsewhere NHS Trust"} <= set(names)
    assert len(names) == len(set(names))


def test_of_several_services_the_first_decides(client: FlaskClient) -> None:
    Service.update(postcode="CF10 1AA").where(Service.code == "RXH01").execute()
    complaints.keep(complaints.about("G81001"), name="The practice manager", phone="01632 960003")
    facts = _ask(client, "?service=RXH01&service=G81001")
    assert facts["nation"] == "wales"
    assert facts["complaints"]["name"] == "Llais"
    facts = _ask(client, "?service=G81001&service=RXH01")
    assert facts["complaints"] == {
        "name": "The practice manager",
        "email": None,
        "phone": "01632 960003",
        "url": None,
        "text": None,
        "own": True,
    }


def test_a_form_about_a_topic_alone_shows_the_lines_of_the_whole_kingdom(client: FlaskClient) -> None:
    for query in ("?topic=food", ""):
        facts = _ask(client, query)
        assert (facts["nation"], facts["complaints"], facts["own_names"]) == (None, None, [])
        assert [line["id"] for line in facts["support"]] == ["999", "111", "lifeline", "samaritans", "shout"]


def test_it_is_said_in_the_language_asked_for_and_what_can_be_checked_in_it(client: FlaskClient) -> None:
    facts = _ask(client, "?service=RXH01&lang=cy")
    assert facts["can_check"] == {"numbers": True, "names": True, "crisis": False}
    assert _ask(client, "?lang=zh-CN")["can_check"] == {"numbers": True, "names": False, "crisis": False}
    assert _ask(client, "?lang=fr")["can_check"]["names"] is False


def test_a_browser_keeps_it_a_while_and_asks_whether_it_changed(client: FlaskClient) -> None:
    first = client.get("/api/v1/telling?service=RXH01")
    assert "max-age=300" in first.headers["Cache-Control"]
    again = client.get("/api/v1/telling?service=RXH01", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?service=NOWHERE", 404),
        ("?topic=nothing", 404),
        ("?services=RXH01", 422),
        (f"?lang={'x' * 36}", 422),
    ],
)
def test_what_there_is_not_is_refused(client: FlaskClient, query: str, status: int) -> None:
    answer = client.get(f"/api/v1/telling{query}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_every_nation_has_the_lines_that_answer_there() -> None:
    for nation in ("england", "wales", "scotland", "northern_ireland", None):
        lines = support.lines(nation)
        assert lines[0]["call"] == "999"
        assert {"116 123", "85258"} <= {line["call"] for line in lines} | {line["text"] for line in lines}
    assert "111" not in {line["call"] for line in support.lines("northern_ireland")}
    assert "0808 808 8000" in {line["call"] for line in support.lines("northern_ireland")}


def test_a_told_story_comes_with_the_code_of_its_link_and_again_for_the_same_key(client: FlaskClient) -> None:
    told = a_story(idempotency_key="a-key-of-sixteen-and-more")
    first, again = (
        client.post("/api/v1/stories", data=told, headers={"Origin": ORIGIN}).get_json() for _ in range(2)
    )
    assert first["qr"] == qr.code(first["private_link"]) == again["qr"]


# Of every version the most it holds, then what is padded: links, as they are short and long.
_LENGTHS = (1, 26, 27, 76, 84, 85, 121, 180, 213, 214, 331, 500, 666, 997, 1059, 1538, 2099, 2330, 2331)


def _stroked(path: str) -> Iterator[tuple[int, int]]:
    """The squares that a stroke along the path covers: `M` goes to a row, `h` draws, `m` does not."""
    x = y = 0
    for left, top, drawn, passed in re.findall(r"M(\d+) (\d+)\.5|h(\d+)|m(\d+) 0", path):
        if left:
            x, y = int(left), int(top)
        yield from ((x + step, y) for step in range(int(drawn or 0)))
        x += int(drawn or passed or 0)


@pytest.mark.parametrize("length", _LENGTHS)
def test_the_code_is_that_of_another_program(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # That one pads a message that ends with a byte by a byte too many, which readers pass over.
    monkeypatch.setattr("segno.encoder.write_padding_bits", lambda *_: None)
    link = ("https://stories.example/my-story#" + "aB3_-9xY" * 300)[:length]
    drawn = qr.code(link)
    dark = set(_stroked(drawn["path"]))
    other = segno.make_qr(link, error="m", mode="byte", mask=qr.MASK, boost_error=False)
    # A camera needs four modules of white all round.
    rows = other.matrix_iter(border=4)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module}
    assert drawn["size"] == other.symbol_size(border=4)[0]
    assert re.fullmatch(r"(?:M\d+ \d+\.5(?:h\d+|m\d+ 0)+)+", drawn["path"])


def test_more_than_a_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="more than a QR code holds"):
        qr.code("x" * 2332)
