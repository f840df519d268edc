"""The words of a plain letter, read as what they are: paragraphs, lists, addresses, a record to keep.

A letter is written once, as plain text; its HTML says the same words, so that nobody has to write them twice
and neither form can say what the other does not.
"""

import re
from dataclasses import dataclass, field

# The marks that keep the direction of what is filled into a sentence end an address, too.
_ADDRESS = re.compile(r"https?://[^\s<>\"\u2066-\u2069]+")
# A sentence's own full stop or colon behind an address belongs to the sentence.
_BEHIND = ".,:;!?)"
_ITEM = "- "
# A line of JSON, which is kept as it stands.
_RECORD = "{"


@dataclass(frozen=True)
class Piece:
    """A part of a line; with `href`, a link."""

    text: str
    href: str = ""


Line = list[Piece]


@dataclass
class Block:
    """What stands together: its lines, and what they are.

    `kind` is `text`, `list`, `record`, `act` (the address that the letter is for), or `foot` (who writes).
    """

    kind: str
    lines: list[Line] = field(default_factory=list)


def blocks_of(text: str, *, ours: str, operator: str) -> list[Block]:
    """The letter's words in blocks. Only addresses that begin with `ours` become links.

    What others wrote may hold an address (a story's title, a name), and must not lead from a letter of ours.
    """
    blocks: list[Block] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = paragraph.splitlines()
        if lines[0] == operator:
            blocks.append(Block("foot", [_pieces(line, ours) for line in lines]))
        else:
            blocks += _read(lines, ours)
    # The first address on a line of its own is what the letter is for; those after it are links.
    acts = [block for block in blocks if block.kind == "act"]
    for block in acts[1:]:
        block.kind = "text"
    return blocks


def _read(lines: list[str], ours: str) -> list[Block]:
    """Split a paragraph where its lines become something else."""
    blocks: list[Block] = []
    for line in lines:
        kind = _kind_of(line, ours)
        if not blocks or blocks[-1].kind != kind or kind == "act":
            blocks.append(Block(kind))
        said = line.removeprefix(_ITEM) if kind == "list" else line
        blocks[-1].lines.append([Piece(said)] if kind == "record" else _pieces(said, ours))
    return blocks


def _kind_of(line: str, ours: str) -> str:
    if line.startswith(_ITEM):
        return "list"
    if line.startswith(_RECORD):
        return "record"
    pieces = _pieces(line.strip(), ours)
    return "act" if len(pieces) == 1 and pieces[0].href else "text"


def _pieces(line: str, ours: str) -> Line:
    pieces: Line = []
    behind = 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(_BEHIND)
        if not (address == ours or address.startswith(f"{ours}/")):
            continue
        pieces += [Piece(line[behind : found.start()]), Piece(address, address)]
        behind = found.start() + len(address)
    pieces.append(Piece(line[behind:]))
    return [piece for piece in pieces if piece.text]
