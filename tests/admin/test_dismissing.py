"""A moderator says at the desk that what is marked is nothing, and reads on. Without JavaScript."""

from collections.abc import Callable

import pytest

from tellback.accounts.models import Account
from tellback.stories.models import DismissedWords, Story
from tests.admin.conftest import Browser
from tests.people import Places, tell

# What these screens ask of a database is asked of both by tests/moderation/test_dismissing.py.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
RING = "Ring 020 7946 0018."


def told(**changes: object) -> Story:
    return tell(**{"title": "A call", "body": RING, **changes}).story


def at(story: Story) -> str:
    return f"/admin/stories/{story.public_id}"


def test_each_finding_says_what_where_how_sure_and_by_which_rule(signed_in: SignIn, moira: Account) -> None:
    page = signed_in(moira).open(at(told()))
    assert "Phone number Personal details · sure · What happened" in page.text
    assert "“020 7946 0018” → becomes [phone number]" in page.text


def test_what_is_nothing_is_marked_no_more_and_can_be_marked_again(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    page = desk.send(desk.open(at(story)).form("/findings/dismiss"))
    assert "Nothing is marked." in page.text
    assert 'class="tb-finding' not in page.html
    assert "Moira said that what is marked is nothing (Phone number)" in page.text
    page = desk.send(page.form("/findings/restore"))
    assert 'class="tb-finding' in page.html


def test_words_are_never_marked_again_and_stand_on_a_list_until_they_are_forgotten(
    signed_in: SignIn, moira: Account
) -> None:
    desk = signed_in(moira)
    form = desk.open(at(told())).form("/findings/dismiss")
    # The button that was pressed goes with the form.
    desk.client.post(form.action, data={**form.values, "remember": "true"})
    assert "Nothing is marked." in desk.open(at(told(body=f"{RING} Soon."))).text
    page = desk.open("/admin/dismissed")
    for said in ("020 7946 0018", "Phone number", "St Elsewhere Hospital", "Moira, 23 November 2026"):
        assert said in page.text
    assert "None is found by this." in desk.open("/admin/dismissed?q=ward").text
    page = desk.send(page.form("/forget"))
    assert "These words are marked again" in page.text
    assert DismissedWords.select().count() == 0


def test_words_of_crisis_have_no_such_button(signed_in: SignIn, moira: Account) -> None:
    page = signed_in(moira).open(at(told(body="I want to end my life.")))
    assert "Words of crisis" in page.text
    assert "It is nothing" in page.text
    assert "Never mark it again" not in page.text


def test_what_may_be_meant_otherwise_stands_apart_and_raises_no_alarm(
    signed_in: SignIn, moira: Account
) -> None:
    page = signed_in(moira).open(at(told(body="The walk from the car park nearly killed me.")))
    assert "May be nothing" in page.text
    assert "Read this first." not in page.text


def test_a_story_told_before_leads_to_the_other(signed_in: SignIn, moira: Account) -> None:
    body = "We sat in the corridor for the whole of the night and nobody knew why we were there at all."
    first, again = told(body=body), told(body=body)
    page = signed_in(moira).open(at(again))
    assert "The same words as another story" in page.text
    assert f'href="{at(first)}"' in page.html


@pytest.mark.parametrize(
    "named", ["Elm Surgery", "ELM SURGERY", "elm \u017furgery", "Elm Surgery \u2013 naïvely \u2013"]
)
def test_another_service_that_is_named_is_shown(signed_in: SignIn, moira: Account, named: str) -> None:
    page = signed_in(moira).open(at(told(body=f"It was at {named} that this happened to me.")))
    assert "Names another service that we know" in page.text
    assert 'href="/services/G81001"' in page.html


def test_a_service_of_the_same_organisation_is_not(signed_in: SignIn, moira: Account) -> None:
    page = signed_in(moira).open(
        at(told(service="RXH01-ward-5", body="I was in St Elsewhere Hospital then."))
    )
    assert "Names another service" not in page.text


def test_it_says_what_could_not_be_checked_in_the_storys_language(signed_in: SignIn, moira: Account) -> None:
    desk = signed_in(moira)
    assert "not looked for well enough" not in desk.open(at(told(lang="en-GB"))).text
    page = desk.open(at(told(lang="pl", body="Czekałam długo.")))
    assert "names of people, words of crisis, the rest that is marked in English" in page.text
    page = desk.open(at(told(lang="cy", body="Roedd y nyrs yn dda.")))
    assert "not looked for well enough: words of crisis, the rest" in page.text


def test_a_stale_screen_comes_back_with_what_changed(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    old = desk.open(at(story))
    desk.send(desk.open(at(story)).form("/findings/dismiss"))
    page = desk.send(old.form("/findings/dismiss"), 409)
    assert "Someone else worked on this story" in page.text


def test_a_responder_reaches_neither(signed_in: SignIn, ruth: Account, places: Places) -> None:
    desk = signed_in(ruth)
    desk.open("/admin/dismissed", 403)
    desk.open("/admin/dismissed.csv", 403)
