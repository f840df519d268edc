"""Each act is a line of the log, so that a log kept elsewhere knows of it; no detail stands there."""

import logging

import pytest

from tellback.audit import acts
from tellback.audit.acts import Act


def test_each_act_is_a_line_of_the_log_without_its_detail(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tellback")
    acts.record(Act.STORY_TOLD, acts.AUTHOR, "story", "4vvtb26t9f65xh3m", mended="a private word")
    acts.record(Act.SESSION_BEGUN, acts.staff(7), "account", "7", device="Firefox on Windows")
    assert [record.getMessage() for record in caplog.records] == [
        "story:text:told of story 4vvtb26t9f65xh3m by author",
        "account:session:begun of account 7 by staff 7",
    ]
