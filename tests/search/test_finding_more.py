"""Beginnings, slips of the finger, a part of the words, other languages, marks. On both engines."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock, db
from tellback.accounts.models import Account
from tellback.moderation import decisions
from tellback.published import lists, subjects
from tellback.published.lists import Asked, Order, Page
from tellback.published.subjects import EVERYTHING, Subject
from tellback.search import index
from tellback.stories import public_words
from tellback.stories.models import PublishedText, Story, StoryService
from tests.people import tell

Publish = Callable[..., Story]


def search(q: str, about: Subject = EVERYTHING, order: Order = Order.RELEVANT) -> Page:
    return lists.read(Asked(about, q=q, order=order), limit=50)


def titles(page: Page) -> list[str]:
    return [PublishedText.get_by_id(story.id).title for story in page.stories]


def found(q: str) -> list[str]:
    """Titles of what holds all of it, in the order of the alphabet."""
    return sorted(titles(search(q, order=Order.NEWEST)))


def test_a_star_stands_for_the_end_of_any_word(publish: Publish) -> None:
    publish(title="A", body="At reception.")
    publish(title="B", body="The receptionist was kind.")
    publish(title="C", body="We were received.")
    assert found("recep*") == ["A", "B"]
    assert found("recep* kind") == ["B"]
    assert found("rec*") == ["A", "B", "C"]
    assert found("the receptionist*") == ["B"]


def test_a_last_word_that_no_story_holds_is_taken_for_a_beginning(publish: Publish) -> None:
    publish(title="A", body="The nurse came.")
    publish(title="B", body="A nurturing ward.")
    assert found("nur") == ["A", "B"]
    assert found("the nur") == ["A"]
    assert found("nur the") == [], "only the last word is being typed"
    assert found('"nur"') == [], "what stands in quotation marks is meant so"
    assert found("nu") == [], "two letters say nothing"
    publish(title="C", body="The NUR clinic.")
    assert found("nur") == ["C"], "a word that stands in a story is whole"


def test_a_slip_of_the_finger_is_set_right_by_a_word_of_a_published_story(publish: Publish) -> None:
    publish(title="A", body="We received an appointment for the paramedics.")
    for typed, meant in {
        "recieved": "received",
        "apointment": "appointment",
        "appointmnet": "appointment",
        "xappointment": "appointment",
        "paramedic apointment!": "paramedic appointment!",
        '"an apointment"': '"an appointment"',
        "Pâramédixs": "paramedics",
    }.items():
        page = search(typed)
        assert page.suggestion == meant
        assert titles(search(meant)) == ["A"]
    for typed in ("received", "xyzzy", "三个", "99", "pa"):
        assert search(typed).suggestion is None, typed


def test_a_common_word_is_offered_for_a_rare_one_and_never_a_rare_one_for_it(publish: Publish) -> None:
    for n in range(10):
        publish(title=f"{n}", body="The nurse was kind.")
    publish(title="Slip", body="The nruse was kind.")
    assert (titles(search("nruse")), search("nruse").suggestion) == (["Slip"], "nurse")
    assert search("nurse").suggestion is None


def test_no_word_is_offered_that_nobody_may_read(publish: Publish, moira: Account) -> None:
    decisions.open_for_review(tell(body="A giraffe.").story, moira)
    assert search("girafe").suggestion is None
    one, other = publish(title="A", body="A zebra."), publish(title="B", body="A zebra.")
    decisions.remove(one, one.revision, moira, reason="not_genuine", message="")
    assert search("zebrra").suggestion == "zebra"
    decisions.remove(other, other.revision, moira, reason="not_genuine", message="")
    assert search("zebrra").suggestion is None
    assert db.database.execute_sql("SELECT COUNT(*) FROM search_word").fetchone()[0] == 0


def test_a_word_is_offered_only_where_it_finds_something(publish: Publish) -> None:
    publish(title="A", body="A zebra.", service="G81001")
    assert search("zebrra", subjects.of_service("G81001")).suggestion == "zebra"
    assert search("zebrra", subjects.of_service("RXH01")).suggestion is None


def test_where_no_story_holds_all_words_those_come_that_hold_most(publish: Publish) -> None:
    publish(title="Food", body="The food was good. The food was hot.")
    publish(title="Both", body="A long wait at night.")
    publish(title="Night", body="A quiet night.")
    publish(title="Other", body="The ward was clean.")
    page = search("long night of the giraffe")
    assert (titles(page), page.some, page.matching) == (["Both", "Night"], True, 2)
    assert not search("long night").some
    newest = search("long night of the giraffe", order=Order.NEWEST)
    assert (titles(newest), newest.some, newest.matching) == ([], False, 0)
    only_small = search("was there")
    assert (titles(only_small), only_small.some) == (["Food", "Other"], True)
    nothing = search("giraffe elephant")
    assert (titles(nothing), nothing.some, nothing.matching) == ([], False, 0)


def test_a_rare_word_weighs_more_than_one_of_every_story(publish: Publish) -> None:
    for n in range(5):
        publish(title=f"{n}", body="Food and food and food.")
    publish(title="Cold", body="It was cold.")
    assert titles(search("cold food giraffe"))[0] == "Cold"


@pytest.mark.parametrize("typed", ["cold", "cold giraffe"])
def test_a_search_can_be_paged_while_stories_come_and_go(
    publish: Publish, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(index, "WEIGHED", 3)
    expected = {publish(title=f"{n}", body="cold " * (n % 3 + 1) + "day").id for n in range(8)}
    asked, cursor, seen = Asked(q=typed, order=Order.RELEVANT), None, []
    while True:
        page = lists.read(asked, cursor=cursor, limit=2)
        seen += [story.id for story in page.stories]
        cursor = page.next
        if cursor is None:
            break
        publish(title="New", body="A cold and cold day.")
    old = [number for number in seen if number in expected]
    assert sorted(old) == sorted(expected)
    assert len(set(seen)) == len(seen)


def test_of_two_that_answer_alike_the_newer_comes_first_and_a_much_better_one_before_both(
    publish: Publish,
) -> None:
    publish(title="The cold ward", body="It was cold.")
    publish(title="Old", body="It was cold.")
    clock.pin(clock.now() + timedelta(days=365))
    publish(title="New", body="It was cold.")
    assert titles(search("cold")) == ["The cold ward", "New", "Old"]
    clock.pin(clock.now() + timedelta(days=40 * 365))
    publish(title="Of another age", body="It was cold.")
    assert titles(search("cold"))[0] == "Of another age"


def test_only_english_loses_its_endings(publish: Publish) -> None:
    publish(title="Cymraeg", body="Roedd y nyrsys yn garedig.", lang="cy")
    publish(title="Polski", body="Pielęgniarki i inne dings.", lang="pl")
    publish(title="English", body="Kindly nurses, and other dings.", lang="en-GB")
    publish(title="العربية", body="الممرضات لطيفات", lang="ar")
    publish(title="中文", body="我等了三个小时。", lang="zh-Hans")
    assert found("dings") == ["English", "Polski"]
    assert found("ding the") == found("nyrs y") == found("pielegniarka i") == []
    assert found("ding and") == found("nurse") == ["English"]
    assert found("nyrsys") == found("nyrs*") == ["Cymraeg"]
    assert found("PIELĘGNIARKI") == found("pielegniark*") == ["Polski"]
    assert found("الممرضات") == found("الممر*") == ["العربية"]
    assert found("三个小时") == found("小时") == ["中文"]
    assert found("小三") == []


def test_a_phrase_does_not_go_from_a_title_into_the_story(publish: Publish) -> None:
    publish(title="A long night", body="Cold tea.")
    assert found('"night cold"') == []
    assert found("night cold") == ["A long night"]


def test_a_story_is_searched_among_those_of_what_it_is_about(publish: Publish) -> None:
    story = publish(title="Ward", body="It was cold.", service="RXH01-ward-5", topic="negative:food")
    publish(title="Practice", body="It was cold.", service="G81001")
    hospital, practice = subjects.of_service("RXH01"), subjects.of_service("G81001")
    assert titles(search("cold", hospital)) == ["Ward"]
    assert titles(search("cold", subjects.of_topic("food"))) == ["Ward"]
    assert titles(search("cold", subjects.of_organisation("RXH"))) == ["Ward"]
    assert titles(search("cold", practice)) == ["Practice"]
    StoryService.update(service=practice.service).where(StoryService.story == story).execute()
    public_words.keep(story)
    assert titles(search("cold", hospital)) == []
    assert sorted(titles(search("cold", practice))) == ["Practice", "Ward"]


def test_an_organisation_of_very_many_services_is_searched(publish: Publish) -> None:
    story = publish(title="A", body="It was cold.")
    (service,) = (told.service_id for told in StoryService.select().where(StoryService.story == story))
    many = tuple(index.service(number) for number in range(service, service + 3000))
    assert index.count(index.read("cold", (many,))) == 1


def test_matches_are_counted_to_a_bound(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "COUNTED", 2)
    for n in range(3):
        publish(title=f"{n}", body="It was cold.")
    assert (search("cold").matching, search("cold").more_match) == (2, True)
    monkeypatch.setattr(index, "COUNTED", 3)
    assert (search("cold").matching, search("cold").more_match) == (3, False)


def test_what_an_earlier_release_hid_is_found_no_more_after_the_upgrade(publish: Publish) -> None:
    story = publish(title="A", body="A giraffe.")
    PublishedText.delete().where(PublishedText.story == story).execute()
    public_words.keep_missing()
    assert index.count(index.read("giraffe")) == 0
