"""A nation that is put straight into the tables stands there as it would if it had been told."""

import pytest

from tellback.organisations import catalogue
from tellback.published.transparency import transparency
from tellback.stories import shelves, standings
from tests.scale import nation


@pytest.mark.by_turns
def test_what_is_filled_in_is_counted_as_the_service_itself_would(database: str) -> None:
    nation.fill(300)
    assert shelves.put_all() == 0, "places that are missing or wrong"
    busiest = catalogue.get(nation.BUSIEST)
    filled_in = [transparency(service) for service in (None, busiest)]
    standings.count_anew()
    assert [transparency(service) for service in (None, busiest)] == filled_in
