"""Places outside the database that hold something, with what is known of each from the code."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A place, what is in it, why, who sees it and for how long."""

    where: str
    what: str
    personal: str
    why: str
    who: str
    long: str


PLACES: tuple[Place, ...] = (
    Place(
        "a reader's or author's browser, cookies",
        "none",
        "",
        "nothing is needed",
        "",
        "",
    ),
    Place(
        "an author's browser, storage of the page that carries the tag",
        "a draft of the story, only after they tick that they want it",
        "may tell of health",
        "so that a story is not lost",
        "whoever uses the device; the page's own scripts",
        "until sent or wiped, 7 days at most",
    ),
    Place(
        "a staff member's browser, cookie `staff` (over https `__Host-staff`)",
        "a signed key of the session, and the token against forged forms",
        "personal",
        "to stay signed in",
        "the browser",
        "until signed out, 12 hours at most",
    ),
    Place(
        "`limits.db` in the data folder, or Redis",
        "counters by day's pseudonym of a network, account or website",
        "personal",
        "rate limits",
        "the operator",
        "until each window is over: minutes to a day",
    ),
    Place(
        "the process's memory",
        "the key of the day; what is being asked just now",
        "may tell of health",
        "to answer",
        "the operator",
        "a request; a day",
    ),
    Place(
        "the service's log (standard error)",
        "start and stop, what failed and by which kind of error, ids of messages; no address, no words, no "
        "query, no network address (tested by searching it)",
        "",
        "to find out what is wrong",
        "the operator",
        "as the operator's system keeps logs",
    ),
    Place(
        "the key files in the data folder, or your secret store",
        "the keys that seal, sign sessions and sign the ledger",
        "",
        "what is sealed stays shut without them",
        "the operator",
        "until replaced (`tellback keys reseal`)",
    ),
    Place(
        "backups",
        "all that the database held then, sealed columns still sealed; no keys, not that of the day either. "
        "Beside them `taken-back.txt`: ids of stories taken back or erased, and when",
        "may tell of health",
        "to come back after a loss",
        "the operator",
        "as you keep them; what was erased since is erased again after a restore (docs/operators.md)",
    ),
    Place(
        "the mail server and mailboxes",
        "letters: an author's address and private link; no words of a story",
        "personal",
        "to tell authors and staff",
        "whoever runs them, and the mailbox's owner",
        "as they keep it",
    ),
    Place(
        "a proxy's or host's log in front of the service",
        "network addresses, addresses of pages; never the private link's token, which stands behind the #",
        "personal",
        "the operator's or host's own",
        "the operator, the host",
        "as they keep it: set it to days",
    ),
    Place(
        "systems of an organisation that webhooks call",
        "ids, titles and addresses of what everyone can read",
        "may tell of health",
        "the organisation asked for it",
        "that organisation",
        "as it keeps it; it hears when a story is taken down or moves away",
    ),
)
