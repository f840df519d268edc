"""The composer of a reply as `staff/_composer.html` shows it, on a staff screen and behind a signed link."""

from collections.abc import Mapping, Sequence
from typing import Any

from tellback.organisations.models import Service
from tellback.replies import answering_for, beside, coaching
from tellback.replies.answering_for import Kind
from tellback.stories import contact
from tellback.stories.models import Story
from tellback.translations.languages import LANGUAGES as OURS
from tellback.translations.languages import known

# Languages that services of the NHS answer in, each by its own name.
LANGUAGES = {"en": "English", "cy": "Cymraeg"}

_KINDS = {
    Kind.ANSWER: "An answer to what they told",
    Kind.SIGNPOST: "Where they can find help or advice",
    Kind.PROPOSE: "A change that we propose to the service",
}


def describe(
    story: Story,
    services: Sequence[Service],
    values: Mapping[str, Any],
    errors: Mapping[str, Any] | None,
    *,
    check_url: str,
    save_url: str | None = None,
) -> dict[str, Any]:
    """The composer for answering a story as one of these services (at least one), filled in with `values`."""
    chosen = next((one for one in services if one.code == values.get("service")), services[0])
    looked = coaching.look_at(values, beside.told(story, chosen.organisation))
    kinds = {kind: None for service in services for kind in answering_for.kinds_for(service)}
    wanted = contact.language_of(story)
    return {
        "services": [(one.code, answering_for.signature(one)) for one in services],
        "kinds": [(kind.value, _KINDS[kind]) for kind in kinds] if len(kinds) > 1 else [],
        "languages": list(LANGUAGES.items()),
        "story_lang": wanted if wanted in LANGUAGES else "en",
        "language_note": _language_note(story, wanted),
        "values": values,
        "errors": errors or {},
        "coach": coaching.describe(looked),
        "check_url": check_url,
        "save_url": save_url,
    }


def _language_note(story: Story, wanted: str) -> str | None:
    """What its author wants to be answered in, where that is not plain English."""
    tag = known(wanted)
    if tag is None or tag == "en":
        return None
    said = "asks to be answered in" if story.contact_lang else "told it in"
    return f"Its author {said} {OURS[tag].name}. Answer in it if you can."
