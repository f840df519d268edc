"""The embed's files as they are served: the scripts with this service's own address in them, and what they
fetch when somebody wants it. Each is read once, and pressed once."""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import brotli

from tellback import __version__
from tellback.screening import rulebook
from tellback.translations import catalogues, dates
from tellback.translations.languages import LANGUAGES

_BUILT = Path(__file__).parent.parent / "static" / "embed"
# What earlier releases had pinned, each file named by its version.
_RELEASES = _BUILT / "releases"


@dataclass(frozen=True)
class File:
    """A file's bytes and what a webmaster may pin it by."""

    content: bytes
    mimetype: str
    # `sha384-…`, for the `integrity` of a script tag (W3C Subresource Integrity).
    integrity: str

    @cached_property
    def compressed(self) -> dict[str, bytes]:
        """The same, pressed as small as it goes, by the name of the content coding; the best one first.

        Once, when somebody first asks for it, so the slowest setting costs next to nothing; a fixed time
        makes each process's bytes the same.
        """
        content = self.content
        return {"br": brotli.compress(content, quality=11), "gzip": gzip.compress(content, 9, mtime=0)}


@dataclass(frozen=True)
class Scripts:
    """The embed's scripts, with this service's address in them."""

    # What the evergreen tag loads: it fetches the form when somebody wants to tell.
    light: File
    # The form, a module of its own.
    telling: File
    # The proof of work that sending takes while very much arrives, another module.
    proof: File
    # What the pinned tag loads: all in one, so that its hash covers whatever runs.
    whole: File


@cache
def scripts_for(public_url: str) -> Scripts:
    """The scripts that talk to the service at this address.

    Optimisers lose `document.currentScript`, so the address stands in the files themselves.
    """

    return Scripts(
        *(
            _script(_BUILT / name, public_url, __version__)
            for name in ("stories.js", "telling.js", "proof.js", "whole.js")
        )
    )


@cache
def pinned_before(version: str, public_url: str) -> File | None:
    """What an earlier release had pinned, byte for byte, so that no hash in the wild breaks; None for none.

    `version` is a release's number, such as 0.1.0.
    """
    path = _RELEASES / f"{version}.js"
    return _script(path, public_url, version) if path.exists() else None


@cache
def data(name: str) -> File:
    """What the script fetches by this name. Raises KeyError for a name that is none of DATA."""
    return _json(DATA[name]())


@cache
def words(tag: str, part: str) -> File:
    """The embed's words of a part ("reading" or "telling") in a language (a tag of LANGUAGES).

    Raises KeyError for another part or language.
    """
    language, english = LANGUAGES[tag], _built("words")[part]
    return _json(
        {
            "lang": tag,
            "dir": language.direction,
            "checked": catalogues.is_checked(tag),
            "words": catalogues.words(tag, english) | (dates.for_pages(tag) if part == "reading" else {}),
        }
    )


def _script(path: Path, public_url: str, version: str) -> File:
    text = path.read_text(encoding="utf-8")
    text = text.replace("__TELLBACK_ORIGIN__", public_url).replace("__TELLBACK_VERSION__", version)
    return _file(text.encode(), "text/javascript")


def _built(name: str) -> Any:
    return json.loads((_BUILT / f"{name}.json").read_text(encoding="utf-8"))


DATA: dict[str, Callable[[], Any]] = {
    # Pictures of the themes: paths of SVG by slug.
    "tiles": lambda: _built("tiles"),
    # What a patient is warned of while they type.
    "rules": rulebook.for_pages,
}
"""Every data file but the words, by its name."""


def _json(members: Any) -> File:
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return _file(text.encode(), "application/json")


def _file(content: bytes, mimetype: str) -> File:
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return File(content, mimetype, f"sha384-{digest}")
