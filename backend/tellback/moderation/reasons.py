"""Why a story is sent back, not published, or taken down: one list each, in the author's words."""

from tellback.translations.sentences import say

# What the author can change, and then it can be read again.
RETURNED = {
    "names_someone": say("It names or points to a person. Tell us what they did, not who they are."),
    "not_one_experience": say("It does not say what happened to you or to someone you care for."),
    "hard_to_follow": say("We could not follow part of it."),
    "contains_abuse": say("Some of its words would hurt the people who read them."),
    "too_much_detail": say("Some details could show the world who you are."),
}

# Why we cannot publish it (the union of what peers refuse, FIELD.md section 8).
REJECTED = {
    "not_an_experience": say("It is not about care that you or someone close to you had."),
    "too_long_ago": say("It happened too long ago for the service to act on."),
    "complaint_route": say("It needs the service’s complaints team, who can look into what happened to you."),
    "live_legal_matter": say("It is part of a complaint or a court case that is still going on."),
    "told_before": say("We already have this story from you."),
    "commercial": say("It advertises something."),
    "staff_own_service": say("It was written by someone who works at the service it is about."),
    "wrong_service": say("It is about a service that we do not gather stories for."),
}

# Why a published story was taken down; everyone reads this on the tombstone.
REMOVED = {
    "published_by_mistake": say("It was published by mistake."),
    "identifies_someone": say("It turned out to show who someone is."),
    "legal_duty": say("The law required us to take it down."),
    "not_genuine": say("We learned that it was not a real experience."),
}

# While a story is not shown, until something about it is settled.
PAUSED, PAUSED_BY_US = "paused_by_author", "paused"
_PAUSES = {
    PAUSED: say("Its author asked that it is not shown for a while."),
    PAUSED_BY_US: say("It is not shown while a question about it is settled."),
}

# Why a story that nobody objected to is shown no more: nobody chooses it, time does.
AGED = "kept_long_enough"
AGED_TEXT = say("It was shown for as long as stories are kept here.")

# Why something that a service said was taken down; everyone reads it where it stood.
REMOVED_ANSWERS = {
    "published_by_mistake": REMOVED["published_by_mistake"],
    "identifies_someone": REMOVED["identifies_someone"],
    "legal_duty": REMOVED["legal_duty"],
    "not_true": say("We learned that it was not true."),
    "service_asked": say("The service took it back."),
}

# What a tombstone says of a story that its author took back.
WITHDRAWN = "withdrawn_by_author"
WITHDRAWN_TEXT = say("Its author took it back.")


def ended_text(reason: str | None) -> str:
    """The sentence on a tombstone for the reason a story ended by."""
    ours = {**REMOVED, **_PAUSES, WITHDRAWN: WITHDRAWN_TEXT, AGED: AGED_TEXT}
    return ours.get(reason or "", say("It was taken down."))


def author_text(reason: str | None) -> str:
    """The sentence its author reads for the reason of a decision; empty for none."""
    return {**RETURNED, **REJECTED, **REMOVED}.get(reason or "", "")
