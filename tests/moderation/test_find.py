"""Any story is found by its words and facts, by those who may see it and nobody else. On both engines."""

from collections.abc import Callable
from datetime import timedelta
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tellback import clock, db, migrations
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.authorship.own_story import withdraw
from tellback.errors import InvalidInput, NotAllowed
from tellback.moderation import decisions, find, redaction, tagging
from tellback.moderation.filters import Filters
from tellback.stories import desk_words, topics
from tellback.stories.models import Story, StoryVersion
from tests import crowd
from tests.people import Places, make_account, tell

pytestmark = pytest.mark.both_engines

NAME = "Joy Bell"


def found(account: Account, q: str = "", **asked: str) -> list[str]:
    return [one.title for one in find.find(account, q, Filters(**asked)).stories]


@pytest.fixture
def publish(moira: Account) -> Callable[..., Story]:
    """Tell a story and publish it with the name taken out."""

    def told_and_published(**changes: object) -> Story:
        story = tell(**changes).story
        decisions.open_for_review(story, moira)
        if NAME in StoryVersion.get(StoryVersion.story == story).body:
            redaction.redact_words(
                story, story.revision, NAME, reason="a_persons_name", replacement="[a nurse]", by=moira
            )
        decisions.publish(story, story.revision, moira)
        return story

    return told_and_published


def test_a_moderator_finds_a_story_by_every_word_it_was_ever_told_in(moira: Account) -> None:
    tell(title="Another", body="Nothing of the kind.")
    story = tell(
        title="A giraffe",
        body="A zebra sat with me.",
        what_was_good="A parrot.",
        what_could_be_better="An otter.",
        display_name="Kingfisher",
        topic_words="badgers",
        visited_on="2026-10",
    ).story
    StoryVersion.create(
        story=story, number=2, title="A gazelle", body="An ibex.", lang="en", written_at=clock.now()
    )
    desk_words.keep(story)
    for typed in (
        "giraffe", "zebra", "parrots", "OTTER", "kingfisher", "badger", "gazelle", "ibex", "2026-10",
        '"zebra sat"', "giraffe ibex",
    ):  # fmt: skip
        assert found(moira, typed) == ["A gazelle"], typed


def test_a_moderator_finds_a_story_by_what_it_is_about(places: Places, moira: Account) -> None:
    tell(title="Another", service="G81001")
    story = tell(title="The ward", service="RXH01-ward-5", topics=["negative:food"]).story
    for typed in ("ward 5", "RXH01-ward-5", "St Elsewhere NHS Trust", "RXH", "food", story.public_id):
        assert found(moira, typed) == ["The ward"], typed
    places.ward.search_words = " ward 5 | st elsewhere el9 9zz "
    places.ward.save()
    assert found(moira, "EL9 9ZZ") == ["The ward"]
    decisions.open_for_review(story, moira)
    tagging.tag(story, story.revision, ["pain"], moira)
    assert found(moira, "food") == []
    assert found(moira, "pain") == ["The ward"]


def test_words_that_were_taken_out_still_find_the_story_for_a_moderator(
    moira: Account, publish: Callable[..., Story]
) -> None:
    publish(title="A night", body=f"{NAME} was kind.")
    assert found(moira, NAME) == ["A night"]


def test_stories_in_every_state_are_found_the_newest_first(moira: Account) -> None:
    for title in ("rejected", "returned", "published", "read", "new"):
        clock.pin(clock.now() + timedelta(minutes=1))
        story = tell(title=title).story
        if title != "new":
            decisions.open_for_review(story, moira)
        if title == "rejected":
            decisions.reject(story, story.revision, moira, reason="told_before", message="")
        if title == "returned":
            decisions.send_back(story, story.revision, moira, reason="hard_to_follow", message="")
        if title == "published":
            decisions.publish(story, story.revision, moira)
    assert found(moira, "daughter") == ["new", "read", "published", "returned", "rejected"]
    assert found(moira, "daughter", state="rejected") == ["rejected"]
    assert found(moira, state="published") == ["published"]
    assert found(moira, "giraffe") == []


def test_of_what_an_author_took_back_only_facts_are_found_and_no_word_is_shown(moira: Account) -> None:
    story = tell(title="Mine", body="A zebra.", display_name="Kingfisher", service="G81001").story
    withdraw(story)
    for typed in ("zebra", "mine", "kingfisher"):
        assert found(moira, typed) == [], typed
    (one,) = find.find(moira, story.public_id, Filters()).stories
    assert (one.title, one.beginning, one.services) == ("", "", ["Elm Surgery"])


def test_the_words_of_a_story_that_is_gone_are_gone(moira: Account) -> None:
    story = tell(body="A zebra.").story
    Story.delete().where(Story.id == story.id).execute()
    assert found(moira, "zebra") == []
    assert db.database.execute_sql("SELECT COUNT(*) FROM desk_search").fetchone()[0] == 0


def test_a_story_that_is_not_kept_after_all_leaves_no_word(moira: Account) -> None:
    with pytest.raises(RuntimeError), db.transaction():
        tell(body="A zebra.")
        raise RuntimeError("the power went")
    assert found(moira, "zebra") == []


