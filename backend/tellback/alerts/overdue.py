"""Planned changes whose month or day is over: their service is reminded, once."""

import peewee

from tellback import clock
from tellback.alerts import matching
from tellback.alerts.models import ChangeReminder
from tellback.db import transaction
from tellback.replies import changes
from tellback.replies.changes import ChangeState, Review
from tellback.replies.models import ChangeClaim


def remind() -> None:
    """Have services reminded of what is due since the last round. Safe in several processes at once."""
    planned = changes.in_full().where(
        ChangeClaim.review == Review.SHOWN.value,
        ChangeClaim.state == ChangeState.PLANNED.value,
        # A month begins as its days do: what is later than today is not due.
        ChangeClaim.on <= clock.today().isoformat(),
        ChangeClaim.id.not_in(ChangeReminder.select(ChangeReminder.claim)),
    )
    for claim in list(planned):
        if not changes.is_overdue(claim) or changes.waiting(claim.change):
            continue
        try:
            with transaction():
                ChangeReminder.create(claim=claim)
                matching.change_due(claim.change)
        except peewee.IntegrityError:
            # Another process was first.
            continue
