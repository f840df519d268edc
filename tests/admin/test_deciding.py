"""A moderator decides where decisions wait: undone by one press, sent at once, refused who comes late."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock, config
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import agreement, decisions, templates
from tellback.rounds import carry_out_decisions
from tellback.stories.models import PublishedText, Story
from tests.admin.conftest import Browser, Page
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both by the rules' own tests.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


@pytest.fixture
def settings(settings: config.Settings) -> config.Settings:
    """As most installations have it: a decision waits ten minutes."""
    return dataclasses.replace(settings, decision_minutes=10)


@pytest.fixture
def noor(places: Places) -> Account:
    """Another moderator."""
    return make_account("Noor", Role.MODERATOR)


def told(**changes: object) -> Story:
    return tell(**{"title": "A call at night", **changes}).story


def at(story: Story) -> str:
    return f"/admin/stories/{story.public_id}"


def state(story: Story) -> str:
    return Story.get_by_id(story.id).state


def published(desk: Browser, story: Story, level: str = "2") -> Page:
    return desk.send(desk.open(at(story)).form("/publish"), criticality=level)


def test_a_decision_is_undone_by_one_press_from_the_note(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = published(desk, story)
    assert "You decided to publish it: “A call at night”. It takes effect in 10 minutes." in page.text
    assert state(story) == "in_moderation"
    note = next(form for form in page.forms if form.action.endswith("/undo"))
    page = desk.send(note)
    assert "The decision is undone." in page.text
    assert page.form("/publish").values["criticality"] == "2"
    clock.pin(clock.now() + timedelta(minutes=11))
    assert decisions.carry_out_due() == 0
    assert state(story) == "in_moderation"


def test_it_takes_effect_by_itself(signed_in: SignIn, moira: Account, settings: config.Settings) -> None:
    story, desk = told(), signed_in(moira)
    published(desk, story)
    clock.pin(clock.now() + timedelta(minutes=10))
    carry_out_decisions(settings)
    assert state(story) == "published"
    assert "Moira published it (decided at 09:30)" in desk.open(at(story)).text


def test_it_is_sent_at_once_by_one_press(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = published(desk, story)
    page = desk.send(next(form for form in page.forms if form.action.endswith("/send")))
    assert "The story is published." in page.text
    assert PublishedText.select().count() == 1


def test_another_moderator_sees_what_waits_and_may_undo_it(
    signed_in: SignIn, moira: Account, noor: Account
) -> None:
    story = told()
    desk = signed_in(moira)
    desk.send(desk.open(at(story)).form("/reject"), reason="commercial", message="Sorry, no adverts.")
    page = signed_in(noor).open(at(story))
    assert "Moira decided not to publish it. It takes effect in 10 minutes." in page.text
    assert "It advertises something." in page.text
    assert "Sorry, no adverts." in page.text
    # Nothing else can be done to it meanwhile.
    ways = {form.action.rpartition("/")[2] for form in page.forms}
    assert not ways & {
        "publish",
        "reject",
        "return",
        "ask",
        "redactions",
        "by-words",
        "topics",
        "criticality",
    }
    clock.pin(clock.now() + timedelta(minutes=4, seconds=30))
    other = signed_in(noor)
    page = other.open(at(story))
    assert "in 6 minutes" in page.text
    page = other.send(page.form("/undo"))
    assert "Noor undid the decision not to publish it" in page.text


def test_who_comes_second_is_told_and_loses_no_word(signed_in: SignIn, moira: Account, noor: Account) -> None:
    story = told()
    first, second = signed_in(moira), signed_in(noor)
    shown, too_late = first.open(at(story)), second.open(at(story))
    first.send(shown.form("/publish"), criticality="0")
    page = second.send(too_late.form("/return"), 409, reason="hard_to_follow", message="Which ward was it?")
    assert "so what you sent was not done" in page.text
    assert "Moira decided to publish it (criticality 0)" in page.text
    assert "Which ward was it?" in page.text


def test_an_undo_that_comes_too_late_is_told(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = published(desk, story)
    undo = next(form for form in page.forms if form.action.endswith("/undo"))
    clock.pin(clock.now() + timedelta(minutes=10))
    decisions.carry_out_due()
    page = desk.send(undo, 409)
    assert "This decision has taken effect already." in page.text
    assert state(story) == "published"


def test_a_story_is_taken_down_at_once(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    decisions.open_for_review(story, moira)
    decisions.publish(story, story.revision, moira)
    page = desk.send(desk.open(at(story)).form("/remove"), reason="identifies_someone", message="")
    assert "The story is taken down." in page.text
    assert state(story) == "removed"


def test_nothing_is_published_without_a_score(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.open(at(story))
    for level in ("Not critical", "Lasting harm, a death, abuse"):
        assert level in page.text
    page = desk.send(page.form("/publish"), 422)
    assert "Choose how critical it is, from 0 to 5." in page.text
    page = desk.send(page.form("/publish"), 422, criticality="9")
    assert state(story) == "in_moderation"


def test_a_score_is_kept_without_deciding(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    form = desk.open(at(story)).form("/publish")
    form.action = at(story) + "/criticality"
    page = desk.send(form, criticality="4")
    assert "The score is kept." in page.text
    assert page.form("/publish").values["criticality"] == "4"
    assert "Moira scored how critical it is (criticality 4)" in page.text


def test_topics_are_ticked_and_unticked(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(topics=["negative:food"]), signed_in(moira)
    form = desk.open(at(story)).form("/topics")
    assert form.values["topics"] == "food"
    page = desk.send(form, topics="pain")
    assert "Moira changed what it is about (+ pain, − food)" in page.text
    assert page.form("/topics").values["topics"] == "pain"


def test_themes_are_suggested_by_the_words_and_none_is_ticked_for_anyone(
    signed_in: SignIn, moira: Account
) -> None:
    story, desk = told(body="The food was cold and the meals came late."), signed_in(moira)
    page = desk.open(at(story))
    assert "Food suggested by its words" in page.text
    assert "topics" not in page.form("/topics").values
    desk.send(page.form("/topics"), topics="food")
    assert "Food suggested by its words" not in desk.open(at(story)).text


def test_the_author_is_asked_before_much_is_taken_out(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(body=" ".join(f"word{n}" for n in range(60))), signed_in(moira)
    page = desk.send(
        desk.open(at(story)).form("/by-words"),
        words=" ".join(f"word{n}" for n in range(20, 40)),
        replacement="",
        reason="abusive_words",
    )
    assert "20 of its 64 words would be taken out." in page.text
    # The button is gone; who sends the form all the same is told why.
    form = page.form("/publish")
    page = desk.send(form, 422, criticality="3")
    assert "Ask the author first, or take out less." in page.text
    page = desk.send(page.form("/ask"), 422, message="")
    assert "Say why so much has to be taken out." in page.text
    page = desk.send(page.form("/ask"), message="May we leave this out?")
    desk.send(next(form for form in page.forms if form.action.endswith("/send")))
    assert state(story) == "awaiting_author"
    assert "Without an answer it is back in the queue after 7 December 2026" in desk.open(at(story)).text
    agreement.discuss(
        Story.get_by_id(story.id), Story.get_by_id(story.id).revision, "Not the middle, please."
    )
    assert "Its author wrote back" in desk.open("/admin/stories").text
    page = desk.open(at(story))
    assert "The author does not agree to all edits, and writes:" in page.text
    assert "Not the middle, please." in page.text
    assert "you had asked: “May we leave this out?”" in page.text


def test_what_is_taken_out_stands_beside_what_was_told(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(body="Joy Bell was kind."), signed_in(moira)
    page = desk.send(
        desk.open(at(story)).form("/by-words"),
        words="Joy Bell",
        replacement="[a nurse]",
        reason="a_persons_name",
    )
    assert "As told What happened" not in page.text
    assert '<del class="tb-was">Joy Bell</del> was kind.' in page.html
    assert '<ins class="tb-now">[a nurse]</ins> was kind.' in page.html


def test_what_the_installation_adds_to_a_reason_is_shown_and_read_by_the_author(
    signed_in: SignIn, moira: Account, places: Places
) -> None:
    ada = make_account("Ada", Role.ADMINISTRATOR)
    templates.write("reject", "complaint_route", "en", "Ring 020 7946 0123.", 0, ada)
    receipt, desk = tell(title="A call at night"), signed_in(moira)
    page = desk.open(at(receipt.story))
    assert "Ring 020 7946 0123." in page.text
    desk.send(page.form("/reject"), reason="complaint_route", message="We are sorry.")
    templates.write("reject", "complaint_route", "en", "Ring somebody else.", 1, ada)
    decisions.send_now(receipt.story.decisions.get(), moira)
    page = desk.client.post("/my-story", data={"token": receipt.token})
    for words in ("It needs the service’s complaints team", "Ring 020 7946 0123.", "We are sorry."):
        assert words in page.text
