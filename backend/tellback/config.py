"""Every setting, declared once: name, default, meaning. Read from `TELLBACK_…` at start."""

import itertools
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tellback import logs
from tellback.errors import SettingsError

PREFIX = "TELLBACK_"
# The longest that a decision or a reply may be set to wait.
LONGEST_SETTING = timedelta(days=1)


@dataclass(frozen=True)
class Declared:
    """One setting: its name without the prefix, its default as text, its meaning."""

    name: str
    default: str
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable's name."""
        return PREFIX + self.name


DECLARED = (
    Declared("DATA_DIR", "tellback-data", "Folder for the database file, the counters and the keys."),
    Declared(
        "DATABASE_URL",
        "",
        "`postgresql://…`, or `sqlite:///path`. Empty: the file `tellback.db` in the data folder.",
    ),
    Declared(
        "RATELIMIT_URL",
        "",
        "Where limits are counted: `redis://…` for several hosts. Empty: a file in the data folder, right "
        "for any number of processes on one host.",
    ),
    Declared("RATELIMIT_ENABLED", "true", "`false` lifts every rate limit: for imports and load tests only."),
    Declared(
        "SECRET_KEY",
        "",
        "Signs staff sessions and the links of letters to staff; at least 32 characters. Empty on SQLite: "
        "made once in the data folder.",
    ),
    Declared(
        "CONTACT_KEY",
        "",
        "Seals authors' contact details, private links and what staff sign in by; at least 32 characters. "
        "Several, separated by commas, while a key is being replaced: the first seals, all open. Empty on "
        "SQLite: made once in the data folder.",
    ),
    Declared(
        "LEDGER_KEY",
        "",
        "Signs the heads of the public ledger; at least 32 characters. Several, separated by commas, while a "
        "key is being replaced: the first signs, and the public keys of all stay published. Empty on SQLite: "
        "made once in the data folder.",
    ),
    Declared("OPERATOR", "", "Who keeps these stories; stands at the foot of every page. Must be set."),
    Declared(
        "OPERATOR_INDEPENDENT",
        "false",
        "`true` when the operator is no part of any service that stories are about; every page says which.",
    ),
    Declared(
        "OPERATOR_CONTACT",
        "",
        "How else to reach the operator: an email address, a telephone number or a page. Said to whose story "
        "is not taken from where they send it.",
    ),
    Declared("PUBLIC_URL", "http://127.0.0.1:8000", "The address people and pages reach this service at."),
    Declared(
        "ALSO_AT",
        "",
        "Other addresses that this service answers by, such as `https://old-name.example`, separated by "
        "commas. Requests for any other name are refused; links always lead to the public address.",
    ),
    Declared(
        "SMTP_URL",
        "",
        "`smtp://user:password@host:587` (STARTTLS) or `smtps://…`. Empty: letters wait in the outbox.",
    ),
    Declared("MAIL_FROM", "", "The sender of our letters. Empty: `stories@` and the public address's host."),
    Declared(
        "DECISION_MINUTES",
        "10",
        "How long a moderator's decision waits, and can be undone, before it takes effect. 0: not at all.",
    ),
    Declared(
        "REPLY_MINUTES",
        "30",
        "How long a service's reply waits, and can be taken back, before it goes on. 0: not at all.",
    ),
    Declared(
        "SECOND_FACTOR_REQUIRED",
        "false",
        "`true` lets moderators and administrators do nothing until they have a passkey or an app's codes.",
    ),
    Declared(
        "SESSION_IDLE_MINUTES",
        "60",
        "After how many minutes without a request staff are signed out, 5 to 720. An hour is long enough for "
        "a hard answer or a lunch, and too short for whoever finds the machine in the evening. What was "
        "being typed is given back.",
    ),
    Declared(
        "CONTACT_MONTHS",
        "12",
        "For how many months after the last news of a published story its author's address is kept. They are "
        "told a month before. At least 2.",
    ),
    Declared(
        "UNPUBLISHED_MONTHS",
        "12",
        "For how many months the words of a story are kept that was sent back, not published, taken down or "
        "taken back. Its author is told a month before. At least 2.",
    ),
    Declared(
        "STORY_YEARS",
        "0",
        "For how many years a published story is shown; then its words are erased. 0: until its author "
        "or you take it down.",
    ),
    Declared(
        "KEEP_ANSWERS",
        "true",
        "`false` asks the database for every page that is read, instead of giving all who read one within a "
        "second the same bytes.",
    ),
    Declared(
        "METRICS_TOKEN",
        "",
        "Lets whoever sends it as a bearer token read `/metrics`; at least 32 characters. Empty: there is no "
        "such page. Needs `tellback[metrics]`.",
    ),
    Declared(
        "BACKUPS_DIR",
        "",
        "The folder that `tellback backup` writes to: `tellback check` and `/metrics` say how old its newest "
        "is.",
    ),
    Declared("LOG_FORMAT", "text", "`json` writes the log for programs: an object on each line."),
    Declared(
        "LOG_LEVEL",
        "warning",
        "`info` also logs each request (its route, status, milliseconds and id; nothing that was sent) and "
        "each letter.",
    ),
    Declared("TRUSTED_PROXIES", "0", "How many proxies of yours stand in front and set `X-Forwarded-For`."),
)


