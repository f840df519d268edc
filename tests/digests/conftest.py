"""Stories that are published, and a real SMTP server."""

from tests.alerts.conftest import publish  # noqa: F401 (a fixture)
from tests.outbox.conftest import inbox  # noqa: F401 (a fixture)
