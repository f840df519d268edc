"""What services answer to: a story that everyone can read."""

import pytest

from tellback.accounts.models import Account
from tellback.stories.models import Story
from tests.people import Places, tell_and_publish


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    """A published story about St Elsewhere."""
    return tell_and_publish(moira)
