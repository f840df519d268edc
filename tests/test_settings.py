"""Settings: read once, refused clearly, with secrets that nobody can leave at a default."""

import stat
from pathlib import Path

import pytest

from tellback import config
from tellback.errors import SettingsError

KEY = "a key of at least thirty-two characters"


def _load(tmp_path: Path, **changes: str) -> config.Settings:
    given = {"DATA_DIR": str(tmp_path / "data"), "OPERATOR": "The Elsewhere Trust", **changes}
    return config.load({f"TELLBACK_{name}": value for name, value in given.items()})


def test_a_plain_install_needs_only_to_say_who_keeps_the_stories(tmp_path: Path) -> None:
    settings = _load(tmp_path)
    assert settings.embedded
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'tellback.db'}"
    assert not settings.operator_independent, "independence is claimed, never assumed"


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    first, second = _load(tmp_path), _load(tmp_path)
    assert (first.secret_key, first.contact_key) == (second.secret_key, second.contact_key)
    assert len({first.secret_key, *first.contact_key}) == 2
    for name in ("secret_key", "contact_key", "ledger_key"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    assert _load(tmp_path, SECRET_KEY_FILE=str(tmp_path / "key")).secret_key == KEY


def test_keys_can_be_replaced_one_after_the_other(tmp_path: Path) -> None:
    assert _load(tmp_path, CONTACT_KEY=f"new {KEY},old {KEY}").contact_key == (f"new {KEY}", f"old {KEY}")
    assert _load(tmp_path, LEDGER_KEY=f"new {KEY},old {KEY}").ledger_key == (f"new {KEY}", f"old {KEY}")


def test_no_secret_is_shown_where_settings_are_logged(tmp_path: Path) -> None:
    shown = repr(_load(tmp_path, SECRET_KEY=KEY, SMTP_URL="smtp://user:hunter2@mail.example"))
    assert KEY not in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"OPERATOR": ""}, "TELLBACK_OPERATOR must say who keeps the stories"),
        ({"OPERATER": "x"}, "TELLBACK_OPERATER is no setting"),
        ({"RATELIMIT_ENABLED": "yes"}, "TELLBACK_RATELIMIT_ENABLED must be true or false"),
        ({"DECISION_MINUTES": "1441"}, "TELLBACK_DECISION_MINUTES must be at most 1440"),
        ({"DECISION_MINUTES": "soon"}, "TELLBACK_DECISION_MINUTES must be a whole number"),
        ({"CONTACT_MONTHS": "1"}, "TELLBACK_CONTACT_MONTHS must be 2 to 1200 months"),
        ({"UNPUBLISHED_MONTHS": "for ever"}, "TELLBACK_UNPUBLISHED_MONTHS must be a whole number"),
        ({"STORY_YEARS": "101"}, "TELLBACK_STORY_YEARS must be at most 100 years"),
        ({"TRUSTED_PROXIES": "-1"}, "TELLBACK_TRUSTED_PROXIES must be a whole number"),
        ({"PUBLIC_URL": "stories.example"}, "TELLBACK_PUBLIC_URL must be an address"),
        ({"PUBLIC_URL": "https://a.example/?x=1"}, "TELLBACK_PUBLIC_URL must be an address"),
        ({"DATABASE_URL": "mysql://x"}, "TELLBACK_DATABASE_URL must begin with"),
        ({"SECRET_KEY": "short"}, "TELLBACK_SECRET_KEY (or TELLBACK_SECRET_KEY_FILE) needs at least 32"),
        ({"DATABASE_URL": "postgresql://h/d"}, "TELLBACK_SECRET_KEY (or"),
        (
            {"DATABASE_URL": "postgresql://h/d", "SECRET_KEY": KEY, "CONTACT_KEY": KEY},
            "TELLBACK_LEDGER_KEY (or TELLBACK_LEDGER_KEY_FILE) needs at least 32",
        ),
        ({"SECRET_KEY": "a" * 48}, "TELLBACK_SECRET_KEY was not made by chance"),
        ({"SECRET_KEY": "0123456789abcdef" * 3}, "TELLBACK_SECRET_KEY was not made by chance"),
        ({"SECRET_KEY": "please change me before you go live, 1234"}, "TELLBACK_SECRET_KEY was not made"),
        ({"CONTACT_KEY": f"{KEY},REPLACE_WITH_A_LONG_RANDOM_VALUE"}, "TELLBACK_CONTACT_KEY was not made"),
        ({"LEDGER_KEY": "your-secret-key-of-32-characters-or-more"}, "TELLBACK_LEDGER_KEY was not made"),
        (
            {"SECRET_KEY": KEY, "CONTACT_KEY": KEY},
            "TELLBACK_SECRET_KEY and TELLBACK_CONTACT_KEY are the same",
        ),
        (
            {"CONTACT_KEY": f"new {KEY},{KEY}", "LEDGER_KEY": KEY},
            "TELLBACK_CONTACT_KEY and TELLBACK_LEDGER_KEY are the same",
        ),
        ({"SECRET_KEY_FILE": "/no/such/file"}, "TELLBACK_SECRET_KEY_FILE cannot be read"),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FILE": "/x"}, "not both"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(
    tmp_path: Path, changes: dict[str, str], said: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        _load(tmp_path, **changes)
    assert said in str(refused.value)


def test_counters_that_processes_cannot_share_are_refused(tmp_path: Path) -> None:
    from flask import Flask

    from tellback.http import ratelimits

    with pytest.raises(SettingsError, match="each process would count alone"):
        ratelimits.init_app(Flask("x"), _load(tmp_path, RATELIMIT_URL="memory://"))
