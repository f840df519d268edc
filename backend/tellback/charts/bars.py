"""A plot of bars, week by week: how many, and how many of them were answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from math import ceil
from xml.sax.saxutils import escape

# Units of the drawing: what is drawn scales with the page.
WIDTH, HEIGHT = 360, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, 12, 10, 32
# Of the room that each bar has.
_FILLED = 0.68
_MOST_LINES = 4


@dataclass(frozen=True)
class Bar:
    """One bar: what stands below it, how many in all, and how many of those are the filled part."""

    label: str
    total: int
    part: int = 0


def bars(name: str, title: str, described: str, given: Sequence[Bar]) -> str:
    """An SVG of these bars; `name` begins the ids of its parts, and must be of its own in the page.

    Its title and description are what a screen reader says; the numbers belong in a table beside it. The
    colours are the page's own (`tokens.css`), by day and by night. The part differs from the rest by being
    filled, not by colour alone.
    """
    top = _scale(max((bar.total for bar in given), default=0))
    drawn = [_lines(top), *_bars(given, top), _axis()]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'width="100%" font-size="14" fill="var(--tellback-soft)">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(described)}</desc>{"".join(drawn)}</svg>'
    )


def _scale(most: int) -> int:
    """The number at the top of the plot: at least the greatest, and a round one."""
    for step in (n * 10**power for power in count() for n in (1, 2, 5)):
        if step * _MOST_LINES >= most:
            return step * max(1, ceil(most / step))
    raise AssertionError("steps do not end")


def _step(top: int) -> int:
    return next(n for n in range(1, top + 1) if top % n == 0 and top // n <= _MOST_LINES)


def _height(value: int, top: int) -> float:
    return (HEIGHT - _TOP - _BOTTOM) * value / top


def _lines(top: int) -> str:
    """A line across at each round number, with the number."""
    floor = HEIGHT - _BOTTOM
    return "".join(
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{floor - _height(value, top):.1f}" '
        f'y2="{floor - _height(value, top):.1f}" stroke="var(--tellback-hair)"/>'
        f'<text x="{_LEFT - 8}" y="{floor - _height(value, top) + 4:.1f}" text-anchor="end">{value}</text>'
        for value in range(0, top + 1, _step(top))
    )


def _bars(given: Sequence[Bar], top: int) -> list[str]:
    room = (WIDTH - _LEFT - _RIGHT) / max(1, len(given))
    return [
        _bar(bar, _LEFT + n * room + room * (1 - _FILLED) / 2, room * _FILLED, top)
        + _label(bar, _LEFT + (n + 0.5) * room, below=len(given) - 1 - n)
        for n, bar in enumerate(given)
    ]


def _bar(bar: Bar, x: float, width: float, top: int) -> str:
    """The whole as an outline, its part filled from below."""
    floor = HEIGHT - _BOTTOM
    whole, part = _height(bar.total, top), _height(bar.part, top)
    colour = "var(--tellback-heather)"
    return (
        f'<rect x="{x:.1f}" y="{floor - part:.1f}" width="{width:.1f}" height="{part:.1f}" fill="{colour}"/>'
        f'<rect x="{x:.1f}" y="{floor - whole:.1f}" width="{width:.1f}" height="{whole:.1f}" '
        f'fill="none" stroke="{colour}" stroke-width="2"/>'
    )


def _label(bar: Bar, x: float, below: int) -> str:
    """What stands below a bar: of every other one, the last among them, so that none runs into another."""
    if below % 2:
        return ""
    return f'<text x="{x:.1f}" y="{HEIGHT - _BOTTOM + 22}" text-anchor="middle">{escape(bar.label)}</text>'


def _axis() -> str:
    floor = HEIGHT - _BOTTOM
    return (
        f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{floor}" y2="{floor}" stroke="var(--tellback-line)"/>'
    )
