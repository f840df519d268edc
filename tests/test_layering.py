"""Imports go down one list, never up and never beside, and few know Flask: the rules of the house, kept."""

import ast
import pathlib

import pytest

PACKAGE = pathlib.Path(__file__).resolve().parent.parent / "backend" / "tellback"
# Neighbours, marked |, know nothing of each other.
LIST = """
__main__ > cli > app | server > rounds | checking > backups > admin > retention > digests > feeds | insights
| imports > authorship > published > moderation > alerts > replies > stories > websites > rota > accounts
> organisations > blocking > audit | outbox > http | screening | search | charts > opening > migrations
| edition > db > config | sealing | statements | troubles | metrics > clock | errors | logs > translations
"""
RANK = {name.strip(): -rank for rank, line in enumerate(LIST.split(">")) for name in line.split("|")}
# And every folder's routes.
MAY_KNOW_FLASK = {"app", "cli", "db", "http", "admin", "authorship/by_token"} | {
    f"accounts/{part}"
    for part in ("sign_in", "flask_security_alone", "present", "guards", "guessing", "kept_words")
}
# Inside a folder: routes → rules → models, routes → schemas; schemas may use the words that the rules define.
# Whatever has another name than these is a rule.
MAY_NOT_IMPORT = {
    "models": {"routes", "schemas", "rule"},
    "schemas": {"routes"},
    "rule": {"routes", "schemas"},
}


def imports_of(source):
    """Yield the dotted name of everything imported, wherever in the file it is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def kind_of(name):
    if name.endswith(("_routes", "_schemas")):  # the parts of a folder with many
        return name.rpartition("_")[2]
    return name if name in ("routes", "schemas", "models", "__init__") else "rule"


def findings(path, source, modules=frozenset()):
    """Say in sentences what a module breaks. Paths are within the package, without .py; `modules` are all."""
    noun, _, file = path.partition("/")
    if noun not in RANK:
        return [f"{path} has no place in the list"]
    wrong = []
    for name in imports_of(source):
        top, *rest = name.split(".")
        if top.startswith("flask") and not ({noun, path} & MAY_KNOW_FLASK or kind_of(file) == "routes"):
            wrong.append(f"{path} knows Flask ({name})")
        if top != "tellback" or rest[0].startswith("__"):
            continue
        other, kind = rest[0], rest[1] if len(rest) > 1 else ""
        if kind == "routes" and noun != "app":
            wrong.append(f"{path} imports routes ({name}): only app does")
        if other == noun and file and f"{other}/{kind}" in modules | {f"{other}/models", f"{other}/schemas"}:
            if kind_of(kind) in MAY_NOT_IMPORT.get(kind_of(file), ()):
                wrong.append(f"{path} imports {name}, which is above it in their folder")
        elif other != noun and RANK.get(other, 0) >= RANK[noun]:
            wrong.append(f"{path} imports {name}, which is above or beside it")
    return wrong


def test_the_package_keeps_the_rules():
    files = {str(file.relative_to(PACKAGE).with_suffix("")): file for file in PACKAGE.rglob("*.py")}
    ours = {path.removesuffix("/__init__"): file for path, file in files.items() if path != "__init__"}
    broken = []
    for path, file in ours.items():
        broken += findings(path, file.read_text(), frozenset(files))
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    ("path", "source", "says"),
    [
        ("stories/submission", "from tellback.moderation.decisions import publish", "above or beside"),
        ("screening/crisis", "def lazily():\n    from tellback import charts", "above or beside"),
        ("moderation/decisions", "import tellback.stories.routes", "only app does"),
        ("stories/models", "from tellback.stories.schemas import StorySchema", "in their folder"),
        ("stories/submission", "from flask import request", "knows Flask"),
        ("accounts/roles", "import flask_security", "knows Flask"),
        ("utils", "import os", "no place in the list"),
    ],
)
def test_a_planted_violation_is_found(path, source, says):
    assert [says in line for line in findings(path, source)] == [True]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("stories/submission", "from tellback.stories.models import Story\nimport tellback.screening.crisis"),
        ("stories/routes", "import flask\nfrom tellback.stories import schemas, submission"),
        ("accounts/sign_in", "import flask_security"),
        ("app", "from tellback.stories.routes import stories\nfrom tellback import __version__"),
    ],
)
def test_what_the_list_allows_is_left_in_peace(path, source):
    assert findings(path, source) == []
