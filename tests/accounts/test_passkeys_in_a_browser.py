"""A passkey in a real browser: made, asked for alone, after a password and anew; screens for everyone."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tellback import db, sealing
from tellback.accounts import invitations, registration, single_sign_on
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import SYSTEM
from tests import people
from tests.accessibility import checks
from tests.browser import CONTACT_KEY, Browse, Tellback, Watch

pytestmark = pytest.mark.browser

PASSWORD = "three blue ferries"


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tellback]:
    """A service that is reached by a name, since browsers make no passkey for a bare address."""
    tellback = Tellback(tmp_path_factory.mktemp("named"))
    tellback.url = tellback.environment["TELLBACK_PUBLIC_URL"] = f"http://localhost:{tellback.port}"
    tellback.run("db", "upgrade")
    process = subprocess.Popen(
        [sys.executable, "-m", "tellback", "serve", "--port", str(tellback.port)],
        env=tellback.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    process.stdout.readline()
    yield tellback
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


@pytest.fixture
def desk(named: Tellback) -> Iterator[str]:
    """Its staff area, with the people of these tests."""
    named.forget()
    db.connect(f"sqlite:///{named.database}")
    sealing.use((CONTACT_KEY,))
    people.make_places()
    registration.add("ada@elsewhere.example", "Ada Quill", PASSWORD, Role.ADMINISTRATOR)
    yield f"{named.url}/admin"
    db.database.close_all()  # type: ignore[attr-defined]


def authenticator(page: Page) -> Callable[[str], object]:
    """A phone that makes passkeys and knows its owner's finger; how to tell it anything."""
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def tell(method: str, **more: object) -> object:
        return session.send(f"WebAuthn.{method}", {"authenticatorId": made, **more})

    return tell


def sign_in(page: Page, desk: str) -> None:
    page.goto(f"{desk}/sign-in")
    page.get_by_label("Email address").fill("ada@elsewhere.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def holds(page: Page) -> None:
    """What every screen is held to."""
    assert checks.axe_problems(page) == []
    assert checks.colour_problems(page, "dark") == []
    assert checks.overflowing(page) == []
    assert checks.stops_without_visible_focus(page) == []


def test_a_passkey_is_made_and_lets_in_alone_after_a_password_and_anew(desk: str, browse: Browse) -> None:
    page = browse()
    authenticator(page)
    sign_in(page, desk)
    page.goto(f"{desk}/account")
    page.get_by_label("Name of the device").fill("Ada's phone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    holds(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("button", name="Ada's phone")).to_be_visible()
    holds(page)

    sign_out(page)
    page.goto(f"{desk}/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    expect(page.get_by_text("by passkey, since")).to_be_visible()

    sign_out(page)
    sign_in(page, desk)
    expect(page.get_by_role("heading", name="One more thing")).to_be_visible()
    holds(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.goto(f"{desk}/confirm?next=/admin/people")
    holds(page)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_a_browser_whose_owner_says_no_is_told_what_else_there_is(desk: str, browse: Browse) -> None:
    page = browse()
    phone = authenticator(page)
    sign_in(page, desk)
    phone("setUserVerified", isUserVerified=False)
    sign_out(page)
    expect(page.get_by_text("The passkey was not used.")).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey was not used. Try again, or choose another way.")).to_be_visible()
    sign_in(page, desk)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_without_a_script_the_page_says_so_and_offers_no_button(desk: str, browse: Browse) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"{desk}/sign-in")
    # (The ways to find text look over what only a browser without scripts shows.)
    assert (
        "A passkey needs JavaScript, which is off in this browser." in page.locator("noscript").inner_text()
    )
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()


def test_the_token_of_a_letter_leaves_the_address_and_is_sent_to_nobody(
    desk: str, browse: Browse, watch: Watch
) -> None:
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    page.goto(f"{desk}/new-password#a-token-of-a-letter")
    expect(page.locator("#token")).to_have_value("a-token-of-a-letter")
    expect(page.locator("#token")).to_be_hidden()
    assert page.url == f"{desk}/new-password"
    assert not [one for one in asked if "a-token" in one]
    holds(page)
    watch.expects("console: Failed to load resource: .*401")
    page.get_by_label("New password").fill("four green tramways")
    page.get_by_role("button", name="Keep this password").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    holds(page)


SCREENS = ["forgotten", "people", "people/new", "people/{ruth}", "people/{mo}", "providers", "providers/new",
           "providers/st-elsewhere", "account/app"]  # fmt: skip


def test_the_screens_serve_everyone(desk: str, browse: Browse, watch: Watch) -> None:
    ada = Account.get(Account.email == "ada@elsewhere.example")
    ids = {
        "ruth": registration.add("ruth@hospital.example", "Ruth", PASSWORD, Role.RESPONDER, "RXH").id,
        "mo": invitations.invite("mo@elsewhere.example", "Mo", Role.MODERATOR, None, by=ada).id,
    }
    single_sign_on.add("St Elsewhere", "RXH", "https://login.example", "tellback", "x", by=SYSTEM)
    page = browse()
    page.goto(f"{desk}/sign-in")
    holds(page)
    sign_in(page, desk)
    for screen in SCREENS:
        page.goto(f"{desk}/{screen.format(**ids)}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        holds(page)
    watch.expects("console: Failed to load resource: .*422")
    page.goto(f"{desk}/people/new")
    page.get_by_role("button", name="Invite them").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page).to_have_title(re.compile("^Error: "))
    holds(page)
