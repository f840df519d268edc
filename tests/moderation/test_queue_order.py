"""The order of what waits, and how a story keeps its place in it; on both engines."""

from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tellback import clock, db, migrations
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.authorship.own_story import withdraw
from tellback.errors import InvalidInput
from tellback.http import pagination
from tellback.moderation import criticality, decisions, queue, reading
from tellback.moderation.filters import Filters
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tellback.stories.states import WAITING, State, move
from tellback.stories.urgency import Urgency, reckon
from tests import crowd
from tests.people import Places, make_account, tell

IN_CRISIS = "I want to kill myself."
PERHAPS = "I could have died of shame."


def told(title: str, **changes: object) -> Story:
    """A story told a minute after the one before."""
    clock.pin(clock.now() + timedelta(minutes=1))
    return tell(**{"title": title, "body": "The ward was clean and the food was warm.", **changes}).story


def found(story: Story, kind: str, certainty: str) -> StoryFinding:
    """Something that screening is made to have found."""
    version = StoryVersion.get(StoryVersion.story == story)
    made = StoryFinding.create(
        version=version, field="body", kind=kind, rule="abuse", start=0, end=3, certainty=certainty
    )
    reckon(story)
    return made


def scored(story: Story, level: int, by: Account) -> None:
    decisions.open_for_review(story, by)
    criticality.score(story, story.revision, level, by)


def titles(by: Account) -> list[str]:
    return [waiting.version.title for waiting in queue.page(by).stories]


def test_crisis_comes_first_then_the_most_critical_then_who_waited_longest(moira: Account) -> None:
    told("waited longest")
    two = told("mild")
    told("in crisis", body=IN_CRISIS)
    found(told("somebody may be harmed"), "safeguarding", "likely")
    found(told("perhaps an idiom"), "crisis", "possible")
    five = told("severe")
    told("newest")
    scored(two, 2, moira)
    scored(five, 5, moira)
    assert titles(moira) == [
        "in crisis",
        "somebody may be harmed",
        "perhaps an idiom",
        "severe",
        "mild",
        "waited longest",
        "newest",
    ]


def test_a_story_scored_not_critical_comes_before_those_that_nobody_scored(moira: Account) -> None:
    told("not scored")
    nothing_wrong = told("praise")
    scored(nothing_wrong, 0, moira)
    assert titles(moira) == ["praise", "not scored"]


def test_the_surest_words_make_the_urgency_and_dismissed_ones_none(moira: Account) -> None:
    story = told("calm")
    assert story.urgency == Urgency.USUAL
    possible = found(story, "crisis", "possible")
    assert Story.get_by_id(story.id).urgency == Urgency.PERHAPS
    sure = found(story, "safeguarding", "sure")
    assert Story.get_by_id(story.id).urgency == Urgency.NOW
    told("another")
    for finding in (sure, possible):
        StoryFinding.update(dismissed_at=clock.now()).where(StoryFinding.id == finding.id).execute()
    assert reckon(story) == Urgency.USUAL
    assert titles(moira) == ["calm", "another"]


def test_other_findings_make_nothing_urgent(moira: Account) -> None:
    story = told("a number", body="Ring me on 020 7946 0018.")
    assert Story.get_by_id(story.id).urgency == Urgency.USUAL


def test_what_is_decided_leaves_the_queue_while_it_waits_and_comes_back_undone(moira: Account) -> None:
    told("first")
    story = told("second")
    decisions.open_for_review(story, moira)
    decision = decisions.publish(story, story.revision, moira, level=3, wait=timedelta(minutes=10))
    assert titles(moira) == ["first"]
    decisions.undo(decision, moira)
    # With the score that was given, which is kept.
    assert titles(moira) == ["second", "first"]


def test_a_story_that_comes_back_begins_to_wait_anew(moira: Account) -> None:
    story = told("asked")
    told("waits")
    decisions.open_for_review(story, moira)
    move(story, State.AWAITING_AUTHOR)
    assert titles(moira) == ["waits"]
    clock.pin(clock.now() + timedelta(days=3))
    move(story, State.IN_MODERATION)
    assert titles(moira) == ["waits", "asked"]
    assert Story.get_by_id(story.id).waits_since == clock.now()


def test_to_begin_to_read_is_no_reason_to_wait_anew(moira: Account) -> None:
    story = told("read")
    since = Story.get_by_id(story.id).waits_since
    clock.pin(clock.now() + timedelta(hours=2))
    decisions.open_for_review(story, moira)
    assert Story.get_by_id(story.id).waits_since == since


def test_only_what_waits_has_a_place_in_the_queue(moira: Account) -> None:
    for level, (title, act) in enumerate(
        {
            "published": lambda s: decisions.publish(s, s.revision, moira, level=1),
            "returned": lambda s: decisions.send_back(
                s, s.revision, moira, reason="hard_to_follow", message=""
            ),
            "rejected": lambda s: decisions.reject(s, s.revision, moira, reason="commercial", message=""),
            "taken back": withdraw,
            "scored": lambda s: criticality.score(s, s.revision, 4, moira),
            "read": lambda _: None,
        }.items()
    ):
        story = told(title, body=IN_CRISIS if level % 2 else "The ward was clean.")
        decisions.open_for_review(story, moira)
        act(story)
    for story in Story.select():
        expected = (2 - story.urgency) * 10 + (9 if story.criticality is None else 5 - story.criticality)
        assert story.queue_rank == (expected if story.state in WAITING else None), story.state