@dataclass(frozen=True)
class Settings:
    """The settings as the code reads them; see `DECLARED` for their meaning."""

    data_dir: Path
    database_url: str
    ratelimit_url: str
    ratelimit_enabled: bool
    secret_key: str
    contact_key: tuple[str, ...]
    ledger_key: tuple[str, ...]
    operator: str
    operator_independent: bool
    operator_contact: str
    public_url: str
    also_at: tuple[str, ...]
    smtp_url: str
    mail_from: str
    decision_minutes: int
    reply_minutes: int
    second_factor_required: bool
    session_idle_minutes: int
    contact_months: int
    unpublished_months: int
    story_years: int
    trusted_proxies: int
    keep_answers: bool
    metrics_token: str
    backups_dir: Path | None
    log_format: str
    log_level: str

    @property
    def embedded(self) -> bool:
        """Whether the stories live in one SQLite file beside the service."""
        return self.database_url.startswith("sqlite:")

    @property
    def decision_wait(self) -> timedelta:
        """How long a decision waits before it takes effect."""
        return timedelta(minutes=self.decision_minutes)

    @property
    def reply_wait(self) -> timedelta:
        """How long a reply can be taken back before it goes on."""
        return timedelta(minutes=self.reply_minutes)

    @property
    def session_idle(self) -> timedelta:
        """How long staff stay signed in without a request."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def known_words(self) -> str:
        """What everybody knows of this place: words that make no password."""
        return f"{self.operator} {urlsplit(self.public_url).hostname}"

    def __repr__(self) -> str:
        """A description that can be logged: no secret, no password in an address."""
        shown = {"data_dir", "operator", "public_url", "trusted_proxies", "ratelimit_enabled"}
        parts = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.name in shown)
        return f"Settings({', '.join(parts)}, …)"


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from an environment.

    Each may instead be named `…_FILE`, the path of a file that holds it. On an embedded
    (SQLite) install missing keys are made in the data folder, readable by their owner only.
    Raises SettingsError naming the variable for an unknown, malformed or missing one.
    """
    _refuse_unknown(environ)
    text = {d.name: _read(d, environ) for d in DECLARED}
    data_dir = Path(text["DATA_DIR"]).absolute()
    database_url = text["DATABASE_URL"] or f"sqlite:///{data_dir / 'tellback.db'}"
    if not database_url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise SettingsError("TELLBACK_DATABASE_URL must begin with sqlite:/// or postgresql://")
    embedded = database_url.startswith("sqlite:")
    public_url = _address("PUBLIC_URL", text["PUBLIC_URL"])
    settings = Settings(
        data_dir=data_dir,
        database_url=database_url,
        ratelimit_url=text["RATELIMIT_URL"] or f"sqlite:///{data_dir / 'limits.db'}",
        ratelimit_enabled=_yes_or_no("RATELIMIT_ENABLED", text["RATELIMIT_ENABLED"]),
        secret_key=_chosen_key("SECRET_KEY", text["SECRET_KEY"], data_dir if embedded else None),
        contact_key=_keys("CONTACT_KEY", text["CONTACT_KEY"], data_dir if embedded else None),
        ledger_key=_keys("LEDGER_KEY", text["LEDGER_KEY"], data_dir if embedded else None),
        operator=_operator(text["OPERATOR"]),
        operator_independent=_yes_or_no("OPERATOR_INDEPENDENT", text["OPERATOR_INDEPENDENT"]),
        operator_contact=text["OPERATOR_CONTACT"],
        public_url=public_url,
        also_at=tuple(_address("ALSO_AT", one.strip()) for one in text["ALSO_AT"].split(",") if one.strip()),
        smtp_url=text["SMTP_URL"],
        mail_from=text["MAIL_FROM"] or f"stories@{urlsplit(public_url).hostname}",
        decision_minutes=_up_to_a_day("DECISION_MINUTES", text["DECISION_MINUTES"]),
        reply_minutes=_up_to_a_day("REPLY_MINUTES", text["REPLY_MINUTES"]),
        second_factor_required=_yes_or_no("SECOND_FACTOR_REQUIRED", text["SECOND_FACTOR_REQUIRED"]),
        session_idle_minutes=_idle_minutes("SESSION_IDLE_MINUTES", text["SESSION_IDLE_MINUTES"]),
        contact_months=_months("CONTACT_MONTHS", text["CONTACT_MONTHS"]),
        unpublished_months=_months("UNPUBLISHED_MONTHS", text["UNPUBLISHED_MONTHS"]),
        story_years=_years("STORY_YEARS", text["STORY_YEARS"]),
        trusted_proxies=_count("TRUSTED_PROXIES", text["TRUSTED_PROXIES"]),
        keep_answers=_yes_or_no("KEEP_ANSWERS", text["KEEP_ANSWERS"]),
        metrics_token=_chosen_key("METRICS_TOKEN", token, None) if (token := text["METRICS_TOKEN"]) else "",
        backups_dir=Path(text["BACKUPS_DIR"]).absolute() if text["BACKUPS_DIR"] else None,
        log_format=_one_of(logs.FORMATS, "LOG_FORMAT", text["LOG_FORMAT"]),
        log_level=_one_of(logs.LEVELS, "LOG_LEVEL", text["LOG_LEVEL"]),
    )
    _require_apart(settings)
    return settings


