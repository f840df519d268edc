"""A process that has just begun, and a crowd that comes to it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tellback.screening import matching, screen

CROWD = 4


def test_a_crowd_has_the_patterns_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known, make = screen("Dr Anna Smith was kind."), matching._shelf
    made: list[Any] = []
    here = threading.Barrier(CROWD)

    def noted(kinds: Any) -> Any:
        made.append(kinds)
        return make(kinds)

    def come() -> list[Any]:
        here.wait()
        return screen("Dr Anna Smith was kind.")

    monkeypatch.setattr(matching, "_SHELVES", {})
    monkeypatch.setattr(matching, "_shelf", noted)
    with ThreadPoolExecutor(CROWD) as pool:
        found = [one.result() for one in [pool.submit(come) for _ in range(CROWD)]]
    assert found == [known] * CROWD
    assert len(made) == 1
