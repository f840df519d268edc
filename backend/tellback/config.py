"""Every setting, declared once: name, default, meaning. Read from `TELLBACK_…` at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

from tellback.errors import SettingsError

PREFIX = "TELLBACK_"


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
        "Signs staff sessions; at least 32 characters. Empty on SQLite: made once in the data folder.",
    ),
    Declared(
        "CONTACT_KEY",
        "",
        "Seals authors' contact details and private links; at least 32 characters. Several, separated by "
        "commas, while a key is being replaced: the first seals, all open. Empty on SQLite: made once in the "
        "data folder.",
    ),
    Declared("OPERATOR", "", "Who keeps these stories; stands at the foot of every page. Must be set."),
    Declared(
        "OPERATOR_INDEPENDENT",
        "false",
        "`true` when the operator is no part of any service that stories are about; every page says which.",
    ),
    Declared("PUBLIC_URL", "http://127.0.0.1:8000", "The address people and pages reach this service at."),
    Declared(
        "SMTP_URL",
        "",
        "`smtp://user:password@host:587` (STARTTLS) or `smtps://…`. Empty: letters wait in the outbox.",
    ),
    Declared("MAIL_FROM", "", "The sender of our letters. Empty: `stories@` and the public address's host."),
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
    operator: str
    operator_independent: bool
    public_url: str
    smtp_url: str
    mail_from: str
    trusted_proxies: int

    @property
    def embedded(self) -> bool:
        """Whether the stories live in one SQLite file beside the service."""
        return self.database_url.startswith("sqlite:")

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
    return Settings(
        data_dir=data_dir,
        database_url=database_url,
        ratelimit_url=text["RATELIMIT_URL"] or f"sqlite:///{data_dir / 'limits.db'}",
        ratelimit_enabled=_yes_or_no("RATELIMIT_ENABLED", text["RATELIMIT_ENABLED"]),
        secret_key=_key("SECRET_KEY", text["SECRET_KEY"], data_dir if embedded else None),
        contact_key=tuple(
            _key("CONTACT_KEY", key.strip(), data_dir if embedded else None)
            for key in text["CONTACT_KEY"].split(",")
        ),
        operator=_operator(text["OPERATOR"]),
        operator_independent=_yes_or_no("OPERATOR_INDEPENDENT", text["OPERATOR_INDEPENDENT"]),
        public_url=public_url,
        smtp_url=text["SMTP_URL"],
        mail_from=text["MAIL_FROM"] or f"stories@{urlsplit(public_url).hostname}",
        trusted_proxies=_count("TRUSTED_PROXIES", text["TRUSTED_PROXIES"]),
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


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{PREFIX}{name} must be a whole number, 0 or more, not {text!r}")
    return int(text)


def _address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"{PREFIX}{name} must be an address such as https://stories.example")
    return text.rstrip("/")


def _key(name: str, text: str, made_in: Path | None) -> str:
    if not text and made_in is not None:
        return _kept_key(made_in, name.lower())
    if len(text) < 32:
        raise SettingsError(
            f"{PREFIX}{name} (or {PREFIX}{name}_FILE) needs at least 32 characters; make one with "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`"
        )
    return text


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
