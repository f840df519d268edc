"""The fixed words of the field: who tells, how it was, how it felt, what was agreed to."""

# How the author was there (Care Opinion's roles, FIELD 1.1), as asked of the author.
AUTHOR_ROLES = {
    "patient": "I was the patient or person who used the service",
    "carer": "I care for the person",
    "relative": "I am a relative",
    "parent": "I am a parent or guardian",
    "friend": "I am a friend",
    "volunteer": "I am a volunteer or an advocate",
    "staff_on_behalf": "I work there and tell it for someone who asked me to",
    "other": "Something else",
}

# The answers of the Friends and Family Test in their exact wording since 1 April 2020.
EXPERIENCES = {
    "very_good": "Very good",
    "good": "Good",
    "neither": "Neither good nor poor",
    "poor": "Poor",
    "very_poor": "Very poor",
    "dont_know": "Don’t know",
}

# Polarity and word; the words as shown.
FEELINGS = {
    "positive:calm": "calm",
    "positive:safe": "safe",
    "positive:heard": "listened to",
    "positive:thankful": "thankful",
    "negative:worried": "worried",
    "negative:ignored": "ignored",
    "negative:confused": "confused",
    "negative:upset": "upset",
}

# How something was, in the author's eyes: happy, in between, not happy.
POLARITIES = ("positive", "neutral", "negative")

# The wording of the three agreements that the pages and the embed ask since this release.
CONSENT_VERSION = "2026-11"

LICENCE = "CC-BY-4.0"
