"""The states of a reply as words, and how it came."""

from enum import StrEnum


class ReplyState(StrEnum):
    """Where a reply stands.

    `waiting`: its writer may still take it back. `kept`: its story ended before it went on, so it never does.
    """

    WAITING = "waiting"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    RETURNED = "returned"
    REMOVED = "removed"
    KEPT = "kept"


class Via(StrEnum):
    """How a reply came: from the staff screens, from a signed link in a letter, or from a program.

    `hand_on`: its words are of somebody without an account, sent on by whoever asked them.
    """

    CONSOLE = "console"
    LINK = "link"
    API = "api"
    HAND_ON = "hand_on"