def test_every_story_stands_on_one_page_and_no_story_on_two(places: Places, moira: Account) -> None:
    crowd.wait(queue.PAGE * 2 + 20, places.ward)
    # Told at one moment, so that only their numbers tell them apart.
    Story.update(waits_since=clock.now()).execute()
    shown, cursor = [], None
    for _ in range(3):
        page = queue.page(moira, cursor=cursor)
        assert (page.total, page.matching) == (120, 120)
        shown += [waiting.story.id for waiting in page.stories]
        cursor = page.next
    assert cursor is None
    assert len(shown) == len(set(shown)) == 120
    in_order = sorted(Story.select(), key=lambda s: (s.queue_rank, s.waits_since, s.id))
    assert shown == [story.id for story in in_order]
    assert shown == [waiting.story.id for waiting in queue.every(moira, Filters())]


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"of": "0", "after": [1, "2026-11-23 09:30", 1]},
        {"of": 0, "after": "nothing"},
        {"of": 0, "after": [1, "no moment", 1]},
        {"of": 0, "after": [1, "2026-11-23 09:30", 1]},
        {"of": 0, "after": [-1, "2026-11-23 09:30:00+00:00", 1]},
        {"of": 0, "after": [1, "2026-11-23 09:30:00+00:00", 2**40]},
        {"of": 1, "after": [1, "2026-11-23 09:30:00+00:00", 1]},
    ],
)
def test_a_cursor_that_is_not_of_this_list_is_refused(place: dict[str, object], moira: Account) -> None:
    of_all = queue._mark(Filters())
    if place.get("of") == 0:
        place = {**place, "of": of_all}
    with pytest.raises(InvalidInput):
        queue.page(moira, cursor=pagination.encode(place))


def test_next_to_read_is_the_first_that_nobody_reads(places: Places, moira: Account) -> None:
    urgent, first, second = told("urgent", body=IN_CRISIS), told("first"), told("second")
    marta = make_account("Marta", Role.MODERATOR)
    assert queue.next_to_read(moira, Filters()) == urgent
    reading.note(urgent, marta)
    assert queue.next_to_read(moira, Filters()) == first
    # What one has open oneself was left undecided: it comes after all others.
    reading.note(first, moira)
    assert queue.next_to_read(moira, Filters()) == second
    reading.note(second, moira)
    assert queue.next_to_read(moira, Filters()) == first
    assert queue.next_to_read(marta, Filters()) == urgent
    clock.pin(clock.now() + reading.READS + timedelta(seconds=1))
    assert queue.next_to_read(moira, Filters()) == urgent
    assert queue.next_to_read(moira, Filters(about="Elm Surgery")) is None


def test_nobody_is_led_on_to_a_story_of_an_organisation_they_belong_to(
    places: Places, moira: Account
) -> None:
    told("of the hospital")
    other = told("of the surgery", service="G81001")
    both = make_account("Bea", Role.MODERATOR)
    both.memberships.model.create(account=both, role="analyst", organisation=places.hospital.organisation)
    assert queue.next_to_read(both, Filters()) == other


def test_the_neighbours_of_a_story_are_those_of_the_list(moira: Account) -> None:
    stories = [told(title) for title in ("one", "two", "three")]
    one, two, three = (Story.get_by_id(story.id) for story in stories)
    assert queue.beside(one, moira, Filters(), after=True) == two
    assert queue.beside(three, moira, Filters(), after=False) == two
    assert queue.beside(one, moira, Filters(), after=False) is None
    assert queue.beside(three, moira, Filters(), after=True) is None
    decisions.open_for_review(two, moira)
    decisions.publish(two, two.revision, moira)
    assert queue.beside(Story.get_by_id(two.id), moira, Filters(), after=True) == one


def test_an_upgrade_gives_the_stories_of_before_their_places(moira: Account) -> None:
    told("usual")
    told("in crisis", body=IN_CRISIS)
    found(told("perhaps"), "crisis", "possible")
    published = told("published")
    decisions.open_for_review(published, moira)
    decisions.publish(published, published.revision, moira)
    before = {story.id: (story.urgency, story.queue_rank, story.waits_since) for story in Story.select()}
    Story.update(urgency=0, queue_rank=None, waits_since=None).execute()
    step = spec_from_file_location("step", migrations.STEPS / "0008_the_queue.py")
    assert step
    assert step.loader
    module = module_from_spec(step)
    step.loader.exec_module(module)
    module._place_what_waits(db.database.obj)  # type: ignore[attr-defined]
    before[published.id] = (*before[published.id][:2], None)
    assert {s.id: (s.urgency, s.queue_rank, s.waits_since) for s in Story.select()} == before
