"""The whole loop: told in Welsh on a practice's page, answered from a letter, talked over, changed, judged.

A real service with a real mail server beside it, a real browser for each person. Who they are and what each
step does on the screen stands in `people_at_work.py`; here stands only what happens, and in which order.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tellback import clock
from tellback.moderation.models import Decision
from tests.browser import Browse, Tellback, Websites
from tests.embedded import Embed, hospital_page, tag
from tests.journeys.people_at_work import Author, Letters, Moderator, OwnStory, Responder, Webmaster, in_welsh

pytestmark = pytest.mark.browser

# Invented, as all our stories are.
TOLD = "Arhosais am awr y tu allan yn y glaw. Roedd y nyrs Angharad Puw yn garedig iawn wedyn."
NAME = "Angharad Puw"
SHOWN = "Arhosais am awr y tu allan yn y glaw. Roedd y nyrs [y nyrs] yn garedig iawn wedyn."
TITLE = "Awr yn y glaw"
ANSWER = (
    "Diolch am ddweud wrthym. Gita Rao ydw i, rheolwr y feddygfa. Mae'n ddrwg gen i am y glaw. "
    "Ffoniwch fi ar 01632 960115 neu ysgrifennwch at gita@elm.example."
)
QUESTION = "A fydd to uwchben y drws cyn y gaeaf?"
PROMISE = "Bydd. Mae'r adeiladwyr yn dod ym mis Rhagfyr."
CHANGE = "Mae to uwchben y drws, a mainc oddi tano."


def test_a_story_comes_back_to_who_told_it_as_a_change(
    tellback: Tellback, lettered: Tellback, letters: Letters, websites: Websites, browse: Browse
) -> None:
    webmaster = Webmaster(lettered, websites)
    page = websites.put(hospital_page(tag(lettered.url, 'service="G81001" lang="cy"')))

    private_link = Author(browse(page)).tells_in_welsh(TOLD, TITLE, "awdur@example.org")
    moderator = Moderator(browse(), lettered)
    moderator.signs_in("Moira", webmaster.adds_staff("Moira", "moderator"))
    responder = Responder(browse(), lettered)
    responder.signs_in("Gita", webmaster.adds_staff("Gita", "responder", "--organisation", "G81001"))

    moderator.opens(TITLE)
    moderator.takes_out_other_words(NAME, shown="[y nyrs]", why="A person's name")
    moderator.scores("1 Minimally critical")
    moderator.publishes()
    moderator.sees("It takes effect in 10 minutes.")

    the_ten_minutes_are_over()
    alert = letters.to("gita@example.org", about="new story")
    everyone_reads_it(browse(page), SHOWN)

    # Answered from the letter, in a browser where nobody is signed in.
    Responder(browse(alert.link("/answer")), lettered).answers_from_the_letter(ANSWER, "Gita Rao", "Rheolwr")
    moderator.goes_home()
    moderator.opens("Elm Surgery")
    moderator.sees("Diolch am ddweud wrthym.")
    moderator.publishes()

    # The author reads of it in Welsh, and asks in private; neither learns who the other is.
    answered = letters.to("awdur@example.org", about=in_welsh("The service has answered your story"))
    author = OwnStory(browse(answered.link("/my-story")))
    author.says("Diolch am ddweud wrthym.")
    author.judges(in_welsh("Did this answer you?"), in_welsh("Partly"))
    author.asks_in_private(QUESTION)
    responder.page.goto(letters.to("gita@example.org", about="wrote to you in private").link("/private"))
    responder.sees(QUESTION)
    assert "awdur@example.org" not in responder.page.content()
    responder.answers_in_private(PROMISE, "Rheolwr")
    letters.to("awdur@example.org", about=in_welsh("You have a private message about your story"))
    author.looks_again().says(PROMISE)

    # Planned, then made; a moderator reads each claim, and the author hears of it.
    responder.plans_a_change(TITLE, CHANGE, "12", "2030")
    moderator.lets_the_change_show(CHANGE)
    letters.to("awdur@example.org", about=in_welsh("The service plans a change after your story"))
    responder.has_made_it("11", "2026")
    moderator.lets_the_change_show(CHANGE)
    letters.to("awdur@example.org", about=in_welsh("The service made a change after your story"))
    author.looks_again().judges(in_welsh("Has it really changed?"), in_welsh("Yes"))

    everyone_reads_it(browse(page), CHANGE)
    poster = browse(f"{lettered.url}/services/G81001/changes/poster")
    expect(poster.get_by_role("main")).to_contain_text(CHANGE)
    expect(poster.get_by_role("main")).to_contain_text(TITLE)
    assert poster.pdf(format="A4").startswith(b"%PDF-")

    # Each letter came once, and every one to the author opens the link that was given when it was told.
    assert len({letter.message_id for letter in letters.read}) == len(letters.read)
    assert answered.link("/my-story") == private_link


def the_ten_minutes_are_over() -> None:
    """Let the time be over for which a decision can be undone."""
    clock.pin(None)
    Decision.update(takes_effect_at=clock.now() - timedelta(seconds=1)).execute()


def everyone_reads_it(page: object, words: str) -> None:
    """On the practice's own page."""
    embed = Embed(page)  # type: ignore[arg-type]
    expect(embed.host).to_contain_text(words)
    expect(embed.host).not_to_contain_text(NAME)
