"""What the text of a setting means; what is malformed is refused with the setting's name."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from tellback.config.declared import PREFIX
from tellback.errors import SettingsError

# The longest that a decision or a reply may be set to wait.
LONGEST_SETTING = timedelta(days=1)


def operator(text: str) -> str:
    """Who keeps the stories. Raises SettingsError when nobody is named."""
    if not text:
        # No default: every page says who keeps the stories, and that must be true.
        raise SettingsError('TELLBACK_OPERATOR must say who keeps the stories, such as "The Elsewhere Trust"')
    return text


def yes_or_no(name: str, text: str) -> bool:
    """`true` or `false`. Raises SettingsError naming the variable, as all below do."""
    if text.lower() not in ("true", "false"):
        raise SettingsError(f"{PREFIX}{name} must be true or false, not {text!r}")
    return text.lower() == "true"


def one_of(choices: Sequence[str], name: str, text: str) -> str:
    """One of some words."""
    if text not in choices:
        raise SettingsError(f"{PREFIX}{name} must be {' or '.join(choices)}, not {text!r}")
    return text


def count(name: str, text: str) -> int:
    """A whole number, 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{PREFIX}{name} must be a whole number, 0 or more, not {text!r}")
    return int(text)


def months(name: str, text: str) -> int:
    """How many months something is kept."""
    months = count(name, text)
    if not 2 <= months <= 1200:
        # A month before, people are told: there must be one.
        raise SettingsError(f"{PREFIX}{name} must be 2 to 1200 months, not {text}")
    return months


def idle_minutes(name: str, text: str) -> int:
    """After how many minutes at rest somebody is signed out."""
    minutes = count(name, text)
    if not 5 <= minutes <= 720:
        # Below, people are signed out while they read; above, sessions are over by themselves.
        raise SettingsError(f"{PREFIX}{name} must be 5 to 720 minutes, not {text}")
    return minutes


def years(name: str, text: str) -> int:
    """How many years something is shown."""
    years = count(name, text)
    if years > 100:
        raise SettingsError(f"{PREFIX}{name} must be at most 100 years (0: for as long as it stands)")
    return years


def up_to_a_day(name: str, text: str) -> int:
    """Minutes that something waits."""
    minutes = count(name, text)
    if timedelta(minutes=minutes) > LONGEST_SETTING:
        raise SettingsError(f"{PREFIX}{name} must be at most {24 * 60}, the minutes of a day, not {text}")
    return minutes


def address(name: str, text: str) -> str:
    """A web address, without a slash at its end."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{PREFIX}{name} must be an address such as https://stories.example")
    return text.rstrip("/")
