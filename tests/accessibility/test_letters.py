"""Letters for everyone who reads them, on a phone, by day and by night, from either side."""

import pytest

from demo import letters as gallery
from tests.accessibility import checks
from tests.browser import Browse
from tests.letters import html

pytestmark = pytest.mark.browser

# Each in which something stands that others have not, and one from right to left.
LETTERS = (
    ("story_received", "ar"),
    ("alert", "en"),
    ("weekly_digest", "en"),
    ("ledger_head", "en"),
    ("morning", "en"),
)


def test_they_serve_everyone(browse: Browse) -> None:
    page = browse()
    page.set_viewport_size({"width": 320, "height": 640})
    found = {}
    for kind, lang in LETTERS:
        page.set_content(html(gallery.written(kind, lang)[-1]))
        found[kind] = [
            *checks.axe_problems(page),
            *checks.colour_problems(page, "dark"),
            *checks.overflowing(page),
        ]
    assert found == {kind: [] for kind, _lang in LETTERS}
