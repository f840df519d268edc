"""Keys and tokens: long enough, made by chance, each for one thing; made here where nobody set them."""

import itertools
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from tellback.config.declared import PREFIX
from tellback.errors import SettingsError

_MAKE_ONE = "make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
# Different characters of a key: one made by chance has some 30 of 64, a word typed over and over a few.
_FEW = 12
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
# What examples say in place of a key, and somebody forgets to replace.
_PLACEHOLDER = re.compile(
    "change.?(me|this)|replace.?(me|this|with)|place.?holder|your.?(secret|key)", re.IGNORECASE
)


def chosen_key(name: str, text: str, made_in: Path | None) -> str:
    """A key as it was set; where none was, the one of a folder. Raises SettingsError for a weak one."""
    if not text and made_in is not None:
        return _kept_key(made_in, name.lower())
    if len(text) < 32:
        raise SettingsError(
            f"{PREFIX}{name} (or {PREFIX}{name}_FILE) needs at least 32 characters; {_MAKE_ONE}"
        )
    if len(set(text)) < _FEW or _REPEATED.fullmatch(text) or _PLACEHOLDER.search(text):
        raise SettingsError(f"{PREFIX}{name} was not made by chance, and can be guessed; {_MAKE_ONE}")
    return text


def several(name: str, text: str, made_in: Path | None) -> tuple[str, ...]:
    """Several keys, separated by commas, while one is being replaced."""
    return tuple(chosen_key(name, key.strip(), made_in) for key in text.split(","))


def require_apart(held: Mapping[str, set[str]]) -> None:
    """Each key for one thing: who learns one must not hold two. Raises SettingsError naming both."""
    for one, other in itertools.combinations(held, 2):
        if held[one] & held[other]:
            raise SettingsError(f"{PREFIX}{one} and {PREFIX}{other} are the same; {_MAKE_ONE}")


def _kept_key(folder: Path, name: str) -> str:
    """The key kept in a file of the data folder, made on the first start."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # "x" and 0600 from the first byte: two processes that start together agree on one key.
        with open(path, "x", encoding="ascii", opener=_owner_only) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
