"""A new key takes over: all that is sealed is sealed anew with the first one, so that the old one can go.

Rows are changed a batch at a time, each only if it is still as it was read; stopped anywhere, it goes on from
there, since what is done is not done again. Where sealed columns are, the models say: by their names.
"""

from collections.abc import Iterator
from typing import Any

import peewee

from tellback import db, sealing
from tellback.audit import acts
from tellback.db import Model, transaction
from tellback.stories import contact

BATCH = 200


def columns() -> list[tuple[Any, peewee.Field]]:
    """Every sealed column, with its table."""
    found = []
    for model in sorted(db.Model.__subclasses__(), key=lambda one: one.__name__):
        if model.__module__.startswith("tellback."):
            fields = model._meta.sorted_fields  # noqa: SLF001
            found += [(model, field) for field in fields if _is_sealed(field)]
    return found


def reseal() -> Iterator[tuple[str, int]]:
    """Seal all anew that the first key did not seal; by column, how many values changed.

    Raises SettingsError for a value that no key opens: then name the key that it was sealed with, too.
    """
    total = 0
    for model, field in columns():
        done = sum(_batches(model, field))
        total += done
        yield f"{model.__name__}.{field.name}", done
    contact.put_in_buckets_anew()
    if total:
        with transaction():
            acts.record(acts.Act.KEYS_RESEALED, acts.SYSTEM, "keys", "contact", values=total)


def _batches(model: type[Model], field: peewee.Field) -> Iterator[int]:
    key: Any = model._meta.primary_key  # noqa: SLF001
    last: Any = None
    while True:
        query = model.select(key, field).where(field.is_null(False)).order_by(key).limit(BATCH)
        rows = list((query.where(key > last) if last is not None else query).tuples())
        if not rows:
            return
        with transaction():
            yield sum(_one(model, key, field, row) for row in rows)
        last = rows[-1][0]


def _one(model: type[Model], key: Any, field: peewee.Field, row: tuple[Any, Any]) -> int:
    sealed = sealing.resealed(bytes(row[1]))
    if sealed is None:
        return 0
    as_read = (key == row[0], field == row[1])
    return int(model.update({field: sealed}).where(*as_read).execute())


def _is_sealed(field: peewee.Field) -> bool:
    return isinstance(field, peewee.BlobField) and field.name.endswith("_sealed")
