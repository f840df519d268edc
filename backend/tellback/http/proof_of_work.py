"""Work that a sender's machine does before something is taken while too much arrives (ALTCHA's protocol,
version 2).

A challenge asks for a number: the one whose derived key (PBKDF2, SHA-256) begins as the challenge says. It is
found by trying one after the other, by the machine alone; nobody reads or clicks anything. The challenge is
signed, says what it is for and until when, and is good once: the one row in the database says that it was
used.
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import altcha
import peewee
from flask import current_app

from tellback import clock
from tellback.errors import NotAllowed
from tellback.http.models import UsedProof
from tellback.translations.sentences import say

ALGORITHM = "PBKDF2/SHA-256"
# Rounds for each number tried. A browser's own code does 5 million a second on a desktop, 1 million on a
# phone of 2018, 300,000 on the slowest still sold; a number takes 1 to 17 ms, so that handing it over costs
# next to nothing.
COST = 5000
# How many numbers there are to try, by how great the pressure is. On average half of them are: 1.25 million
# rounds (a quarter of a second; 1.3 s; 4 s), at the worst all, twice that. Under great pressure four times as
# long.
NUMBERS = {1: 500, 2: 2000}
# From the answer that asks to the one that brings the solution: the slowest telephone has solved the longest
# within a minute, and who is cut off meanwhile finds the line again.
GOOD_FOR = timedelta(minutes=20)
# Characters of a solved challenge; ours have about 900.
_LONGEST = 4000


class ProofNeeded(NotAllowed):
    """So much arrives that the sender's machine is to do some work first; `challenge` says which."""

    counted = False
    slug = "proof-needed"
    title = say("Your device has to do a little work first")


@dataclass(frozen=True)
class Proof:
    """A challenge that was solved, and may have been used before."""

    signature: str
    until: int

    def spend(self) -> None:
        """Use it up, in the caller's transaction. Raises IntegrityError when another write has used it."""
        UsedProof.create(signature=self.signature, until=self.until)


def challenge(purpose: str, level: int = 1) -> dict[str, Any]:
    """A new challenge for what is to be sent (`story`, `report`), as ALTCHA's clients read it.

    Its `data` says what it is `for`, how `many` numbers there are at the most, and `until` when (seconds
    since 1970) it is good.
    """
    many = NUMBERS[level]
    until = int((clock.now() + GOOD_FOR).timestamp())
    made = altcha.create_challenge(
        ALGORITHM,
        COST,
        counter=secrets.randbelow(many),
        # Not the library's own expiry, which asks another clock than ours.
        data={"for": purpose, "many": many, "until": until},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    )
    described: dict[str, Any] = made.to_dict()
    return described


def needed(purpose: str, level: int, *, again: bool = False) -> ProofNeeded:
    """The problem that asks for a proof, with a challenge; `again` where one was brought in vain."""
    many = say(
        "Very many messages are arriving just now, so your device has to do a little work first. What you "
        "typed is not lost. Pages with our form do it by themselves; programs find a challenge in this "
        "answer."
    )
    over = say(
        "The work your device did was for something else, is too old, or was used before. What you typed is "
        "not lost. There is new work in this answer; pages with our form do it by themselves."
    )
    return ProofNeeded(over if again else many, extra={"challenge": challenge(purpose, level)})


def read(given: str, purpose: str) -> Proof | None:
    """What a write brought as its proof (Base64 of JSON); None where it holds not, or not for this, or no
    more.
    """
    if len(given) > _LONGEST:
        return None
    try:
        told = json.loads(base64.b64decode(given, validate=True))
        solved = altcha.Payload.from_dict(told)
        found = altcha.verify_solution(solved, _key("challenge"), hmac_key_secret=_key("solution"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        return None
    said = solved.challenge.parameters.data
    # Only what we signed is looked into.
    if not found.verified or not said or said["for"] != purpose:
        return None
    if said["until"] < clock.now().timestamp():
        return None
    return Proof(str(solved.challenge.signature), int(said["until"]))


def forget_used() -> None:
    """Forget the challenges whose time is over: they are refused for that alone."""
    UsedProof.delete().where(UsedProof.until < int(clock.now().timestamp())).execute()


def was_used(error: peewee.IntegrityError) -> bool:
    """Whether this is what `Proof.spend` raises."""
    return "used_proof" in str(error)


def _key(use: str) -> bytes:
    """A key of its own for each use, made of the service's secret."""
    secret: str = current_app.config["SECRET_KEY"]
    return hmac.digest(secret.encode(), f"proof of work:{use}".encode(), "sha256")
