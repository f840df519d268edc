"""What people can set, call, paste or meet is documented; what is documented exists.

Tables between `<!-- begin: … -->` and `<!-- end -->` are made from the code. When one is stale, this
writes it anew: `python3 tests/test_documented.py`.
"""

import re
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import click
import pytest

from tellback import config, errors
from tellback.cli import tellback
from tellback.config import DECLARED
from tellback.http.limits import LIMITS, PRESSURE, Limit
from tellback.retention import data_map

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "backend" / "tellback"
WIDGET = ROOT / "widget" / "src"


def _screening() -> str:
    table: str = import_module("tests.screening.measure").table()
    return table


def _settings() -> str:
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    rows += [f"| `{d.variable}` | {f'`{d.default}`' if d.default else ''} | {d.meaning} |" for d in DECLARED]
    return "\n".join(rows)


def _commands() -> str:
    rows = ["| command | what it does |", "|---|---|"]
    rows += [
        f"| `{_usage(path, command)}` | {_summary(command)} |"
        for path, command in _walk(tellback, "tellback")
    ]
    return "\n".join(rows)


def _walk(group: click.Group, path: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in sorted(group.list_commands(context)):
        here, command = f"{path} {name}", group.get_command(context, name)
        assert command
        found += _walk(command, here) if isinstance(command, click.Group) else [(here, command)]
    return found


def _usage(path: str, command: click.Command) -> str:
    options = [p.opts[0] for p in command.params if isinstance(p, click.Option)]
    arguments = [
        p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)
    ]
    return " ".join([path, *arguments, *options])


def _summary(command: click.Command) -> str:
    return (command.help or "").split("\n\n")[0].replace("\n", " ")


def _problems() -> str:
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "steps" and path.name != "__main__.py":
            import_module(
                ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
            )
    rows = ["| `type` ends with | status | meaning |", "|---|---|---|"]
    kinds = {kind.slug: kind for kind in reversed(_below(errors.Problem))}
    rows += [f"| `{slug}` | {kinds[slug].status} | {kinds[slug].title} |" for slug in sorted(kinds)]
    return "\n".join(rows)


def _below(kind: type[errors.Problem]) -> list[type[errors.Problem]]:
    return [kind, *(deeper for below in kind.__subclasses__() if below.__module__.startswith("tellback.")
                    for deeper in _below(below))]  # fmt: skip


# A route's decorators, its name, and the first line of its docstring.
_ROUTE = re.compile(
    r'@(api|pages)\.(get|post|delete|patch)\("([^"]*)"\)(?:\n@[^\n]+)*'
    r'\ndef [^\n]+\n    """([^"]+?)(?:\n|""")'
)


def _addresses() -> str:
    rows = ["| address | what it answers |", "|---|---|"]
    for path in sorted(PACKAGE.glob("*/*routes.py")):
        source = path.read_text(encoding="utf-8")
        # What stands before the addresses of a folder's blueprint; of its pages, where they are for staff.
        named = re.search(r'url_prefix="([^"]+)"', source)
        before = {"api": named[1] if named else "", "pages": "/admin" if "url_prefix=AREA" in source else ""}
        for target, method, rule, doc in _ROUTE.findall(source):
            if path.parent.name != "admin":
                shown = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", before[target] + rule)
                rows.append(f"| `{method.upper()} {shown}` | {doc} |")
    return "\n".join(rows)


def _data_map() -> str:
    """With the settings as they come, whatever stands in this machine's environment."""
    with tempfile.TemporaryDirectory() as folder:
        settings = config.load({"TELLBACK_OPERATOR": "Somebody", "TELLBACK_DATA_DIR": folder})
        return data_map.as_markdown(settings).strip()


def _limits() -> str:
    return _table_of(LIMITS)


def _pressure() -> str:
    return _table_of(PRESSURE)


def _table_of(limits: tuple[Limit, ...]) -> str:
    rows = ["| limit | counted by | at most | why |", "|---|---|---|---|"]
    rows += [f"| `{limit.name}` | {limit.per} | {limit.rate} | {limit.why} |" for limit in limits]
    return "\n".join(rows)


TABLES = {
    ("docs/limits.md", "limits"): _limits,
    ("docs/limits.md", "pressure"): _pressure,
    ("docs/data-map.md", "data-map"): _data_map,
    ("README.md", "screening"): _screening,
    ("docs/operators.md", "settings"): _settings,
    ("docs/operators.md", "commands"): _commands,
    ("docs/api.md", "problems"): _problems,
    ("docs/api.md", "addresses"): _addresses,
}


def _block(text: str, name: str) -> str:
    found = re.search(rf"<!-- begin: {name} -->\n(.*?)\n<!-- end -->", text, re.DOTALL)
    assert found, f"no table {name}"
    return found[1]


@pytest.mark.parametrize(("page", "name"), TABLES)
def test_a_table_says_what_the_code_says(page: str, name: str) -> None:
    written = _block((ROOT / page).read_text(encoding="utf-8"), name)
    assert written == TABLES[page, name](), f"stale: python3 tests/test_documented.py writes {page} anew"


def _readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_attribute_of_the_tag_is_in_the_readme() -> None:
    source = (WIDGET / "element.js").read_text(encoding="utf-8")
    properties = re.search(r"const PROPERTIES = {(.*?)};", source, re.DOTALL)
    assert properties
    attributes = {"lang", *re.findall(r': "([a-z-]+)"', properties[1])}
    assert len(attributes) > 5
    assert {name for name in attributes if f"| `{name}` |" not in _readme()} == set()


def test_every_event_style_property_and_part_is_in_the_readme() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in WIDGET.rglob("*.[jc]s*"))
    names = set(re.findall(r'"(story-[a-z]+|stories-[a-z]+)"', source)) & {
        "story-submitted",
        "stories-loaded",
        "story-error",
    }
    names |= set(re.findall(r"--patient-stories-[a-z-]+", source))
    parts = {part for found in re.findall(r'\bpart: "([a-z -]+)"', source) for part in found.split()}
    assert len(names) >= 8
    assert len(parts) >= 8
    assert {name for name in names | parts if f"`{name}`" not in _readme()} == set()


def test_every_folder_of_the_package_is_named_in_contributing() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8") + _readme()
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert {name for name in folders if not re.search(rf"\b{name}/?\b", text)} == set()


def test_every_relative_link_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if not (page.parent / link).exists()
    ]
    assert broken == []


def write() -> None:
    """Write every table anew."""
    for (page, name), make in TABLES.items():
        path = ROOT / page
        text = path.read_text(encoding="utf-8")
        fence = f"<!-- begin: {name} -->\n"
        before, after = text.split(fence)
        path.write_text(before + fence + make() + after[after.index("\n<!-- end -->") :], encoding="utf-8")


def test_every_paper_names_tests_and_pages_that_exist() -> None:
    """What the papers of assurance say is so is shown by a test, and their links lead somewhere."""
    broken = []
    for paper in sorted((ROOT / "docs" / "assurance").glob("*.md")):
        text = paper.read_text(encoding="utf-8")
        for file, test in re.findall(r"`(tests/[\w/]+(?:\.py)?)(?:::(\w+))?`", text):
            path = ROOT / file
            if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
                broken.append(f"{paper.name}: {file} {test}")
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
            if "://" not in link and not (paper.parent / link).exists():
                broken.append(f"{paper.name}: {link}")
    assert broken == []


if __name__ == "__main__":
    # As a script it knows its own folder alone.
    sys.path.insert(0, str(ROOT))
    write()
