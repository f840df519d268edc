"""What a webmaster chooses for the embed: read from the address of the page where it is tried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tellback.organisations.naming import one_line, tidy_code
from tellback.translations.languages import LANGUAGES, find
from tellback.websites import contrast

# Values of the tag's attributes, with what a webmaster reads beside each.
SHOWN = {
    "form": "A way to tell a story",
    "stories": "Stories, with the answers to them",
    "summary": "A summary: how many, answered, about what",
    "changes": "What changed because of stories",
}
THEMES = {
    "auto": "Light, or dark where page and device are",
    "light": "Light",
    "dark": "Dark",
    "page": "Your page’s font and link colour",
}
SAMPLES = {"hospital": "A hospital", "practice": "A GP practice", "charity": "A charity"}
USUAL_SHOW = ("form", "stories")
USUAL_LIMIT, MOST_AT_A_TIME = 5, 50
USUAL_LEVEL, LEVELS = 2, range(1, 7)
# Pixels; rounder is a pill, which no box of text is.
USUAL_RADIUS, ROUNDEST = 6, 32
_LONGEST = 200


@dataclass(frozen=True)
class Choices:
    """The tag's attributes and custom properties, each at its usual value where nothing was chosen.

    `accent` is `#rrggbb` or empty; `radius` is in pixels. `q` is what is looked for, `sample` the page that
    shows it.
    """

    service: str = ""
    topic: str = ""
    show: tuple[str, ...] = USUAL_SHOW
    lang: str = ""
    theme: str = "auto"
    accent: str = ""
    radius: int = USUAL_RADIUS
    limit: int = USUAL_LIMIT
    level: int = USUAL_LEVEL
    sample: str = "hospital"
    q: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """What the tag must say: nothing of what is so without a word."""
        given = {
            "show": " ".join(self.show) if self.show != USUAL_SHOW else "",
            "lang": self.lang,
            "heading-level": str(self.level) if self.level != USUAL_LEVEL else "",
            "theme": self.theme if self.theme != "auto" else "",
            "limit": str(self.limit) if self.limit != USUAL_LIMIT else "",
        }
        return {name: value for name, value in given.items() if value}

    @property
    def properties(self) -> dict[str, str]:
        """The custom properties to set, by name; on a dark ground `dark_properties` too."""
        given = _accents(self.accent) if self.accent else {}
        if self.radius != USUAL_RADIUS:
            given["--patient-stories-radius"] = f"{self.radius}px" if self.radius else "0"
        return given

    @property
    def dark_properties(self) -> dict[str, str]:
        """The accent for where page and device are dark; empty where the one chosen does for all."""
        if not self.accent or self.theme != "auto":
            return {}
        return _accents(contrast.lightened(self.accent))

    @property
    def query(self) -> dict[str, str]:
        """An address that says the same, without what is usual."""
        given = {"service": self.service, "topic": self.topic, **self.attributes, "accent": self.accent}
        given["radius"] = str(self.radius) if self.radius != USUAL_RADIUS else ""
        return {name: value for name, value in given.items() if value}


@dataclass
class Reading:
    """Choices as they could be read: `values` as typed, `errors` by field; what is wrong is as usual."""

    choices: Choices
    values: dict[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)


def read(query: Mapping[str, list[str]]) -> Reading:
    """The choices that an address holds. Names we do not know are left out: addresses gather additions."""
    typed = {name: one_line(values[0])[:_LONGEST] for name, values in query.items() if values}
    values: dict[str, Any] = {
        name: typed.get(name, "")
        for name in (
            "q",
            "service",
            "topic",
            "lang",
            "theme",
            "accent",
            "radius",
            "limit",
            "heading-level",
            "sample",
        )
    }
    errors: dict[str, list[str]] = {}
    shown = [part for given in query.get("show", []) for part in given.split() if part in SHOWN]
    language = find(values["lang"]) if values["lang"] else None
    theme = values["theme"] if values["theme"] in THEMES else "auto"
    choices = Choices(
        service=tidy_code(values["service"]),
        topic=values["topic"].lower(),
        show=tuple(part for part in SHOWN if part in shown) or USUAL_SHOW,
        lang=language.tag if language else "",
        theme=theme,
        radius=_number(values, errors, "radius", 0, ROUNDEST, USUAL_RADIUS),
        limit=_number(values, errors, "limit", 1, MOST_AT_A_TIME, USUAL_LIMIT),
        level=_number(values, errors, "heading-level", LEVELS[0], LEVELS[-1], USUAL_LEVEL),
        sample=values["sample"] if values["sample"] in SAMPLES else "hospital",
        q=values["q"],
    )
    accent, wrong = _accent(values["accent"], theme)
    if wrong:
        errors["accent"] = [wrong]
    values |= {"theme": theme, "sample": choices.sample, "show": list(choices.show), "lang": choices.lang}
    values |= {name: values[name] or str(usual) for name, usual in _USUAL_NUMBERS.items()}
    return Reading(replace(choices, accent=accent), values, errors)


_USUAL_NUMBERS = {"radius": USUAL_RADIUS, "limit": USUAL_LIMIT, "heading-level": USUAL_LEVEL}


def _accents(colour: str) -> dict[str, str]:
    return {"--patient-stories-accent": colour, "--patient-stories-on-accent": contrast.on(colour)}


def _accent(text: str, theme: str) -> tuple[str, str]:
    """The colour, or nothing and why."""
    if not text:
        return "", ""
    colour = contrast.read(text)
    if colour is None:
        return "", "Write the colour as six digits, such as #1a5f7a."
    if theme == "page":
        return "", "Your page’s own link colour is chosen. Leave this empty, or choose another theme."
    dark = theme == "dark"
    ratio = contrast.contrast(colour, contrast.DARK_GROUND if dark else contrast.LIGHT_GROUND)
    if ratio >= contrast.ENOUGH:
        return colour, ""
    return "", (
        f"Links in this colour would be hard to read: their contrast is {ratio:.1f} to 1, and people need "
        f"{contrast.ENOUGH} to 1. Choose a {'lighter' if dark else 'darker'} one."
    )


def _number(
    values: Mapping[str, str], errors: dict[str, list[str]], name: str, least: int, most: int, usual: int
) -> int:
    text = values[name]
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most:
        return int(text)
    errors[name] = [f"Give a whole number from {least} to {most}."]
    return usual


def languages() -> list[tuple[str, str]]:
    """Every language of the embed's own words: its tag, and its own name with the tag."""
    return [(tag, f"{one.name} ({tag})") for tag, one in LANGUAGES.items()]
