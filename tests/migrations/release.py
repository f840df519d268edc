"""Keep a database of this release, of each engine, for all later ones: `python3 tests/migrations/release.py`.

Run it once, when a release is made, and commit the two files that it leaves in `releases/`: every later
release is tested to bring them along (`test_every_release.py`). TELLBACK_TEST_POSTGRES_URL names the server
for the second.
"""

import os
import sys
import tempfile
from pathlib import Path

# As a script it knows its own folder alone.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tellback import __version__, config, db, migrations
from tellback.backups import making
from tests.migrations import filling

RELEASES = Path(__file__).parent / "releases"
# Rows in each table.
ROWS = 3


def keep(settings: config.Settings, folder: Path) -> Path:
    """Back up a database of this schema with rows in every table; the file, named for release and engine."""
    db.connect(settings.database_url)
    migrations.upgrade()
    rows = filling.Rows()
    for number in range(1, ROWS + 1):
        rows.fill(number)
    with tempfile.TemporaryDirectory() as place:
        made = making.make(settings, Path(place))
        folder.mkdir(exist_ok=True)
        kept = folder / f"{__version__}-{made.manifest.engine}.backup"
        kept.write_bytes(made.path.read_bytes())
    db.database.close_all()  # type: ignore[attr-defined]
    return kept


def main() -> None:
    """Keep both, over databases that are thrown away."""
    import psycopg

    server = os.environ["TELLBACK_TEST_POSTGRES_URL"]
    name = f"tellback_release_{os.getpid()}"
    with tempfile.TemporaryDirectory() as place, psycopg.connect(server, autocommit=True) as connection:
        key = {
            f"TELLBACK_{one}_KEY": "a key of the releases that are kept"
            for one in ("SECRET", "CONTACT", "LEDGER")
        }
        given = {"TELLBACK_DATA_DIR": place, "TELLBACK_OPERATOR": "The Tellback Trust", **key}
        print(keep(config.load(given), RELEASES))
        connection.execute(f"CREATE DATABASE {name}")
        try:
            url = f"{server.rpartition('/')[0]}/{name}"
            print(keep(config.load(given | {"TELLBACK_DATABASE_URL": url}), RELEASES))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


if __name__ == "__main__":
    main()
