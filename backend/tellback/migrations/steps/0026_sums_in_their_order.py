"""Sums of a list can be read with the largest first, so that a topic told of everywhere costs no more."""

_INDEX = "shelfsum_kind_about_what_times"


def up(_migrator, db):
    db.execute_sql(f"CREATE INDEX {_INDEX} ON shelf_sum (kind, about, what, times)")


def down(_migrator, db):
    db.execute_sql(f"DROP INDEX {_INDEX}")
