"""What readers report, on the moderators' screens. Without JavaScript."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.moderation import flags
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import Places, tell, tell_and_publish

# What these screens ask of a database is asked of both by the rules' own tests.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]


@pytest.fixture
def story(moira: Account) -> Story:
    """A published story."""
    return tell_and_publish(moira, title="A call at night")


def test_the_menu_counts_reports_only_where_there_are_any(
    signed_in: SignIn, moira: Account, story: Story
) -> None:
    desk = signed_in(moira)
    assert "Reports" not in desk.open("/admin/stories").text
    flags.tell(story.public_id, "not_true", "")
    page = desk.open("/admin/stories")
    assert "Reports (1)" in page.text
    assert "/admin/flags" in page.links


def test_a_report_is_read_with_what_screening_marks_in_it(
    signed_in: SignIn, moira: Account, story: Story
) -> None:
    flags.tell(story.public_id, "about_me", "Ring me on 020 7946 0018. <b>Soon</b>")
    flags.tell(story.public_id, "unsafe", "")
    flags.tell(story.public_id, "unsafe", "")
    clock.pin(clock.now() + timedelta(hours=3))
    page = signed_in(moira).open("/admin/flags")
    assert page.text.index("Someone may be in danger") < page.text.index("It is about me")
    assert "2 of 2, the urgent first" in page.text
    assert "Urgent" in page.text
    assert "said 2 times" in page.text
    assert "waiting 3 hours" in page.text
    assert '<mark class="tb-finding tb-finding--personal_data tb-finding--sure">020 7946 0018' in page.html
    assert "<b>Soon" not in page.html
    assert f"/admin/stories/{story.public_id}" in page.links


def test_a_moderator_settles_a_report_with_a_note(signed_in: SignIn, moira: Account, story: Story) -> None:
    flag = flags.tell(story.public_id, "not_true", "")
    desk = signed_in(moira)
    page = desk.open(f"/admin/stories/{story.public_id}")
    assert "Reported by readers It is not true" in page.text
    assert f"/admin/flags#flag-{flag.public_id}" in page.links
    form = desk.open("/admin/flags").form(f"/flags/{flag.public_id}")
    page = desk.send(form, note="", status=422)
    assert "Say what you found, or what you did." in page.text
    page = desk.send(page.form(f"/flags/{flag.public_id}"), note="I asked the ward.")
    assert "The report is settled." in page.text
    assert "No report waits." in page.text
    page = desk.open(f"/admin/stories/{story.public_id}")
    assert "Reported by readers" not in page.text
    assert "It is not true I asked the ward." in page.text
    assert "The reader reported it" in page.text
    assert "Moira settled a report" in page.text


def test_a_report_that_a_colleague_settled_first_keeps_the_note_on_the_screen(
    signed_in: SignIn, moira: Account, story: Story
) -> None:
    flag = flags.tell(story.public_id, "not_true", "")
    flags.tell(story.public_id, "other", "")
    desk = signed_in(moira)
    form = desk.open("/admin/flags").form(f"/flags/{flag.public_id}")
    flags.settle(flag, moira, note="Done.")
    page = desk.send(form, note="I asked the ward.", status=409)
    assert "Someone else has settled this report." in page.text
    assert "I asked the ward." in page.text
    assert "It is not true" not in page.text


def test_a_moderator_with_a_role_there_reads_but_does_not_settle(
    signed_in: SignIn, moira: Account, story: Story, places: Places
) -> None:
    flags.tell(story.public_id, "not_true", "")
    Membership.create(account=moira, role=Role.ANALYST.value, organisation=places.hospital.organisation)
    page = signed_in(moira).open("/admin/flags")
    assert "You have a role at St Elsewhere NHS Trust" in page.text
    assert not [form for form in page.forms if "/flags/" in form.action]


def test_the_screen_is_for_moderators(signed_in: SignIn, ruth: Account, stranger: Browser) -> None:
    signed_in(ruth).open("/admin/flags", status=403)
    assert "/admin/sign-in" in stranger.client.get("/admin/flags").location


def test_where_a_story_was_told_stands_before_a_moderator(
    signed_in: SignIn, moira: Account, places: Places
) -> None:
    told = tell(website_path="/wards/5").story
    Story.update(website=places.website).where(Story.id == told.id).execute()
    page = signed_in(moira).open(f"/admin/stories/{told.public_id}")
    assert "told on St Elsewhere, https://www.st-elsewhere.example/wards/5" in page.text
