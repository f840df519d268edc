"""Somewhere else to restore into, and backups to restore."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tellback import config, db
from tellback.backups import making, restoring
from tellback.backups.making import Made
from tellback.backups.restoring import Restored
from tests import people


def quiet(*_what: object) -> None:
    """Say and show nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where backups go."""
    return tmp_path / "backups"


@pytest.fixture
def elsewhere(settings: config.Settings, request: pytest.FixtureRequest, tmp_path: Path) -> config.Settings:
    """The settings of another machine with the same keys, on which there is no database yet."""
    url = f"sqlite:///{tmp_path / 'elsewhere' / 'tellback.db'}"
    if not settings.embedded:
        url = request.getfixturevalue("spare_postgres")()
    return dataclasses.replace(settings, database_url=url, data_dir=tmp_path / "elsewhere")


@pytest.fixture
def told(places: people.Places) -> list[str]:
    """The ids of two stories that somebody told."""
    return [
        people.tell(contact_email="ann@example.org", consent_contact="true").story.public_id for _ in "12"
    ]


@pytest.fixture
def made(told: list[str], settings: config.Settings, folder: Path) -> Made:
    """A backup with the two stories in it."""
    return making.make(settings, folder)


@pytest.fixture
def restore() -> Callable[..., Restored]:
    """Restore a file, as the command does without asking."""

    def put_back(path: Path, settings: config.Settings, progress: Any = quiet, **options: Any) -> Restored:
        manifest = restoring.look_at(path, settings)
        restored = restoring.restore(path, manifest, settings, quiet, progress, **options)
        db.connect(settings.database_url)
        return restored

    return put_back
