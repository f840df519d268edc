"""The data map: every field of every table, and every other place that holds something.

It is made from the models and from data_map.toml, where each field is described; a field without a
description, or a description without a field, is refused. So is a rule of retention that is not there.
"""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from tellback.config import Settings
from tellback.db import Model
from tellback.retention.places import PLACES
from tellback.retention.rules import RULES, Rule

_PACKAGE = Path(__file__).parent.parent
_NOTES = Path(__file__).with_name("data_map.toml")
_PERSONAL = {"": "", "!": "personal", "!!": "may tell of health"}
_RULE = re.compile(r"\[([^\]]+)\]")
_STORY = "until the story is erased"


@dataclass(frozen=True)
class Entry:
    """One field: what it is, whether it is personal data, why it is kept, who sees it and for how long."""

    table: str
    field: str
    what: str
    personal: str
    why: str
    who: str
    long: str


def entries(settings: Settings) -> list[Entry]:
    """Every field of the database, in the order of the tables.

    Raises ValueError that names the fields which are described and not there, or there and not described.
    """
    notes = _notes()
    models = {model.__name__: model for model in _models()}
    wrong = {*models} ^ {*notes}
    for name in {*models} & {*notes}:
        there = {field.name for field in _fields(models[name])}
        # A row's number needs no words.
        said = {*notes[name]["fields"]} | ({"id"} & there)
        wrong |= {f"{name}.{field}" for field in there ^ said}
    if wrong:
        raise ValueError(f"data_map.toml and the models disagree: {', '.join(sorted(wrong))}")
    return [entry for name in notes for entry in _of(name, models[name], notes[name], settings)]


def as_csv(settings: Settings) -> str:
    """The whole map as CSV, for a register of processing."""
    out = io.StringIO()
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(("where", "field", "what", "personal", "why", "who sees it", "how long"))
    for one in entries(settings):
        sheet.writerow((one.table, one.field, one.what, one.personal, one.why, one.who, one.long))
    for place in PLACES:
        sheet.writerow((place.where, "", place.what, place.personal, place.why, place.who, place.long))
    return out.getvalue()


def as_markdown(settings: Settings) -> str:
    """The whole map as docs/data-map.md holds it."""
    return "\n".join([*_tables(settings), *_places(), *_rules(settings)]) + "\n"


def _tables(settings: Settings) -> list[str]:
    lines = ["## Tables of the database", ""]
    table = ""
    for one in entries(settings):
        if one.table != table:
            table = one.table
            about = _notes()[table]
            lines += [
                *([""] if lines[-1] else []),
                f"### {table}",
                "",
                f"Why: {about['why']}. Who sees it: {about['who']}.",
                f"How long: {_long(about['long'], settings)}.",
                "",
                "| field | what | personal | otherwise than the rest |",
                "|---|---|---|---|",
            ]
        lines.append(f"| `{one.field}` | {one.what} | {one.personal} | {_otherwise(one, settings)} |")
    return [*lines, ""]


def _otherwise(one: Entry, settings: Settings) -> str:
    about = _notes()[one.table]
    own = {
        "why": one.why if one.why != about["why"] else "",
        "who sees it": one.who if one.who != about["who"] else "",
        "how long": one.long if one.long != _long(about["long"], settings) else "",
    }
    return "; ".join(f"{name}: {said}" for name, said in own.items() if said)


def _places() -> list[str]:
    lines = [
        "## Places that are not the database",
        "",
        "| where | what | personal | why | who sees it | how long |",
    ]
    lines.append("|---|---|---|---|---|---|")
    for p in PLACES:
        lines.append(f"| {p.where} | {p.what} | {p.personal} | {p.why} | {p.who} | {p.long} |")
    return [*lines, ""]


def _rules(settings: Settings) -> list[str]:
    lines = ["## Rules that forget", "", "With the settings as they come.", ""]
    lines += ["| rule | what goes | how long after | why so long |", "|---|---|---|---|"]
    for rule in RULES:
        lines.append(f"| {rule.kind} | {rule.keeps} | {_time_of(rule, settings)} | {rule.why} |")
    return lines


def _of(name: str, model: type[Model], notes: dict[str, Any], settings: Settings) -> Iterator[Entry]:
    for field in _fields(model):
        note = notes["fields"].get(field.name, "the row's number")
        own = {"what": note} if isinstance(note, str) else note
        what = own["what"].lstrip("! ")
        mark = own["what"].removesuffix(what).strip()
        yield Entry(
            table=name,
            field=field.name,
            what=what,
            personal=_PERSONAL[mark],
            why=own.get("why", notes["why"]),
            who=own.get("who", notes["who"]),
            long=_long(own.get("long", notes["long"]), settings),
        )


def _long(text: str, settings: Settings) -> str:
    """How long in words: rules by their names become times, "story" what it means."""
    rules = {rule.kind: rule for rule in RULES}

    def said(found: re.Match[str]) -> str:
        if found[1] not in rules:
            raise ValueError(f"data_map.toml names a rule that is not there: {found[1]}")
        return _time_of(rules[found[1]], settings)

    return _RULE.sub(said, re.sub(r"^story\b|(?<=; )story\b", _STORY, text))


def _time_of(rule: Rule, settings: Settings) -> str:
    span = rule.how_long(settings)
    return f"{span} after {rule.since}" if rule.long(settings) else span


@cache
def _notes() -> dict[str, Any]:
    return tomllib.loads(_NOTES.read_text(encoding="utf-8"))


def _models() -> list[type[Model]]:
    for path in sorted(_PACKAGE.glob("*/models.py")):
        import_module(f"tellback.{path.parent.name}.models")
    return [model for model in Model.__subclasses__() if model.__module__.startswith("tellback.")]


def _fields(model: type[Model]) -> list[Any]:
    return list(model._meta.sorted_fields)  # noqa: SLF001
