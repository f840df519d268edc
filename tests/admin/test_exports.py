"""Taking a list away as a CSV file."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.admin import answering
from tellback.admin.exports import in_lines
from tellback.audit.acts import Act, time_line
from tellback.moderation import flags
from tellback.replies import changes
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import ORIGIN, Places, make_account, tell_and_publish

SignIn = Callable[[Account], Browser]


def read(text: str) -> list[list[str]]:
    """The rows of a CSV file, its mark taken off."""
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_each_row_is_a_line_that_any_program_reads_back() -> None:
    hostile = 'He said "no",\r\nthen; left'
    text = "".join(in_lines(["Name", "Words"], [["Å. Öst", hostile], ["", None]]))
    assert text == '\ufeff"Name","Words"\r\n"Å. Öst","He said ""no"",\r\nthen; left"\r\n"",""\r\n'
    assert read(text) == [["Name", "Words"], ["Å. Öst", hostile], ["", ""]]


def test_moments_numbers_truth_and_lists_are_written_for_people_and_programs() -> None:
    row = [7, -1.5, True, False, date(2026, 11, 23), datetime(2026, 11, 23, 9, 30, tzinfo=UTC), ["a", "b"]]
    written = read("".join(in_lines(["A"], [row])))[1]
    assert written == ["7", "-1.5", "yes", "no", "2026-11-23", "2026-11-23T09:30:00+00:00", "a; b"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "\u3000=1",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    assert read("".join(in_lines(["A"], [[text], [[text, "b"]]])))[1:] == [[f"'{text}"], [f"'{text}; b"]]


@pytest.mark.parametrize("text", ["Ward 5", "a=b", "'quoted'", "– a dash", "5-6"])
def test_what_it_would_not_calculate_is_left_as_it_is(text: str) -> None:
    assert read("".join(in_lines(["A"], [[text]])))[1] == [text]


def test_a_long_list_is_never_held_whole() -> None:
    taken = 0

    def rows() -> Iterator[list[str]]:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield [str(number)]

    first = next(in_lines(["A"], rows()))
    assert first.startswith('\ufeff"A"')
    assert taken < 1_000
    assert sum(text.count("\r\n") for text in in_lines(["A"], rows())) == 10_001


def test_an_empty_list_has_its_headings() -> None:
    assert read("".join(in_lines(["A", "B"], []))) == [["A", "B"]]


def test_a_responder_takes_their_own_stories_away(
    signed_in: SignIn, ruth: Account, moira: Account, places: Places
) -> None:
    tell_and_publish(moira, title="=A quiet night", service=["RXH01", "G81001"])
    tell_and_publish(moira, title="At the surgery", service="G81001")
    browser = signed_in(ruth)
    (link,) = [link for link in browser.open("/admin/answers").links if link.endswith(".csv")]
    answer = browser.client.get(link)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="tellback-your-stories-2026-11-23.csv"'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    head, line = read(answer.text)
    assert head == ["Story", "About", "Published", "Answer", "Address"]
    story = Story.get()
    assert line == [
        "'=A quiet night",
        "St Elsewhere Hospital",
        "2026-11-23",
        "Waiting for you",
        f"https://stories.example/stories/{story.public_id}",
    ]
    assert [(one.act, one.actor_id) for one in time_line("list", "your-stories")] == [
        (Act.LIST_EXPORTED, str(ruth.id))
    ]


def test_what_services_change_and_what_readers_report_go_away_as_files(
    signed_in: SignIn, ruth: Account, moira: Account
) -> None:
    story = tell_and_publish(moira)
    said = {"state": "planned", "what": "Doors", "why": "", "on": "2027-01", "evidence": "", "lang": "en"}
    changes.record("RXH01", [story.public_id], said, by=ruth)
    flags.tell(story.public_id, "unsafe", "Ring me.")
    (line,) = read(signed_in(ruth).client.get("/admin/changes.csv").text)[1:]
    assert line == ["Doors", "St Elsewhere Hospital", "", "", "Waiting", "1"]
    (line,) = read(signed_in(moira).client.get("/admin/flags.csv").text)[1:]
    assert line[0] == story.public_id
    assert line[2:] == [flags.REASONS["unsafe"], "Ring me.", "yes", "1", "2026-11-23T09:30:00+00:00"]


def test_websites_go_away_as_a_file(signed_in: SignIn, places: Places) -> None:
    browser = signed_in(make_account("Ada", Role.ADMINISTRATOR))
    (line,) = read(browser.client.get("/admin/websites.csv").text)[1:]
    assert line == ["St Elsewhere", "", "st-elsewhere-test", ORIGIN, "Nothing seen yet", "2026-11-23"]


def test_all_of_a_list_goes_away_not_its_first_page(
    signed_in: SignIn, ruth: Account, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "PAGE", 2)
    titles = [tell_and_publish(moira, title=f"Night {n}").versions.get().title for n in range(5)]
    lines = read(signed_in(ruth).client.get("/admin/answers.csv").text)[1:]
    assert sorted(line[0] for line in lines) == titles
