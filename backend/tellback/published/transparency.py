"""What became of all stories ever told, also of those that nobody can read: counted from the public ledger.

So anyone can count it again for the whole installation. Which service a story is about stands in no entry, so
those numbers of one service are ours alone to give.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from tellback import clock
from tellback.audit.ledger import Step
from tellback.moderation.reasons import AGED, AGED_TEXT, REJECTED, REMOVED
from tellback.organisations.models import Service
from tellback.published.counts import median
from tellback.stories import standings
from tellback.translations.sentences import say

# Below this many stories, one more may change every number.
FEW = 20
# The reason why one of a few was not published could tell those who work at a service whose story it was. Of
# the whole installation the ledger shows each, with no service beside it.
FEWEST_BY_REASON = 5
# What became of a story, by its last step. A published one stays so while its author tells it otherwise.
_OUTCOMES = {
    Step.RECEIVED: "waiting",
    Step.PUBLISHED: "published",
    Step.EDITED: "published",
    Step.RETURNED: "returned",
    Step.REJECTED: "rejected",
    Step.REMOVED: "removed",
    # Whether it is shown again waits to be settled.
    Step.PAUSED: "waiting",
    Step.WITHDRAWN: "withdrawn",
    Step.ERASED: "withdrawn",
}


def transparency(service: Service | None) -> dict[str, Any]:
    """What became of the stories told of a service and those below it, else of all that were told here.

    `told` is the sum of the six outcomes; days are those of the ledger. Read from sums that are kept, and
    from the stories that moved since: the same few queries, however many were told.
    """
    found = standings.of(service)
    outcomes = dict.fromkeys(_OUTCOMES.values(), 0)
    waits: Counter[int] = Counter()
    waiting_since = min((said for what, said in found if what == standings.SINCE), default=None)
    for (what, said), stories in found.items():
        if what == standings.WAITED:
            waits[int(said)] += stories
        elif what != standings.SINCE:
            outcomes[_OUTCOMES[Step(what)]] += stories
    told = sum(outcomes.values())
    withheld = service is not None and 0 < outcomes["rejected"] < FEWEST_BY_REASON
    return {
        "told": told,
        **outcomes,
        "few": told < FEW,
        "rejected_by_reason": None if withheld else _by_reason(found, Step.REJECTED, REJECTED),
        "removed_by_reason": _by_reason(found, Step.REMOVED, {**REMOVED, AGED: AGED_TEXT}),
        "ever_published": waits.total(),
        "median_days_to_publish": median(waits) if waits else None,
        "longest_waiting_days": _days(waiting_since, clock.today().isoformat()) if waiting_since else None,
    }


def _by_reason(found: Counter[standings.Fact], step: Step, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """The stories that ended by this step, by reason, the most frequent first."""
    ended = {reason: stories for (what, reason), stories in found.items() if what == step}
    return [
        {
            "reason": reason,
            "reason_text": texts.get(reason, say("For another reason.")),
            "stories": stories,
        }
        for reason, stories in sorted(ended.items(), key=lambda end: (-end[1], end[0]))
    ]


def _days(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days
