"""The embed on a page, and what a person does with it; the pages that carry it; stories for it to show."""

from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, Response, expect

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.moderation import change_decisions, decisions, redaction, reply_decisions
from tellback.organisations.models import Organisation
from tellback.replies import changes, responding
from tellback.stories.models import Story, StoryVersion
from tests import people
from tests.browser import Tellback

STORY = "The night nurse sat with me until my daughter came. I was not afraid any more."


def tag(url: str, attributes: str = 'service="RXH01"') -> str:
    """The tag as webmasters paste it, for the service at `url`."""
    link = f'<a href="{url}/services/RXH01">Patients\' stories of this hospital</a>'
    script = f'<script src="{url}/v1/stories.js" async></script>'
    return f"{script}\n<patient-stories {attributes}>{link}</patient-stories>"


def hospital_page(body: str, head: str = "", doctype: str = "<!doctype html>") -> str:
    """A plain page of a hospital that carries `body` in its main part."""
    return f"""{doctype}
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>St Elsewhere Hospital</title>{head}</head>
<body><header><h1>St Elsewhere Hospital</h1></header>
<main>{body}</main></body></html>"""


class Embed:
    """One <patient-stories> on a page, in the steps a person takes. (Locators see into open shadow roots.)"""

    def __init__(self, page: Page | FrameLocator, at: int = 0) -> None:
        self.host = page.locator("patient-stories").nth(at)

    def button(self, name: str) -> Locator:
        """A button by what it says."""
        return self.host.get_by_role("button", name=name, exact=True)

    def field(self, name: str) -> Locator:
        """A control by the name the service knows it by."""
        return self.host.locator(f"#{name}")

    def step(self, number: int) -> Locator:
        """The heading of a step, once it is there."""
        return self.host.get_by_role("heading", name=f"Step {number} of ")

    def open(self) -> None:
        """Open the form: it asks what to do."""
        self.button("Tell your story").click()
        expect(self.host.get_by_role("heading", name="What do you want to do?")).to_be_focused()

    def begin(self, way: str = "Tell it the short way") -> None:
        """Open the form and choose a way."""
        self.open()
        self.button(way).click()
        expect(self.step(1)).to_be_focused()

    def go_on(self, to: int) -> None:
        """Press on to the next step."""
        self.host.locator(".acts .main").click()
        expect(self.step(to)).to_be_focused()

    def fill_in(self, body: str = STORY, *, role: str = "The patient") -> None:
        """The short way from the first step to the check, with only what must be answered."""
        self.begin()
        # Where the tag names a topic, which service it was about comes first, and may stay open.
        at = 1 + self.field("services").count()
        if at > 1:
            self.go_on(at)
        self.field("body").fill(body)
        self.go_on(at + 1)
        self.host.get_by_role("radio", name=role, exact=True).check()
        self.go_on(at + 2)
        self.host.get_by_role("checkbox", name="You may publish my story", exact=True).check()
        self.go_on(at + 3)

    def send(self) -> None:
        """Press "Send it"."""
        self.button("Send it").click()

    def tell(self, body: str = STORY) -> str:
        """Tell a story to the end; the private link it gives."""
        self.fill_in(body)
        self.send()
        return self.private_link()

    def private_link(self) -> str:
        """The private link, once the story is kept."""
        expect(self.host.get_by_role("heading", name="Thank you. We have your story.")).to_be_focused()
        return self.host.get_by_label("Private link to your story").input_value()

    def not_sent(self) -> Locator:
        """The box that says that it could not be sent yet."""
        return self.host.get_by_role("group", name="We could not send it yet")


def was_told(response: Response) -> bool:
    """Whether this is the service's answer to a told story."""
    return response.request.method == "POST" and "/api/v1/stories?lang=" in response.url


def told_bodies() -> list[str]:
    """The words of every story the service keeps, the first first."""
    return [version.body for version in StoryVersion.select().order_by(StoryVersion.id)]


class Staff:
    """Those who read and answer, with what they do by rule: a shortcut for tests of what the public sees."""

    def __init__(self) -> None:
        hospital = Organisation.get(Organisation.code == "RXH")
        self.moira: Account = people.make_account("Moira", Role.MODERATOR)
        self.ruth: Account = people.make_account("Ruth", Role.RESPONDER, hospital)

    def publish(self, *, redact: str = "", **told: Any) -> Story:
        """Tell and publish a story, with the words of its body in `redact` taken out."""
        story = people.tell(**told).story
        self.let_show(story, redact=redact)
        return story

    def let_show(self, story: Story, *, redact: str = "") -> None:
        """Read and publish a told story, with the words of its body in `redact` taken out."""
        decisions.open_for_review(story, self.moira)
        if redact:
            why = {"reason": "a_persons_name", "replacement": "[a nurse]"}
            redaction.redact_words(story, story.revision, redact, **why, by=self.moira)
        decisions.publish(story, story.revision, self.moira)

    def remove(self, story: Story) -> None:
        """Take a published story down."""
        decisions.remove(story, story.revision, self.moira, reason="published_by_mistake", message="")

    def answer(self, story: Story, body: str, service: str = "RXH01") -> None:
        """Answer a published story, and let the answer show."""
        written = {"responder_name": "Ruth Ward", "responder_role": "Matron", "body": body, "lang": "en"}
        reply_decisions.publish(responding.reply(story, service, written, by=self.ruth), self.moira)

    def change(self, story: Story, what: str, *, show: bool = True, **said: str) -> None:
        """Say that something was made because of a story, and let that show."""
        told = {
            "state": "made",
            "what": what,
            "why": "",
            "on": "2026-10",
            "evidence": "",
            "lang": "en",
            **said,
        }
        claim = changes.record("RXH01", [story.public_id], told, by=self.ruth)
        if show:
            change_decisions.publish(claim, self.moira)


@pytest.fixture
def staff(tellback: Tellback) -> Staff:
    """Moira who moderates and Ruth who answers for St Elsewhere."""
    return Staff()
