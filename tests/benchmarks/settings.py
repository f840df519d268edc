"""The settings of a service whose cost is measured: with keys of its own, and limits that refuse nobody."""

from tellback import config

_KEYS = ("SECRET", "CONTACT", "LEDGER")


def settings_of(folder: str, url: str) -> config.Settings:
    """A service on the database at `url` that keeps all else in `folder`."""
    return config.load(
        {
            "TELLBACK_DATA_DIR": folder,
            "TELLBACK_DATABASE_URL": url,
            "TELLBACK_OPERATOR": "Benchmark",
            "TELLBACK_RATELIMIT_ENABLED": "false",
            **{f"TELLBACK_{key}_KEY": f"a {key} key that is for this benchmark alone" for key in _KEYS},
        }
    )
