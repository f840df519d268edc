"""Words of crisis in a text: suicide, self-harm, wanting to die, no hope, abuse, harm to others.

First rules. They are meant to let nothing explicit pass: a moderator reads what they mark, and nobody is
refused by them.
"""

from tellback.screening.findings import Finding
from tellback.screening.folding import Folded
from tellback.screening.matching import matches
from tellback.screening.rulebook import patterns


def find_crisis(folded: Folded) -> list[Finding]:
    """Find words of crisis, in places of the folded text; findings may overlap one another."""
    return [finding for rule in patterns("crisis") for finding in matches(rule, folded, {})]
