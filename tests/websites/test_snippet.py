"""What a webmaster pastes: the tag in each of its forms, and what goes with it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tellback import __version__
from tellback.organisations import catalogue
from tellback.websites import contrast, snippet
from tellback.websites.choices import Choices, read
from tellback.websites.registration import add
from tellback.websites.snippet import letter, mailto

PUBLIC = "https://stories.example"
GROUND_CSS = Path(__file__).parents[2] / "widget" / "src" / "style" / "ground.css"


def made(**chosen: object) -> snippet.Snippet:
    return snippet.snippet(PUBLIC, Choices(**chosen))  # type: ignore[arg-type]


def tags(html: str) -> list[tuple[str, dict[str, str | None]]]:
    """Every tag that a browser's parser would see, with its attributes."""
    seen: list[tuple[str, dict[str, str | None]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.append((tag, dict(attributes)))  # type: ignore[method-assign]
    parser.feed(html)
    return seen


def test_the_tag_is_the_documented_one(database: str) -> None:
    website = add("St Elsewhere", ["https://www.st-elsewhere.example"])
    hospital = catalogue.add("St Elsewhere", kind="hospital")
    given = snippet.snippet(PUBLIC, Choices(service=hospital.code), service=hospital, website=website)
    assert given.tag == (
        '<script src="https://stories.example/v1/stories.js" async></script>\n'
        '<patient-stories service="local-st-elsewhere"><a href="https://stories.example/services/local-st-elsewhere">'
        "Patients' stories of this hospital</a></patient-stories>"
    )
    assert given.policy == "script-src https://stories.example; connect-src https://stories.example"
    assert given.style.splitlines() == [
        "patient-stories { display: block; min-height: 46em; }",
        "@media (scripting: none) { patient-stories { min-height: 0; } }",
    ]


def test_a_charitys_tag_names_its_topic() -> None:
    tag = made(topic="multiple-sclerosis").tag
    assert '<patient-stories topic="multiple-sclerosis">' in tag
    assert '<a href="https://stories.example/topics/multiple-sclerosis">Patients\' stories</a>' in tag


def test_without_service_or_topic_the_tag_says_where_the_code_goes() -> None:
    assert '<patient-stories service="YOUR-SERVICE-CODE">' in made().tag


def test_websites_that_share_an_origin_are_told_apart_by_the_key_in_their_tag(database: str) -> None:
    first = add("St Elsewhere", ["https://shared.example", "https://own.example"])
    assert "site-key" not in snippet.snippet(PUBLIC, Choices(), website=first).tag
    second = add("Elm Surgery", ["https://shared.example"])
    for website in (first, second):
        assert f' site-key="{website.site_key}"' in snippet.snippet(PUBLIC, Choices(), website=website).tag


def test_a_frame_always_says_whose_it_is(database: str) -> None:
    website = add("St Elsewhere", ["https://own.example"])
    frame = snippet.snippet(PUBLIC, Choices(service="RXH01"), website=website).iframe
    assert f"/embed?service=RXH01&amp;site-key={website.site_key}" in frame


def test_nothing_breaks_out_of_any_form_of_the_tag() -> None:
    given = made(topic='"><script>alert(1)</script>')
    for html in (given.tag, given.pinned("sha384-x"), given.div, given.script, given.iframe, given.link):
        assert {tag for tag, _ in tags(html)} <= {"script", "patient-stories", "a", "div", "iframe"}
        assert "alert(1)<" not in html


def test_every_form_says_the_same_choices() -> None:
    given = made(service="RXH01", show=("form", "summary"), lang="cy", theme="dark", limit=10, level=3)
    chosen = {"show": "form summary", "lang": "cy", "heading-level": "3", "theme": "dark", "limit": "10"}
    of_data = {f"data-{name}": value for name, value in chosen.items()}
    (_, element, _) = [attributes for _, attributes in tags(given.tag)]
    assert element == {"service": "RXH01", **chosen}
    (script, pinned, _) = [attributes for _, attributes in tags(given.pinned("sha384-abc"))]
    assert pinned == element
    assert script == {
        "src": f"{PUBLIC}/{__version__}/stories.js",
        "integrity": "sha384-abc",
        "crossorigin": "anonymous",
        "async": None,
    }
    assert tags(given.div)[1] == ("div", {"data-patient-stories": "RXH01", **of_data})
    assert tags(given.script) == [
        ("script", {"src": f"{PUBLIC}/v1/stories.js", "data-service": "RXH01", "async": None, **of_data})
    ]
    (frame,) = tags(given.iframe)
    query = parse_qs(urlsplit(frame[1]["src"] or "").query)
    assert query == {name: [value] for name, value in {"service": "RXH01", **chosen}.items()}
    assert given.frame_policy == "frame-src https://stories.example"
    assert given.page == f"{PUBLIC}/services/RXH01?lang=cy"
    assert given.oembed == f"{PUBLIC}/oembed?url=https%3A%2F%2Fstories.example%2Fservices%2FRXH01%3Flang%3Dcy"


def test_a_div_of_a_topic_is_found_by_the_script_too() -> None:
    assert tags(made(topic="dementia").div)[1] == (
        "div",
        {"data-patient-stories": None, "data-topic": "dementia"},
    )


def test_a_frame_is_not_told_what_it_cannot_see() -> None:
    # The page around it has the font and the link colour that theme="page" would take.
    assert "theme" not in made(service="RXH01", theme="page").iframe


def test_the_link_speaks_the_language_that_was_chosen(database: str) -> None:
    hospital = catalogue.add("St Elsewhere", kind="hospital")
    given = snippet.snippet(PUBLIC, Choices(service=hospital.code, lang="cy"), service=hospital)
    assert given.page.endswith("?lang=cy")
    assert given.text != "Patients' stories of this hospital"
    assert "St Elsewhere" in given.text


def test_a_policy_names_an_origin_even_where_the_service_has_a_path() -> None:
    given = snippet.snippet("https://trust.example/stories", Choices(service="RXH01"))
    assert given.policy == "script-src https://trust.example; connect-src https://trust.example"
    assert 'src="https://trust.example/stories/v1/stories.js"' in given.tag


def test_colours_stand_in_the_style_sheet_with_a_text_that_can_be_read_on_them() -> None:
    light = made(theme="light", accent="#1a5f7a", radius=0).style
    assert light.splitlines()[1] == (
        "patient-stories { --patient-stories-accent: #1a5f7a; --patient-stories-on-accent: #fff;"
        " --patient-stories-radius: 0; }"
    )
    assert "prefers-color-scheme" not in light
    both = made(theme="auto", accent="#1a5f7a").style
    dark = re.search(
        r"prefers-color-scheme: dark\) .*accent: (#\w{6}); --patient-stories-on-accent: (#\w{3})", both
    )
    assert dark
    assert contrast.contrast(dark[1], contrast.DARK_GROUND) >= 4.5
    assert dark[2] == contrast.on(dark[1])


@pytest.mark.parametrize(
    ("given", "theme", "says"),
    [
        ("1A5F7A", "auto", ""),
        ("#147", "light", ""),
        ("#9cf", "dark", ""),
        ("#9cf", "auto", "contrast is 1.6 to 1, and people need 4.5 to 1. Choose a darker one"),
        ("#147", "dark", "Choose a lighter one"),
        ("#147", "page", "Your page’s own link colour is chosen"),
        ("teal", "auto", "six digits"),
        ("#12345", "auto", "six digits"),
        ("#123456;}", "auto", "six digits"),
    ],
)
def test_a_colour_that_nobody_could_read_is_refused(given: str, theme: str, says: str) -> None:
    reading = read({"accent": [given], "theme": [theme]})
    assert bool(reading.choices.accent) is not bool(says)
    assert says in " ".join(reading.errors.get("accent", []))
    assert reading.values["accent"] == given


def test_the_grounds_that_colours_are_held_against_are_the_embeds_own() -> None:
    paper = re.search(r"--paper: .*--light, (#\w+)\) var\(--dark, (#\w+)\)", GROUND_CSS.read_text())
    assert paper
    assert paper.groups() == (contrast.LIGHT_GROUND, contrast.DARK_GROUND)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": ["0"]}, "limit"),
        ({"limit": ["²"]}, "limit"),
        ({"limit": ["9" * 5000]}, "limit"),
        ({"radius": ["-1"]}, "radius"),
        ({"radius": ["33"]}, "radius"),
        ({"heading-level": ["7"]}, "heading-level"),
    ],
)
def test_a_number_out_of_reach_is_said_and_the_usual_one_stands(
    query: dict[str, list[str]], field: str
) -> None:
    reading = read(query)
    assert list(reading.errors) == [field]
    assert reading.choices == Choices()


