"""The engines that the database brings: FTS5 in SQLite, a tsvector in PostgreSQL. Both find the same."""

from types import ModuleType

from tellback import db
from tellback.search import postgresql, public_postgresql, public_sqlite, sqlite


def engine() -> ModuleType:
    """What the desk searches with; it stems English by itself."""
    return postgresql if db.is_postgresql() else sqlite


def public_engine() -> ModuleType:
    """What everyone searches with."""
    return public_postgresql if db.is_postgresql() else public_sqlite
