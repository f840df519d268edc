"""The head is signed once a day, keys are replaced one after the other, and witnesses get their letters."""

import dataclasses
import multiprocessing
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from tellback import clock, db, rounds
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit import ledger, signing, verification
from tellback.audit.models import LedgerHead, LedgerKey
from tellback.config import Settings
from tellback.outbox.models import OutboxMessage
from tellback.websites import witnesses
from tests.people import Places, make_account, tell


def _next_day(days: int = 1) -> None:
    clock.pin(clock.now() + timedelta(days=days))


@pytest.fixture
def wendy(places: Places) -> Account:
    """A webmaster of St Elsewhere."""
    return make_account("Wendy", Role.WEBMASTER, places.hospital.organisation)


def _letters() -> list[OutboxMessage]:
    return list(OutboxMessage.select().where(OutboxMessage.kind == "ledger_head").order_by(OutboxMessage.id))


def test_a_head_is_signed_once_a_day_over_the_last_entry(places: Places, settings: Settings) -> None:
    tell()
    signing.sign_today(settings)
    tell()
    signing.sign_today(settings)
    _next_day()
    signing.sign_today(settings)
    assert [(h.day, h.number) for h in signing.heads_after("", limit=9)] == [
        ("2026-11-23", 1),
        ("2026-11-24", 2),
    ]
    head = signing.newest_head()
    assert head
    assert signing.described(head) == {
        "day": "2026-11-24",
        "hash": ledger.after(1, limit=1)[0].hash,
        "key": LedgerKey.get().id,
        "ledger": "https://stories.example",
        "number": 2,
        "signature": head.signature,
    }


def test_anyone_can_check_the_signature_by_the_published_key(places: Places, settings: Settings) -> None:
    tell()
    signing.sign_today(settings)
    (key,) = signing.published_keys()
    signed = signing.described(signing.heads_after("", limit=1)[0])
    signature = bytes.fromhex(signed.pop("signature"))
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["public"]))
    public.verify(signature, ledger.canonical(signed))
    with pytest.raises(InvalidSignature):
        public.verify(signature, ledger.canonical({**signed, "number": 2}))


def test_a_ledger_without_entries_has_no_head_to_sign(places: Places, settings: Settings) -> None:
    signing.sign_today(settings)
    assert signing.newest_head() is None


def test_the_public_keys_stay_when_the_private_one_is_replaced(places: Places, settings: Settings) -> None:
    (old,) = settings.ledger_key
    new = "another key of the tests that signs the heads"
    tell()
    signing.sign_today(settings)
    _next_day()
    signing.sign_today(dataclasses.replace(settings, ledger_key=(new, old)))
    _next_day()
    signing.sign_today(dataclasses.replace(settings, ledger_key=(new,)))
    keys = [head.key_id for head in signing.heads_after("", limit=9)]
    assert keys[0] != keys[1] == keys[2]
    assert [key["id"] for key in signing.published_keys()] == [keys[0], keys[1]]
    assert list(verification.breaks()) == []


def _sign_in_a_process(url: str, settings: Settings) -> None:
    db.connect(url)
    rounds.go_round(settings)
    db.database.close_all()  # type: ignore[attr-defined]


def test_processes_that_go_round_at_once_sign_one_head_and_write_each_witness_once(
    database: str, wendy: Account, settings: Settings
) -> None:
    tell()
    db.database.close_all()  # type: ignore[attr-defined]
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_sign_in_a_process, args=(database, settings)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert LedgerHead.select().count() == 1
    # In the next round they are written to, if the first was too busy signing.
    rounds.go_round(settings)
    assert len(_letters()) == 1


def test_each_webmaster_gets_the_head_once_a_week(
    places: Places, wendy: Account, moira: Account, settings: Settings
) -> None:
    tell()
    for _ in range(8):
        rounds.go_round(settings)
        rounds.go_round(settings)
        _next_day()
    letters = _letters()
    assert [(one.recipient_kind, one.recipient_id) for one in letters] == [("account", str(wendy.id))] * 2
    assert [one.payload["day"] for one in letters] == ["2026-11-23", "2026-11-30"]
    head = signing.heads_after("2026-11-29", limit=1)[0]
    assert letters[1].payload == signing.described(head)


def test_a_webmaster_who_wants_no_letter_gets_none_until_they_ask_again(
    places: Places, wendy: Account, settings: Settings
) -> None:
    witnesses.choose(wendy, letters=False)
    tell()
    rounds.go_round(settings)
    assert _letters() == []
    witnesses.choose(Account.get_by_id(wendy.id), letters=True)
    _next_day(7)
    rounds.go_round(settings)
    assert len(_letters()) == 1


def test_somebody_whose_account_is_switched_off_is_no_witness(
    places: Places, wendy: Account, settings: Settings
) -> None:
    Account.update(active=False).execute()
    tell()
    rounds.go_round(settings)
    assert _letters() == []
