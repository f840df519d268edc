"""Letting a website send stories, and what its webmaster pastes."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from peewee import fn

from tellback import clock, db
from tellback.audit import acts
from tellback.errors import InvalidInput
from tellback.organisations.models import Service
from tellback.organisations.naming import one_line, slug
from tellback.websites import origins
from tellback.websites.models import Website, WebsiteOrigin

LONGEST_NAME = 200
# Letters and digits that are not mistaken for one another when a key is read out.
_KEY_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_KEY_TAIL = 6
_LONGEST_KEY = 40
_LINK_TEXTS = {
    "hospital": "Patients' stories of this hospital",
    "gp_practice": "Patients' stories of this practice",
    "ward": "Patients' stories of this ward",
}


@dataclass(frozen=True)
class Snippet:
    """What a webmaster needs: the tag, and the style rule and policy for pages that want them."""

    tag: str
    style: str
    policy: str

    @property
    def instructions(self) -> str:
        """All of it in words, for a terminal or a letter."""
        return (
            f"Paste this where the stories shall stand:\n\n{self.tag}\n\n"
            "In the website's style sheet, so that nothing on the page moves while the stories load:\n\n"
            f"{self.style}\n\n"
            f"Where pages have a Content-Security-Policy, let it also hold:\n\n{self.policy}"
        )


def add(name: str, given_origins: Iterable[str]) -> Website:
    """Let pages of these origins send stories; a website of this name that stands already gets what is new.

    Raises InvalidInput naming each origin that is none; then nothing is added.
    """
    name = one_line(name)
    allowed = _normalised(given_origins)
    if not name or len(name) > LONGEST_NAME:
        sentence = f"Give a name of up to {LONGEST_NAME} characters."
        raise InvalidInput("The website was not added.", errors={"name": [sentence]})
    now = clock.now()
    with db.transaction():
        website = Website.select().where(fn.LOWER(Website.name) == name.lower()).order_by(Website.id).first()
        website = website or Website.create(name=name, site_key=_free_key(name), created_at=now)
        rows = [{"website": website, "origin": origin} for origin in allowed]
        WebsiteOrigin.insert_many(rows).on_conflict_ignore().execute()
        acts.record(acts.Act.WEBSITE_ADDED, acts.SYSTEM, "website", website.site_key, origins=allowed)
    return website


def every() -> list[tuple[Website, list[str]]]:
    """All websites by name, each with its origins."""
    websites = Website.select().order_by(Website.name, Website.id)
    rows = WebsiteOrigin.select().order_by(WebsiteOrigin.origin)
    return [(website, [row.origin for row in website.origins]) for website in websites.prefetch(rows)]


def snippet(
    website: Website, public_url: str, service: Service | None = None, topic: str | None = None
) -> Snippet:
    """What to paste for a service's stories, or a topic's (its slug), or with a code to be put in.

    The site key stands in the tag only where another website shares an origin with this one.
    """
    about = {"service": service.code if service else None, "topic": topic}
    if not service and not topic:
        about["service"] = "YOUR-SERVICE-CODE"
    about["site-key"] = website.site_key if _shares_an_origin(website) else None
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in about.items() if value)
    page = escape(
        f"{public_url}/" + (f"services/{about['service']}" if about["service"] else f"topics/{topic}")
    )
    text = _LINK_TEXTS.get(service.kind if service else "", "Patients' stories")
    return Snippet(
        tag=(
            f'<script src="{escape(public_url)}/v1/stories.js" async></script>\n'
            f'<patient-stories{attributes}><a href="{page}">{text}</a></patient-stories>'
        ),
        # Room is kept before the script arrives, so that nothing on the page moves.
        style="patient-stories { display: block; min-height: 22em; }\n"
        "@media (scripting: none) { patient-stories { min-height: 0; } }",
        policy=f"script-src {public_url}; connect-src {public_url}",
    )


def _normalised(given: Iterable[str]) -> list[str]:
    allowed, wrong = [], []
    for text in given:
        try:
            allowed.append(origins.normalise(text))
        except ValueError as error:
            wrong.append(str(error))
    if not allowed and not wrong:
        wrong = ["Give at least one origin, such as https://www.hospital.example"]
    if wrong:
        raise InvalidInput("The website was not added.", errors={"origin": wrong})
    return list(dict.fromkeys(allowed))


def _free_key(name: str) -> str:
    """A key that tells websites apart; it is public, so it need not be guarded, only unique."""
    beginning = slug(name, _LONGEST_KEY - _KEY_TAIL - 1) or "website"
    while True:
        key = f"{beginning}-{''.join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_TAIL))}"
        if not Website.select().where(Website.site_key == key).exists():
            return key


def _shares_an_origin(website: Website) -> bool:
    other = WebsiteOrigin.alias()
    return bool(
        WebsiteOrigin.select()
        .join(other, on=(WebsiteOrigin.origin == other.origin))
        .where((WebsiteOrigin.website == website) & (other.website != website))
        .exists()
    )
