"""Registers of care services as they are published: a CSV file, told apart by its header. Pure.

Two are known, both of the NHS Organisation Data Service: the GP practices (epraccur with a header) and the
hospitals (NHS Choices). A further one is a further `Layout`.
"""

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tellback.errors import InvalidInput
from tellback.organisations import places
from tellback.organisations.naming import one_line, readable

# An ODS code: capitals and digits, three or more. A hyphen is what tells our own codes from theirs.
ODS_CODE = re.compile("[A-Z0-9]{3,12}")
LONGEST_NAME = 200
# More in one line means a quotation mark that was never closed, or no register at all.
_LONGEST_LINE = 10_000
_OPEN = {"", "A", "ACTIVE", "OPEN"}


@dataclass(frozen=True)
class Layout:
    """Which column of a register holds what; `required` must be there, others may be absent or empty."""

    title: str
    kind: str
    code: str
    name: str
    postcode: str
    address: tuple[str, ...]
    # The address lines that may end in the town.
    town: tuple[str, ...]
    status: str = ""
    latitude: str = ""
    longitude: str = ""
    parent_code: str = ""
    parent_name: str = ""

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that tell this layout from others."""
        return self.code, self.name, self.postcode


LAYOUTS = (
    Layout(
        title="GP practices",
        kind="gp_practice",
        code="ods_code",
        name="name",
        postcode="postcode",
        address=("addr1", "addr2", "addr3", "addr4"),
        town=("addr1", "addr2", "addr3", "addr4"),
        status="status",
    ),
    Layout(
        title="hospitals",
        kind="hospital",
        code="organisationcode",
        name="organisationname",
        postcode="postcode",
        address=("address1", "address2", "address3", "city", "county"),
        town=("address3", "city"),
        latitude="latitude",
        longitude="longitude",
        parent_code="parentodscode",
        parent_name="parentname",
    ),
)


@dataclass(frozen=True)
class Entry:
    """One service as a register lists it. `open` is False for one that has closed or not yet begun."""

    line: int
    code: str
    name: str
    official_name: str
    kind: str
    organisation_code: str
    organisation_name: str
    address: str
    town: str
    postcode: str
    latitude: float | None
    longitude: float | None
    open: bool


@dataclass(frozen=True)
class Remark:
    """Something about one line of a register that its keeper should know; lines count from 1, the header."""

    line: int
    text: str


@dataclass
class Register:
    """A register that was opened; its title is the file's name. `entries` reads its `rows` lines.

    While reading, `refused` fills with the lines that gave no entry, `warnings` with those that gave less.
    """

    title: str
    layout: Layout
    columns: list[str]
    lines: list[str]
    refused: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """How many lines follow the header."""
        return len(self.lines)

    def entries(self) -> Iterator[Entry | None]:
        """Each line's entry in turn; None for a line that is blank or refused."""
        first_lines: dict[str, int] = {}
        for number, line in enumerate(self.lines, start=2):
            entry = self._entry(number, line) if line.strip(" ,\t") else None
            if entry and entry.code in first_lines:
                self._refuse(number, f"{entry.code} stands in line {first_lines[entry.code]} already")
                entry = None
            if entry:
                first_lines[entry.code] = number
            yield entry

    def _entry(self, number: int, line: str) -> Entry | None:
        try:
            return self._read(number, line)
        except (ValueError, csv.Error) as reason:
            self._refuse(number, str(reason))
            return None

    def _read(self, number: int, line: str) -> Entry:
        """One line's entry. Raises ValueError or csv.Error with the reason for which it is refused."""
        row = self._cells(line)
        layout = self.layout
        code, official_name = row[layout.code].upper(), row[layout.name]
        _check_names(code, official_name)
        name = readable(official_name)
        parent_code = row[layout.parent_code].upper()
        if parent_code and not ODS_CODE.fullmatch(parent_code):
            raise ValueError(f"{parent_code!r} is no ODS code of a parent")
        return Entry(
            line=number,
            code=code,
            name=name,
            official_name=official_name,
            kind=layout.kind,
            organisation_code=parent_code or code,
            organisation_name=_organisation_name(row[layout.parent_name], parent_code) or name,
            address=_address(name, [row[column] for column in layout.address]),
            town=places.town(row[column] for column in layout.town)[:80],
            postcode=self._postcode(number, row[layout.postcode]),
            latitude=_degrees(row[layout.latitude], 90),
            longitude=_degrees(row[layout.longitude], 180),
            open=row[layout.status].upper() in _OPEN,
        )

    def _cells(self, line: str) -> defaultdict[str, str]:
        """A line's cells by column; an absent one is empty."""
        if len(line) > _LONGEST_LINE:
            raise ValueError(f"the line has {len(line):,} characters")
        cells = [one_line(cell) for cell in next(csv.reader([line], strict=True))]
        if len(cells) > len(self.columns):
            raise ValueError(f"{len(cells)} columns, but the header names {len(self.columns)}")
        return defaultdict(str, zip(self.columns, cells, strict=False))

    def _postcode(self, number: int, text: str) -> str:
        found = places.postcode(text)
        if text and not found:
            self.warnings.append(Remark(number, f"{text[:20]!r} is no postcode: left out"))
        return found

    def _refuse(self, number: int, reason: str) -> None:
        self.refused.append(Remark(number, reason))


def open_register(path: Path) -> Register:
    """Open a register's file and tell its layout by its header.

    UTF-8 with or without a byte order mark, else Windows-1252 as old exports are.
    Raises InvalidInput when it cannot be read or no layout fits, naming the columns that are wanted.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}") from error
    # Line by line, so that one quotation mark left open costs its own line and not the rest of the file.
    lines = io.StringIO(_decode(raw), newline=None).read().rstrip("\n").split("\n")
    # Cut, since a longer cell is more than the reader takes; such a line is the header of nothing.
    header = lines[0][:_LONGEST_LINE]
    columns = [cell.strip().lower() for cell in next(csv.reader([header]), [])]
    for layout in LAYOUTS:
        if set(layout.required) <= set(columns):
            return Register(path.name, layout, columns, lines[1:])
    wanted = "; ".join(f"{layout.title}: {', '.join(layout.required)}" for layout in LAYOUTS)
    raise InvalidInput(
        f"The first line of {path.name} is the header of no register that we know. It must name, separated "
        f"by commas, at least the columns of one of these: {wanted}."
    )


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    # Decodes any byte; what is no text at all then fails at its header.
    return raw.decode("latin-1")


def _check_names(code: str, name: str) -> None:
    if not code:
        raise ValueError("no code")
    if not ODS_CODE.fullmatch(code):
        raise ValueError(f"{code[:40]!r} is no ODS code")
    if not readable(name):
        raise ValueError(f"{code} has no name")
    if len(readable(name)) > LONGEST_NAME or len(name) > LONGEST_NAME:
        raise ValueError(f"the name of {code} has more than {LONGEST_NAME} characters")


def _address(name: str, lines: list[str]) -> str:
    """The address in one line, without the service's own name and without repeats."""
    parts = dict.fromkeys(part for line in lines if (part := readable(line)) and part != name)
    return ", ".join(parts)[:400]


def _organisation_name(parent_name: str, parent_code: str) -> str:
    return parent_code and (readable(parent_name)[:LONGEST_NAME] or parent_code)


def _degrees(text: str, most: float) -> float | None:
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
