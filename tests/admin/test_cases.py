"""Cases on the screens of those who moderate, without JavaScript; of all others, nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.authorship import own_cases
from tellback.moderation import case_closing, case_requests, case_steps, cases, decisions
from tellback.moderation.case_requests import Request
from tellback.moderation.models import Case
from tellback.stories.models import Story
from tests.admin.conftest import Browser, Page
from tests.people import Places, make_account, tell

# What these screens ask of a database is asked of both by the rules' own tests.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
WORRY = "She says that her carer hits her."
ASKED = Request("about_me", "The tall porter <b>is</b> me.", "Una Quillfeather", "una@example.org", "en")


@pytest.fixture
def story(moira: Account) -> Story:
    """A story that Moira reads."""
    told = tell(title="A night", contact_email="ada@example.org").story
    decisions.open_for_review(told, moira)
    return told


@pytest.fixture
def desk(signed_in: SignIn, moira: Account) -> Browser:
    """Moira's browser."""
    return signed_in(moira)


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


def page_of(desk: Browser, story: Story) -> Page:
    return desk.open(f"/admin/stories/{story.public_id}")


def escalated(story: Story, by: Account) -> Case:
    return cases.escalate(story, story.revision, by, why=WORRY)


def test_a_story_is_escalated_and_brought_to_its_end(desk: Browser, story: Story) -> None:
    page = page_of(desk, story)
    assert "Cases" not in page.text.split("Sign out")[0]
    assert "If somebody may be in danger now, call 999" in page.text
    page = desk.send(page.form("/escalate"), why="", status=422)
    assert "Say what worries you." in page.text
    page = desk.send(page.form("/escalate"), why=WORRY)
    assert "The story is out of the queue." in page.text
    assert "Cases (1)" in page.text
    assert WORRY in page.text
    assert "St Elsewhere Hospital, Elsewhere EL1 2SE (St Elsewhere NHS Trust)" in page.text
    page = desk.send(page.form("/told"), who="Elsewhere Council", status=422)
    assert "Say how you told them." in page.text
    page = desk.send(page.form("/told"), how="phone", hour="25:00", status=422)
    assert "Say when: a day and a time" in page.text
    assert page.form("/told").values["who"] == "Elsewhere Council"
    page = desk.send(page.form("/told"), hour="09:10", words="They ring back.")
    assert "Moira told Elsewhere Council, by phone" in page.text
    assert "They ring back." in page.text
    page = desk.send(page.form("/close"), outcome="handed_on", note="The council visits her.")
    assert "Those who can protect have it" in page.text
    assert not [form for form in page.forms if "/cases/" in form.action]
    page = page_of(desk, story)
    assert "Being read" in page.text
    for said in ("escalated it (safeguarding)", "told Elsewhere Council, by phone", "brought it back"):
        assert f"Moira {said}" in page.text
    assert "closed a case (safeguarding): Those who can protect have it" in page.text


def test_its_screen_says_that_a_case_is_open_and_nothing_publishes_it(desk: Browser, story: Story) -> None:
    page = page_of(desk, story)
    page = desk.send(page.form("/cases"), kind="under_16", why="It speaks of homework.")
    assert "Author under 16" in page.text
    page = page_of(desk, story)
    assert "Author under 16 : a case is open." in page.text
    page = desk.send(page.form("/publish"), criticality="0", status=409)
    assert "A case is open: author under 16." in page.text
    page = desk.send(page.form("/cases"), status=422)
    assert "Choose what kind of case it is." in page.text


def test_the_list_shows_what_is_due_first_and_what_is_late(
    signed_in: SignIn, story: Story, moira: Account
) -> None:
    escalated(story, moira)
    other = tell(title="Another").story
    decisions.open_for_review(other, moira)
    cases.open_case(other, other.revision, moira, kind="someone_else", why="It is her neighbour’s.")
    file = signed_in(moira).client.get("/admin/cases.csv").text
    assert f'"Safeguarding","{story.public_id}","Escalated"' in file
    assert WORRY not in file
    clock.pin(clock.now().replace(hour=16))
    desk = signed_in(moira)
    page = desk.open("/admin/cases")
    assert page.text.index("Safeguarding") < page.text.index("About someone else")
    assert "late: 13:30 today" in page.text
    assert "17:00" in page.text
    case = cases.of_story(now(story))[0]
    case_closing.close(case, moira, outcome="no_concern", note="She is safe.")
    assert "Closed lately" in desk.open("/admin/cases").text


