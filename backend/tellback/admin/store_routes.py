"""The store: its first screen, which names its parts."""

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import storing
from tellback.admin.doors import pages
from tellback.admin.store_screens import show


@pages.get("/store")
@signed_in(Action.READ_STORE)
def store() -> str:
    """The parts of the store."""
    return show("store", "admin.store", parts=storing.describe_store())
