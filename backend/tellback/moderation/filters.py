"""What somebody looks for among stories: filters as words of a form, and as conditions of a query."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import reduce
from operator import or_
from typing import Any, get_args

from peewee import fn

from tellback.accounts.models import Account
from tellback.errors import InvalidInput
from tellback.moderation import targets
from tellback.organisations.finder import holding
from tellback.organisations.models import Service
from tellback.screening import Kind
from tellback.stories.about import is_latest
from tellback.stories.models import Story, StoryFinding, StoryService, StoryTopic, StoryVersion, Topic
from tellback.stories.states import State
from tellback.stories.urgency import Urgency
from tellback.translations.languages import LANGUAGES
from tellback.websites.models import Website

# In place of somebody's number, among who took stories on.
ME, NOBODY = "me", "nobody"
# In place of a score, and in place of a website's key.
NONE = "none"
# In place of a language that we have words in.
OTHER = "other"
YES = "yes"
CRITICALITIES = (NONE, "1", "2", "3", "4", "5")


@dataclass(frozen=True)
class Filters:
    """Each as the form sends it; an empty one narrows nothing.

    `about` are words of a service's name, place or organisation; `urgency` and `criticality` are the least,
    `none` means not scored; `found` is a kind of finding that nobody dismissed; `assigned` is `me`, `nobody`
    or an account's number; `website` a site key, or `none` for what was told on our own pages.
    """

    about: str = ""
    topic: str = ""
    state: str = ""
    urgency: str = ""
    criticality: str = ""
    found: str = ""
    lang: str = ""
    website: str = ""
    assigned: str = ""
    late: str = ""

    @classmethod
    def kept(cls, given: Mapping[str, str]) -> "Filters":
        """Filters as they were kept; one that this release has no more is left out."""
        return cls(**{field.name: given[field.name] for field in fields(cls) if field.name in given})

    def given(self) -> dict[str, Any]:
        """The filters that narrow, by name: for an address, and to keep."""
        return {name: value for name, value in asdict(self).items() if value}


def check(filters: Filters) -> None:
    """Raise InvalidInput naming each filter that no form of ours offers. What is gone since finds nothing."""
    known = {
        "state": [state.value for state in State],
        "urgency": [str(int(urgency)) for urgency in Urgency if urgency],
        "criticality": CRITICALITIES,
        "found": get_args(Kind),
        "lang": [*LANGUAGES, OTHER],
        "late": [YES],
    }
    wrong = {
        name: ["Choose from the list."]
        for name, value in filters.given().items()
        if name in known and value not in known[name]
    }
    if filters.assigned not in ("", ME, NOBODY) and not _is_number(filters.assigned):
        wrong["assigned"] = ["Choose from the list."]
    if wrong:
        raise InvalidInput(errors=wrong)


def narrow(stories: Any, filters: Filters, account: Account) -> Any:
    """A query of stories, narrowed by the filters for `account` who looks. Raises InvalidInput as `check`."""
    check(filters)
    for name, value in filters.given().items():
        stories = stories.where(_CONDITIONS[name](value, account))
    return stories


def _about(words: str, _: Account) -> Any:
    services = holding(words).select(Service.id)
    return Story.id.in_(StoryService.select(StoryService.story).where(StoryService.service.in_(services)))


def _topic(slug: str, _: Account) -> Any:
    return Story.id.in_(StoryTopic.select(StoryTopic.story).join(Topic).where(Topic.slug == slug))


def _criticality(least: str, _: Account) -> Any:
    return Story.criticality.is_null() if least == NONE else Story.criticality >= int(least)


def _found(kind: str, _: Account) -> Any:
    found = StoryFinding.select(StoryVersion.story).join(StoryVersion)
    return Story.id.in_(
        found.where(StoryFinding.kind == kind, StoryFinding.dismissed_at.is_null(), is_latest())
    )


def _lang(tag: str, _: Account) -> Any:
    return Story.id.in_(StoryVersion.select(StoryVersion.story).where(is_latest(), _in_language(tag)))


def _website(key: str, _: Account) -> Any:
    if key == NONE:
        return Story.website.is_null()
    return Story.website.in_(Website.select(Website.id).where(Website.site_key == key))


def _assigned(to: str, account: Account) -> Any:
    if to == NOBODY:
        return Story.assigned_to.is_null()
    return Story.assigned_to == (account.id if to == ME else int(to))


_CONDITIONS: dict[str, Callable[[str, Account], Any]] = {
    "about": _about,
    "topic": _topic,
    "state": lambda state, _: Story.state == state,
    "urgency": lambda least, _: Story.urgency >= int(least),
    "criticality": _criticality,
    "found": _found,
    "lang": _lang,
    "website": _website,
    "assigned": _assigned,
    "late": lambda *_: targets.current().is_late(),
}


def _in_language(tag: str) -> Any:
    # "pl-PL" is Polish, "zh-CN" the Chinese that we offer as "zh-Hans".
    main = fn.LOWER(StoryVersion.lang)
    if tag == OTHER:
        return ~reduce(or_, (_is_language(main, _primary(each)) for each in LANGUAGES))
    return _is_language(main, _primary(tag))


def _is_language(column: Any, primary: str) -> Any:
    return (column == primary) | column.startswith(f"{primary}-")


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _is_number(text: str) -> bool:
    # Within what both databases count to.
    return text.isascii() and text.isdigit() and len(text) < 10
