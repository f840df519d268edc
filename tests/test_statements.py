"""Statements whose text is kept: they keep, find and refuse what Peewee's own would, on both engines."""

from typing import Any

import peewee
import pytest

from tellback import clock, db
from tellback.audit.models import AuditEvent
from tellback.organisations.models import Organisation
from tellback.websites.models import Website


def _organisation(code: str, **fields: Any) -> Organisation:
    return Organisation.create(code=code, name="A trust", created_at=clock.now(), **fields)


def test_a_row_comes_back_as_it_was_put_in_with_defaults_and_json(database: str) -> None:
    moment = clock.now()
    for detail in ({"count": 1, "of": ["é", None]}, {"count": 2}):
        event = AuditEvent.create(
            at=moment,
            act="story:text:told",
            actor_kind="author",
            actor_id="",
            subject_kind="story",
            subject_id="2",
            detail=detail,
        )
        back = AuditEvent.get_by_id(event.id)
        assert (back.at, back.detail, back.subject_id) == (moment, detail, "2")
    assert _organisation("X1", kind="charity").kind == "charity"
    made = Organisation.get(Organisation.code == "X1")
    assert (made.kind, made.set_here, made.revision, made.owner_name) == ("charity", [], 1, None)


def test_a_row_is_numbered_and_what_is_saved_again_changes_it(database: str) -> None:
    one, other = _organisation("X1"), _organisation("X2")
    assert other.id == one.id + 1
    other.name = "Another"
    other.save()
    assert [row.name for row in Organisation.select().order_by(Organisation.id)] == ["A trust", "Another"]


def test_a_row_may_hold_on_to_one_that_is_saved_after_it_was_thought_of(database: str) -> None:
    trust = Organisation(code="X1", name="A trust", created_at=clock.now())
    website = Website(name="Its pages", site_key="key", organisation=trust, created_at=clock.now())
    trust.save()
    website.save()
    assert Website.get_by_id(website.id).organisation == trust


def test_what_a_table_refuses_is_refused(database: str) -> None:
    _organisation("X1")
    with pytest.raises(peewee.IntegrityError), db.transaction():
        _organisation("X1")
    assert Organisation.select().count() == 1


def test_many_rows_go_in_at_once(database: str) -> None:
    moment = clock.now()
    for count in (1, 3, 0):
        rows = [
            {"code": f"X{count}{n}", "name": "é", "created_at": moment, "kind": "charity"}
            for n in range(count)
        ]
        db.put(Organisation, [{**row, "set_here": ["name"], "revision": n} for n, row in enumerate(rows)])
    found = Organisation.select().order_by(Organisation.code)
    assert [(row.code, row.revision, row.set_here) for row in found] == [
        ("X10", 0, ["name"]),
        ("X30", 0, ["name"]),
        ("X31", 1, ["name"]),
        ("X32", 2, ["name"]),
    ]
    assert {row.created_at for row in found} == {moment}


def test_a_question_is_answered_for_each_value_anew(database: str) -> None:
    @db.prepared
    def since(moment: Any, code: Any) -> Any:
        return (
            Organisation.select().where(Organisation.created_at >= moment, Organisation.code == code).limit(1)
        )

    @db.prepared
    def called(*codes: Any) -> Any:
        chosen = Organisation.select(Organisation.code, Organisation.set_here).where(
            Organisation.code.in_(codes)
        )
        return chosen.order_by(Organisation.code).tuples()

    moment = clock.now()
    first, second = _organisation("X1", set_here=["name"]), _organisation("X2")
    assert since(moment, "X1") == [first]
    assert since(moment, "X2") == [second]
    assert since(clock.now().replace(year=2999), "X2") == []
    assert called("X1") == [("X1", ["name"])]
    assert called("X2", "X1") == [("X1", ["name"]), ("X2", [])]
