"""The engine that the database brings: a module with `put`, `forget`, `clear`, `sweep` and `found`."""

from types import ModuleType

from tellback import db
from tellback.search import postgresql, sqlite


def engine() -> ModuleType:
    """FTS5 in SQLite, a tsvector in PostgreSQL; both stem English and find the same."""
    return postgresql if db.is_postgresql() else sqlite
