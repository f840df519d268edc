"""The people of a journey and what each does, by the screens and commands that they really have.

Everyone works in a browser of their own. What a step sees on its way is checked in the step, so that a
journey reads as a story.
"""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser import Tellback, Websites
from tests.embedded import Embed, hospital_page, was_told

# What the author writes: a name that a moderator must find by reading, a number that the screening marks.
TITLE = "A quiet night on Ward 5"
NAME = "Joy Bell"
NUMBER = "020 7946 0018"
TOLD = (
    f"{NAME} sat with me until my daughter came. She even rang her on {NUMBER}.\n\nI was not afraid any more."
)
SHOWN = "[a nurse] sat with me until my daughter came. She even rang her on [phone number]."
ANSWER = "Thank you. We read your words to the night team, and every ward has a chair by the bed now."


class Webmaster:
    """Keeps St Elsewhere's website, and has a terminal where Tellback runs."""

    def __init__(self, tellback: Tellback, websites: Websites) -> None:
        self.tellback = tellback
        self.websites = websites

    def adds_the_website(self) -> str:
        """Allow the website to send stories; what the command prints: the tag, and the policy it needs."""
        origin = self.websites.origin()
        return self.tellback.run("website", "add", "St Elsewhere", "--origin", origin, "--service", "RXH01")

    def pastes(self, printed: str) -> str:
        """Put the tag into a page of the hospital, under the policy that was printed; its address."""
        tag = re.search(r"<script.*</patient-stories>", printed, re.DOTALL)
        policy = re.search(r"^script-src .*", printed, re.MULTILINE)
        assert tag, printed
        assert policy, printed
        headers = {"Content-Security-Policy": f"default-src 'self'; {policy.group()}"}
        return self.websites.put(hospital_page(f"<h2>What patients say</h2>{tag.group()}"), headers)

    def adds_staff(self, name: str, *role: str) -> str:
        """Add someone who signs in; the password that the command makes."""
        email = f"{name.lower()}@example.org"
        printed = self.tellback.run(
            "account", "add", "--email", email, "--name", name, "--role", *role, "--generate"
        )
        return printed.split("password: ")[1].strip()


