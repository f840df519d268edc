"""The people of a journey and what each does, by the screens and commands that they really have.

Everyone works in a browser of their own. What a step sees on its way is checked in the step, so that a
journey reads as a story.
"""

import email
import email.policy
import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tellback.translations.catalogues import catalogue
from tellback.translations.embed_words import word
from tellback.translations.sentences import spoken
from tests.browser import Tellback, Websites
from tests.embedded import Embed, hospital_page, was_told
from tests.outbox.conftest import Inbox

# What the author writes: a name that a moderator must find by reading, a number that the screening marks.
TITLE = "A quiet night on Ward 5"
NAME = "Joy Bell"
NUMBER = "020 7946 0018"
TOLD = (
    f"{NAME} sat with me until my daughter came. She even rang her on {NUMBER}.\n\nI was not afraid any more."
)
SHOWN = "[a nurse] sat with me until my daughter came. She even rang her on [phone number]."
ANSWER = "Thank you. We read your words to the night team, and every ward has a chair by the bed now."


def in_welsh(english: str) -> str:
    """What pages and letters say in Welsh for this."""
    return catalogue("cy").gettext(english)


def in_welsh_embed(key: str) -> str:
    """What the embed says in Welsh by this key."""
    return spoken(word(key), "cy")


@dataclass(frozen=True)
class Letter:
    """A letter as it arrived."""

    to: str
    subject: str
    message_id: str
    text: str

    def link(self, path: str) -> str:
        """The first address in it whose path holds this."""
        found = re.search(rf"https?://\S*{re.escape(path)}\S*", self.text)
        assert found, self.text
        return found.group()


class Letters:
    """What a real mail server received, opened one by one."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        self.read: list[Letter] = []

    def to(self, address: str, about: str) -> Letter:
        """The next unread letter to somebody with this in its subject; those before it are read, too."""
        while True:
            envelope = self.inbox.arrived.get(timeout=30)
            told = email.message_from_bytes(envelope.content, policy=email.policy.default)
            plain = told.get_body(("plain",))
            assert plain is not None
            (to,) = envelope.rcpt_tos
            letter = Letter(to, told["Subject"], told["Message-ID"], plain.get_content())
            self.read.append(letter)
            if to == address and about in letter.subject:
                return letter


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

    def tells_in_welsh(self, body: str, title: str, email: str) -> str:
        """Tell the story the longer way, with an address for letters; the private link."""
        embed = Embed(self.page)
        embed.button(in_welsh_embed("tell")).click()
        embed.button(in_welsh_embed("way_long")).click()
        given = {"body": body, "title": title, "contact_email": email}
        send = embed.button(in_welsh_embed("send"))
        question = embed.host.locator(".question")
        while not send.is_visible():
            for name, text in given.items():
                if embed.field(name).count():
                    embed.field(name).fill(text)
            for name in ("author_role", "consent_publish", "consent_contact"):
                if embed.field(name).count():
                    embed.field(name).check()
            before = question.inner_text()
            embed.host.locator(".acts .main").click()
            expect(question).not_to_have_text(before)
        send.click()
        expect(embed.host.get_by_role("heading", name=in_welsh_embed("sent"))).to_be_focused()
        return embed.host.locator("input[readonly]").input_value()

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

    def judges(self, question: str, answer: str) -> None:
        """Answer yes, partly or no to a question about what came back."""
        group = self.page.get_by_role("group", name=question)
        group.get_by_role("button", name=answer, exact=True).click()
        expect(group.get_by_role("button", name=answer, exact=True)).to_have_attribute("aria-pressed", "true")

    def asks_in_private(self, words: str) -> None:
        """Ask the service something that nobody else reads."""
        private = self.page.get_by_role("region", name=in_welsh("Talk to the service in private"))
        private.get_by_role("textbox").first.fill(words)
        private.get_by_role("button", name=in_welsh("Send it"), exact=True).first.click()
        expect(private.get_by_role("listitem").filter(has_text=words)).to_be_visible()

    def looks_again(self) -> "OwnStory":
        """Open the private link anew."""
        self.page.reload()
        return self

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

    def scores(self, level: str) -> None:
        """Say how critical the story is."""
        self.page.get_by_role("radio", name=level).check()

    def publishes(self) -> None:
        """Decide that everyone may read it."""
        self.page.get_by_role("button", name="Publish", exact=True).click()

    def lets_the_change_show(self, what: str) -> None:
        """Read what a service says of a change, and let everyone read it."""
        self.goes_home()
        self.opens("Change")
        self.sees(what)
        self.publishes()

    def declines(self, why: str, message: str) -> None:
        """Decide not to publish the story, for a reason and with a message."""
        self.page.get_by_role("group").get_by_text("Do not publish", exact=True).first.click()
        form = self.page.locator("form", has=self.page.get_by_role("button", name="Do not publish"))
        form.get_by_text(why).click()
        form.get_by_label("A message to the author (optional)").fill(message)
        form.get_by_role("button", name="Do not publish").click()

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

    def answers_from_the_letter(self, words: str, name: str, role: str) -> None:
        """Answer on the page that a link in a letter opens, without signing in."""
        self.page.get_by_label("What you want to say").fill(words)
        self.page.get_by_label("Language of your answer").select_option("cy")
        self.page.get_by_label("Your name").fill(name)
        self.page.get_by_label("Your role").fill(role)
        self.page.get_by_role("button", name="Send it").click()
        self.sees("Your answer is sent.")

    def answers_in_private(self, words: str, role: str) -> None:
        """Answer a private message on the screen."""
        self.page.get_by_label("Your message").fill(words)
        self.page.get_by_label("Your role").fill(role)
        self.page.get_by_role("button", name="Send it").click()
        self.sees(words)

    def plans_a_change(self, story: str, what: str, month: str, year: str) -> None:
        """Say what will be different because of a story, and when."""
        self.goes_home()
        self.page.get_by_role("row").filter(has_text=story).get_by_role("link").last.click()
        self.opens("We plan a change")
        self.page.get_by_label("What is different, or will be?").fill(what)
        self._says_when(month, year)

    def has_made_it(self, month: str, year: str) -> None:
        """Say of the only change that it was made."""
        self.page.goto(f"{self.home}changes")
        self.page.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
        self.page.get_by_text("We made a change", exact=True).click()
        self._says_when(month, year)

    def _says_when(self, month: str, year: str) -> None:
        self.page.get_by_label("Month").fill(month)
        self.page.get_by_label("Year").fill(year)
        self.page.get_by_role("button", name="Send it").click()
        self.sees("With a moderator")
