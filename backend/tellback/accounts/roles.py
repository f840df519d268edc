"""Who may do what: one table of role by action, and the questions asked of it.

Administrators and moderators belong to the installation, never to an organisation that stories are
about; responders, analysts and webmasters belong to one organisation each time the role is given.
"""

from collections.abc import Iterable
from enum import StrEnum

from tellback.accounts.models import Account, Membership
from tellback.errors import InvalidInput, NotAllowed
from tellback.organisations.models import Organisation


class Role(StrEnum):
    """What someone is."""

    ADMINISTRATOR = "administrator"
    MODERATOR = "moderator"
    RESPONDER = "responder"
    ANALYST = "analyst"
    WEBMASTER = "webmaster"


class Action(StrEnum):
    """What can be done, by the grammar `subjects:action`."""

    READ_UNPUBLISHED = "stories:read_unpublished"
    REDACT_STORIES = "stories:redact"
    DECIDE_STORIES = "stories:decide"
    DECIDE_REPLIES = "replies:decide"
    DECIDE_CHANGES = "changes:decide"
    SETTLE_FLAGS = "flags:settle"
    KEEP_CASES = "cases:keep"
    READ_OWN_STORIES = "services:read_stories"
    FIND_STORIES = "stories:find"
    WRITE_REPLIES = "replies:write"
    RECORD_CHANGES = "changes:record"
    KEEP_WEBSITES = "websites:keep"
    KEEP_PEOPLE = "people:keep"
    READ_STORE = "store:read"
    KEEP_STORE = "store:keep"
    KEEP_ROTA = "rota:keep"
    KEEP_OUTBOX = "outbox:keep"
    KEEP_ALERTS = "alerts:keep"
    KEEP_WEBHOOKS = "webhooks:keep"


# Of the installation: a membership without an organisation, and everywhere.
INSTALLATION_ROLES = frozenset({Role.ADMINISTRATOR, Role.MODERATOR})

_MODERATING = frozenset(
    {
        Action.READ_UNPUBLISHED,
        Action.FIND_STORIES,
        Action.REDACT_STORIES,
        Action.DECIDE_STORIES,
        Action.DECIDE_REPLIES,
        Action.DECIDE_CHANGES,
        Action.SETTLE_FLAGS,
        Action.KEEP_CASES,
        Action.READ_STORE,
        Action.KEEP_ALERTS,
    }
)
# The table. A moderator who is to answer for a service needs the role of a responder there, too.
MAY: dict[Role, frozenset[Action]] = {
    Role.ADMINISTRATOR: _MODERATING
    | {
        Action.KEEP_WEBSITES,
        Action.KEEP_WEBHOOKS,
        Action.KEEP_PEOPLE,
        Action.KEEP_STORE,
        Action.KEEP_ROTA,
        Action.KEEP_OUTBOX,
    },
    Role.MODERATOR: _MODERATING,
    Role.RESPONDER: frozenset(
        {
            Action.READ_OWN_STORIES,
            Action.FIND_STORIES,
            Action.WRITE_REPLIES,
            Action.RECORD_CHANGES,
            Action.KEEP_ALERTS,
        }
    ),
    Role.ANALYST: frozenset({Action.READ_OWN_STORIES, Action.FIND_STORIES, Action.KEEP_ALERTS}),
    Role.WEBMASTER: frozenset({Action.KEEP_WEBSITES, Action.KEEP_WEBHOOKS}),
}

# Acts that a browser left open must not be enough for: whoever does them proves again who they are.
DANGEROUS = frozenset({Action.KEEP_PEOPLE})

