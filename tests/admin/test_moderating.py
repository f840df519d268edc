"""A moderator at the desk: from the queue to a published, returned or rejected story. Without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.authorship.own_story import withdraw
from tellback.moderation import decisions
from tellback.stories.models import PublishedText, Story
from tests.admin.conftest import Browser, Page
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both elsewhere (own stories, history, hostile input).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
BODY = "Our hero rang 020 7946 0018. Our hero was kind."


def told(**changes: object) -> Story:
    return tell(**{"title": "A call at night", "body": BODY, **changes}).story


def at(story: Story, form: str = "") -> str:
    return f"/admin/stories/{story.public_id}{form}"


def decisions_offered(page: Page) -> set[str]:
    """The ways to decide that a screen shows."""
    ways = {form.action.rpartition("/")[2] for form in page.forms}
    return ways & {"publish", "return", "reject", "remove", "ask", "criticality", "redactions", "by-words"}


def state(story: Story) -> str:
    return Story.get_by_id(story.id).state


def test_the_queue_shows_what_waits_most_urgent_first(signed_in: SignIn, moira: Account) -> None:
    told(title="First told")
    told(title="In crisis", body="I want to kill myself.")
    clock.pin(clock.now() + timedelta(hours=3))
    page = signed_in(moira).open("/admin/")
    assert page.html.index("In crisis") < page.html.index("First told")
    assert "2 stories wait · none late" in page.text
    assert "Crisis or safeguarding" in page.text
    assert "3 hours" in page.text
    assert "St Elsewhere Hospital" in page.text
    assert "No reply waits." in page.text


def test_an_empty_queue_says_so(signed_in: SignIn, moira: Account) -> None:
    assert "No story waits." in signed_in(moira).open("/admin/stories").text


def test_opening_a_story_marks_what_screening_found_and_tells_its_author(
    signed_in: SignIn, moira: Account
) -> None:
    story = told()
    page = signed_in(moira).open(at(story))
    assert "020 7946 0018" in page.text
    assert page.html.count('class="tb-finding') == 1
    assert state(story) == "in_moderation"


def test_a_moderator_redacts_and_publishes(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.open(at(story))
    # The finding is taken out as its rule proposes.
    page = desk.send(page.form("/redactions"))
    # A name that no rule marks is taken out by its words.
    page = desk.send(
        page.form("/by-words"), words="Our hero", replacement="[a nurse]", reason="a_persons_name"
    )
    page = desk.send(page.form("/publish"), criticality="1")
    assert "The story is published." in page.text
    assert "No story waits." in page.text
    text = PublishedText.get_by_id(story.id)
    assert "hero" not in text.body
    assert "7946" not in text.body
    assert text.body.startswith("[a nurse] rang [")


def test_a_redaction_is_taken_back_before_publication(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.send(
        desk.open(at(story)).form("/by-words"),
        words="Our hero was kind",
        replacement="",
        reason="other_identifying_detail",
    )
    assert '<del class="tb-was"' in page.html
    page = desk.send(page.form("/undo"))
    assert '<del class="tb-was"' not in page.html
    desk.send(page.form("/publish"), criticality="1")
    assert PublishedText.get_by_id(story.id).body == BODY


def test_words_over_two_lines_are_found_as_pasted(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(body="It was loud.\nBed 4 by the door.\nNobody slept."), signed_in(moira)
    page = desk.open(at(story))
    desk.send(
        page.form("/by-words"), words="loud.\r\nBed 4", replacement="", reason="other_identifying_detail"
    )
    page = desk.open(at(story))
    desk.send(page.form("/publish"), criticality="1")
    assert PublishedText.get_by_id(story.id).body == "It was [removed] by the door.\nNobody slept."


def test_a_story_goes_back_to_its_author_with_a_reason(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.send(
        desk.open(at(story)).form("/return"), reason="hard_to_follow", message="Which ward was it?"
    )
    assert "The story is back with its author." in page.text
    decision = decisions.latest(story)
    assert decision is not None
    assert (state(story), decision.message) == ("returned", "Which ward was it?")


def test_a_story_is_not_published_for_a_reason(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    desk.send(desk.open(at(story)).form("/reject"), reason="told_before", message="")
    page = desk.open(at(story))
    assert state(story) == "rejected"
    assert "Moira decided not to publish it: We already have this story from you." in page.text
    assert not decisions_offered(page)


def test_a_published_story_is_taken_down(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    desk.send(desk.open(at(story)).form("/publish"), criticality="1")
    desk.send(desk.open(at(story)).form("/remove"), reason="identifies_someone", message="")
    assert state(story) == "removed"
    assert PublishedText.select().count() == 0


def test_the_screen_of_a_story_tells_all_that_happened(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.send(
        desk.open(at(story)).form("/by-words"), words="Our hero", replacement="", reason="a_persons_name"
    )
    for line in (
        "The author told the story",
        "Moira began to read it",
        "Moira took words out: A person's name",
    ):
        assert line in page.text


@pytest.mark.parametrize(
    ("form", "typed", "said"),
    [
        ("/return", {"reason": "", "message": "Which ward?"}, "Choose a reason from the list."),
        ("/reject", {"reason": "", "message": "No."}, "Choose a reason from the list."),
        (
            "/by-words",
            {"words": "Our hare", "replacement": "", "reason": "a_persons_name"},
            "These words do not stand in the story.",
        ),
        (
            "/by-words",
            {"words": "Our hero", "replacement": "", "reason": ""},
            "Choose a reason from the list.",
        ),
        ("/return", {"reason": "hard_to_follow", "message": "a" * 2001}, "2,000 characters"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(
    form: str, typed: dict[str, str], said: str, signed_in: SignIn, moira: Account
) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.send(desk.open(at(story)).form(form), 422, **typed)
    assert said in page.text
    assert page.html.count("<title>Error:") == 1
    for name, value in typed.items():
        assert page.form(form).values.get(name, "") == value
    assert state(story) == "in_moderation"


def test_the_second_of_two_moderators_is_told_who_was_first_and_loses_no_word(
    signed_in: SignIn, moira: Account, places: Places
) -> None:
    story = told()
    marta = make_account("Marta", Role.MODERATOR)
    first, second = signed_in(moira), signed_in(marta)
    shown, too_late = first.open(at(story)), second.open(at(story))
    first.send(shown.form("/publish"), criticality="1")
    page = second.send(too_late.form("/return"), 409, reason="hard_to_follow", message="Which ward was it?")
    assert "so what you sent was not done" in page.text
    assert "Moira published it" in page.text
    assert "Which ward was it?" in page.text
    assert state(story) == "published"


def test_a_decision_that_lacks_its_reason_is_told_first_that_it_came_late(
    signed_in: SignIn, moira: Account
) -> None:
    story, desk = told(), signed_in(moira)
    old = desk.open(at(story))
    desk.send(old.form("/publish"), criticality="1")
    page = desk.send(old.form("/reject"), 409, reason="", message="Please call us.")
    assert "Moira published it" in page.text
    assert "Please call us." in page.text
    assert "Choose a reason from the list." not in page.text


def test_a_redaction_on_an_older_look_is_refused_with_what_changed(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    old = desk.open(at(story))
    desk.send(old.form("/by-words"), words="Our hero", replacement="", reason="a_persons_name")
    page = desk.send(old.form("/redactions"), 409)
    assert (
        "Someone else worked on this story while you were reading, so what you sent was not done."
        in page.text
    )
    assert "Moira took words out: A person's name" in page.text
    # The page shows the story as it is now, so the same act works at once.
    desk.send(page.form("/redactions"))


def test_an_author_who_takes_the_story_back_is_obeyed_at_once(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    shown = desk.open(at(story))
    withdraw(Story.get_by_id(story.id))
    page = desk.send(shown.form("/publish"), 409, criticality="1")
    assert "The author took the story back" in page.text
    assert "Our hero" not in page.html
    assert "A call at night" not in page.html


def test_a_moderator_with_a_role_at_the_service_reads_and_does_not_decide(
    signed_in: SignIn, places: Places
) -> None:
    story = told()
    both = make_account("Bea", Role.MODERATOR)
    both.memberships.model.create(account=both, role="analyst", organisation=places.hospital.organisation)
    page = signed_in(both).open(at(story))
    assert "You have a role at St Elsewhere NHS Trust, which this story is about." in page.text
    assert not decisions_offered(page)
    assert state(story) == "submitted"


def _nothing_inline(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    # `Page` has already refused handlers and styles in attributes.
    assert "<style" not in answer.text
    assert "<script" not in answer.text or 'src="' in answer.text


def test_screens_hold_nothing_inline_and_are_kept_by_no_cache(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    for address in ("/admin/stories", at(story)):
        Page(desk.open(address).html)
        _nothing_inline(desk.answer)
        assert desk.answer.headers["Cache-Control"] == "no-store"
        assert desk.answer.headers["Referrer-Policy"] == "no-referrer"
