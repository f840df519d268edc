"""What is asked often is answered by an index on both engines, whatever its tables grow to."""

import pytest

from tellback import db
from tellback.config import Settings
from tellback.stories.models import Story
from tests.scale import nation, plans


@pytest.mark.long
def test_no_table_that_grows_is_read_from_end_to_end(database: str, settings: Settings) -> None:
    moira, ruth = plans.somebody()
    db.database.connect(reuse_if_open=True)
    own = plans.by_itself(settings)
    for what, ask in (plans.questions(moira, ruth) | own).items():
        found = list(plans.explained(ask))
        # On most days, and in most seconds, some of what goes by itself has nothing to look at.
        assert found or what in own, f"nothing was asked: {what}"
        for sql, plan in found:
            assert not plans.scanned(sql, plan), (what, sql, plan)


@pytest.mark.long
def test_a_table_that_is_read_from_end_to_end_is_seen(database: str) -> None:
    nation.fill(2000)
    (said,) = plans.explained(lambda: list(Story.select(Story.id).where(Story.author_role == "carer")))
    assert plans.scanned(*said) == {"story"}
