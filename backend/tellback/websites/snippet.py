"""What a webmaster pastes: the tag in every form that pages take, and what style sheet and policy need."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, urlencode, urlsplit

from tellback import __version__
from tellback.organisations.models import Service
from tellback.translations.languages import SOURCE
from tellback.translations.sentences import say, spoken
from tellback.websites.choices import Choices
from tellback.websites.frame import Frame
from tellback.websites.models import Website
from tellback.websites.registration import shares_an_origin

# Stands where the code goes, as long as nobody has said which.
_SOME_CODE = "YOUR-SERVICE-CODE"
_LINK_TEXTS = {
    "hospital": "Patients' stories of this hospital",
    "gp_practice": "Patients' stories of this practice",
    "ward": "Patients' stories of this ward",
}
_USUAL_TEXT = "Patients' stories"
_RESERVE = "patient-stories { display: block; min-height: 46em; }"
# Room is kept before the script arrives, so that nothing on the page moves; but not where it never does.
_NO_RESERVE = "@media (scripting: none) { patient-stories { min-height: 0; } }"


@dataclass(frozen=True)
class Snippet:
    """Everything to paste. `page` is where the link in the tag leads, `text` what it says."""

    public_url: str
    attributes: dict[str, str]
    page: str
    text: str
    choices: Choices
    frame: Frame

    @property
    def tag(self) -> str:
        """The script and the element: evergreen, so fixes arrive by themselves."""
        return f"{self._script('v1')}\n{self._element}"

    def pinned(self, integrity: str) -> str:
        """The same, of this very release, held to its hash (`sha384-…`)."""
        more = f' integrity="{escape(integrity)}" crossorigin="anonymous"'
        return f"{self._script(__version__, more)}\n{self._element}"

    @property
    def div(self) -> str:
        """For editors that strip tags they do not know."""
        rest = {name: value for name, value in self.attributes.items() if name != "service"}
        code = self.attributes.get("service")
        first = f'data-patient-stories="{escape(code)}"' if code else "data-patient-stories"
        return f"{self._script('v1')}\n<div {first}{_data(rest)}>{self.link}</div>"

    @property
    def script(self) -> str:
        """One tag alone: the box stands where the script stands."""
        return self._script("v1", _data(self.attributes))

    @property
    def iframe(self) -> str:
        """For editors that strip scripts, and for pages whose own scripts are not to read along."""
        return self.frame.html(self.public_url, self.text.replace("'", "’"))

    @property
    def link(self) -> str:
        """What every page may hold."""
        return f'<a href="{escape(self.page)}">{escape(self.text, quote=False)}</a>'

    @property
    def oembed(self) -> str:
        """The address that editors ask how to show the page (https://oembed.com)."""
        return f"{self.public_url}/oembed?{urlencode({'url': self.page})}"

    @property
    def style(self) -> str:
        """Rules for the website's style sheet: the box's room, and the colours chosen."""
        lines = [_RESERVE, _NO_RESERVE]
        if properties := self.choices.properties:
            lines.insert(1, f"patient-stories {{ {_declared(properties)} }}")
        if dark := self.choices.dark_properties:
            lines.append("/* Only where your pages themselves turn dark: */")
            lines.append(f"@media (prefers-color-scheme: dark) {{ patient-stories {{ {_declared(dark)} }} }}")
        return "\n".join(lines)

    @property
    def policy(self) -> str:
        """What a Content-Security-Policy must also allow for the script."""
        return f"script-src {self._origin}; connect-src {self._origin}"

    @property
    def frame_policy(self) -> str:
        """The same for the iframe."""
        return f"frame-src {self._origin}"

    @property
    def instructions(self) -> str:
        """All that is needed in words, for a terminal."""
        return (
            f"Paste this where the stories shall stand:\n\n{self.tag}\n\n"
            "In the website's style sheet, so that nothing on the page moves while the stories load:\n\n"
            f"{self.style}\n\n"
            f"Where pages have a Content-Security-Policy, let it also hold:\n\n{self.policy}"
        )

    @property
    def _origin(self) -> str:
        # A path in a policy would have to match the file's own: the origin is what is meant.
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def _element(self) -> str:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        return f"<patient-stories{attributes}>{self.link}</patient-stories>"

    def _script(self, version: str, more: str = "") -> str:
        return f'<script src="{escape(self.public_url)}/{version}/stories.js"{more} async></script>'


def snippet(
    public_url: str,
    choices: Choices,
    *,
    service: Service | None = None,
    topic_name: str = "",
    website: Website | None = None,
) -> Snippet:
    """What to paste for these choices; where they name neither service nor topic, it says where a code goes.

    `service` is the one they name, `topic_name` what people call the topic. The website's site key stands in
    the tag only where another shares an origin with it; a frame, whose origin is ours, always needs it.
    """
    about = {"service": choices.service, "topic": choices.topic}
    if not choices.service and not choices.topic:
        about["service"] = _SOME_CODE
    about = {name: value for name, value in about.items() if value}
    key = website.site_key if website else ""
    in_tag = {"site-key": key} if website and shares_an_origin(website) else {}
    chosen = choices.attributes
    return Snippet(
        public_url=public_url,
        attributes={**about, **in_tag, **chosen},
        page=_page(public_url, about, choices.lang),
        text=_text(choices.lang, service, topic_name),
        choices=choices,
        frame=Frame(
            **about,
            show=chosen.get("show"),
            lang=choices.lang or None,
            # A frame cannot see the page around it, so what follows that page is light there.
            theme=choices.theme if choices.theme == "dark" else None,
            heading_level=chosen.get("heading-level"),
            limit=chosen.get("limit"),
            site_key=key or None,
        ),
    )


def letter(made: Snippet, operator: str, about: str) -> tuple[str, str]:
    """Subject and text of a letter to whoever keeps the website's code; `about`: what the stories are of."""
    subject = f"Patients’ stories on our website: {about}"
    # Short: mail programs cut a long address.
    body = (
        f"Hello,\n\nplease put patients’ stories of {about} on our website.\n\n"
        f"1. Where the stories shall stand:\n\n{made.tag}\n\n"
        f"2. In the style sheet, so that nothing moves while they load:\n\n{made.style}\n\n"
        f"3. Only if our pages have a Content-Security-Policy, it must also hold:\n\n{made.policy}\n\n"
        f"It is one script from one host, without cookies. It styles only its own box. {operator} keeps the "
        f"stories, and answers questions: {made.public_url}/about\n\n"
        "Are scripts not allowed? There is an iframe, too. Tell me when it is on the page: I can see "
        "whether it works.\n\nThank you"
    )
    return subject, body


def mailto(subject: str, body: str) -> str:
    """An address that opens a letter, written but to nobody yet (RFC 6068)."""
    lines = body.replace("\n", "\r\n")
    return f"mailto:?subject={quote(subject, safe='')}&body={quote(lines, safe='')}"


def _page(public_url: str, about: Mapping[str, str], lang: str) -> str:
    kind = "service" if "service" in about else "topic"
    path = f"{kind}s/{quote(about[kind], safe='')}"
    return f"{public_url}/{path}" + (f"?{urlencode({'lang': lang})}" if lang else "")


def _text(lang: str, service: Service | None, topic_name: str) -> str:
    name = service.name if service else topic_name
    if lang and lang != SOURCE and name:
        return str(spoken(say("Patients’ stories of {name}", name=name), lang))
    return _LINK_TEXTS.get(service.kind if service else "", _USUAL_TEXT)


def _declared(properties: Mapping[str, str]) -> str:
    return " ".join(f"{name}: {value};" for name, value in properties.items())


def _data(attributes: Mapping[str, str]) -> str:
    return "".join(f' data-{name}="{escape(value)}"' for name, value in attributes.items())
