"""Look at every letter that Tellback writes: `.venv/bin/python demo/letters.py FOLDER [--lang ur]`.

Writes each as a mail file, as text and as HTML; where Chromium is at hand, with pictures of it as wide as a
phone by night and as a desk by day. All that stands in them is invented.
"""

import argparse
import os
import shutil
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tellback.outbox.letters import compose

FOLDER = Path(__file__).parents[1] / "backend" / "tellback" / "templates" / "letters"
HERE = "https://stories.example"
STAFF = f"{HERE}/admin/"
OPERATOR = "The Elsewhere Story Trust"
EVERYWHERE = {"operator": OPERATOR, "public_url": HERE}
AUTHOR = {"private_link": f"{HERE}/my-story#hV0qTjYw3Zr8mB2kXn5cLs7dGf1aPe4u"}
MOIRA = {
    "name": "Moira Bell",
    "staff_url": STAFF,
    "reset_link": f"{STAFF}new-password#eyJhIjo3fQ.aSlpQw.3t0XvW9mNn0uXn2kq0cB1",
    "invitation_link": f"{STAFF}welcome#eyJhIjo3fQ.aSlpQw.3t0XvW9mNn0uXn2kq0cB1",
}
ASKED = {"reference": "f4k9w2", "legal": False, "story": "q7t3m8", "answer": ""}

STORY = {
    "occasion": "published",
    "title": "A quiet night",
    "services": ["Ward 5"],
    "on": "2026-11-23",
    "url": f"{HERE}/stories/q7t3m8",
    "desk_url": f"{STAFF}answers/q7t3m8",
    "answer_link": f"{HERE}/answer#hV0qTjYw3Zr8mB2kXn5cLs7dGf1aPe4u",
}
ALERT = {
    **MOIRA,
    "more": 0,
    "alerts_url": f"{STAFF}alerts",
    "unsubscribe_url": f"{HERE}/unsubscribe?token=eyJhIjo3fQ.aSlpQw.3t0XvW9mNn0uXn2kq0cB1",
}

WEEK = {
    "scope": "Ward 5",
    "told": 9,
    "published": 7,
    "answered": 5,
    "planned": 1,
    "made": 1,
    "median_days": 2.5,
    "waiting": 2,
    "longest": [{"title": "A quiet night", "days": 12, "public_id": "q7t3m8"}],
    "topics": [{"name": "Food", "stories": 8, "good": 3, "poor": 4}],
    "weeks": [
        {"label": f"{day} Nov", "total": total, "part": part, "filled": part * 2, "open": (total - part) * 2}
        for day, total, part in ((2, 4, 4), (9, 8, 6), (16, 7, 5), (23, 0, 0))
    ],
}
HANDED_ON = {**MOIRA, "to_whom": "the night manager of Ward 5", "story": "q7t3m8"}

