"""A responder begins with an alert: every story of their organisation, at once; theirs to change or delete.

Given by a round, so that it makes no difference how the role was given: on a screen, at the command line, or
by an organisation's own sign-in.
"""

import peewee

from tellback import clock
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.alerts.matching import Only
from tellback.alerts.models import Alert, FirstAlert
from tellback.alerts.timing import Cadence
from tellback.db import transaction


def give_first_alerts() -> None:
    """Give each responder's role its first alert, once. Safe in several processes at once."""
    given = FirstAlert.select(FirstAlert.membership)
    new = Membership.select(Membership, Account).join(Account)
    for held in list(new.where(Membership.role == Role.RESPONDER.value, Membership.id.not_in(given))):
        try:
            with transaction():
                FirstAlert.create(membership=held)
                _begin(held)
        except peewee.IntegrityError:
            # Another process was first, or the role was taken meanwhile.
            continue


def _begin(held: Membership) -> None:
    """Whoever had the role before keeps the alert that they made of it then."""
    of_theirs = Alert.select().where(
        Alert.account == held.account_id, Alert.organisation == held.organisation_id
    )
    if not of_theirs.exists():
        Alert.create(
            account=held.account_id,
            organisation=held.organisation_id,
            only=Only.ALL.value,
            cadence=Cadence.AT_ONCE.value,
            created_at=clock.now(),
        )
