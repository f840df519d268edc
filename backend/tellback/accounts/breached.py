"""Passwords that leaked often enough to be tried first, as fingerprints: nobody's password can be read here.

`breached.bin` holds, sorted, the first four bytes of the SHA-256 of each, in small letters: all of twelve
characters and more among the million most used of ten million that leaked (OWASP SecLists,
`10-million-password-list-top-1000000.txt`, CC BY-SA 3.0). One password in 100,000 is refused by chance.

    lines = {fingerprint(line.strip()) for line in open(list) if len(line.strip()) >= 12}
    Path("breached.bin").write_bytes(b"".join(sorted(lines)))
"""

import bisect
import hashlib
from functools import cache
from pathlib import Path

_WIDTH = 4


def is_known(password: str) -> bool:
    """Whether this password, however its letters are cased, is among those that leaked."""
    known, sought = _known(), fingerprint(password)
    count = len(known) // _WIDTH
    at = bisect.bisect_left(range(count), sought, key=lambda nth: known[nth * _WIDTH : (nth + 1) * _WIDTH])
    return known[at * _WIDTH : (at + 1) * _WIDTH] == sought


def fingerprint(password: str) -> bytes:
    """What stands in the list for a password."""
    return hashlib.sha256(password.casefold().encode("utf-8", "surrogatepass")).digest()[:_WIDTH]


@cache
def _known() -> bytes:
    return Path(__file__).with_name("breached.bin").read_bytes()
