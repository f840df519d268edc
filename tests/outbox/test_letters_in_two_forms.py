"""Each letter is plain text and HTML of the same words, in its reader's direction; it calls out to none."""

import re
from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from demo import letters as gallery
from tellback.outbox.letters import UnsafeLetter, compose
from tests.letters import html, plain

FACTS = {**gallery.EVERYWHERE, **gallery.AUTHOR}


class Reader(HTMLParser):
    """What a person reads of a page, and what a program would fetch or follow."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self._unseen = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._unseen += tag in ("style", "title")
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "background", "srcset"):
                self.fetched.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


def _bare(text: str) -> str:
    return "".join(re.sub(r"^- ", "", text, flags=re.MULTILINE).split())


def test_the_gallery_shows_every_letter_there_is() -> None:
    assert sorted(gallery.LETTERS) == gallery.kinds(), "say in demo/letters.py what fills it in"


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_both_forms_say_the_same_and_nothing_is_fetched(lang: str) -> None:
    for kind in gallery.LETTERS:
        for letter in gallery.written(kind, lang):
            assert [part.get_content_subtype() for part in letter.iter_parts()] == ["plain", "html"], kind
            page = html(letter)
            assert f'lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}"' in page
            assert "url(" not in page
            read = Reader(page)
            assert not read.fetched, kind
            assert not {"script", "img", "link", "iframe", "form", "svg"} & set(read.tags), kind
            if (gallery.FOLDER / f"{kind}.html").exists():
                continue  # Its own form may put the words in another order.
            # Only what to press is named twice: by words, and by the address beneath.
            said = Reader(re.sub(r'<p class="press">.*?</p>', "", page)).words
            assert _bare("".join(said)).removesuffix("tellback") == _bare(
                f"{letter['Subject']}{plain(letter)}"
            )


def test_the_private_link_is_pressed_or_copied() -> None:
    (letter,) = gallery.written("story_received")
    link = gallery.AUTHOR["private_link"]
    assert f'<p class="press"><a href="{link}">Open your private link</a></p>' in html(letter)
    assert f'<a href="{link}" dir="ltr">{link}</a>' in html(letter)
    assert f"\n{link}\n" in plain(letter)


def test_what_others_wrote_is_no_markup_and_leads_nowhere() -> None:
    written = {"outcome": "stays", "reference": "r", "answer": "<b>See</b> https://evil.example/my-story#x"}
    letter = compose("case_settled", "1", "s@stories.example", "ada@example.org", {**FACTS, **written})
    read = Reader(html(letter))
    assert read.links == [f"{gallery.HERE}/about"]
    assert "<b>" not in html(letter)
    assert written["answer"] in plain(letter)


def test_a_letter_is_known_again_by_its_id_at_each_try() -> None:
    letters = [compose("story_received", "a1", "s@stories.example", "a@example.org", FACTS) for _ in range(2)]
    assert {letter["Message-ID"] for letter in letters} == {"<a1@stories.example>"}


def test_a_letter_can_be_ended_by_one_press_of_the_mail_program() -> None:
    url = f"{gallery.HERE}/unsubscribe?token={'aB3_-' * 40}"
    facts = {**FACTS, "unsubscribe_url": url}
    letter = compose("story_received", "1", "s@stories.example", "a@example.org", facts)
    assert f"\nList-Unsubscribe: <{url}>\n".encode() in letter.as_bytes(), "in one line, and as it is"
    read = message_from_bytes(letter.as_bytes(policy=policy.SMTP), policy=policy.default)
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert compose("story_received", "1", "s@x.example", "a@x.example", FACTS)["List-Unsubscribe"] is None


@pytest.mark.parametrize("name", ["unsubscribe_url", "private_link"])
def test_no_fact_adds_a_header(name: str) -> None:
    facts = {**FACTS, "unsubscribe_url": "https://stories.example/u", name: "x>\r\nBcc: eve@evil.example"}
    try:
        letter = compose("story_received", "1", "s@stories.example", "a@example.org", facts)
    except UnsafeLetter:
        return
    assert message_from_bytes(letter.as_bytes())["Bcc"] is None
