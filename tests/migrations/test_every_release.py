"""A database of every earlier release, as its `tellback backup` left it, is restored and brought along."""

import dataclasses
from pathlib import Path

import pytest

from tellback import db, migrations
from tellback.backups import archive, restoring
from tests.migrations import filling, release

KEPT = sorted(release.RELEASES.glob("*.backup"))


def _bring_along(path: Path, settings, tmp_path: Path, request) -> None:
    on_postgres = path.stem.endswith("-postgresql")
    url = request.getfixturevalue("spare_postgres")() if on_postgres else f"sqlite:///{tmp_path / 'new.db'}"
    settings = dataclasses.replace(settings, database_url=url)
    manifest = restoring.look_at(path, settings)
    restoring.restore(path, manifest, settings, lambda _said: None, lambda *_: None)
    db.connect(url)
    migrations.require_current()
    for table in filling.tables():
        (count,) = db.database.execute_sql(f'SELECT COUNT(*) FROM "{table}"').fetchone()
        assert count >= manifest.counts.get(table, 0), table
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_this_release_will_leave_is_brought_along(settings, tmp_path, request) -> None:
    kept = release.keep(settings, tmp_path / "releases")
    assert archive.read(kept, lambda *_: None).stories == release.ROWS
    _bring_along(kept, settings, tmp_path, request)


@pytest.mark.skipif(not KEPT, reason="no release is out yet")
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_what_a_release_left_is_brought_along(path, settings, tmp_path, request) -> None:
    _bring_along(path, settings, tmp_path, request)
