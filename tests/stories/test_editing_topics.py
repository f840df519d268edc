"""An administrator adds, renames and retires topics."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import Act, time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.stories import topics
from tests.people import Places, make_account, tell


@pytest.fixture
def ada(places: Places) -> Account:
    """An administrator."""
    return make_account("Ada", Role.ADMINISTRATOR)


def test_a_new_condition_is_offered(ada: Account) -> None:
    topic = topics.name_new("Long Covid", ada)
    assert (topic.slug, topic.kind) == ("long-covid", "condition")
    assert topic in topics.every()
    (event,) = time_line("topic", "long-covid")
    assert (event.act, event.actor_id, event.detail) == (
        Act.TOPIC_ADDED,
        str(ada.id),
        {"name": "Long Covid"},
    )


def test_a_renamed_one_keeps_its_address(ada: Account) -> None:
    topics.rename("multiple-sclerosis", 1, "MS (multiple sclerosis)", ada)
    topic = topics.get("multiple-sclerosis")
    assert (topic.name, topic.revision) == ("MS (multiple sclerosis)", 2)
    assert time_line("topic", "multiple-sclerosis")[0].detail == {
        "name": ["Multiple sclerosis", "MS (multiple sclerosis)"]
    }


def test_the_same_name_once_more_is_no_change(ada: Account) -> None:
    topics.rename("multiple-sclerosis", 1, "Multiple sclerosis", ada)
    assert topics.get("multiple-sclerosis").revision == 1
    assert time_line("topic", "multiple-sclerosis") == []


def test_a_retired_one_is_offered_no_more_and_its_page_goes_on(ada: Account) -> None:
    topics.retire("multiple-sclerosis", 1, ada)
    assert "multiple-sclerosis" not in [topic.slug for topic in topics.every()]
    assert topics.get("multiple-sclerosis").retired_at is not None
    tell(service=[], topic="multiple-sclerosis")
    topics.restore("multiple-sclerosis", 2, ada)
    assert "multiple-sclerosis" in [topic.slug for topic in topics.every()]
    line = [event.act for event in time_line("topic", "multiple-sclerosis")]
    assert line == [Act.TOPIC_RETIRED, Act.TOPIC_RESTORED]


def test_of_two_who_change_it_the_second_is_told(ada: Account) -> None:
    topics.rename("multiple-sclerosis", 1, "MS", ada)
    with pytest.raises(Conflict, match="Somebody else changed this"):
        topics.retire("multiple-sclerosis", 1, ada)
    with pytest.raises(Conflict):
        topics.rename("multiple-sclerosis", 1, "Sclerosis", ada)
    assert topics.get("multiple-sclerosis").name == "MS"


@pytest.mark.parametrize("name", ["", "…", "x" * 121, "multiple SCLEROSIS", "Multiple - sclerosis", "food"])
def test_a_name_that_is_none_or_anothers_is_refused(ada: Account, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        topics.name_new(name, ada)
    assert list(refused.value.errors or {}) == ["name"]


def test_themes_are_everywhere_the_same(ada: Account) -> None:
    for act in (topics.retire, topics.restore):
        with pytest.raises(InvalidInput, match="closed list"):
            act("food", 1, ada)
    with pytest.raises(InvalidInput, match="closed list"):
        topics.rename("food", 1, "Meals", ada)


def test_one_that_is_not_there_is_unknown(ada: Account) -> None:
    with pytest.raises(NotFound):
        topics.rename("nothing", 1, "Something", ada)


def test_a_moderator_reads_and_does_not_change(moira: Account) -> None:
    with pytest.raises(NotAllowed, match="Only administrators"):
        topics.name_new("Long Covid", moira)
    with pytest.raises(NotAllowed):
        topics.retire("multiple-sclerosis", 1, moira)
