"""Every limit, one line each: of what, by whom it is counted, how many, and why that many.

docs/limits.md shows this table with the arithmetic behind it. `ratelimits` counts by it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from limits import RateLimitItem, parse


class Per(StrEnum):
    """Whose requests are counted together."""

    # All that can be told apart without a cookie: an IPv4 address or, of IPv6, a /64, which is what one home,
    # phone or ward is given (RFC 6177). Kept as a pseudonym of the day.
    PERSON = "person"
    # The wider one around it, so that a handful of machines gains little: /24 of IPv4, /48 of IPv6.
    NETWORK = "network"
    WEBSITE = "website"
    SERVICE = "service"
    # Who answers by a program: a token of somebody's account.
    ACCOUNT = "account"
    # An email address that somebody types to sign in: from one device or network, or from wherever it is.
    NAME_HERE = "name here"
    NAME_ANYWHERE = "name anywhere"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class Limit:
    """At most this many of an act, in any stretch of time that is so long.

    `without_origin`: in place of the act's own limit per person, for a request that names no page it comes
    from, as scripts and sandboxed frames send. `every_try`: what came to nothing counts, too, though it was
    no fault of theirs (the database is away, a proof of work is asked for). `name` is that of the `RateLimit`
    header field.
    """

    act: str
    per: Per
    rate: str
    why: str
    without_origin: bool = False
    every_try: bool = False

    # Asked for by every request, so each is made once.
    @cached_property
    def name(self) -> str:
        """Such as "telling", "telling-without-origin" or "telling-network"."""
        if self.without_origin:
            return f"{self.act} without origin".replace(" ", "-")
        return (self.act if self.per is Per.PERSON else f"{self.act} {self.per}").replace(" ", "-")

    @cached_property
    def item(self) -> RateLimitItem:
        """The rate as the library counts by it."""
        return parse(self.rate)


LIMITS = (
    Limit("telling", Per.PERSON, "60 per hour", "A ward of 30 behind one address, each telling twice."),
    Limit("telling", Per.PERSON, "10 per hour", "Dull for a script.", without_origin=True),
    Limit("telling", Per.NETWORK, "240 per hour", "Four full wards that neighbouring addresses lead to."),
    Limit("telling", Per.EVERYONE, "6000 per hour", "What one disk and one server take in with ease."),
    # Each try to send and, of the form without a script, each step.
    Limit("trying", Per.PERSON, "600 per hour", "Ten for each of the ward's sixty.", every_try=True),
    Limit("flagging", Per.PERSON, "30 per hour", "Each takes a moderator's time, and few readers send one."),
    Limit("flagging", Per.PERSON, "10 per hour", "Likewise, without a page.", without_origin=True),
    Limit("flagging", Per.NETWORK, "60 per hour", "A campaign of neighbours does not bury the moderators."),
    Limit("flagging", Per.EVERYONE, "1000 per hour", "More than any team of moderators could look at."),
    Limit("me too", Per.PERSON, "120 per hour", "The ward of 30, each finding four stories like their own."),
    Limit("me too", Per.PERSON, "20 per hour", "Enough for a person.", without_origin=True),
    Limit("me too", Per.NETWORK, "480 per hour", "Four such wards: one network lifts no story by itself."),
    Limit("finding", Per.PERSON, "600 per minute", "Forty people of one hospital who type a town at once."),
    Limit("reading", Per.PERSON, "3000 per minute", "5,000 staff who open the intranet within ten minutes."),
    Limit("searching", Per.PERSON, "300 per minute", "Five a second: people send one, read, send another."),
    Limit("own story", Per.PERSON, "300 per 10 minutes", "The ward of 30, ten looks at a link each."),
    Limit("asking for a link", Per.PERSON, "20 per hour", "The ward of 30, two thirds of it asking."),
    Limit("asking for a link", Per.NETWORK, "60 per hour", "Unwanted letters cost our good name."),
    Limit("asking for a link", Per.EVERYONE, "600 per hour", "What a mail provider takes in its stride."),
    # An answer behind a link in a letter: the page looks at it after each pause of the keys.
    Limit("answering", Per.PERSON, "600 per 10 minutes", "One look a second for ten minutes."),
    Limit("replying", Per.ACCOUNT, "120 per hour", "By a program; a trust answers dozens a day."),
    Limit("replying", Per.PERSON, "600 per hour", "Several such programs of one trust."),
    # Only wrong passwords count. A device on which a name was signed in with before is a source of its own.
    Limit("signing in", Per.NAME_HERE, "10 per 10 minutes", "One forgotten password, all its spellings."),
    # Known devices pass, and so do passkeys, letters and an organisation's own sign-in: nobody is locked out.
    Limit("signing in", Per.NAME_ANYWHERE, "50 per hour", "Guesses at one name by many machines."),
    Limit("signing in", Per.PERSON, "200 per 10 minutes", "A bad morning of a hospital of thousands."),
    # Of six figures, asked of who has the right password: at any moment three of a million are good.
    Limit("codes", Per.NAME_HERE, "10 per 15 minutes", "A clock that is wrong, a phone that is slow."),
    Limit("codes", Per.NAME_ANYWHERE, "30 per hour", "A day of guessing: one chance in 460."),
    Limit("codes", Per.PERSON, "200 per 10 minutes", "As for passwords."),
    # Passkeys and links cannot be guessed.
    Limit("proving", Per.PERSON, "60 per 10 minutes", "Stops a runaway script."),
    Limit("new password", Per.NAME_HERE, "5 per hour", "Letters that somebody did not ask for annoy them."),
    Limit("new password", Per.NAME_ANYWHERE, "20 per hour", "Likewise, whoever sends them."),
    Limit("new password", Per.PERSON, "60 per hour", "An hour after everybody's passwords ran out."),
    Limit("organisation", Per.PERSON, "60 per 10 minutes", "Each asks the organisation's server."),
)

# Above these nobody is refused: telling asks for a proof of work first, which a browser does by itself.
PRESSURE = (
    Limit("pressure", Per.PERSON, "20 per hour", "A busy ward rarely reaches it; a script does in seconds."),
    Limit("pressure", Per.NETWORK, "60 per hour", "Three such wards."),
    Limit("pressure", Per.WEBSITE, "120 per hour", "A national charity's appeal on its busiest evening."),
    Limit("pressure", Per.SERVICE, "60 per hour", "All of a great hospital's stories of a week."),
    Limit("pressure", Per.EVERYONE, "600 per hour", "A tenth of what is refused at."),
    # Likewise of reports, and of requests to take a story down.
    Limit(
        "pressure reports", Per.PERSON, "6 per hour", "A fifth of what is refused at: who reads reports one."
    ),
    Limit("pressure reports", Per.NETWORK, "20 per hour", "A third of what is refused at."),
    Limit("pressure reports", Per.EVERYONE, "200 per hour", "What a team of moderators looks at in a day."),
)

# Endpoints that nothing counts, and why.
EXEMPT = {
    **dict.fromkeys(
        ("healthz", "readyz", "scraped"),
        "Who watches over the service asks often, and must hear when it is busy.",
    ),
    "static": "Files that browsers and proxies keep, read from the disk.",
    **dict.fromkeys(
        (
            *(f"embed.{part}" for part in ("evergreen", "pinned", "form", "proof")),
            *(f"embed.{kind}_{part}" for kind in ("evergreen", "pinned") for part in ("data", "words")),
        ),
        "The embed and what it fetches: kept by browsers, read from memory.",
    ),
}


def of(act: str) -> tuple[Limit, ...]:
    """The limits of an act, nearest first. Raises KeyError for an act that has none."""
    found = tuple(limit for limit in LIMITS if limit.act == act)
    if not found:
        raise KeyError(act)
    return found


BY_NAME = {limit.name: limit for limit in (*LIMITS, *PRESSURE)}
