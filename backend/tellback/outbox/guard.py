"""Where webhooks may go: to servers of the open internet, by name, and never to what stands beside us.

Whoever can name an address that we call could otherwise have us call what only we can reach (server-side
request forgery; OWASP, "Server-Side Request Forgery Prevention"). So a name is looked up once, all that it
stands for must be public, and the connection is made to that very address.
"""

import queue
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from tellback.errors import Problem

# Kept for something else than servers of the open internet, by IANA's registry of special-purpose addresses
# (RFC 6890), written out: what Python counts as global differs from version to version.
_SPECIAL_V4 = [
    IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# All that is handed out in IPv6 (RFC 4291, section 2.4), and what in it is special: protocols' own (Teredo
# among them), documentation, 6to4 with any IPv4 address inside.
_GLOBAL_V6 = IPv6Network("2000::/3")
_SPECIAL_V6 = [IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
# An IPv4 address as a network without IPv4 shows it (RFC 6052): as public as what is inside.
_NAT64 = IPv6Network("64:ff9b::/96")
_LONGEST_NAME = 253

Address = IPv4Address | IPv6Address
# Given a name and a port, what socket.getaddrinfo answers.
LookUp = Callable[[str, int], list[tuple[str, int]]]


class UnfitAddress(Problem):
    """An address that no webhook goes to; `detail` says what to write instead."""

    status = 422
    slug = "unfit-address"
    title = "Nothing is sent to this address"


class NoAnswer(Exception):
    """A name that stands for nothing, or nothing found out in time."""


def ask_the_system(host: str, port: int) -> list[tuple[str, int]]:
    """The addresses and ports that a name stands for, in the order to try them. Raises OSError for none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(where[0]), int(where[1])) for *_, where in found]


@dataclass(frozen=True)
class Target:
    """An address that a webhook may go to: what to ask for, and of whom."""

    scheme: str
    host: str
    port: int
    path: str


def is_public(address: Address) -> bool:
    """Whether an address is of the open internet: not this machine's, its network's, or hidden in another."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _SPECIAL_V4)
    if inside := address.ipv4_mapped:
        return is_public(inside)
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_V6 and not any(address in network for network in _SPECIAL_V6)


@dataclass(frozen=True)
class Reach:
    """How far webhooks go. As it stands: to public addresses by https, certificates checked.

    Tests hand in another one, with servers of their own. No setting does.
    """

    schemes: frozenset[str] = frozenset({"https"})
    admits: Callable[[Address], bool] = is_public
    look_up: LookUp = ask_the_system
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    # What one try may take in all: looking up the name, shaking hands, sending, and reading the answer.
    seconds: float = 10


# How far webhooks go from a service that runs.
THE_INTERNET = Reach()


def read(url: str, reach: Reach = THE_INTERNET) -> Target:
    """The parts of an address that webhooks can go to. Nothing is looked up.

    Raises UnfitAddress for what is no https address of a named server: another scheme, a name and password
    in it, a number in any spelling (`2130706433`, `0x7f.1`, `①②⑦.0.0.1`) in place of a name.
    """
    # Checked before anything takes it apart: urlsplit drops line ends, and "\" is "/" to some.
    if not url or any(character <= " " or character in "\\\x7f" for character in url):
        raise UnfitAddress("Write the whole address without spaces: https://feedback.hospital.example/hook")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        raise UnfitAddress("This is no address of a server. Look for a slip in it.") from None
    if parts.scheme not in reach.schemes:
        raise UnfitAddress("Write an address that begins with https://, so that nobody reads along.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnfitAddress("Leave names, passwords and anything behind a # out of the address.")
    if not _is_name(host):
        raise UnfitAddress("Write the server's name, such as feedback.hospital.example, and no number.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise UnfitAddress("Write what stands behind the server's name in plain letters, or as %C3%A9.")
    return Target(parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path)


def addresses_of(target: Target, reach: Reach) -> list[tuple[str, int]]:
    """What the target's name stands for just now, all of it admitted, in the order to try.

    Raises NoAnswer when nothing is found out in time, UnfitAddress when any of it is not public.
    """
    found = _look_up_in_time(target, reach)
    # One that is not public among others is an attempt at it, or a mistake: neither is tried.
    if not found or not all(reach.admits(ip_address(host.partition("%")[0])) for host, _ in found):
        raise UnfitAddress("The server's name stands for an address that is not public.")
    return found


def _look_up_in_time(target: Target, reach: Reach) -> list[tuple[str, int]]:
    answers: queue.SimpleQueue[list[tuple[str, int]] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(reach.look_up(target.host, target.port))
        except (OSError, UnicodeError):
            answers.put(None)

    # The system's resolver knows no deadline of ours; one that hangs is left behind.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=reach.seconds)
    except queue.Empty:
        found = None
    if found is None:
        raise NoAnswer
    return found


def _is_name(host: str) -> bool:
    """Whether this is a name with a dot: no number, in none of the spellings that resolvers take for one."""
    labels = host.removesuffix(".").split(".")
    fits = len(host) <= _LONGEST_NAME and len(labels) > 1 and all(labels)
    # What ends in a number is an IPv4 address to browsers and resolvers (WHATWG URL, "ends in a number");
    # no top-level domain begins with a digit.
    return fits and not labels[-1][0].isdigit() and all(c.isalnum() or c in "-_." for c in host)