class Author:
    """Was a patient on Ward 5, and tells it on the page of the hospital or on Tellback's own."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def tells_in_the_embed(self) -> str:
        """Tell the story step by step, with second thoughts at the check; the private link."""
        embed = Embed(self.page)
        expect(embed.host).to_contain_text("No story has been told here yet.")
        embed.begin("Tell it the longer way")
        embed.field("body").fill(TOLD)
        embed.field("title").fill("A quiet night")
        embed.go_on(2)
        embed.field("what_was_good").fill("The tea at four in the morning.")
        embed.go_on(3)
        embed.host.get_by_role("checkbox", name="Food", exact=True).check()
        embed.go_on(4)
        embed.host.get_by_role("radio", name="The patient").check()
        embed.field("display_name").fill("Kingfisher")
        embed.go_on(5)
        embed.host.get_by_role("checkbox", name="Calm").check()
        embed.host.get_by_role("radio", name="Very good").check()
        embed.go_on(6)
        embed.field("contact_email").fill("kingfisher@example.org")
        embed.go_on(7)
        for agreement in ("You may publish my story", "You may ask me about my story"):
            embed.host.get_by_role("checkbox", name=agreement, exact=True).check()
        embed.go_on(8)
        embed.button("Change A title for your story").click()
        expect(embed.field("title")).to_be_focused()
        embed.field("title").fill(TITLE)
        embed.go_on(8)
        expect(embed.host).to_contain_text(TITLE)
        with self.page.expect_response(was_told) as answer:
            embed.send()
        assert answer.value.status == 201
        return embed.private_link()

    def tells_on_the_hosted_page(self) -> str:
        """Follow the link in the tag and tell the story there, with second thoughts; the private link."""
        page = self.page
        page.get_by_role("link", name="Patients' stories of this hospital").click()
        page.get_by_role("main").get_by_role("link", name="Tell your story").click()
        page.get_by_role("link", name="Tell it the longer way").click()
        page.get_by_label("What happened?").fill(TOLD)
        page.get_by_label("A title for your story (optional)").fill("A quiet night")
        page.get_by_label("What was good? (optional)").fill("The tea at four in the morning.")
        page.get_by_text("Calm", exact=True).click()
        page.get_by_role("button", name="Check it first").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        expect(page.get_by_label("What happened?")).to_have_value(TOLD)
        page.get_by_text("The patient", exact=True).click()
        page.get_by_label("A name to show with your story (optional)").fill("Kingfisher")
        page.get_by_text("Very good", exact=True).click()
        page.get_by_label("Email address (optional)").fill("kingfisher@example.org")
        page.get_by_text("You may publish my story").click()
        page.get_by_text("You may ask me about my story").click()
        page.get_by_role("button", name="Check it first").click()
        page.get_by_role("button", name="Change A title for your story").click()
        page.get_by_label("A title for your story (optional)").fill(TITLE)
        page.get_by_role("button", name="Check it first").click()
        expect(page.get_by_role("main")).to_contain_text(TITLE)
        page.get_by_role("button", name="Send it").click()
        expect(page.get_by_role("heading", name="Thank you. We have your story.")).to_be_visible()
        return page.locator(".tb-secret").inner_text()

    def opens(self, private_link: str) -> "OwnStory":
        """Open the private link as it was given, in a tab of its own."""
        tab = self.page.context.new_page()
        tab.goto(private_link)
        return OwnStory(tab)

    def pastes(self, private_link: str, where: str) -> "OwnStory":
        """Paste the private link on the page for it, as one does without JavaScript."""
        self.page.goto(where)
        self.page.get_by_label("Your private link").fill(private_link)
        self.page.get_by_role("button", name="Show my story").click()
        return OwnStory(self.page)


class OwnStory:
    """The page behind the private link."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def says(self, *texts: str) -> None:
        """Check that the page says this."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def is_taken_back(self) -> None:
        """Withdraw the story, after being asked once more."""
        self.page.get_by_role("button", name="Take my story back").click()
        self.page.get_by_role("button", name="Yes, take it back").click()
        self.says("You took your story back.", "Nobody else can read it any more.")


class Colleague:
    """Someone of the staff, at /admin."""

    def __init__(self, page: Page, tellback: Tellback) -> None:
        self.page = page
        self.home = f"{tellback.url}/admin/"

    def signs_in(self, name: str, password: str) -> None:
        """Go to the staff area and sign in."""
        self.page.goto(self.home)
        self.page.get_by_label("Email address").fill(f"{name.lower()}@example.org")
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("banner")).to_contain_text(name)

    def goes_home(self) -> None:
        """Go back to where their work lies."""
        self.page.goto(self.home)

    def sees(self, text: str) -> None:
        """Check that the screen says this."""
        expect(self.page.get_by_role("main")).to_contain_text(text)

    def opens(self, name: str) -> None:
        """Follow a link of the screen, by what it begins with."""
        self.page.get_by_role("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()


class Moderator(Colleague):
    """Reads what waits, takes out what must not be shown, and decides."""

    def takes_out_what_is_marked(self, words: str) -> None:
        """Redact what the screening marked, as it proposes."""
        expect(self.page.locator(".tb-finding", has_text=words)).to_be_visible()
        found = self.page.get_by_role("listitem").filter(has_text=f"“{words}”")
        found.get_by_role("button", name="Take it out").click()
        expect(self._taken_out(words)).to_be_visible()

    def takes_out_other_words(self, words: str, shown: str, why: str) -> None:
        """Redact words that no rule marks."""
        form = self.page.locator("form", has=self.page.get_by_label("The exact words"))
        form.get_by_label("The exact words").fill(words)
        form.get_by_label("Show instead").fill(shown)
        form.get_by_label("Why").select_option(label=why)
        form.get_by_role("button", name="Take them out").click()
        expect(self._taken_out(words)).to_be_visible()

    def publishes(self) -> None:
        """Decide that everyone may read it."""
        self.page.get_by_role("button", name="Publish", exact=True).click()

    def _taken_out(self, words: str) -> Locator:
        return self.page.locator("del", has_text=words).first


class Responder(Colleague):
    """Answers for a service."""

    def answers(self, words: str) -> None:
        """Write an answer to the story on the screen."""
        self.page.get_by_label("What you want to say").fill(words)
        self.page.get_by_label("Your name").fill("Ruth Ward")
        self.page.get_by_label("Your role").fill("Matron")
        self.page.get_by_role("button", name="Send it").click()
        self.sees("with a moderator")
