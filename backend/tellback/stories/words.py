"""The fixed answers of the field: who tells, how it was, how it felt, what was agreed to.

What a person reads for each is a word of the embed (`author_role_carer`), which pages say too.
"""

# How the author was there (Care Opinion's roles, FIELD 1.1).
AUTHOR_ROLES = ("patient", "parent", "relative", "carer", "friend", "volunteer", "staff_on_behalf", "other")

# The answers of the Friends and Family Test, in its order.
EXPERIENCES = ("very_good", "good", "neither", "poor", "very_poor", "dont_know")

# Polarity and word.
FEELINGS = (
    "positive:calm",
    "positive:safe",
    "positive:heard",
    "positive:thankful",
    "negative:worried",
    "negative:ignored",
    "negative:confused",
    "negative:upset",
)

# How something was, in the author's eyes: happy, in between, not happy.
POLARITIES = ("positive", "neutral", "negative")

# The wording of the three agreements that the pages and the embed ask since this release.
CONSENT_VERSION = "2026-11"

LICENCE = "CC-BY-4.0"