# What each kind is filled in with, in the forms that it has. A kind that is not here fails a test.
LETTERS: dict[str, list[dict[str, Any]]] = {
    "address_ends": [AUTHOR],
    "alert": [
        {**ALERT, "cadence": "at_once", "items": [STORY]},
        {**ALERT, "cadence": "daily", "items": [STORY, {**STORY, "occasion": "flagged"}], "more": 3},
    ],
    "alert_for_colleague": [{**MOIRA, "away": "Ruth Ward"}],
    "answer_not_published": [AUTHOR],
    "answer_published": [AUTHOR],
    "appeal_settled": [{**AUTHOR, "outcome": "reopened"}, {**AUTHOR, "outcome": "stands"}],
    "case_opened": [{**MOIRA, "about": "Safeguarding", "case": "f4k9w2"}],
    "case_question": [AUTHOR],
    "case_received": [ASKED, {**ASKED, "legal": True}],
    "case_settled": [
        {**ASKED, "outcome": "stays", "answer": "Nobody could know from it that it is you."},
        {**ASKED, "outcome": "read_again"},
    ],
    "change_published": [{**AUTHOR, "change": change} for change in ("planned", "made", "not_made")],
    "change_removed": [{**AUTHOR, "why": "The service took it back."}],
    "crisis_alert": [{**MOIRA, "story": "q7t3m8", "staffed": False}],
    "edit_published": [AUTHOR],
    "edit_rejected": [AUTHOR],
    "edit_returned": [AUTHOR],
    "handed_on": [
        {
            "handed_by": "Ruth Ward",
            "organisation": "St Elsewhere Hospitals",
            "service": "Ward 5",
            "answer_by": "7 December 2026",
            "answer_link": f"{HERE}/answer#hV0qTjYw3Zr8mB2kXn5cLs7dGf1aPe4u",
        }
    ],
    "handed_on_answered": [HANDED_ON],
    "handed_on_over": [HANDED_ON],
    "handed_on_unreached": [HANDED_ON],
    "invitation": [{**MOIRA, "invited_by": "Ada Rowe"}],
    "ledger_head": [
        {
            "day": "2026-11-23",
            "hash": "9f2c" * 16,
            "key": "5d41402abc4b2a76",
            "ledger": HERE,
            "number": 1204,
            "signature": "a7b3" * 32,
        }
    ],
    "morning": [
        {
            **MOIRA,
            "stories": 12,
            "minutes": 38,
            "urgent": 1,
            "late": 2,
            "cases": 1,
            "replies": 3,
            "changes": 1,
            "reports": 0,
        }
    ],
    "new_password": [MOIRA],
    "relay_alert": [{**MOIRA, "report": "k2v8d1", "staffed": True}],
    "relay_to_author": [AUTHOR],
    "relay_to_service": [{**MOIRA, "story": "q7t3m8"}],
    "reply_published": [AUTHOR],
    "reply_removed": [
        {**AUTHOR, "why": "We learned that it was not true.", "answered": answered}
        for answered in (False, True)
    ],
    "second_look_asked": [{**MOIRA, "story": "q7t3m8", "colleague": "Ruth Ward"}],
    "second_look_given": [
        {**MOIRA, "story": "q7t3m8", "colleague": "Ruth Ward", "good": good} for good in (True, False)
    ],
    "sign_in_changed": [{**MOIRA, "what": "A passkey was added: Moira's phone"}],
    "story_moved": [{**AUTHOR, "service": "Ward 6"}],
    "story_published": [AUTHOR],
    "story_ends": [AUTHOR],
    "story_question": [AUTHOR],
    "story_received": [AUTHOR],
    "story_rejected": [AUTHOR],
    "story_removed": [AUTHOR],
    "story_returned": [AUTHOR],
    "webhook_given_up": [
        {
            **MOIRA,
            "server": "hooks.hospital.example",
            "why": "Its server did not answer within 10 seconds.",
            "endpoint": "k2v8d1",
        }
    ],
    "weekly_digest": [
        {
            **ALERT,
            "monday": "16 November",
            "fewest": 5,
            "digest_url": f"{STAFF}digest",
            "scopes": [WEEK, {**WEEK, "scope": "Ward 6", "told": None, "median_days": None, "longest": []}],
        }
    ],
    "your_link": [AUTHOR],
    "your_link_again": [AUTHOR],
}


def kinds() -> list[str]:
    """Every kind of letter that there is a template for."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))


def written(kind: str, lang: str = "en") -> list[EmailMessage]:
    """The letters of a kind, in each of their forms."""
    return [
        compose(kind, "0f9d", f"stories@{HERE[8:]}", "ada@example.org", {**EVERYWHERE, **facts}, lang)
        for facts in LETTERS[kind]
    ]


def main() -> None:
    """Write all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", default="en")
    parser.add_argument("--only", help="one kind alone")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    pages = []
    for kind in [asked.only] if asked.only else kinds():
        for number, letter in enumerate(written(kind, asked.lang), start=1):
            page = asked.folder / f"{kind}-{number}-{asked.lang}.html"
            page.with_suffix(".eml").write_bytes(letter.as_bytes())
            page.with_suffix(".txt").write_text(_body(letter, "plain"), encoding="utf-8")
            page.write_text(_body(letter, "html"), encoding="utf-8")
            pages.append(page)
    chromium = os.environ.get("TELLBACK_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium:
        _photograph(pages, chromium)
    print(f"{len(pages)} letters are in {asked.folder}")


def _body(letter: EmailMessage, form: str) -> str:
    part = letter.get_body((form,))
    assert part is not None, "each letter has both forms"
    return str(part.get_content())


def _photograph(pages: list[Path], chromium: str) -> None:
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for width, scheme in ((320, "dark"), (1280, "light")):
            view = browser.new_page(viewport={"width": width, "height": 480}, color_scheme=scheme)  # type: ignore[arg-type]
            for page in pages:
                view.goto(page.absolute().as_uri())
                view.screenshot(path=page.with_name(f"{page.stem}-{width}.png"), full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
