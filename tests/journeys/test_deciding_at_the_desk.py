"""Two moderators at one story, a decision that waits, and what an author reads of one: in real browsers."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.passwords import hashed
from tellback.accounts.roles import Role
from tellback.moderation import decisions, templates
from tellback.moderation.models import Decision
from tellback.stories import private_links
from tellback.stories.models import Story
from tests.accessibility.checks import axe_problems
from tests.browser import PATIENCE, Browse, Tellback, Watch
from tests.journeys.people_at_work import Author, Moderator
from tests.people import make_account, tell

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"
# What is refused because someone else was first (409): Chromium notes it in its console.
TOO_LATE = "console: Failed to load resource: .*409"
TITLE = "A long night in A&E"


def moderator(name: str, tellback: Tellback, browse: Browse) -> Moderator:
    """Someone who moderates, signed in."""
    account = make_account(name, Role.MODERATOR)
    Account.update(password=hashed(PASSWORD)).where(Account.id == account.id).execute()
    colleague = Moderator(browse(), tellback)
    colleague.signs_in(name, PASSWORD)
    return colleague


def test_two_moderators_race_for_one_story(
    tellback: Tellback, patient: Tellback, browse: Browse, watch: Watch
) -> None:
    watch.expects(TOO_LATE)
    story = tell(title=TITLE).story
    moira, noor = moderator("Moira", patient, browse), moderator("Noor", patient, browse)
    for reader in (moira, noor):
        reader.opens(TITLE)
        # Both have it before them when the first decides.
        reader.sees("How critical is its most negative statement?")

    moira.scores("2 Mildly critical")
    moira.publishes()
    moira.sees(f"You decided to publish it: “{TITLE}”. It takes effect in 10 minutes.")

    # Who is second is told so, and nothing she wrote is lost.
    noor.declines("It advertises something.", "Please tell us of your own care.")
    noor.sees("so what you sent was not done")
    noor.sees("Moira decided to publish it")
    noor.sees("You had written: “Please tell us of your own care.”")
    assert axe_problems(noor.page) == []

    # She may undo what waits, by one press, and decide instead.
    noor.page.get_by_role("button", name="Undo").click()
    noor.sees("The decision is undone.")
    noor.declines("It advertises something.", "Please tell us of your own care.")
    noor.sees("You decided not to publish it")
    noor.page.get_by_role("button", name="Send now").first.click()
    noor.sees("The story will not be published.")
    assert [d.state for d in Decision.select().order_by(Decision.id)] == ["undone", "done"]
    assert Story.get_by_id(story.id).state == "rejected"


def test_a_decision_takes_effect_by_itself(
    tellback: Tellback, patient: Tellback, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*404")
    story = tell(title=TITLE).story
    moira = moderator("Moira", patient, browse)
    moira.opens(TITLE)
    moira.sees("How critical is its most negative statement?")
    moira.page.wait_for_load_state()
    # By keys alone: the score, then the decision.
    moira.page.keyboard.press("3")
    expect(moira.page.get_by_role("radio", name="3 Moderately critical")).to_be_checked()
    moira.page.keyboard.press("p")
    moira.sees("It takes effect in 10 minutes.")
    reader = browse(f"{patient.url}/stories/{story.public_id}")
    expect(reader.get_by_role("main")).not_to_contain_text(TITLE)
    clock.pin(None)
    Decision.update(takes_effect_at=clock.now() - timedelta(seconds=1)).execute()
    for _ in range(PATIENCE // 500):
        if Story.get_by_id(story.id).state == "published":
            break
        # The service goes round every five seconds.
        reader.wait_for_timeout(500)
    reader.reload()
    expect(reader.get_by_role("main")).to_contain_text(TITLE)


def test_what_an_author_reads_whose_story_is_not_published(
    tellback: Tellback, browse: Browse, watch: Watch
) -> None:
    watch.expects("console: Failed to load resource: .*404")
    ada = make_account("Ada", Role.ADMINISTRATOR)
    templates.write("reject", "complaint_route", "en", "Ring PALS on 020 7946 0123.", 0, ada)
    receipt = tell(title=TITLE, body="I want somebody to find out what went wrong with my tablets.")
    moira = moderator("Moira", tellback, browse)
    moira.opens(TITLE)
    moira.declines("It needs the service’s complaints team", "I am sorry that this happened to you.")
    moira.sees("The story will not be published. Its author can read why.")

    author = Author(browse())
    own = author.opens(private_links.address(tellback.url, receipt.token))
    own.says(
        "We can’t publish this one.",
        "Your words were read by a person.",
        "It needs the service’s complaints team, who can look into what happened to you.",
        "Ring PALS on 020 7946 0123.",
        "I am sorry that this happened to you.",
        "I want somebody to find out what went wrong with my tablets.",
    )
    assert axe_problems(own.page) == []
    answer = author.page.goto(f"{tellback.url}/stories/{receipt.story.public_id}")
    assert answer
    assert answer.status == 404


def test_an_author_is_asked_about_large_edits_and_discusses_them(tellback: Tellback, browse: Browse) -> None:
    long = "My neighbour heard all of it from his bed by the door and told his wife. "
    receipt = tell(title=TITLE, body="The doctor shouted. " + long + "I cried, and nobody came to me.")
    moira = moderator("Moira", tellback, browse)
    moira.opens(TITLE)
    moira.takes_out_other_words(long.strip(), shown="", why="A health detail about someone else")
    moira.sees("16 of its 31 words would be taken out.")
    moira.page.get_by_text("Ask the author about the edits").click()
    moira.page.get_by_label("Why so much has to be taken out").fill("Your neighbour could be known by it.")
    moira.page.get_by_role("button", name="Ask the author").click()
    moira.sees("The author can read the edits and say whether they agree.")

    own = Author(browse()).opens(private_links.address(tellback.url, receipt.token))
    own.says("We have a question for you.", "Your neighbour could be known by it.")
    assert axe_problems(own.page) == []
    own.page.get_by_label("What you want to say to the moderator (optional)").fill("He does not mind.")
    own.page.get_by_role("button", name="Discuss it").click()
    own.says("A moderator is reading your story.", "You wrote to the moderator:", "He does not mind.")

    moira.goes_home()
    moira.sees("Its author wrote back")
    moira.opens(TITLE)
    moira.sees("He does not mind.")
    assert axe_problems(moira.page) == []
    decision = decisions.latest(Story.get_by_id(receipt.story.id))
    assert decision is not None
    assert decision.act == "ask_author"