_MAKE_ONE = "make one with `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
# Different characters of a key: one made by chance has some 30 of 64, a word typed over and over a few.
_FEW = 12
_REPEATED = re.compile(r"(.+?)\1+", re.DOTALL)
# What examples say in place of a key, and somebody forgets to replace.
_PLACEHOLDER = re.compile(
    "change.?(me|this)|replace.?(me|this|with)|place.?holder|your.?(secret|key)", re.IGNORECASE
)


# Read by the test suite only, and named here so that a typing error in a real setting is still caught.
_NOT_OURS = ("TELLBACK_TEST_", "TELLBACK_DEMO_")


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = {d.variable for d in DECLARED} | {f"{d.variable}_FILE" for d in DECLARED}
    for name in environ:
        if name.startswith(PREFIX) and name not in known and not name.startswith(_NOT_OURS):
            raise SettingsError(f"{name} is no setting of Tellback: docs/operators.md lists them")


def _read(declared: Declared, environ: Mapping[str, str]) -> str:
    path = environ.get(f"{declared.variable}_FILE")
    if path and declared.variable in environ:
        raise SettingsError(f"set {declared.variable} or {declared.variable}_FILE, not both")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{declared.variable}_FILE cannot be read: {error}") from error
    return environ.get(declared.variable, declared.default).strip()


