"""What is asked often is answered by an index on both engines, whatever its tables grow to."""

import pytest

from tellback import db
from tellback.accounts.roles import Role
from tellback.stories.models import Story
from tests.people import make_account
from tests.scale import nation, plans


@pytest.mark.long
def test_no_table_that_grows_is_read_from_end_to_end(database: str) -> None:
    moira = make_account("Moira", Role.MODERATOR)
    nation.fill(plans.STORIES)
    db.database.connect(reuse_if_open=True)
    for what, ask in plans.questions(moira).items():
        found = list(plans.explained(ask))
        assert found, f"nothing was asked: {what}"
        for sql, plan in found:
            assert not plans.scanned(sql, plan), (what, sql, plan)


@pytest.mark.long
def test_a_table_that_is_read_from_end_to_end_is_seen(database: str) -> None:
    nation.fill(2000)
    (said,) = plans.explained(lambda: list(Story.select(Story.id).where(Story.author_role == "carer")))
    assert plans.scanned(*said) == {"story"}
