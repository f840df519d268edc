"""Which replies show at once, before a moderator has read them: the rules, each with what it is for.

A reply takes the fast track when every rule holds, and a moderator reads it afterwards. What claims a change
is always read first: people may rely on it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tellback.replies import beside, coaching, phrases
from tellback.replies.answering_for import PROVIDER
from tellback.replies.models import Reply
from tellback.replies.states import ReplyState, Via

# Published replies of a writer before any of theirs shows unread.
FEWEST_PUBLISHED = 10
# Their latest replies on which a moderator decided: none of so many was sent back, corrected or taken down.
LATEST = 10
# The criticality of a story (0 to 5), stated by a moderator, up to which its answers may show unread.
HIGHEST_CRITICALITY = 1

# What `Reply.fast_track` holds of a reply that took it.
UNREAD, READ = "unread", "read"


@dataclass(frozen=True)
class Facts:
    """What the rules look at, of a reply and of who wrote it."""

    published: int
    latest_stood: bool
    criticality: int | None
    from_provider: bool
    language_read: bool
    claims_change: bool
    serious: tuple[str, ...]
    taken_out: bool
    own_words: bool


@dataclass(frozen=True)
class Rule:
    """Something that must hold; `says` is how moderators read it."""

    slug: str
    says: str
    holds: Callable[[Facts], bool]


RULES = (
    Rule(
        "experience",
        f"its writer has {FEWEST_PUBLISHED} published replies",
        lambda facts: facts.published >= FEWEST_PUBLISHED,
    ),
    Rule(
        "record",
        f"none of their last {LATEST} was sent back, corrected or taken down",
        lambda facts: facts.latest_stood,
    ),
    Rule(
        "criticality",
        f"the story's criticality is {HIGHEST_CRITICALITY} or less, as a moderator scored it",
        lambda facts: facts.criticality is not None and facts.criticality <= HIGHEST_CRITICALITY,
    ),
    Rule("own_words", "its writer wrote it, and nobody it was handed on to", lambda facts: facts.own_words),
    Rule("provider", "a service that the story is about answers", lambda facts: facts.from_provider),
    Rule("language", "it is in a language whose words we can read", lambda facts: facts.language_read),
    Rule("no_change", "it claims no change, planned or made", lambda facts: not facts.claims_change),
    Rule(
        "no_warning",
        "it names nobody, guesses at nobody and asks nobody who they are",
        lambda facts: not facts.serious,
    ),
    Rule(
        "nothing_taken_out",
        "it holds no word that was taken out of the story",
        lambda facts: not facts.taken_out,
    ),
)


def against(reply: Reply) -> list[str]:
    """The slugs of the rules that do not hold for a reply; none: it may show at once."""
    facts = _facts(reply)
    return [rule.slug for rule in RULES if not rule.holds(facts)]


def claims_change(body: str, lang: str) -> bool:
    """Whether a reply may say that something changed or will: wide, since one missed costs more.

    In a language whose words we cannot read, every reply may.
    """
    spoken = phrases.of_language(lang)
    return spoken is None or spoken.claims_change.search(body.lower()) is not None


def _facts(reply: Reply) -> Facts:
    written = {"body": reply.body, "lang": reply.lang, "responder_name": reply.responder_name}
    looked = coaching.look_at(written, beside.told(reply.story, None))
    decided = _decided(reply)
    return Facts(
        published=sum(_stands(one) for one in decided),
        latest_stood=all(_stood(one) for one in decided[:LATEST]),
        criticality=reply.story.criticality,
        from_provider=reply.service.organisation.kind == PROVIDER,
        language_read=looked.language_read,
        claims_change=claims_change(reply.body, reply.lang),
        serious=looked.serious,
        own_words=reply.via != Via.HAND_ON,
        taken_out=beside.holds_words_taken_out(reply.story, reply.body, reply.lang),
    )


def _decided(reply: Reply) -> list[Reply]:
    """What its writer sent before and was decided on, the latest first."""
    if reply.account_id is None:
        return []
    undecided = [ReplyState.WAITING.value, ReplyState.SUBMITTED.value, ReplyState.KEPT.value]
    query = Reply.select().where(
        Reply.account == reply.account_id, Reply.id != reply.id, Reply.state.not_in(undecided)
    )
    return list(query.order_by(Reply.id.desc()))


def _stands(reply: Reply) -> bool:
    return reply.state == ReplyState.PUBLISHED


def _stood(reply: Reply) -> bool:
    """Whether it is public in the words that were decided on."""
    return _stands(reply) and not (reply.corrected_at or reply.removed_at)
