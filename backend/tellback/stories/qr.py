"""A QR code of a link, as one path of SVG."""

import re
from typing import Any

import segno

# Modules of white around the code, without which cameras do not find it (ISO/IEC 18004, 6.3.8).
QUIET = 4
# To weigh all eight masks takes five milliseconds of every story told. Readers read each of them (the code
# names its mask), and a random token leaves none of them with large plain areas.
MASK = 3
_DARK = re.compile(rb"\x01+")


def code(link: str) -> dict[str, Any]:
    """The code of a link: `size` in modules, quiet zone and all, and a `path` to stroke one module wide.

    Error correction M or better: a scratched screen or a creased sheet still leads to the story.
    """
    rows = segno.make(link, error="m", micro=False, mask=MASK).matrix
    path = "".join(_runs(y, row) for y, row in enumerate(rows, QUIET))
    return {"size": len(rows) + 2 * QUIET, "path": path}


def _runs(y: int, row: bytearray) -> str:
    """The dark modules of a row as strokes through their middle."""
    return "".join(
        f"M{found.start() + QUIET} {y}.5h{found.end() - found.start()}" for found in _DARK.finditer(row)
    )
