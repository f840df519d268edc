"""What once led into a parser, or broke one, is read or refused; `parsers.py` looks for more."""

import pytest

from tests.fuzzing import parsers

TARGETS = parsers.targets()


@pytest.mark.parametrize("name", parsers.SEEDS)
def test_every_seed_is_read_or_refused(name: str) -> None:
    for seed in parsers.SEEDS[name]:
        for raw in (seed, seed[:-1], seed * 2, seed[::-1], b"\xff" + seed, b""):
            parsers.answered(TARGETS[name], raw)


def test_every_parser_has_seeds() -> None:
    assert set(parsers.SEEDS) == set(TARGETS)
