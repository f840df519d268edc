"""Stories in Debian's own WordPress, put there by an Editor who may not write scripts: read, and told.

`python3 tests/run.py --long tests/wordpress`, where WordPress, PHP and MariaDB are (CONTRIBUTING says how).
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tellback.stories.models import Story
from tellback.websites.models import Website, WebsiteOrigin
from tests.browser import PATIENCE, Browse, Tellback
from tests.embedded import STORY, Embed, Staff, told_bodies
from tests.wordpress.site import WordPress, lacks

pytestmark = [pytest.mark.long, pytest.mark.browser, pytest.mark.timeout(300)]

SITE_KEY = "st-elsewhere-test"


@pytest.fixture(scope="module")
def wordpress(served: Tellback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A website made of Debian's WordPress, with the plugin among its plugins."""
    if lacking := lacks():
        pytest.skip(f"There is {lacking}")
    wordpress = WordPress(tmp_path_factory.mktemp("wordpress"), served.port)
    wordpress.install()
    wordpress.serve()
    yield wordpress
    wordpress.close()


@pytest.fixture
def allowed(tellback: Tellback, wordpress: WordPress) -> Website:
    """The website as the service knows it."""
    website = Website.get(Website.site_key == SITE_KEY)
    WebsiteOrigin.create(website=website, origin=wordpress.url)
    return website


@pytest.fixture
def plugin(tellback: Tellback, wordpress: WordPress) -> Iterator[None]:
    """The plugin is on and knows the service."""
    wordpress.php(
        "activate_plugin( 'patient-stories/patient-stories.php' );"
        f"update_option( 'patient_stories_address', '{tellback.url}' );"
        f"update_option( 'patient_stories_site_key', '{SITE_KEY}' );"
    )
    yield
    wordpress.php("deactivate_plugins( 'patient-stories/patient-stories.php' );")


