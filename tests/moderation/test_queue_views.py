"""Views of the queue that somebody keeps, and how they work at it; on both engines."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import InvalidInput, NotAllowed, NotFound
from tellback.moderation import habits, saved_views
from tellback.moderation.filters import Filters
from tests.people import Places, make_account

POLISH = Filters(lang="pl")


@pytest.fixture
def marta(places: Places) -> Account:
    """Another moderator."""
    return make_account("Marta", Role.MODERATOR)


def names(account: Account) -> list[str]:
    return [view.name for view in saved_views.of(account)]


def test_a_view_is_kept_by_its_name_for_oneself(moira: Account, marta: Account) -> None:
    saved_views.keep(moira, "  In   Polish ", POLISH, shared=False)
    (view,) = saved_views.of(moira)
    assert (view.name, view.asked) == ("In Polish", {"lang": "pl"})
    assert names(marta) == []


def test_a_shared_view_is_everybodys_and_anybody_may_remove_it(moira: Account, marta: Account) -> None:
    view = saved_views.keep(moira, "In Polish", POLISH, shared=True)
    assert names(marta) == ["In Polish"]
    saved_views.remove(view.id, marta)
    assert names(moira) == []


def test_the_same_name_again_keeps_the_newer_view(moira: Account, marta: Account) -> None:
    saved_views.keep(moira, "Mine", POLISH, shared=False)
    saved_views.keep(moira, "Mine", Filters(assigned="me"), shared=False)
    saved_views.keep(marta, "Mine", POLISH, shared=True)
    assert [view.asked for view in saved_views.of(moira)] == [{"assigned": "me"}, {"lang": "pl"}]


@pytest.mark.parametrize(
    ("name", "asked"),
    [("", POLISH), ("   ", POLISH), ("a" * 61, POLISH), ("All", Filters()), ("Odd", Filters(lang="klingon"))],
)
def test_it_refuses_a_view_without_a_name_or_a_filter(name: str, asked: Filters, moira: Account) -> None:
    with pytest.raises(InvalidInput):
        saved_views.keep(moira, name, asked, shared=False)
    assert names(moira) == []


def test_it_refuses_more_views_than_help_anybody(moira: Account) -> None:
    for number in range(saved_views.MOST):
        saved_views.keep(moira, f"View {number}", POLISH, shared=False)
    with pytest.raises(InvalidInput):
        saved_views.keep(moira, "One more", POLISH, shared=False)
    saved_views.keep(moira, "View 3", Filters(lang="cy"), shared=False)


def test_nobody_removes_what_is_somebody_elses_alone(moira: Account, marta: Account, ruth: Account) -> None:
    view = saved_views.keep(moira, "Mine", POLISH, shared=False)
    with pytest.raises(NotFound):
        saved_views.remove(view.id, marta)
    with pytest.raises(NotAllowed):
        saved_views.remove(view.id, ruth)
    with pytest.raises(NotAllowed):
        saved_views.keep(ruth, "Mine", POLISH, shared=False)
    assert names(moira) == ["Mine"]


def test_habits_are_remembered_one_by_one(moira: Account, marta: Account) -> None:
    assert (habits.of(moira).by_keys, habits.of(moira).onward) == (True, True)
    habits.keep(moira, by_keys=False)
    habits.keep(moira, onward=False)
    assert (habits.of(moira).by_keys, habits.of(moira).onward) == (False, False)
    habits.keep(moira, by_keys=True)
    assert (habits.of(moira).by_keys, habits.of(moira).onward) == (True, False)
    assert habits.of(marta).by_keys