def _operator(text: str) -> str:
    if not text:
        # No default: every page says who keeps the stories, and that must be true.
        raise SettingsError('TELLBACK_OPERATOR must say who keeps the stories, such as "The Elsewhere Trust"')
    return text


def _yes_or_no(name: str, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise SettingsError(f"{PREFIX}{name} must be true or false, not {text!r}")
    return text.lower() == "true"


def _one_of(choices: Sequence[str], name: str, text: str) -> str:
    if text not in choices:
        raise SettingsError(f"{PREFIX}{name} must be {' or '.join(choices)}, not {text!r}")
    return text


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{PREFIX}{name} must be a whole number, 0 or more, not {text!r}")
    return int(text)


def _months(name: str, text: str) -> int:
    months = _count(name, text)
    if not 2 <= months <= 1200:
        # A month before, people are told: there must be one.
        raise SettingsError(f"{PREFIX}{name} must be 2 to 1200 months, not {text}")
    return months


def _idle_minutes(name: str, text: str) -> int:
    minutes = _count(name, text)
    if not 5 <= minutes <= 720:
        # Below, people are signed out while they read; above, sessions are over by themselves.
        raise SettingsError(f"{PREFIX}{name} must be 5 to 720 minutes, not {text}")
    return minutes


def _years(name: str, text: str) -> int:
    years = _count(name, text)
    if years > 100:
        raise SettingsError(f"{PREFIX}{name} must be at most 100 years (0: for as long as it stands)")
    return years


def _up_to_a_day(name: str, text: str) -> int:
    minutes = _count(name, text)
    if timedelta(minutes=minutes) > LONGEST_SETTING:
        raise SettingsError(f"{PREFIX}{name} must be at most {24 * 60}, the minutes of a day, not {text}")
    return minutes


def _address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{PREFIX}{name} must be an address such as https://stories.example")
    return text.rstrip("/")


def _chosen_key(name: str, text: str, made_in: Path | None) -> str:
    if not text and made_in is not None:
        return _kept_key(made_in, name.lower())
    if len(text) < 32:
        raise SettingsError(
            f"{PREFIX}{name} (or {PREFIX}{name}_FILE) needs at least 32 characters; {_MAKE_ONE}"
        )
    if len(set(text)) < _FEW or _REPEATED.fullmatch(text) or _PLACEHOLDER.search(text):
        raise SettingsError(f"{PREFIX}{name} was not made by chance, and can be guessed; {_MAKE_ONE}")
    return text


def _keys(name: str, text: str, made_in: Path | None) -> tuple[str, ...]:
    """Several keys, separated by commas, while one is being replaced."""
    return tuple(_chosen_key(name, key.strip(), made_in) for key in text.split(","))


def _require_apart(settings: Settings) -> None:
    """Each key for one thing: who learns one must not hold two. Raises SettingsError naming both."""
    held = {
        "SECRET_KEY": {settings.secret_key},
        "CONTACT_KEY": set(settings.contact_key),
        "LEDGER_KEY": set(settings.ledger_key),
        "METRICS_TOKEN": {settings.metrics_token} - {""},
    }
    for one, other in itertools.combinations(held, 2):
        if held[one] & held[other]:
            raise SettingsError(f"{PREFIX}{one} and {PREFIX}{other} are the same; {_MAKE_ONE}")


def _kept_key(folder: Path, name: str) -> str:
    """The key kept in a file of the data folder, made on the first start."""
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # "x" and 0600 from the first byte: two processes that start together agree on one key.
        with open(path, "x", encoding="ascii", opener=_owner_only) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
