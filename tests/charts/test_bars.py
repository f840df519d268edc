"""A plot says in words what it shows, keeps its bars in its frame, and draws no word of others as code."""

import xml.etree.ElementTree as ET

import pytest

from tellback.charts.bars import HEIGHT, WIDTH, Bar, bars

SVG = "{http://www.w3.org/2000/svg}"


def drawn(given: list[Bar], title: str = "Stories") -> ET.Element:
    svg = bars("plot", title, "What it shows", given)
    return ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_it_is_named_and_described_for_whoever_hears_it() -> None:
    svg = drawn([Bar("2 Nov", 3, 1)], title="A & B <script>")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "plot-title plot-desc"
    assert svg.findtext(f"{SVG}title") == "A & B <script>"
    assert svg.findtext(f"{SVG}desc") == "What it shows"


@pytest.mark.parametrize("totals", [[0], [1], [7, 3], [40, 41, 0], [999, 1000], [123456]])
def test_every_bar_stands_on_the_floor_within_the_frame_as_high_as_its_number(totals: list[int]) -> None:
    svg = drawn([Bar(str(n), total, total // 2) for n, total in enumerate(totals)])
    shapes = [{k: float(r.get(k, 0)) for k in ("x", "y", "width", "height")} for r in svg.iter(f"{SVG}rect")]
    floors = {round(shape["y"] + shape["height"]) for shape in shapes}
    assert len(floors) == 1
    assert all(shape["y"] >= 0 and shape["x"] + shape["width"] <= WIDTH for shape in shapes)
    assert floors.pop() < HEIGHT
    wholes = [shape["height"] for shape in shapes[1::2]]
    assert wholes == pytest.approx([max(wholes) * total / max(max(totals), 1) for total in totals], abs=0.2)


def test_the_lines_across_stand_at_round_numbers_and_reach_above_the_highest_bar() -> None:
    numbers = [int(text.text or "") for text in drawn([Bar("", 37)]).iter(f"{SVG}text") if text.text]
    assert numbers == [0, 10, 20, 30, 40]
