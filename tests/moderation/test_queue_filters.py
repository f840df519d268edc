"""What somebody looks for in the queue; on both engines."""

from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import InvalidInput
from tellback.moderation import criticality, decisions, queue, reading
from tellback.moderation.filters import Filters
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tests.people import Places, make_account, tell


@pytest.fixture
def stories(places: Places, moira: Account) -> dict[str, Story]:
    """Stories that differ in everything that somebody may look for, and the oldest is late."""
    clock.pin(clock.now() - timedelta(days=7))
    plain = tell(title="plain").story
    clock.pin(clock.now() + timedelta(days=7))
    found = {
        "plain": plain,
        "crisis": tell(title="crisis", body="I want to kill myself.").story,
        "number": tell(title="number", body="Ring me on 020 7946 0018 about the food.").story,
        "surgery": tell(title="surgery", service="G81001", topics=["negative:food"]).story,
        "ward": tell(title="ward", service="RXH01-ward-5").story,
        "polish": tell(title="polish", lang="pl-PL").story,
        "tongan": tell(title="tongan", lang="to").story,
        "scored": tell(title="scored").story,
        "taken": tell(title="taken").story,
        "page": tell(title="page").story,
    }
    decisions.open_for_review(found["scored"], moira)
    criticality.score(found["scored"], found["scored"].revision, 3, moira)
    reading.assign(found["taken"], moira, by=moira)
    Story.update(website=places.website).where(Story.id == found["page"].id).execute()
    return found


def titles(by: Account, **asked: str) -> set[str]:
    page = queue.page(by, Filters(**asked))
    assert page.total == 10
    assert page.matching == len(page.stories)
    return {one.version.title for one in page.stories}


ALL = {"plain", "crisis", "number", "surgery", "ward", "polish", "tongan", "scored", "taken", "page"}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ALL),
        ({"about": "elm surgery"}, {"surgery"}),
        ({"about": "G81001"}, {"surgery"}),
        ({"about": "ward 5"}, {"ward"}),
        ({"about": "nowhere"}, set()),
        ({"about": "%"}, set()),
        ({"topic": "food"}, {"surgery"}),
        ({"topic": "no-such-topic"}, set()),
        ({"state": "in_moderation"}, {"scored"}),
        ({"urgency": "2"}, {"crisis"}),
        ({"urgency": "1"}, {"crisis"}),
        ({"criticality": "3"}, {"scored"}),
        ({"criticality": "4"}, set()),
        ({"criticality": "none"}, ALL - {"scored"}),
        ({"found": "crisis"}, {"crisis"}),
        ({"lang": "pl"}, {"polish"}),
        ({"lang": "en"}, ALL - {"polish", "tongan"}),
        ({"lang": "other"}, {"tongan"}),
        ({"website": "st-elsewhere-test"}, {"page"}),
        ({"website": "none"}, ALL - {"page"}),
        ({"assigned": "me"}, {"taken"}),
        ({"assigned": "nobody"}, ALL - {"taken"}),
        ({"assigned": "1999999"}, set()),
        ({"late": "yes"}, {"plain"}),
        ({"lang": "en", "state": "submitted", "about": "surgery"}, {"surgery"}),
    ],
)  # fmt: skip
def test_a_filter_shows_what_is_like_it(
    asked: dict[str, str], expected: set[str], stories: dict[str, Story], moira: Account
) -> None:
    assert titles(moira, **asked) == expected


def test_mine_are_those_of_who_looks(stories: dict[str, Story], moira: Account) -> None:
    marta = make_account("Marta", Role.MODERATOR)
    assert titles(marta, assigned="me") == set()
    assert titles(marta, assigned=str(moira.id)) == {"taken"}


def test_what_was_dismissed_is_found_no_more(stories: dict[str, Story], moira: Account) -> None:
    assert titles(moira, found="personal_data") == {"number"}
    StoryFinding.update(dismissed_at=clock.now()).where(
        StoryFinding.version == StoryVersion.get(StoryVersion.story == stories["number"])
    ).execute()
    assert titles(moira, found="personal_data") == set()


def test_only_the_latest_version_counts(stories: dict[str, Story], moira: Account) -> None:
    StoryVersion.create(
        story=stories["number"], number=2, title="number", body="The food.", lang="cy", written_at=clock.now()
    )
    assert titles(moira, found="personal_data") == set()
    assert titles(moira, lang="cy") == {"number"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "waiting"),
        ("urgency", "9"),
        ("urgency", "high"),
        ("criticality", "6"),
        ("found", "anything"),
        ("lang", "klingon"),
        ("assigned", "Moira"),
        ("assigned", "99999999999999999999"),
        ("assigned", "-1"),
        ("assigned", "²"),
        ("late", "true"),
        ("about", "a " * 120),
    ],
)
def test_what_no_form_offers_is_refused_by_its_name(name: str, value: str, moira: Account) -> None:
    with pytest.raises(InvalidInput) as refused:
        queue.page(moira, Filters(**{name: value}))
    assert set(refused.value.errors or {}) <= {name, "q"}
