"""Every setting, declared once: name, default, meaning."""

from dataclasses import dataclass

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
