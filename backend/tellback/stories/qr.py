"""A QR code of a link (ISO/IEC 18004), as one path of SVG: bytes, at error correction M.

Every told story is given one, so what does not depend on the link is worked out once for each size: where the
bits go, and the remainders of the error correction.
"""

import re
from functools import lru_cache
from itertools import cycle, pairwise, zip_longest
from operator import itemgetter
from typing import Any, NamedTuple

# Modules of white around the code, without which cameras do not find it (6.3.8).
QUIET = 4
# All eight masks are weighed against large plain areas, which a random token does not make. Readers read each
# of them: the code names its mask.
MASK = 3
# Level M, as the code names it (table 12), and of each version: codewords of error correction in a block, and
# blocks (table 9).
_LEVEL_M = 0b00
# fmt: off
_CORRECTION = (
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
)
_BLOCKS = (
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
)
# fmt: on
_BYTES = 0b0100
# Modules of a row whose strokes are looked up at a time: there are a thousand kinds of so many, each kept.
_AT_A_TIME = 10
_PADDING = 0xEC, 0x11
# x^8 + x^4 + x^3 + x^2 + 1 (7.5.2); the polynomials of what names the mask (annex C) and version (annex D).
_FIELD, _FORMAT, _VERSION = 0x11D, 0x537, 0x1F25
_FORMAT_MASK = 0x5412


class _Layout(NamedTuple):
    """A version's square: where each module's bit stands among those of the message and a "0" and a "1"."""

    size: int
    bits: int
    mask: int
    pick: Any


def code(link: str) -> dict[str, Any]:
    """The code of a link: `size` in modules, quiet zone and all, and a `path` to stroke one module wide.

    A scratched screen or a creased sheet still leads to the story. Raises ValueError for more than 2,331
    bytes.
    """
    text = link.encode()
    version = next((one for one in range(1, 41) if len(text) <= _most(one)), None)
    if version is None:
        raise ValueError("more than a QR code holds")
    layout, message = _layout(version), _message(text, version)
    bits = int.from_bytes(message) << (layout.bits - 8 * len(message)) ^ layout.mask
    modules = "".join(layout.pick(f"{bits:0{layout.bits}b}01"))
    rows = (modules[at : at + layout.size] for at in range(0, len(modules), layout.size))
    path = "".join([f"M{QUIET} {y}.5{_strokes(row)}" for y, row in enumerate(rows, QUIET)])
    return {"size": layout.size + 2 * QUIET, "path": path}


def _strokes(row: str) -> str:
    """The strokes of a row, from its first module on."""
    return "".join([_along(row[at : at + _AT_A_TIME]) for at in range(0, len(row), _AT_A_TIME)])


@lru_cache(2 << _AT_A_TIME)
def _along(modules: str) -> str:
    """Modules side by side, from where the last ones ended: `h` along dark ones, `m` past light ones."""
    runs = (run[0] for run in re.finditer("0+|1+", modules))
    return "".join([f"h{len(run)}" if run[0] == "1" else f"m{len(run)} 0" for run in runs])


def _message(text: bytes, version: int) -> bytes:
    """The codewords: data, then what corrects it, each taken from the blocks by turns (7.4 to 7.6)."""
    correction, blocks = _CORRECTION[version - 1], _BLOCKS[version - 1]
    # A byte's mode and the end of the message are four bits each, so the whole ends with a byte.
    head = _BYTES << _count_bits(version) | len(text)
    whole = ((head << 8 * len(text) | int.from_bytes(text)) << 4).to_bytes(len(text) + _overhead(version))
    padding = cycle(_PADDING)
    data = whole + bytes(next(padding) for _ in range(_data_codewords(version) - len(whole)))
    short, longer = divmod(len(data), blocks)
    ends = [short * at + max(0, at - blocks + longer) for at in range(blocks + 1)]
    parts = [data[start:end] for start, end in pairwise(ends)]
    corrections = [_corrected(part, correction) for part in parts]
    turns = [*zip_longest(*parts), *zip(*corrections, strict=True)]
    return bytes(codeword for turn in turns for codeword in turn if codeword is not None)


def _corrected(part: bytes, length: int) -> bytes:
    """The remainder of a block by the generator polynomial of so many codewords (7.5.2)."""
    remainders, low = _remainders(length), (1 << 8 * (length - 1)) - 1
    rest = 0
    for codeword in part:
        rest = (rest & low) << 8 ^ remainders[codeword ^ rest >> 8 * (length - 1)]
    return rest.to_bytes(length)


