"""The ways to tell a story in the embed, each as somebody goes it, and what helps on the way."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tellback.stories.models import Story, StoryService, StoryTopic
from tellback.stories.submission import current_version
from tests.accessibility import checks
from tests.browser import Browse, Tellback, Websites
from tests.embedded import STORY, Embed, hospital_page, tag, told_bodies

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True}


@pytest.fixture
def address(tellback: Tellback, websites: Websites) -> str:
    """A page of the hospital with the embed on it."""
    return websites.put(hospital_page(tag(tellback.url)))


def last_told() -> Story:
    """The story that was told last."""
    story: Story = Story.select().order_by(Story.id.desc()).get()
    return story


def test_the_longer_way_asks_for_all_and_the_check_tells_it_back(address: str, browse: Browse) -> None:
    embed = Embed(browse(address))
    embed.begin("Tell it the longer way")
    embed.field("body").fill(STORY)
    embed.go_on(2)
    embed.field("what_was_good").fill("The tea.")
    embed.go_on(3)
    embed.host.get_by_role("checkbox", name="Food", exact=True).check()
    embed.host.get_by_role("checkbox", name="Pain", exact=True).check()
    embed.field("topic_words").fill("the night bus")
    embed.go_on(4)
    embed.host.get_by_role("radio", name="A volunteer or advocate").check()
    suggested = embed.host.get_by_role("button", name=re.compile("^Use “"))
    name = re.sub("^Use “|”$", "", suggested.inner_text())
    suggested.click()
    expect(embed.field("display_name")).to_have_value(name)
    embed.field("visited_on").select_option("January")
    embed.field("visited_on-year").select_option("2026")
    embed.go_on(5)
    # The Friends and Family Test asks those who were cared for.
    expect(embed.host).not_to_contain_text("Overall, how was your experience of our service?")
    embed.host.get_by_role("checkbox", name="Calm").check()
    embed.button("Back").click()
    embed.host.get_by_role("radio", name="A carer").check()
    embed.go_on(5)
    embed.host.get_by_role("group", name="Overall, how was your experience of our service?").get_by_role(
        "radio", name="Neither good nor poor"
    ).check()
    embed.go_on(6)
    embed.go_on(7)
    embed.field("consent_publish").check()
    embed.go_on(8)
    for told in (STORY, "The tea.", "Food, Pain", "the night bus", "A carer", name, "January 2026", "Calm"):
        expect(embed.host.locator(".rows")).to_contain_text(told)
    embed.field("lang").select_option("cy")
    embed.send()
    embed.private_link()
    story = last_told()
    assert (story.author_role, story.display_name, story.visited_on) == ("carer", name, "2026-01")
    assert (story.overall_experience, story.topic_words) == ("neither", "the night bus")
    assert current_version(story).lang == "cy"
    assert _topics(story) == {"food": None, "pain": None}


def test_pictures_tell_a_story_by_tap_by_keyboard_and_by_dragging_on_a_phone(
    address: str, browse: Browse
) -> None:
    page = browse(address, **PHONE)
    embed = Embed(page)
    embed.begin("Tell it with pictures")
    food, pain, waiting = (
        embed.host.get_by_role("radiogroup", name=name) for name in ("Food", "Pain", "Waiting")
    )
    food.locator(".picture").first.wait_for()
    food.get_by_role("radio", name="Happy", exact=True).tap()
    expect(food.get_by_role("radio", name="Happy", exact=True)).to_be_checked()
    # A second tap takes it back, a third lays it again.
    food.get_by_role("radio", name="Happy", exact=True).tap()
    expect(food.get_by_role("radio", name="Happy", exact=True)).not_to_be_checked()
    expect(embed.host.get_by_role("status")).to_have_text("You took back Food.")
    food.get_by_role("radio", name="Happy", exact=True).tap()

    pain.get_by_role("radio", name="Happy", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(pain.get_by_role("radio", name="Not happy")).to_be_checked()
    expect(embed.host.get_by_role("status")).to_have_text("Pain is on Not happy.")

    _drag(page, waiting.locator(".handle"), embed.host.locator(".place").nth(1))
    expect(waiting.get_by_role("radio", name="In between")).to_be_checked()

    embed.go_on(2)
    embed.host.get_by_role("checkbox", name="Thankful").check()
    embed.go_on(3)
    embed.host.get_by_role("radio", name="My family").check()
    embed.go_on(4)
    embed.host.get_by_role("checkbox", name="You can show my story to everyone").check()
    embed.go_on(5)
    expect(embed.host.locator(".rows")).to_contain_text("Happy with: Food.")
    embed.send()
    embed.private_link()
    assert told_bodies() == ["Happy with: Food.\nIn between: Waiting.\nNot happy with: Pain."]
    assert _topics(last_told()) == {"food": "positive", "waiting": "neutral", "pain": "negative"}
    assert last_told().author_role == "relative"


def test_without_a_picture_and_without_words_there_is_nothing_to_tell(address: str, browse: Browse) -> None:
    embed = Embed(browse(address))
    embed.begin("Tell it with pictures")
    embed.go_on(2)
    embed.host.locator(".acts .main").click()
    wrong = embed.host.get_by_role("group", name="There is a problem")
    expect(wrong).to_contain_text("Choose a face for a picture, or write a few words.")
    embed.field("body").fill("It was good.")
    embed.go_on(3)


def test_who_wants_to_complain_is_told_whom_to_ask_and_may_tell_a_story_too(
    address: str, browse: Browse
) -> None:
    embed = Embed(browse(address))
    embed.open()
    complaint = embed.button("Make a complaint")
    expect(complaint).to_have_attribute("aria-expanded", "false")
    complaint.click()
    expect(complaint).to_have_attribute("aria-expanded", "true")
    panel = embed.host.locator(".complaint")
    expect(panel).to_contain_text("Complaints go to the service itself")
    expect(panel).to_contain_text("A story alone does not start a complaint.")
    assert panel.get_by_role("link").count() > 0
    embed.button("Tell it the short way").click()
    expect(embed.step(1)).to_be_focused()


def test_what_could_show_who_someone_is_is_marked_and_put_right_with_one_press(
    address: str, browse: Browse
) -> None:
    page = browse(address)
    embed = Embed(page)
    embed.begin()
    body = embed.field("body")
    body.fill("At St Elsewhere Hospital I saw Dr Shah. Ring me on 07700 900123.")
    advice = embed.host.get_by_role("group", name="2 places could show who someone is")
    expect(advice.locator("mark")).to_have_text(["Dr Shah", "07700 900123"])
    expect(embed.host.get_by_role("status")).to_have_text("2 places could show who someone is")
    advice.get_by_role("button", name="Write “a doctor”").click()
    expect(body).to_have_value("At St Elsewhere Hospital I saw a doctor. Ring me on 07700 900123.")
    expect(body).to_be_focused()
    page.keyboard.press("Control+z")
    expect(body).to_have_value("At St Elsewhere Hospital I saw Dr Shah. Ring me on 07700 900123.")
    # It advises: the way on is open, and the check says it again.
    embed.go_on(2)
    embed.host.get_by_role("radio", name="The patient").check()
    embed.go_on(3)
    embed.field("consent_publish").check()
    embed.go_on(4)
    expect(embed.host.locator(".rows")).to_contain_text("2 places could show who someone is")


def test_words_of_crisis_bring_those_who_help_and_close_nothing(address: str, browse: Browse) -> None:
    embed = Embed(browse(address))
    embed.begin()
    expect(embed.host.get_by_role("region", name="If you need help now")).to_have_count(0)
    embed.field("body").fill("They sent me home and now I want to end my life.")
    help_now = embed.host.get_by_role("region", name="If you need help now")
    expect(help_now.get_by_role("link", name="Call 116 123")).to_have_attribute("href", "tel:116123")
    expect(help_now).to_contain_text("You can still tell your story and send it.")
    expect(embed.host.get_by_role("status")).to_contain_text("Samaritans")
    embed.go_on(2)


def test_on_a_phone_in_urdu_it_runs_from_right_to_left_and_shows_who_helps_unasked(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    page = browse(websites.put(hospital_page(tag(tellback.url, 'service="RXH01" lang="ur"'))), **PHONE)
    embed = Embed(page)
    on = embed.host.locator(".acts .main")
    embed.host.locator(".invite .main").tap()
    expect(embed.host.locator(".root")).to_have_attribute("dir", "rtl")
    way, hint = embed.host.locator(".way").first, embed.host.locator(".ways .hint").first
    assert _right(way) == pytest.approx(_right(hint), abs=2)
    way.tap()
    # Names and words of crisis cannot be found in Urdu, so nothing waits for one.
    expect(embed.host.locator(".support").get_by_role("link").first).to_be_visible()
    embed.field("body").fill("نرس میرے ساتھ بیٹھی رہی۔")
    on.tap()
    embed.host.get_by_role("radio").first.tap()
    on.tap()
    embed.field("consent_publish").tap()
    on.tap()
    expect(embed.field("lang")).to_have_value("ur")
    expect(embed.host.locator(".rows")).to_contain_text("نرس میرے ساتھ بیٹھی رہی۔")
    assert checks.overflowing(page) == []
    on.tap()
    expect(embed.field("private-link")).to_have_value(re.compile("/my-story.*#"))
    assert told_bodies() == ["نرس میرے ساتھ بیٹھی رہی۔"]
    assert current_version(last_told()).lang == "ur"


def test_the_browsers_own_language_is_offered_and_keeps_the_words(address: str, browse: Browse) -> None:
    embed = Embed(browse(address, locale="pl-PL"))
    embed.open()
    embed.button("Tell it the short way").click()
    embed.field("body").fill("Było cicho.")
    embed.button("Back").click()
    offer = embed.host.locator(".offer button")
    expect(embed.host.locator(".offer")).to_have_attribute("lang", "pl")
    offer.click()
    expect(embed.host.locator(".root")).to_have_attribute("lang", "pl")
    embed.host.locator(".way").first.click()
    expect(embed.field("body")).to_have_value("Było cicho.")


def test_a_story_may_be_about_several_services(address: str, browse: Browse) -> None:
    embed = Embed(browse(address))
    embed.open()
    embed.button("Change or add a service").click()
    expect(embed.host.get_by_role("heading", name="Which service was it about?")).to_be_focused()
    expect(embed.host.get_by_role("checkbox", name="St Elsewhere Hospital")).to_be_checked()
    embed.field("services").fill("no such place")
    embed.button("Find").click()
    expect(embed.host).to_contain_text("We found nothing for “no such place”.")
    embed.field("services").fill("elm")
    embed.field("services").press("Enter")
    embed.host.get_by_role("checkbox", name="Elm Surgery").check()
    embed.button("Continue").click()
    expect(embed.host.get_by_role("heading", name="What do you want to do?")).to_be_focused()
    embed.button("Tell it the short way").click()
    _answer_the_rest(embed)
    expect(embed.host.locator(".rows")).to_contain_text("St Elsewhere Hospital, Elm Surgery")
    embed.send()
    embed.private_link()
    assert _services(last_told()) == {"G81001", "RXH01"}


def test_a_topics_story_names_its_service_or_none(
    tellback: Tellback, websites: Websites, browse: Browse
) -> None:
    embed = Embed(browse(websites.put(hospital_page(tag(tellback.url, 'topic="multiple-sclerosis"')))))
    embed.begin()
    embed.field("services").fill("ward")
    embed.button("Find").click()
    embed.host.get_by_role("checkbox", name="Ward 5").check()
    embed.go_on(2)
    _answer_the_rest(embed, 2)
    embed.send()
    embed.private_link()
    assert _services(last_told()) == {"RXH01-ward-5"}
    assert _topics(last_told()) == {"multiple-sclerosis": None}


def _answer_the_rest(embed: Embed, at: int = 1) -> None:
    embed.field("body").fill(STORY)
    embed.go_on(at + 1)
    embed.host.get_by_role("radio", name="The patient").check()
    embed.go_on(at + 2)
    embed.field("consent_publish").check()
    embed.go_on(at + 3)


def _services(story: Story) -> set[str]:
    return {about.service.code for about in StoryService.select().where(StoryService.story == story)}


def _topics(story: Story) -> dict[str, str | None]:
    raised = StoryTopic.select().where(StoryTopic.story == story)
    return {topic.topic.slug: topic.polarity for topic in raised}


def _right(where: Locator) -> float:
    box = where.bounding_box()
    assert box
    return box["x"] + box["width"]


def _drag(page: Page, what: Locator, onto: Locator) -> None:
    what.scroll_into_view_if_needed()
    start, end = what.bounding_box(), onto.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=4)
    expect(onto).to_have_class("place over")
    page.mouse.up()
