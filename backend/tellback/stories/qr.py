"""A QR code of a link, as one path of SVG."""

from itertools import groupby
from typing import Any

import segno

# Modules of white around the code, without which cameras do not find it (ISO/IEC 18004, 6.3.8).
QUIET = 4
# To weigh all eight masks takes five milliseconds of every story told. Readers read each of them (the code
# names its mask), and a random token leaves none of them with large plain areas.
MASK = 3


def code(link: str) -> dict[str, Any]:
    """The code of a link: `size` in modules, quiet zone and all, and a `path` to stroke one module wide.

    Error correction M or better: a scratched screen or a creased sheet still leads to the story.
    """
    made = segno.make(link, error="m", micro=False, mask=MASK)
    rows = [list(row) for row in made.matrix_iter(border=QUIET)]
    return {"size": len(rows), "path": "".join(_runs(y, row) for y, row in enumerate(rows))}


def _runs(y: int, row: list[int]) -> str:
    """The dark modules of a row as strokes through their middle."""
    runs, x = [], 0
    for dark, modules in groupby(row):
        length = len(list(modules))
        if dark:
            runs.append(f"M{x} {y}.5h{length}")
        x += length
    return "".join(runs)