@lru_cache
def _remainders(length: int) -> list[int]:
    """Of each leading codeword: its product with the generator polynomial, without the leading term."""
    generator, root = [1], 1
    for _ in range(length):
        generator = [a ^ _times(b, root) for a, b in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    return [int.from_bytes(bytes(_times(lead, one) for one in generator[1:])) for lead in range(256)]


def _times(one: int, other: int) -> int:
    """A product in GF(256)."""
    product = 0
    while other:
        product ^= one * (other & 1)
        one = one << 1 ^ _FIELD * (one >> 7)
        other >>= 1
    return product


@lru_cache
def _layout(version: int) -> _Layout:
    size, drawn = _size(version), _drawn(version)
    free = [place for place in _way(size) if place not in drawn]
    numbers = {place: number for number, place in enumerate(free)}
    # Behind the message's bits stand a light one and a dark one, for what is drawn in every code.
    places = [(y, x) for y in range(size) for x in range(size)]
    order = [len(free) + drawn[place] if place in drawn else numbers[place] for place in places]
    # Mask 3 turns every third diagonal over (table 10).
    mask = int("".join("01"[(y + x) % 3 == 0] for y, x in free), 2)
    return _Layout(size, len(free), mask, itemgetter(*order))


def _way(size: int) -> list[tuple[int, int]]:
    """All places in the order in which a message takes them: two columns at a time, up and down (7.7.3)."""
    # The column of the vertical timing pattern is passed over.
    rights = [*range(size - 1, 6, -2), 5, 3, 1]
    return [
        (y, x)
        for turn, right in enumerate(rights)
        for y in (range(size) if turn % 2 else reversed(range(size)))
        for x in (right, right - 1)
    ]


def _drawn(version: int) -> dict[tuple[int, int], bool]:
    """What is the same in every code of a version, by row and column: whether it is dark (6.3, 7.9, 7.10)."""
    size, edge = _size(version), _size(version) - 1
    dark = {(6, at): at % 2 == 0 for at in range(size)} | {(at, 6): at % 2 == 0 for at in range(size)}
    marks = _alignment(version)
    corners = {(6, 6), (6, marks[-1]), (marks[-1], 6)} if marks else set()
    for y, x in {(y, x) for y in marks for x in marks} - corners:
        dark |= {(y + b, x + a): max(abs(b), abs(a)) != 1 for b in range(-2, 3) for a in range(-2, 3)}
    for y, x in ((3, 3), (3, edge - 3), (edge - 3, 3)):
        # With the light edge around it, as far as that is inside.
        square = ((b, a) for b in range(-4, 5) for a in range(-4, 5) if {y + b, x + a} <= set(range(size)))
        dark |= {(y + b, x + a): max(abs(b), abs(a)) not in (2, 4) for b, a in square}
    named = _with_check(_LEVEL_M << 3 | MASK, _FORMAT) ^ _FORMAT_MASK
    around = [0, 1, 2, 3, 4, 5, 7, 8]
    for bit in range(15):
        is_dark = bool(named >> bit & 1)
        dark[(around[bit], 8) if bit < 8 else (8, around[14 - bit])] = is_dark
        dark[(8, edge - bit) if bit < 8 else (edge - 14 + bit, 8)] = is_dark
    dark[edge - 7, 8] = True
    if version >= 7:
        named = _with_check(version, _VERSION)
        for bit in range(18):
            along, across = bit // 3, edge - 10 + bit % 3
            dark[along, across] = dark[across, along] = bool(named >> bit & 1)
    return dark


def _with_check(number: int, polynomial: int) -> int:
    """A number and the remainder that reveals a misreading of it (BCH)."""
    width = polynomial.bit_length() - 1
    rest = number << width
    while rest.bit_length() > width:
        rest ^= polynomial << (rest.bit_length() - width - 1)
    return number << width | rest


def _alignment(version: int) -> list[int]:
    """Rows, and columns, of the middles of the small squares (annex E)."""
    if version == 1:
        return []
    count = version // 7 + 2
    step = (version * 8 + count * 3 + 5) // (count * 4 - 4) * 2
    return [6, *(_size(version) - 7 - step * at for at in reversed(range(count - 1)))]


def _size(version: int) -> int:
    return 17 + 4 * version


def _count_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _overhead(version: int) -> int:
    """Codewords for the mode, the count and the end."""
    return 1 + _count_bits(version) // 8


def _most(version: int) -> int:
    return _data_codewords(version) - _overhead(version)


@lru_cache
def _data_codewords(version: int) -> int:
    return _layout(version).bits // 8 - _CORRECTION[version - 1] * _BLOCKS[version - 1]