_REFUSALS = {
    Action.READ_UNPUBLISHED: "Only moderators read stories before they are published.",
    Action.REDACT_STORIES: "Only moderators take words out of a story.",
    Action.DECIDE_STORIES: "Only moderators decide about a story.",
    Action.DECIDE_REPLIES: "Only moderators decide about a reply.",
    Action.DECIDE_CHANGES: "Only moderators decide about what a service says it changed.",
    Action.SETTLE_FLAGS: "Only moderators settle what readers report.",
    Action.KEEP_CASES: "Only moderators work on cases.",
    Action.READ_OWN_STORIES: "This list is for the people who work for that organisation.",
    Action.FIND_STORIES: "Only those who moderate, or whose services stories are about, look for stories.",
    Action.WRITE_REPLIES: "Only a responder of the organisation that runs this service may answer for it.",
    Action.RECORD_CHANGES: "Only a responder of the organisation that runs it says what a service changed.",
    Action.KEEP_WEBSITES: "Only a webmaster of the organisation, or an administrator, keeps its websites.",
    Action.READ_STORE: "This is for those who read stories or keep the store for the whole installation.",
    Action.KEEP_ALERTS: "Alerts are for those who moderate, or whose services stories are about.",
    Action.KEEP_WEBHOOKS: "Only a webmaster of the organisation, or an administrator, keeps its webhooks.",
    Action.KEEP_STORE: "Only administrators change what is in the store.",
    Action.KEEP_ROTA: "Only administrators say when the desk is staffed, and who is on call.",
    Action.KEEP_OUTBOX: "Only administrators see what waits to be sent, and send it again.",
    Action.KEEP_PEOPLE: "Only administrators say who signs in here, and as what.",
}


def may(account: Account, action: Action, organisation: Organisation | None = None) -> bool:
    """Whether someone may do this: in the whole installation, or (when named) for this organisation."""
    return account.active and any(
        action in MAY[Role(held.role)] and _reaches(held, organisation) for held in account.memberships
    )


def may_somewhere(account: Account, action: Action) -> bool:
    """Whether someone may do this for the installation or for any organisation: for menus and doors.

    What is behind the door asks `may` or `require` about the organisation itself.
    """
    return may(account, action) or bool(organisations(account, action))


def organisations(account: Account, action: Action) -> frozenset[int]:
    """Ids of the organisations for which someone may do this by a role held there."""
    if not account.active:
        return frozenset()
    return frozenset(
        held.organisation_id
        for held in account.memberships
        if held.organisation_id is not None
        and Role(held.role) not in INSTALLATION_ROLES
        and action in MAY[Role(held.role)]
    )


def require(account: Account, action: Action, organisation: Organisation | None = None) -> None:
    """Raise NotAllowed, with a sentence that says who may, unless `may` says yes."""
    if not may(account, action, organisation):
        raise NotAllowed(_REFUSALS[action])


def require_somewhere(account: Account, action: Action) -> None:
    """Raise NotAllowed, with a sentence that says who may, unless `may_somewhere` says yes."""
    if not may_somewhere(account, action):
        raise NotAllowed(_REFUSALS[action])


def require_no_interest(account: Account, concerned: Iterable[Organisation]) -> None:
    """Bar someone from deciding about an organisation in which they hold any role.

    Raises NotAllowed naming the organisation.
    """
    own = {held.organisation_id for held in account.memberships}
    for organisation in concerned:
        if organisation.id in own:
            raise NotAllowed(
                f"You have a role at {organisation.name}, which this story is about. "
                "Someone without a role there decides."
            )


def check_place(role: Role, organisation: Organisation | None) -> None:
    """Refuse a role in the wrong place. Raises InvalidInput naming `organisation`."""
    if role in INSTALLATION_ROLES and organisation is not None:
        raise InvalidInput(
            errors={
                "organisation": [f"A {role} belongs to the whole installation, to no organisation in it."]
            }
        )
    if role not in INSTALLATION_ROLES and organisation is None:
        raise InvalidInput(errors={"organisation": [f"Say which organisation the {role} belongs to."]})


def _reaches(held: Membership, organisation: Organisation | None) -> bool:
    # Both ways round, so that a row in the wrong place opens nothing.
    if Role(held.role) in INSTALLATION_ROLES:
        return held.organisation_id is None
    return organisation is not None and held.organisation_id == organisation.id
