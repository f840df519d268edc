"""What makes a password good enough, and how it is kept.

Length and a list of the worst, no rules of composition: NIST SP 800-63B, section 3.1.1.2.
"""

import re
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError

from tellback.accounts import breached
from tellback.errors import InvalidInput

SHORTEST = 12
LONGEST = 256
# Two keyboards may send the same letters as other code points; compared in one form (RFC 8265, section 4).
NORMAL_FORM: Final = "NFKC"
# argon2id at OWASP's first recommendation: 19 MiB and two passes, about 30 ms.
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1

# What the published lists of most-used passwords are made of, folded as `_folded` does. A password of twelve
# characters or more gets on those lists by repeating or dressing up one of these.
_WORN = frozenset(
    """
    password passwort passphrase passcode letmein welcome iloveyou changeme default secret opensesame trustno
    whatever superman football baseball liverpool arsenal chelsea manchester united kingdom england sunshine
    princess monkey dragon forever please jesus
    administrator admin moderator responder hospital patient surgery practice nurse doctor stories tellback
    monday friday january february march april june july august september october november december
    winter spring summer autumn
    qwertyuiop qwerty asdfghjkl asdfgh zxcvbnm zxcvb asdzxc qweasd qazwsx qwer asdf zxcv
    q1w2e3r4 q1w2 1q2w3e4r 1q2w3e 1qaz2wsx 1qaz 2wsx 3edc 4rfv zaq12wsx t5y6u7 5t6y7u t5y6 5t6y cde3
    a1b2c3d4 e5f6
    abcdefghijklm abcdefgh abcdef abcd1234 abcd abc123 abc nopqrstuvwxyz
    correcthorsebatterystaple thequickbrownfox jumpsoverthelazydog tobeornottobe welcometothejungle
    """.split()  # noqa: SIM905 (a list of words reads better as words)
)
_LEET = str.maketrans("@4310!5$7", "aaeloisst")
# Fewer letters and figures than this beside worn words, the owner's name and a year are guessed in no time.
_FEWEST_OWN = 6

_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)


def normalise(password: str) -> str:
    """The password in the one form it is hashed and compared in."""
    return unicodedata.normalize(NORMAL_FORM, password)


def hashed(password: str) -> str:
    """An argon2id hash of a password, as sign-in reads it (PHC string)."""
    return _hasher.hash(normalise(password))


def is_right(kept: str, password: str) -> bool:
    """Whether `kept` is a hash of this password; nothing longer than any password is hashed."""
    given = normalise(password)
    try:
        return len(given) <= LONGEST and _hasher.verify(kept, given)
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


def unusable() -> str:
    """A hash that no password opens, and that costs as much to try as any other: who waits to join has it."""
    return hashed(secrets.token_urlsafe(32))


def check(password: str, *, email: str, name: str, known: str = "") -> None:
    """Refuse a password that is short, endless, leaked, well known, or told by the account or its place.

    `known` is what everybody knows here, such as the operator's name (ASVS 5.0, 6.1.2 and 6.2.11).
    Raises InvalidInput naming `password`.
    """
    given = normalise(password)
    if len(given) < SHORTEST:
        raise _refused(f"Use at least {SHORTEST} characters. Three or four words you will remember do well.")
    if len(given) > LONGEST:
        raise _refused(f"Use at most {LONGEST} characters.")
    if breached.is_known(given) or _own_part(given, _WORN) < _FEWEST_OWN or len(set(_folded(given))) < 5:
        raise _refused("This password is among the first that people try. Choose one nobody else has.")
    if _own_part(given, _WORN | _facts(email, name)) < _FEWEST_OWN:
        raise _refused("Your name or your email address tells too much of this password.")
    if _own_part(given, _WORN | _facts(email, name) | _facts(known)) < _FEWEST_OWN:
        raise _refused("What everybody knows of this place tells too much of this password.")


def _facts(*told: str) -> frozenset[str]:
    """What these say, whole and word by word, folded as passwords are."""
    parts = (part for text in told for part in (text, text.partition("@")[0], *re.split(r"[\W_]+", text)))
    return frozenset(fact for fact in map(_folded, parts) if len(fact) > 2)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(errors={"password": [sentence]})


def _own_part(password: str, known: frozenset[str]) -> int:
    """How many characters remain when known words, and figures at either end, are taken off."""
    folded = _folded(password)
    return min(_remaining(text, known) for text in (folded, folded.translate(_LEET)))


def _remaining(text: str, known: frozenset[str]) -> int:
    longest_first = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    rest = re.sub(longest_first, " ", text)
    # A year or a count put before or behind adds next to nothing.
    return len(re.sub(r"^[\d\W]+|[\d\W]+$|\s", "", rest))


def _folded(text: str) -> str:
    return re.sub(r"[\s._-]+", "", unicodedata.normalize(NORMAL_FORM, text).casefold())
