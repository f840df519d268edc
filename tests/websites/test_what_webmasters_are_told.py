"""docs/webmasters.md says what the frame takes and which marks keep recorders out."""

import re
from dataclasses import fields
from pathlib import Path

from tellback.websites.frame import Frame

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "webmasters.md").read_text(encoding="utf-8")


def test_everything_that_may_follow_the_frames_question_mark_is_named() -> None:
    section = PAGE[PAGE.index("\n## A frame") : PAGE.index("\n## A pasted address")]
    names = {field.name.replace("_", "-") for field in fields(Frame)}
    assert {name for name in names if f"`{name}`" not in section.replace("`story=…`", "`story`")} == set()


def test_the_marks_are_those_that_the_embed_carries() -> None:
    source = (ROOT / "widget" / "src" / "embed.js").read_text(encoding="utf-8")
    classes = re.search(r'const UNSEEN_CLASSES = "([^"]+)"', source)
    attributes = re.search(r"const UNSEEN = {(.*?)};", source, re.DOTALL)
    assert classes
    assert attributes
    carried = {*classes[1].split(), *re.findall(r'"(data-[a-z-]+)"', attributes[1])}
    assert carried == set(re.findall(r"^\| [^|]+ \| `([\w-]+)", PAGE, re.MULTILINE)) - {"way"}
