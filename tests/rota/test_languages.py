"""Stories in a language that nobody at the desk reads go to whoever is named for it."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import InvalidInput, NotAllowed, NotFound
from tellback.rota import languages
from tests import people


@pytest.fixture
def ada(database: str) -> Account:
    """An administrator."""
    return people.make_account("Ada", Role.ADMINISTRATOR)


@pytest.fixture
def ewa(database: str) -> Account:
    """A moderator who is asked for what is written in Polish."""
    return people.make_account("Ewa", Role.MODERATOR)


def test_a_story_nobody_reads_is_assigned_to_the_named_reader(
    ada: Account, moira: Account, ewa: Account
) -> None:
    languages.name_reader("pl", ewa, by=ada)
    assert people.tell(lang="pl").story.assigned_to == ewa
    assert people.tell(lang="pl-PL").story.assigned_to == ewa
    assert people.tell(lang="en").story.assigned_to is None


def test_once_somebody_at_the_desk_reads_it_it_is_everyones(
    ada: Account, moira: Account, ewa: Account
) -> None:
    languages.name_reader("pl", ewa, by=ada)
    languages.keep_own(moira, ["pl"])
    assert languages.readers("pl") == [moira]
    assert people.tell(lang="pl").story.assigned_to is None


def test_a_language_without_a_reader_is_assigned_to_nobody(moira: Account) -> None:
    assert languages.readers("ur") == []
    assert people.tell(lang="ur").story.assigned_to is None


def test_the_named_reader_is_replaced_and_forgotten(ada: Account, moira: Account, ewa: Account) -> None:
    languages.name_reader("pl", ewa, by=ada)
    languages.name_reader("pl", moira, by=ada)
    assert [(named.lang, named.account) for named in languages.named_readers()] == [("pl", moira)]
    languages.forget_reader("pl", by=ada)
    with pytest.raises(NotFound):
        languages.forget_reader("pl", by=ada)


def test_what_is_not_offered_is_refused(ada: Account, moira: Account, ruth: Account) -> None:
    with pytest.raises(InvalidInput):
        languages.keep_own(moira, ["tlh"])
    with pytest.raises(InvalidInput):
        languages.name_reader("en", moira, by=ada)
    with pytest.raises(InvalidInput):
        languages.name_reader("pl", ruth, by=ada)
    with pytest.raises(NotAllowed):
        languages.name_reader("pl", moira, by=moira)
