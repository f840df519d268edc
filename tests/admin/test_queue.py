"""A moderator at the queue, without JavaScript: what waits, views, who takes what on, what comes next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import decisions, reading, spam
from tellback.stories.models import Story, StoryFinding, StoryVersion
from tests import crowd
from tests.admin.conftest import Browser, Page
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both in tests/moderation.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
QUEUE = "/admin/stories"
IN_CRISIS = "I want to kill myself."


@pytest.fixture
def marta(places: Places) -> Account:
    """Another moderator."""
    return make_account("Marta", Role.MODERATOR)


def told(title: str, **changes: object) -> Story:
    """A story told a minute after the one before."""
    clock.pin(clock.now() + timedelta(minutes=1))
    return tell(**{"title": title, "body": "The ward was clean.", **changes}).story


def at(story: Story, form: str = "") -> str:
    return f"{QUEUE}/{story.public_id}{form}"


def advertising(title: str) -> Story:
    story = told(title)
    version = StoryVersion.get(StoryVersion.story == story)
    StoryFinding.create(
        version=version, field="story", kind=spam.KIND, rule="commercial", start=0, end=0, certainty="likely"
    )
    return story


def link(page: Page, words: str) -> str:
    """Where the link whose address or words end so leads."""
    found = [address for address in page.links if words in address]
    assert found, page.links
    return found[0]


def test_each_story_is_shown_with_all_that_helps_to_choose(
    signed_in: SignIn, moira: Account, marta: Account
) -> None:
    told("Czekałam", lang="pl", body="Ring 020 7946 0018.")
    story = told("In crisis", body=IN_CRISIS)
    reading.note(story, marta)
    reading.assign(story, marta, by=marta)
    page = signed_in(moira).open(QUEUE)
    for words in (
        "2 stories wait · none late",
        "Crisis or safeguarding",
        "Marta is reading it",
        "for Marta",
        "Words of crisis",
        "Personal details",
        "Polski",
        "St Elsewhere Hospital",
        # Four staffed hours, and two working days.
        "13:32 today",
        "Wed 25 Nov, 17:00",
    ):
        assert words in page.text, words


def test_what_is_late_says_so(signed_in: SignIn, moira: Account) -> None:
    told("Old")
    clock.pin(clock.now() + timedelta(days=7))
    page = signed_in(moira).open(QUEUE)
    assert "1 story waits · 1 late" in page.text
    assert "late: Wed 25 Nov, 17:00" in page.text


def test_filters_narrow_the_list_and_say_of_how_many(signed_in: SignIn, moira: Account) -> None:
    told("Here")
    told("Czekałam", lang="pl")
    desk = signed_in(moira)
    page = desk.open(QUEUE)
    form = next(f for f in page.forms if f.action == QUEUE)
    assert form.names == {
        "about", "topic", "urgency", "criticality", "late", "state", "assigned", "found", "lang", "website",
    }  # fmt: skip
    page = desk.open(f"{QUEUE}?lang=pl&late=")
    assert "1 of 2, most urgent first" in page.text
    assert "Czekałam" in page.text
    assert "Here" not in page.text
    # What was chosen stays chosen.
    assert next(f for f in page.forms if f.action == QUEUE).values["lang"] == "pl"


def test_nothing_like_it_is_said(signed_in: SignIn, moira: Account) -> None:
    told("Here")
    assert "None of what waits is like this." in signed_in(moira).open(f"{QUEUE}?lang=pl").text


@pytest.mark.parametrize(
    "query", ["criticality=9", "assigned=Moira", "cursor=nonsense", f"about={'a' * 300}"]
)
def test_what_no_form_offers_is_said_and_everything_shown(
    query: str, signed_in: SignIn, moira: Account
) -> None:
    told("Here")
    page = signed_in(moira).open(f"{QUEUE}?{query}", 422)
    assert "There is a problem" in page.text
    assert "Here" in page.text


def test_a_view_is_kept_opened_again_and_removed(signed_in: SignIn, moira: Account, marta: Account) -> None:
    told("Czekałam", lang="pl")
    desk = signed_in(moira)
    page = desk.open(f"{QUEUE}?lang=pl")
    page = desk.send(page.form("/views"), name="In Polish", shared="true")
    assert "The view “In Polish” is kept." in page.text
    others = signed_in(marta).open(QUEUE)
    assert "In Polish (Moira)" in others.text
    assert f"{QUEUE}?lang=pl" in others.links
    page = desk.send(page.form("/remove"))
    assert "The view “In Polish” is removed." in page.text
    assert f"{QUEUE}?lang=pl" not in page.links


def test_a_view_without_a_name_comes_back_with_its_filters(signed_in: SignIn, moira: Account) -> None:
    desk = signed_in(moira)
    page = desk.send(desk.open(f"{QUEUE}?lang=pl").form("/views"), 422, name="")
    assert "Give the view a name" in page.text
    assert page.form("/views").values["lang"] == "pl"


def test_a_long_queue_goes_on_on_a_next_page(signed_in: SignIn, places: Places, moira: Account) -> None:
    crowd.wait(60, places.ward)
    desk = signed_in(moira)
    page = desk.open(QUEUE)
    assert "60 stories wait" in page.text
    assert page.html.count("data-row>") == 50
    assert desk.open(link(page, "cursor=")).html.count("data-row>") == 10


def test_the_list_is_taken_away_as_a_file(signed_in: SignIn, moira: Account) -> None:
    told("Here")
    told("=1+1", lang="pl")
    desk = signed_in(moira)
    answer = desk.client.get(f"{QUEUE}.csv?lang=pl")
    assert answer.mimetype == "text/csv"
    lines = answer.text.splitlines()
    assert lines[0].startswith('\ufeff"id","title","services"')
    assert len(lines) == 2
    assert "'=1+1" in lines[1]
    assert desk.client.get(f"{QUEUE}.csv?lang=klingon").status_code == 422


def test_somebody_takes_a_story_on_gives_it_away_and_puts_it_back(
    signed_in: SignIn, moira: Account, marta: Account
) -> None:
    story, desk = told("Mine"), signed_in(moira)
    page = desk.open(at(story))
    take = next(f for f in page.forms if f.action.endswith("/assignment") and f.buttons[0])
    # By its one button, which names who.
    take.values.update(take.buttons[0])
    page = desk.send(take)
    assert "You took it on" in page.text
    give = next(f for f in page.forms if f.action.endswith("/assignment") and "to" in f.names)
    page = desk.send(give, to=str(marta.id))
    assert "Marta takes this story on." in page.text
    assert "Moira gave it to Marta" in page.text
    page = desk.send(
        next(f for f in page.forms if f.action.endswith("/assignment") and "to" in f.names), to=""
    )
    assert "Nobody in particular takes this story on." in page.text


@pytest.mark.parametrize(("to", "status"), [("1999999", 404), ("Moira", 422), ("-4", 422), ("9" * 12, 422)])
def test_nobody_else_can_be_named(to: str, status: int, signed_in: SignIn, moira: Account) -> None:
    story, desk = told("Mine"), signed_in(moira)
    give = next(f for f in desk.open(at(story)).forms if f.action.endswith("/assignment") and "to" in f.names)
    desk.send(give, status, to=to)
    assert Story.get_by_id(story.id).assigned_to is None


def test_the_story_says_who_else_reads_it(signed_in: SignIn, moira: Account, marta: Account) -> None:
    story = told("Ours")
    signed_in(marta).open(at(story))
    clock.pin(clock.now() + timedelta(minutes=3))
    page = signed_in(moira).open(at(story))
    assert "Marta is reading this, and last did something 3 minutes ago." in page.text


def test_after_a_decision_the_next_story_opens(signed_in: SignIn, moira: Account) -> None:
    first, second = told("First"), told("Second")
    desk = signed_in(moira)
    page = desk.send(desk.open(at(first)).form("/publish"), criticality="1")
    assert desk.answer.request.path == at(second)
    assert "The story is published." in page.text
    page = desk.send(page.form("/publish"), criticality="1")
    assert desk.answer.request.path == QUEUE
    assert "No story waits." in page.text


def test_the_next_story_is_one_of_those_that_were_looked_through(signed_in: SignIn, moira: Account) -> None:
    told("In between")
    first, second = told("Pierwsza", lang="pl"), told("Druga", lang="pl")
    desk = signed_in(moira)
    desk.open(f"{QUEUE}?lang=pl")
    desk.send(desk.open(at(first)).form("/publish"), criticality="1")
    assert desk.answer.request.path == at(second)


def test_who_would_rather_comes_back_to_the_list(signed_in: SignIn, moira: Account) -> None:
    first = told("First")
    told("Second")
    desk = signed_in(moira)
    page = desk.send(desk.open(QUEUE).form("/habits"), onward="false", by_keys="false")
    assert "So you work from now on" in page.text
    assert page.form("/habits").values["onward"] == "false"
    assert 'data-by-keys="no"' in page.html
    desk.send(desk.open(at(first)).form("/publish"), criticality="1")
    assert desk.answer.request.path == QUEUE


def test_one_goes_on_to_the_next_and_back_without_deciding(signed_in: SignIn, moira: Account) -> None:
    first, second = told("First"), told("Second")
    desk = signed_in(moira)
    desk.open(QUEUE)
    desk.open(at(first, "/next"))
    assert desk.answer.request.path == at(second)
    desk.open(at(second, "/previous"))
    assert desk.answer.request.path == at(first)
    assert "This is the first of them." in desk.open(at(first, "/previous")).text
    assert "This is the last of them." in desk.open(at(second, "/next")).text
    desk.open(at(first, "/sideways"), 404)


def test_advertising_is_ticked_and_rejected_together(signed_in: SignIn, moira: Account, app: Flask) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], decision_minutes=10)
    kept, first, second = told("An experience"), advertising("Cheap loans"), advertising("Best knees")
    desk = signed_in(moira)
    page = desk.open(QUEUE)
    ticks = [f"{story.public_id}:{story.revision}" for story in (first, second)]
    assert all(f'value="{tick}"' in page.html for tick in ticks)
    assert f'value="{kept.public_id}:' not in page.html
    form = page.form("/spam")
    answer = desk.client.post(form.action, data={**form.values, "stories": ticks}, follow_redirects=True)
    page = Page(answer.text)
    assert "You decided not to publish 2 stories: advertising." in page.text
    assert "Decided, not yet sent" in page.text
    assert page.text.count("Moira decided not to publish it. It takes effect in 10 minutes.") == 2
    page = desk.send(next(f for f in page.forms if f.action.endswith("/undo")))
    assert "The decision is undone." in page.text


def test_what_changed_meanwhile_is_left_and_said(signed_in: SignIn, moira: Account, marta: Account) -> None:
    story, desk = advertising("Cheap loans"), signed_in(moira)
    form = desk.open(QUEUE).form("/spam")
    decisions.open_for_review(Story.get_by_id(story.id), marta)
    ticks = [f"{story.public_id}:{story.revision}"]
    answer = desk.client.post(form.action, data={**form.values, "stories": ticks}, follow_redirects=True)
    said = Page(answer.text).text
    assert "Left alone: “Cheap loans”. Something happened to it since it was shown." in said


@pytest.mark.parametrize("stories", [[], ["nonsense"], ["a:b"], ["; DROP TABLE story:1"]])
def test_nothing_ticked_is_said(stories: list[str], signed_in: SignIn, moira: Account) -> None:
    advertising("Cheap loans")
    desk = signed_in(moira)
    form = desk.open(QUEUE).form("/spam")
    answer = desk.client.post(form.action, data={**form.values, "stories": stories})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_any_story_is_found_by_a_moderator(signed_in: SignIn, moira: Account) -> None:
    story = told("A giraffe", body="A zebra.")
    decisions.open_for_review(story, moira)
    decisions.reject(story, story.revision, moira, reason="told_before", message="")
    desk = signed_in(moira)
    page = desk.open("/admin/find?q=zebra")
    assert "One story" in page.text
    assert "A giraffe" in page.text
    assert "Not published" in page.text
    assert at(story) in page.links
    assert "holds all of this" in desk.open("/admin/find?q=otter").text
    assert "Words" in desk.open("/admin/find").text
    desk.open(f"/admin/find?q={'word+' * 30}", 422)
    file = desk.client.get("/admin/find.csv?q=zebra").text
    assert '"A giraffe"' in file


def test_a_responder_finds_their_own_published_stories_and_sees_no_filter_of_the_desk(
    signed_in: SignIn, moira: Account, ruth: Account, gita: Account
) -> None:
    story = told("A giraffe", body="A zebra.")
    told("Not read", body="A zebra.")
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    page = signed_in(ruth).open("/admin/find?q=zebra")
    assert "One story" in page.text
    assert f"/admin/answers/{story.public_id}" in page.links
    assert "Criticality" not in page.text
    assert "No published story about your services" in signed_in(gita).open("/admin/find?q=zebra").text


def test_a_webmaster_finds_no_stories(signed_in: SignIn, places: Places) -> None:
    webmaster = make_account("Will", Role.WEBMASTER, places.hospital.organisation)
    desk = signed_in(webmaster)
    assert "/admin/find" not in desk.open("/admin/").links
    desk.open("/admin/find?q=zebra", 403)
    desk.open("/admin/find.csv?q=zebra", 403)
