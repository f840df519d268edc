"""What somebody looks at in the queue again and again, by a name: for themselves, or for all at the desk."""

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, require
from tellback.db import transaction
from tellback.errors import InvalidInput, NotFound
from tellback.moderation import filters
from tellback.moderation.filters import Filters
from tellback.moderation.models import SavedView

LONGEST_NAME = 60
# More than fit on a screen help nobody find anything.
MOST = 20


def of(account: Account) -> list[SavedView]:
    """Someone's own views and those that are shared, by name."""
    query = SavedView.select(SavedView, Account).join(Account)
    mine = query.where((SavedView.owner == account) | SavedView.shared)
    return list(mine.order_by(SavedView.name, SavedView.id))


def keep(account: Account, name: str, asked: Filters, *, shared: bool) -> SavedView:
    """Keep these filters by a name; one's own view of that name gives way.

    Raises NotAllowed, and InvalidInput for a name too long or none, nothing chosen, or too many views.
    """
    require(account, Action.READ_UNPUBLISHED)
    filters.check(asked)
    called = " ".join(name.split())
    if not called or len(called) > LONGEST_NAME:
        raise InvalidInput(errors={"name": [f"Give the view a name of up to {LONGEST_NAME} characters."]})
    if not asked.given():
        raise InvalidInput(errors={"name": ["Choose a filter first: this would be the whole queue."]})
    own = SavedView.select().where(SavedView.owner == account, SavedView.name != called)
    if own.count() >= MOST:
        raise InvalidInput(errors={"name": [f"You have {MOST} views. Remove one you no longer need."]})
    with transaction():
        SavedView.delete().where(SavedView.owner == account, SavedView.name == called).execute()
        view: SavedView = SavedView.create(
            owner=account, name=called, asked=asked.given(), shared=shared, made_at=clock.now()
        )
    return view


def remove(number: int, account: Account) -> SavedView:
    """Keep a view no longer: one's own, or one that is shared, whoever made it. Raises NotFound."""
    require(account, Action.READ_UNPUBLISHED)
    found: SavedView | None = SavedView.get_or_none(SavedView.id == number)
    if found is None or not (found.shared or found.owner_id == account.id):
        raise NotFound("This view is no longer kept.")
    found.delete_instance()
    return found
