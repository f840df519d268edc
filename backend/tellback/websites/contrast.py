"""Whether a colour can be read on another, by WCAG 2.2 (1.4.3, and its definition of relative luminance)."""

import re

# What text needs on its ground.
ENOUGH = 4.5
# The grounds of the embed, light and dark, as `widget/src/style/ground.css` has them.
LIGHT_GROUND, DARK_GROUND = "#fbf9f6", "#17151c"
_WHITE, _BLACK = "#ffffff", "#000000"
_HEX = re.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
# Of 255: small enough steps that the eye sees none of them.
_STEP = 5


def read(text: str) -> str | None:
    """A colour as `#rrggbb`, from `#rgb` or `#rrggbb` with or without its `#`; None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if not found:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (`#rrggbb`), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def on(ground: str) -> str:
    """The colour of text on this ground: white or black, whichever reads better (always above 4.5)."""
    return "#fff" if contrast(_WHITE, ground) >= contrast(_BLACK, ground) else "#000"


def lightened(colour: str, ground: str = DARK_GROUND) -> str:
    """The colour, mixed with as little white as lets it be read on a dark ground."""
    for share in range(0, 256, _STEP):
        mixed = "#" + "".join(f"{part + (255 - part) * share // 255:02x}" for part in _parts(colour))
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    return _WHITE


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value / 255 for value in _parts(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