def test_an_appeal_is_read_beside_the_decision_and_settled_by_somebody_else(
    signed_in: SignIn, desk: Browser, story: Story, moira: Account
) -> None:
    decisions.reject(story, story.revision, moira, reason="commercial", message="It names a shop.")
    own_cases.appeal(now(story), "I bought <b>nothing</b> there.")
    case = cases.of_story(story)[0]
    page = desk.open(f"/admin/cases/{case.public_id}")
    assert "You made the decision that this appeal is about." in page.text
    assert not [form for form in page.forms if form.action.endswith("/close")]
    other = signed_in(make_account("Noor", Role.MODERATOR))
    page = other.open(f"/admin/cases/{case.public_id}")
    for said in (
        "I bought <b>nothing</b> there.",
        "It advertises something.",
        "It names a shop.",
        "Moira decided",
    ):
        assert said in page.text
    page = other.send(page.form("/close"), outcome="stands", status=422)
    assert "Say why, in plain words: they read it." in page.text
    page = other.send(page.form("/close"), outcome="stands", answer="It names the shop five times.")
    assert "The decision stands" in page.text


def test_who_asks_from_outside_is_shown_to_those_who_work_on_it(
    desk: Browser, story: Story, moira: Account
) -> None:
    decisions.publish(story, story.revision, moira)
    case = case_requests.ask(story.public_id, ASKED)
    page = desk.open(f"/admin/cases/{case.public_id}")
    for said in ("It shows who I am", "Una Quillfeather", "una@example.org", "The tall porter <b>is</b> me."):
        assert said in page.text
    assert "Somebody has asked us to take your story down" in page.text
    page = desk.send(page.form("/question"), message="Could you do without the porter?")
    assert "Its author was asked, and may answer until" in page.text
    case_steps.answer(now(story), "Yes, of course.")
    page = desk.open(f"/admin/cases/{case.public_id}")
    assert "The author answered Yes, of course." in page.text
    page = desk.send(page.form("/close"), outcome="taken_down", answer="It is gone.", status=422)
    assert "Decide about it first, on its own page." in page.text
    assert page.form("/close").values["answer"] == "It is gone."


def test_a_note_of_a_case_that_somebody_closed_first_stays_on_the_screen(
    desk: Browser, story: Story, moira: Account
) -> None:
    case = escalated(story, moira)
    page = desk.open(f"/admin/cases/{case.public_id}")
    case_closing.close(case, moira, outcome="no_concern", note="She is safe.")
    page = desk.send(page.form("/notes"), words="The ward rang back.", status=409)
    assert "Someone has closed this case." in page.text
    assert "The ward rang back." in page.text


def test_a_moderator_with_a_role_there_sees_none_of_it(
    signed_in: SignIn, story: Story, moira: Account, places: Places
) -> None:
    case = escalated(story, moira)
    both = make_account("Olu", Role.MODERATOR)
    Membership.create(account=both, role=Role.RESPONDER.value, organisation=places.hospital.organisation)
    browser = signed_in(both)
    assert "Cases" not in browser.open("/admin/stories").text
    assert "No case is open." in browser.open("/admin/cases").text
    assert WORRY not in browser.open(f"/admin/cases/{case.public_id}", 403).html
    page = page_of(browser, story)
    for hidden in (WORRY, "a case is open", "/escalate", "escalated it"):
        assert hidden not in page.html


def test_nothing_of_it_reaches_responders_analysts_webmasters_or_the_public(
    signed_in: SignIn, client: FlaskClient, story: Story, moira: Account, ruth: Account, places: Places
) -> None:
    decisions.publish(story, story.revision, moira)
    before = _public(client, story)
    case = case_requests.ask(story.public_id, ASKED)
    assert _public(client, story) == before
    for account in (
        ruth,
        make_account("Anna", Role.ANALYST, places.hospital.organisation),
        make_account("Will", Role.WEBMASTER, places.hospital.organisation),
    ):
        browser = signed_in(account)
        assert "Cases" not in browser.open("/admin/").text
        browser.open("/admin/cases", 403)
        browser.open("/admin/cases.csv", 403)
        assert "Quillfeather" not in browser.open(f"/admin/cases/{case.public_id}", 403).html
        token = browser.open("/admin/").form("/sign-out").values["csrf_token"]
        for address in (
            *(f"/admin/cases/{case.public_id}/{act}" for act in ("told", "question", "notes", "close")),
            *(f"/admin/stories/{story.public_id}/{act}" for act in ("escalate", "cases")),
        ):
            assert browser.client.post(address, data={"csrf_token": token}).status_code == 403
    assert "Quillfeather" not in signed_in(ruth).open(f"/admin/answers/{story.public_id}").html


def test_someone_not_signed_in_is_sent_to_sign_in(stranger: Browser, story: Story, moira: Account) -> None:
    case = escalated(story, moira)
    assert "/admin/sign-in" in stranger.client.get(f"/admin/cases/{case.public_id}").location
    assert stranger.client.get("/admin/cases").status_code == 302


def _public(client: FlaskClient, story: Story) -> list[str]:
    """All that everyone may read of a story."""
    addresses = (
        "/api/v1/stories", f"/api/v1/stories/{story.public_id}", f"/stories/{story.public_id}",
        "/api/v1/ledger", "/api/v1/transparency", "/services/RXH01", "/services/RXH01/stories.atom",
    )  # fmt: skip
    return [client.get(address).text for address in addresses]
