"""Any list of the staff screens as a CSV file that every spreadsheet opens, and none takes for formulas.

RFC 4180, in UTF-8 with its mark at the start (without it some spreadsheets read "Å" as two letters), every
cell in quotation marks (so that in no country's spreadsheet a comma or semicolon in it begins another).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

from flask import Response, stream_with_context
from peewee import chunked

from tellback import clock
from tellback.accounts.guards import to_confirm
from tellback.accounts.present import current_account, is_fresh
from tellback.audit import acts

Cell = str | int | float | date | Sequence[str] | None

# What makes a spreadsheet calculate (OWASP, "CSV Injection", read in November 2026), also in full width.
_BEGINS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROLS = ("\t", "\r", "\n")
# Rows that leave together: few enough to hold, many enough to be quick.
_BATCH = 200


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A list as a file to keep, named by `name` (such as "services") and the day; that it went is recorded.

    `rows` are read while the file is sent, so that a list may be of any length; the first of them at once, so
    that what a rule refuses is answered as a problem. Whoever proved who they are a while ago is asked again:
    a browser left open is not enough to carry a list away. For what a cell may hold, see `in_lines`.
    """
    account = current_account()
    assert account is not None, "routes that answer with a list are behind signed_in"
    if not is_fresh():
        return to_confirm()
    lines = in_lines(columns, rows)
    first = next(lines)
    acts.record(acts.Act.LIST_EXPORTED, acts.staff(account.id), "list", name)
    return Response(
        stream_with_context(text.encode() for text in chain([first], lines)),
        mimetype="text/csv",
        headers={
            "Content-Disposition": f'attachment; filename="tellback-{name}-{clock.today().isoformat()}.csv"',
            "Cache-Control": "no-store",
        },
    )


def in_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the text of a CSV file, some hundred rows at a time.

    Cells hold text, numbers, days and moments (ISO 8601, UTC), truth (yes or no), lists of texts (with
    semicolons). Text that a spreadsheet would calculate gets an apostrophe before it.
    """
    mark = "\ufeff"
    for batch in chunked(chain([columns], rows), _BATCH):
        written = io.StringIO()
        # RFC 4180: lines end in CR LF.
        sheet = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        sheet.writerows([_cell(value) for value in row] for row in batch)
        yield mark + written.getvalue()
        mark = ""


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
        case int() | float():
            return str(value)
        case str():
            return _harmless(value)
        case _:
            return _harmless("; ".join(value))


def _harmless(text: str) -> str:
    # Behind spaces, some spreadsheets calculate all the same.
    dangerous = text.startswith(_CONTROLS) or text.lstrip().startswith(_BEGINS_FORMULA)
    return f"'{text}" if dangerous else text