@pytest.fixture
def signed_in(chromium: Browser, wordpress: WordPress) -> Iterator[Callable[[str], Page]]:
    """The screens of WordPress for one of its people. (What its own scripts log is none of our doing.)"""
    contexts: list[BrowserContext] = []

    def sign_in(name: str) -> Page:
        context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(3 * PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.goto(f"{wordpress.url}/wp-login.php")
        page.get_by_label("Username or Email Address").fill(name)
        page.get_by_label("Password", exact=True).fill(f"password of {name}")
        page.get_by_role("button", name="Log In").click()
        page.wait_for_url("**/wp-admin/**")
        return page

    yield sign_in
    for context in contexts:
        context.close()


class Editor:
    """The block editor with a new page, as its author uses it."""

    def __init__(self, page: Page, wordpress: WordPress) -> None:
        self.page = page
        page.goto(f"{wordpress.url}/wp-admin/post-new.php?post_type=page")
        page.wait_for_function("window.wp && wp.data && wp.data.select('core/editor').getCurrentPostId()")
        page.evaluate("wp.data.dispatch('core/preferences').set('core/edit-post', 'welcomeGuide', false)")
        page.get_by_role("textbox", name="Add title").fill("Patients tell")

    def add(self, block: str, title: str) -> Locator:
        """Type `/block` and choose the block called `title`; the block as it then stands there."""
        self.page.get_by_role("textbox", name="Add title").press("Enter")
        self.page.keyboard.type(f"/{block}")
        self.page.locator(".components-autocomplete__result").filter(
            has_text=re.compile(f"^{title}$")
        ).click()
        return self.page.get_by_role("document", name=f"Block: {title}")

    def publish(self) -> str:
        """Publish it; its address."""
        self.page.evaluate("wp.data.dispatch('core/editor').editPost({ status: 'publish' })")
        self.page.evaluate("wp.data.dispatch('core/editor').savePost()")
        self.page.wait_for_function(
            "wp.data.select('core/editor').didPostSaveRequestSucceed()"
            " && wp.data.select('core/editor').isCurrentPostPublished()"
        )
        address: str = self.page.evaluate("wp.data.select('core/editor').getPermalink()")
        return address


def read_and_told(page: Page, inside: object) -> None:
    """The story that stands there is read, and another is told."""
    embed = Embed(inside)  # type: ignore[arg-type]
    embed.host.scroll_into_view_if_needed()
    expect(embed.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    embed.tell()
    assert STORY in told_bodies()


@pytest.mark.usefixtures("plugin")
def test_an_editor_finds_the_place_in_the_block_and_patients_tell_on_the_page(
    wordpress: WordPress, allowed: Website, staff: Staff, signed_in: Callable[[str], Page], browse: Browse
) -> None:
    staff.publish(title="A quiet night", topic="multiple-sclerosis")
    editor = Editor(signed_in("eve"), wordpress)
    block = editor.add("patient", "Patient stories")
    preview = Embed(block.frame_locator("iframe"))
    block.get_by_role("textbox", name="Or a topic").fill("multiple-sclerosis")
    block.get_by_role("textbox", name="Or a topic").press("Enter")
    expect(preview.host).to_contain_text("Multiple sclerosis")
    block.click()
    editor.page.get_by_role("region", name="Editor settings").get_by_role("textbox", name="Or a topic").fill(
        ""
    )
    editor.page.keyboard.press("Enter")
    block.get_by_role("combobox", name="Place").fill("St Else")
    editor.page.get_by_role("option", name="St Elsewhere Hospital, Elsewhere, RXH01").click()
    expect(preview.host.get_by_role("heading", name="A quiet night")).to_be_visible()
    page = browse(editor.publish())
    assert page.locator("script[src$='/v1/stories.js'][async]").count() == 1
    read_and_told(page, page)
    story = Story.get(Story.published_at.is_null())
    assert story.website == allowed
    assert wordpress.complaints() == []


@pytest.mark.usefixtures("plugin")
def test_an_editor_writes_the_shortcode(
    wordpress: WordPress, allowed: Website, staff: Staff, signed_in: Callable[[str], Page], browse: Browse
) -> None:
    staff.publish(title="A quiet night")
    editor = Editor(signed_in("eve"), wordpress)
    block = editor.add("shortcode", "Shortcode")
    # Whatever an attribute holds, it stays one.
    trick = "lang='\"><script>alert(1)</script>'"
    shortcode = f'[patient-stories service="RXH01" heading-level="3" theme="light" {trick}]'
    block.get_by_role("textbox").fill(shortcode)
    page = browse(editor.publish())
    read_and_told(page, page)
    assert Embed(page).host.get_attribute("heading-level") == "3"
    assert Story.get(Story.published_at.is_null()).website == allowed
    assert wordpress.complaints() == []


@pytest.mark.usefixtures("plugin")
def test_an_editor_pastes_the_address_of_a_page_and_its_frame_grows(
    wordpress: WordPress,
    tellback: Tellback,
    allowed: Website,
    staff: Staff,
    signed_in: Callable[[str], Page],
    browse: Browse,
) -> None:
    staff.publish(title="A quiet night", body="It was quiet, and somebody came when I rang. " * 100)
    editor = Editor(signed_in("eve"), wordpress)
    paste(editor, f"{tellback.url}/services/RXH01")
    page = browse(editor.publish())
    frame = page.locator("iframe")
    assert frame.get_attribute("sandbox") is None
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 1000")
    read_and_told(page, page.frame_locator("iframe"))
    assert Story.get(Story.published_at.is_null()).website == allowed
    assert wordpress.complaints() == []


def test_without_the_plugin_a_pasted_address_is_read_and_told_in_in_a_sandbox(
    wordpress: WordPress, tellback: Tellback, staff: Staff, signed_in: Callable[[str], Page], browse: Browse
) -> None:
    staff.publish(title="A quiet night", body="It was quiet, and somebody came when I rang. " * 100)
    editor = Editor(signed_in("eve"), wordpress)
    paste(editor, f"{tellback.url}/services/RXH01")
    page = browse(editor.publish())
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    # By WordPress's own script, as far as that lets a frame grow; the link that it showed before is gone.
    page.wait_for_function("document.querySelector('iframe').offsetHeight > 900")
    expect(page.locator("blockquote")).to_be_hidden()
    read_and_told(page, page.frame_locator("iframe"))
    assert Story.get(Story.published_at.is_null()).website is None
    # A link of ours leads out of the sandbox by that script too.
    page.frame_locator("iframe").get_by_role("link", name="how this works").click()
    page.wait_for_url(f"{tellback.url}/about")


def test_only_an_administrator_says_where_the_stories_are_and_only_by_https(
    wordpress: WordPress, tellback: Tellback, signed_in: Callable[[str], Page]
) -> None:
    wordpress.php("delete_option( 'patient_stories_address' );")
    page = signed_in("alice")
    page.goto(f"{wordpress.url}/wp-admin/plugins.php")
    page.locator("#activate-patient-stories").click()
    page.locator("tr[data-slug=patient-stories]").get_by_role("link", name="Settings").click()
    field = page.get_by_label("Address of the service")
    for wrong in ("http://stories.example", "https://stories.example/?a=1", "https://eve@stories.example"):
        field.fill(wrong)
        page.get_by_role("button", name="Save Changes").click()
        expect(page.get_by_text("Give an address that begins with https://")).to_be_visible()
        expect(field).to_have_value("")
    page.get_by_label("Site key").fill("Not <a> key")
    field.fill(f"{tellback.url}/")
    page.get_by_role("button", name="Save Changes").click()
    expect(page.get_by_text("A site key has small letters")).to_be_visible()
    expect(field).to_have_value(tellback.url)
    expect(page.get_by_text(f"has allowed {wordpress.url}.")).to_be_visible()
    eve = signed_in("eve")
    eve.goto(f"{wordpress.url}/wp-admin/options-general.php?page=patient-stories")
    expect(eve.get_by_text("you are not allowed to access this page")).to_be_visible()
    assert wordpress.complaints() == []


def test_taken_away_it_leaves_nothing_behind(wordpress: WordPress) -> None:
    said = wordpress.php(
        "require_once ABSPATH . 'wp-admin/includes/admin.php';"
        "update_option( 'patient_stories_address', 'https://stories.example' );"
        "deactivate_plugins( 'patient-stories/patient-stories.php' );"
        "echo json_encode( delete_plugins( array( 'patient-stories/patient-stories.php' ) ) );"
        "global $wpdb; echo $wpdb->get_var("
        "\"SELECT COUNT(*) FROM $wpdb->options WHERE option_name LIKE 'patient%'\" );"
    )
    assert said == "true0"
    assert not (wordpress.root / "wp-content" / "plugins" / "patient-stories").exists()


def paste(editor: Editor, address: str) -> None:
    """Put an address in a block of its own, as pasting it does."""
    block = editor.add("embed", "Embed")
    block.get_by_role("textbox", name="Embed URL").fill(address)
    block.get_by_role("button", name="Embed").click()
    expect(editor.page.get_by_role("document", name="Block: Embed").locator("iframe")).to_be_visible()