def test_a_story_is_shown_by_its_beginning_cut_between_words(moira: Account) -> None:
    tell(body="A zebra sat with me. " * 20)
    (one,) = find.find(moira, "zebra", Filters()).stories
    assert one.beginning.endswith(" …")
    assert len(one.beginning) <= find.EXCERPT + 2
    assert "  " not in one.beginning


def test_what_was_found_is_paged_with_none_missing_or_doubled(places: Places, moira: Account) -> None:
    crowd.wait(find.PAGE * 2 + 7, places.surgery)
    Story.update(told_at=clock.now()).execute()
    shown, cursor = [], None
    for _ in range(3):
        results = find.find(moira, "", Filters(about="elm surgery"), cursor)
        assert results.total == 107
        shown += [one.story.id for one in results.stories]
        cursor = results.next
    assert cursor is None
    assert len(shown) == len(set(shown)) == 107


@pytest.mark.parametrize("q", ["word " * 21, "a" * 201])
def test_too_long_a_search_is_refused(q: str, moira: Account) -> None:
    with pytest.raises(InvalidInput):
        found(moira, q)


@pytest.mark.parametrize("q", ['"', "*", "zebra*", "NEAR(a b)", "zebra OR otter", "';--", "\x00", "😀"])
def test_a_hostile_search_finds_what_it_says_and_no_more(q: str, moira: Account) -> None:
    tell(title="Mine", body="A zebra.")
    assert found(moira, q) == (["Mine"] if q == "zebra*" else [])


def test_a_responder_finds_what_is_published_about_their_own_services(
    ruth: Account, gita: Account, publish: Callable[..., Story]
) -> None:
    publish(title="A night", body=f"{NAME} and a zebra.")
    publish(title="Of both", body="A zebra.", service=["RXH01", "G81001"])
    publish(title="At the surgery", body="A zebra.", service="G81001")
    tell(title="Not read yet", body="A zebra.")
    assert set(found(ruth, "zebra")) == {"A night", "Of both"}
    assert set(found(gita, "zebra")) == {"At the surgery", "Of both"}
    assert found(ruth, "zebra", about="elm surgery") == ["Of both"]
    assert set(found(make_account("Anna", Role.ANALYST, _organisation(ruth)), "zebra")) == {
        "A night",
        "Of both",
    }


def _organisation(account: Account) -> object:
    return account.memberships.get().organisation


def test_a_responder_finds_nothing_by_what_the_public_cannot_read(
    moira: Account, ruth: Account, publish: Callable[..., Story]
) -> None:
    story = publish(title="A night", body=f"{NAME} was kind.", topic_words="badgers")
    for typed in (NAME, "Joy", "badgers", story.public_id):
        assert found(ruth, typed) == [], typed
    (one,) = find.find(ruth, "kind", Filters()).stories
    assert one.beginning == "[a nurse] was kind."
    gone = publish(title="Taken down", body="A zebra.")
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    assert found(ruth, "zebra") == []


@pytest.mark.parametrize(
    "asked",
    [
        {"criticality": "5"},
        {"urgency": "2"},
        {"found": "crisis"},
        {"assigned": "nobody"},
        {"state": "removed"},
    ],
)
def test_a_responder_learns_nothing_by_filters_of_the_desk(
    asked: dict[str, str], ruth: Account, publish: Callable[..., Story]
) -> None:
    # They narrow nothing for who must not know: what is shown is the same with and without.
    publish(title="A night", body="A zebra.")
    assert found(ruth, "zebra", **asked) == ["A night"]


def test_who_reads_no_stories_finds_none(places: Places) -> None:
    webmaster = make_account("Will", Role.WEBMASTER, places.hospital.organisation)
    with pytest.raises(NotAllowed):
        found(webmaster, "zebra")


def test_an_upgrade_lets_staff_find_the_stories_of_before(moira: Account) -> None:
    tell(title="Żółty", body="A zebra didn’t come.", what_was_good="三个小时", display_name="Kingfisher")
    gone = tell(title="Gone", body="A zebra.", service="G81001").story
    withdraw(gone)
    db.database.execute_sql("DELETE FROM desk_search")
    step = spec_from_file_location("step", migrations.STEPS / "0008_the_queue.py")
    assert step
    assert step.loader
    module = module_from_spec(step)
    step.loader.exec_module(module)
    module._fill_index(db.database.obj)  # type: ignore[attr-defined]
    for typed in ("zebras", "didn't", "zolty", "三个", "kingfisher", "RXH01"):
        assert found(moira, typed) == ["Żółty"], typed
    assert found(moira, "elm surgery") == [""]


def test_a_story_is_found_by_the_name_that_its_topic_has_now(moira: Account) -> None:
    tell(title="The MS nurse", topic="multiple-sclerosis")
    ada = make_account("Ada", Role.ADMINISTRATOR)
    topics.rename("multiple-sclerosis", 1, "Disseminated sclerosis", ada)
    assert found(moira, "disseminated") == ["The MS nurse"]
