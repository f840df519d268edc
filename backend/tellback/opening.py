"""Opening the store for a command: settings read, database chosen and of this release, keys at hand."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from tellback import config, db, migrations, sealing


def with_stories(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings, with the database opened and its schema checked.

    The command raises SettingsError for a wrong setting, or a schema that is not this release's.
    """

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        settings = config.load(os.environ)
        db.connect(settings.database_url)
        migrations.require_current()
        sealing.use(settings.contact_key)
        return command(settings, *args, **options)

    return run
