"""Any text in linked data, sheets, bodies, titles and sealed boxes: read back as it was, and never code."""

import csv
import io
import json

from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from tellback import sealing
from tellback.admin.exports import in_lines
from tellback.http import bodies
from tellback.http.text import tidy
from tellback.stories.schemas import ToldStorySchema
from tellback.stories.submission import title_from
from tests.fuzzing.texts import any_text, told_text
from tests.people import a_story


@given(st.dictionaries(any_text, any_text | st.lists(any_text, max_size=2), max_size=3))
def test_data_in_a_script_element_cannot_end_it(app: Flask, data: dict[str, object]) -> None:
    with app.test_request_context():
        written = render_template_string("{{ data | tojson }}", data=data)
    assert "<" not in written
    assert json.loads(written) == json.loads(json.dumps(data))


@given(st.lists(any_text, min_size=1, max_size=4))
def test_no_cell_of_a_sheet_is_a_formula(cells: list[str]) -> None:
    written = "".join(in_lines(["a"] * len(cells), [cells]))
    _columns, row = csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    for cell, told in zip(row, cells, strict=True):
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        assert not cell.startswith(("\t", "\r", "\n"))
        assert cell in (told, f"'{told}")


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_sealed_is_what_is_opened(text: str) -> None:
    sealing.use(("a key of these tests that seals addresses", "an older key of these tests for addresses"))
    sealed = sealing.seal(text)
    assert sealing.unseal(sealed) == text
    assert len(text) < 4 or text.encode() not in sealed
    assert sealing.buckets(text) == sealing.buckets(text)


@given(body=any_text, title=any_text, name=any_text)
def test_a_form_and_json_are_read_alike(app: Flask, body: str, title: str, name: str) -> None:
    story = {key: value for key, value in a_story(body=body, title=title, display_name=name).items() if value}
    encodable = all(c < "\ud800" or c > "\udfff" for value in story.values() for c in value)
    if not encodable:
        return
    read = []
    for how in ({"data": story}, {"json": story}):
        with app.test_request_context("/api/v1/stories", method="POST", **how):
            try:
                read.append(bodies.read(ToldStorySchema()))
            except bodies.InvalidInput as problem:
                read.append(sorted(problem.errors or {}))
    assert read[0] == read[1]


@given(told_text)
def test_a_text_once_tidied_stays_as_it_is_and_makes_a_title(text: str) -> None:
    for lines in (True, False):
        once = tidy(text, lines=lines)
        assert tidy(once, lines=lines) == once
    if tidy(text, lines=True):
        assert 0 < len(title_from(tidy(text, lines=True))) <= 61
