"""Whether the ledger is whole: each entry holds on to the one before, and every signed head still stands."""

from collections.abc import Iterator

from tellback.audit import ledger, signing
from tellback.audit.models import LedgerEntry, LedgerHead, LedgerKey


def breaks() -> Iterator[str]:
    """A sentence for each break. Without one the chain holds, and agrees with every head that was signed."""
    heads: dict[int, list[LedgerHead]] = {}
    for head in LedgerHead.select().order_by(LedgerHead.day):
        heads.setdefault(head.number, []).append(head)
    yield from _of_signatures([head for signed in heads.values() for head in signed])
    number, last = 0, ledger.BEGINNING
    for entry in LedgerEntry.select().order_by(LedgerEntry.number).iterator():
        yield from _of_entry(entry, number, last)
        for head in heads.pop(entry.number, []):
            if head.hash != entry.hash:
                yield (
                    f"Entry {entry.number} is not the one that was signed on {head.day}: "
                    "it, or one before it, was rewritten."
                )
        number, last = entry.number, entry.hash
    for missing, signed in heads.items():
        yield f"The head of {signed[0].day} speaks of entry {missing}, which is not there."


def _of_entry(entry: LedgerEntry, before: int, last: str) -> Iterator[str]:
    """What is wrong with an entry that follows the one with this number and hash."""
    if entry.number > before + 1:
        gone = f"{before + 1}" if entry.number == before + 2 else f"{before + 1} to {entry.number - 1}"
        yield f"Before entry {entry.number} something is missing: {gone}."
    if entry.previous != last:
        yield f"Entry {entry.number} does not hold on to the entry before it."
    if ledger.hash_of(ledger.described(entry)) != entry.hash:
        yield f"Entry {entry.number} was changed: its hash is not that of what it says."


def _of_signatures(heads: list[LedgerHead]) -> Iterator[str]:
    public = {key.id: key.public for key in LedgerKey.select()}
    for head in heads:
        if not signing.is_signed(head, public.get(head.key_id, "")):
            yield f"The head of {head.day} is not signed by the key that it names ({head.key_id})."
