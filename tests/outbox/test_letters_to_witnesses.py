"""The weekly letter to a webmaster holds the signed head whole, as the documented check reads it."""

import dataclasses
import json
from email import message_from_bytes, policy
from typing import Any

from tellback import rounds
from tellback.accounts.roles import Role
from tellback.audit import signing
from tellback.config import Settings
from tests.letters import plain
from tests.people import Places, make_account, tell


def test_the_letter_holds_the_head_in_one_line_and_says_what_to_do_with_it(
    places: Places, settings: Settings, inbox: tuple[Any, str]
) -> None:
    make_account("Wendy", Role.WEBMASTER, places.hospital.organisation)
    tell()
    rounds.go_round(dataclasses.replace(settings, smtp_url=inbox[1]))
    (envelope,) = inbox[0].letters
    letter = message_from_bytes(envelope.content, policy=policy.default)
    assert letter["Subject"] == "The public ledger on 2026-11-23: please keep this letter"
    assert letter["To"] == "wendy@example.org"
    text = plain(letter)
    (line,) = [line for line in text.splitlines() if line.startswith("{")]
    head = signing.newest_head()
    assert head
    assert json.loads(line) == signing.described(head)
    assert "https://stories.example/admin/ledger" in text
    assert "https://stories.example/api/v1/ledger?after=0&limit=1" in text
