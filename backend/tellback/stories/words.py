"""The fixed words of the field: who tells, how it was, how it felt, what was agreed to."""

from tellback.translations.sentences import say

# How the author was there (Care Opinion's roles, FIELD 1.1), as asked of the author.
AUTHOR_ROLES = {
    "patient": say("I was the patient or person who used the service"),
    "carer": say("I care for the person"),
    "relative": say("I am a relative"),
    "parent": say("I am a parent or guardian"),
    "friend": say("I am a friend"),
    "volunteer": say("I am a volunteer or an advocate"),
    "staff_on_behalf": say("I work there and tell it for someone who asked me to"),
    "other": say("Something else"),
}

# The answers of the Friends and Family Test in their exact wording since 1 April 2020.
EXPERIENCES = {
    "very_good": say("Very good"),
    "good": say("Good"),
    "neither": say("Neither good nor poor"),
    "poor": say("Poor"),
    "very_poor": say("Very poor"),
    "dont_know": say("Don’t know"),
}

# Polarity and word; the words as shown.
FEELINGS = {
    "positive:calm": say("calm"),
    "positive:safe": say("safe"),
    "positive:heard": say("listened to"),
    "positive:thankful": say("thankful"),
    "negative:worried": say("worried"),
    "negative:ignored": say("ignored"),
    "negative:confused": say("confused"),
    "negative:upset": say("upset"),
}

# How something was, in the author's eyes: happy, in between, not happy.
POLARITIES = ("positive", "neutral", "negative")

# The wording of the three agreements that the pages and the embed ask since this release.
CONSENT_VERSION = "2026-11"

LICENCE = "CC-BY-4.0"
