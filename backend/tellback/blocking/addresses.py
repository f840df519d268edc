"""Addresses that nothing is taken from for a time (no story, no report), and that are kept nowhere.

A block keeps an HMAC of its address or network under a key of its own, and that key sealed by one that is not
in the database: who has the database alone cannot try all addresses until one fits, and who has both finds
nothing once the block has ended. A visitor's address is made into the same HMAC, compared, and forgotten.
"""

import hmac
import ipaddress
import logging
import secrets
from typing import Any

from tellback import clock, sealing
from tellback.audit import acts
from tellback.blocking import blocks
from tellback.blocking.models import Block
from tellback.db import prepared, transaction
from tellback.errors import InvalidInput, NotAllowed, SettingsError
from tellback.translations.sentences import say

log = logging.getLogger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What may be blocked, and what staff call it: one address, or as many as a network of homes or one home has.
WIDTHS = {
    "ipv4/32": "One address (IPv4)",
    "ipv4/24": "A network of 256 addresses (IPv4, /24)",
    "ipv6/128": "One address (IPv6)",
    "ipv6/64": "The addresses of one home or phone (IPv6, /64)",
}
_LENGTHS = {4: (32, 24), 6: (128, 64)}

# Keys that were unsealed, by what they were sealed as: unsealing takes longer than all the rest.
_opened: dict[bytes, bytes] = {}


class ConnectionBlocked(NotAllowed):
    """Nothing is taken from this visitor's address for now: no story, no report, no request."""

    slug = "connection-blocked"
    title = say("We take nothing from this connection for now")


def block(typed: str, reason: str, days: int | None, *, by: acts.Actor, own: str = "") -> Block:
    """Take no stories from an address or network for some days. `own` is the address of whoever asks.

    Raises InvalidInput by field: for what is none, for widths other than WIDTHS, for this machine's own
    address or the asker's, and for what is blocked already.
    """
    errors = blocks.errors_in(blocks.ADDRESS, reason, days)
    try:
        network = _to_block(typed, own)
    except InvalidInput as problem:
        raise InvalidInput(errors={**(problem.errors or {}), **errors}) from problem
    if errors or days is None:
        raise InvalidInput(errors=errors)
    key = secrets.token_bytes(32)
    with transaction():
        return blocks.make(
            blocks.ADDRESS,
            reason,
            days,
            by,
            width=f"ipv{network.version}/{network.prefixlen}",
            digest=_digest(key, str(network)),
            key_sealed=sealing.seal(key.hex()),
        )


def covering(typed: str) -> list[Block]:
    """The blocks that stand and cover an address or a network. Raises InvalidInput for what is none."""
    forms = _forms(_network(typed))
    return [
        one for one in blocks.standing(blocks.ADDRESS) if _is(forms, one.width, one.digest, one.key_sealed)
    ]


def require_open(address: str | None, elsewhere: str) -> None:
    """Refuse whoever sends from a blocked address, and count that on the block.

    `elsewhere` is a sentence that says how else to reach who keeps the stories. Raises ConnectionBlocked.
    """
    found = _blocking(address or "")
    if found:
        blocks.count(found)
        raise ConnectionBlocked(
            say(
                "Many messages that were no stories came from it. This need not be about you: many people "
                "can share one connection. You can send it over another one, such as your phone’s own. "
                "{elsewhere}",
                elsewhere=elsewhere,
            )
        )


def _blocking(address: str) -> list[int]:
    """The ids of the blocks that a visitor's address falls under."""
    rows = _standing(clock.now())
    for sealed in _opened.keys() - {bytes(row[3]) for row in rows}:
        # What has ended is forgotten here, too; another thread may have been first.
        _opened.pop(sealed, None)
    # Mostly nothing is blocked, and nobody's address need be looked at.
    forms = _forms_of_visitor(address) if rows else {}
    return [id_ for id_, *kept in rows if _is(forms, *kept)]


@prepared
def _standing(at: Any) -> Any:
    columns = (Block.id, Block.width, Block.digest, Block.key_sealed)
    return blocks.standing(blocks.ADDRESS, at).select(*columns).tuples()


def _forms_of_visitor(address: str) -> dict[str, str]:
    try:
        return _forms(_network(address))
    except InvalidInput:
        # A socket of this machine has no address, and is not what anybody blocked.
        return {}


def _forms(network: Network) -> dict[str, str]:
    """An address or network as each width that can be blocked counts it."""
    wider = [length for length in _LENGTHS[network.version] if length <= network.prefixlen]
    return {f"ipv{network.version}/{n}": str(network.supernet(new_prefix=n)) for n in wider}


def _is(forms: dict[str, str], width: str, digest: str, sealed: bytes) -> bool:
    if width not in forms:
        return False
    try:
        key = _key(bytes(sealed))
    except SettingsError:
        # Sealed by a key that this service no longer has: stories come first.
        log.warning("a blocked address cannot be compared: TELLBACK_CONTACT_KEY is another one than then")
        return False
    return hmac.compare_digest(_digest(key, forms[width]), digest)


def _key(sealed: bytes) -> bytes:
    if sealed not in _opened:
        _opened[sealed] = bytes.fromhex(sealing.unseal(sealed))
    return _opened[sealed]


def _digest(key: bytes, form: str) -> str:
    return hmac.digest(key, form.encode(), "sha256").hex()


def _network(typed: str) -> Network:
    """An address, or a network of a width that can be blocked. Raises InvalidInput."""
    try:
        # What stands behind % is a card of this machine, not part of an address.
        network = ipaddress.ip_network(typed.strip().partition("%")[0], strict=False)
    except ValueError as error:
        raise _wrong(
            "Write an address such as 203.0.113.7 or 2001:db8::7, or a network such as 203.0.113.0/24."
        ) from error
    mapped = network.network_address.ipv4_mapped if isinstance(network, ipaddress.IPv6Network) else None
    if mapped and network.prefixlen == 128:
        network = ipaddress.ip_network(mapped)
    if network.prefixlen not in _LENGTHS[network.version]:
        raise _wrong("A network is a /24 (IPv4) or a /64 (IPv6): more would keep out whole towns.")
    return network


def _to_block(typed: str, own: str) -> Network:
    """What may be blocked. Raises InvalidInput."""
    network = _network(typed)
    if network.is_loopback or network.is_unspecified or network.is_multicast:
        raise _wrong("That is this machine itself: behind a proxy, everybody. See TELLBACK_TRUSTED_PROXIES.")
    if str(network) in _forms_of_visitor(own).values():
        raise _wrong(
            "That is your own connection. If everybody seems to come from it, see TELLBACK_TRUSTED_PROXIES."
        )
    for one in covering(str(network)):
        raise _wrong(f"It is blocked already, until {one.until:%d %B %Y}, because: {one.reason}")
    return network


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput(errors={"address": [sentence]})
