"""The settings, read from `TELLBACK_…` at start: listed in `declared`, understood by `values` and `keys`."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from tellback import logs
from tellback.config import keys, values
from tellback.config.declared import DECLARED, PREFIX, Declared
from tellback.config.values import LONGEST_SETTING
from tellback.errors import SettingsError

__all__ = ["DECLARED", "LONGEST_SETTING", "PREFIX", "Declared", "Settings", "load"]

# Read by the test suite only, and named here so that a typing error in a real setting is still caught.
_NOT_OURS = ("TELLBACK_TEST_", "TELLBACK_DEMO_")


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
    public_url = values.address("PUBLIC_URL", text["PUBLIC_URL"])
    settings = Settings(
        data_dir=data_dir,
        database_url=database_url,
        ratelimit_url=text["RATELIMIT_URL"] or f"sqlite:///{data_dir / 'limits.db'}",
        ratelimit_enabled=values.yes_or_no("RATELIMIT_ENABLED", text["RATELIMIT_ENABLED"]),
        secret_key=keys.chosen_key("SECRET_KEY", text["SECRET_KEY"], data_dir if embedded else None),
        contact_key=keys.several("CONTACT_KEY", text["CONTACT_KEY"], data_dir if embedded else None),
        ledger_key=keys.several("LEDGER_KEY", text["LEDGER_KEY"], data_dir if embedded else None),
        operator=values.operator(text["OPERATOR"]),
        operator_independent=values.yes_or_no("OPERATOR_INDEPENDENT", text["OPERATOR_INDEPENDENT"]),
        operator_contact=text["OPERATOR_CONTACT"],
        public_url=public_url,
        also_at=tuple(
            values.address("ALSO_AT", one.strip()) for one in text["ALSO_AT"].split(",") if one.strip()
        ),
        smtp_url=text["SMTP_URL"],
        mail_from=text["MAIL_FROM"] or f"stories@{urlsplit(public_url).hostname}",
        decision_minutes=values.up_to_a_day("DECISION_MINUTES", text["DECISION_MINUTES"]),
        reply_minutes=values.up_to_a_day("REPLY_MINUTES", text["REPLY_MINUTES"]),
        second_factor_required=values.yes_or_no("SECOND_FACTOR_REQUIRED", text["SECOND_FACTOR_REQUIRED"]),
        session_idle_minutes=values.idle_minutes("SESSION_IDLE_MINUTES", text["SESSION_IDLE_MINUTES"]),
        contact_months=values.months("CONTACT_MONTHS", text["CONTACT_MONTHS"]),
        unpublished_months=values.months("UNPUBLISHED_MONTHS", text["UNPUBLISHED_MONTHS"]),
        story_years=values.years("STORY_YEARS", text["STORY_YEARS"]),
        trusted_proxies=values.count("TRUSTED_PROXIES", text["TRUSTED_PROXIES"]),
        keep_answers=values.yes_or_no("KEEP_ANSWERS", text["KEEP_ANSWERS"]),
        metrics_token=keys.chosen_key("METRICS_TOKEN", token, None)
        if (token := text["METRICS_TOKEN"])
        else "",
        backups_dir=Path(text["BACKUPS_DIR"]).absolute() if text["BACKUPS_DIR"] else None,
        log_format=values.one_of(logs.FORMATS, "LOG_FORMAT", text["LOG_FORMAT"]),
        log_level=values.one_of(logs.LEVELS, "LOG_LEVEL", text["LOG_LEVEL"]),
    )
    keys.require_apart(
        {
            "SECRET_KEY": {settings.secret_key},
            "CONTACT_KEY": set(settings.contact_key),
            "LEDGER_KEY": set(settings.ledger_key),
            "METRICS_TOKEN": {settings.metrics_token} - {""},
        }
    )
    return settings


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