def test_what_an_address_says_beyond_that_changes_nothing() -> None:
    nonsense = {"show": ["tricks"], "theme": ["neon"], "lang": ["tlh"], "sample": ["../x"], "utm": ["mail"]}
    assert read(nonsense).choices == Choices()
    assert read({"show": ["stories changes", "form"]}).choices.show == ("form", "stories", "changes")
    assert read({"lang": ["zh-CN"]}).choices.lang == "zh-Hans"


def test_the_letter_to_a_supplier_is_whole_and_fits_into_an_address() -> None:
    given = made(service="RXH01-ward-5", show=("form", "stories", "summary"), lang="cy", accent="#1a5f7a")
    subject, body = letter(given, "The Tellback Trust", "Ward 5")
    for part in (given.tag, given.style, given.policy, "The Tellback Trust", f"{PUBLIC}/about"):
        assert part in body
    address = mailto(subject, body)
    parts = parse_qs(urlsplit(address).query)
    assert parts == {"subject": [subject], "body": [body.replace("\n", "\r\n")]}
    # Mail programs and Windows cut longer addresses (at 2,083 characters, the shortest known).
    assert len(address) <= 2_083


@pytest.mark.parametrize("grey", range(0, 256, 5))
def test_the_text_on_a_button_can_always_be_read(grey: int) -> None:
    ground = f"#{grey:02x}{grey:02x}{grey:02x}"
    assert contrast.contrast(contrast.read(contrast.on(ground)) or "", ground) >= 4.5
