"""A visitor does all that visitors do: their address then stands in no file of ours, and in no log."""

import ipaddress
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tellback import clock, rounds
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.blocking import addresses
from tellback.blocking.models import Block
from tellback.config import Settings
from tellback.http import pseudonyms
from tellback.http.models import DailyKey
from tests.people import ORIGIN, a_story, tell_and_publish

VISITORS = ("203.0.113.77", "2001:db8:77ab:cd::77")


def everything_of(visitor: str, client: FlaskClient, story: str) -> None:
    """Tell, count oneself in, report, ask for removal; be blocked and refused; go on until a limit."""
    sent = {"headers": {"Origin": ORIGIN}, "environ_base": {"REMOTE_ADDR": visitor}}
    asked = {"ground": "about_me", "words": "It is me.", "name": "A. Person", "email": "a@person.example"}
    for at, data in (
        ("/api/v1/stories", a_story()),
        (f"/api/v1/stories/{story}/me-too", {}),
        (f"/api/v1/stories/{story}/flags", {"reason": "other", "words": "It is not so."}),
    ):
        assert client.post(at, data=data, **sent).status_code in (200, 201)  # type: ignore[arg-type]
    at = f"/stories/{story}/removal"
    assert client.post(at, data=asked, environ_base=sent["environ_base"]).status_code == 303
    addresses.block(visitor, "Adverts", 1, by=acts.staff(7))
    for _ in range(2):
        assert client.post("/api/v1/stories", data=a_story(), **sent).status_code == 403  # type: ignore[arg-type]
    for _ in range(25):
        client.post("/api/v1/lost-links", data={"email": "lost@person.example"}, **sent)  # type: ignore[arg-type]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_stands_in_no_file_and_in_no_log(
    client: FlaskClient,
    moira: Account,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    told = tell_and_publish(moira, title="A quiet night")
    for visitor in VISITORS:
        everything_of(visitor, client, told.public_id)
    rounds.go_round(settings)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {"tellback.db", "tellback.db-wal", "limits.db"} <= {path.name for path in files}
    kept = b"".join(path.read_bytes() for path in files)
    said = (caplog.text + "".join(capfd.readouterr())).encode()
    for visitor in VISITORS:
        parsed = ipaddress.ip_address(visitor)
        forms = {visitor, parsed.exploded, parsed.compressed.upper(), str(int(parsed))}
        assert not [form for form in forms if form.encode() in kept + said]
    # Of four bytes alone chance could make some; of sixteen it does not.
    assert ipaddress.ip_address(VISITORS[1]).packed not in kept


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_yesterday_can_be_held_against_a_guess(
    client: FlaskClient, moira: Account, settings: Settings, tmp_path: Path
) -> None:
    told = tell_and_publish(moira, title="A quiet night")
    everything_of(VISITORS[0], client, told.public_id)
    key, block = bytes(DailyKey.get().key), Block.get()
    digest, sealed = block.digest.encode(), bytes(block.key_sealed)
    file = tmp_path / "tellback.db"

    def in_the_file(secret: bytes) -> bool:
        return secret in file.read_bytes() + file.with_name("tellback.db-wal").read_bytes()

    assert all(map(in_the_file, (key, digest, sealed)))
    # The day changes, and nobody comes.
    clock.pin(clock.now() + timedelta(days=1))
    rounds.go_round(settings)
    assert [row.day for row in DailyKey.select()] == [clock.today().isoformat()]
    assert pseudonyms._kept == {}
    assert Block.get().digest is None
    # What was erased was overwritten, in the file and in what SQLite writes ahead.
    assert not any(map(in_the_file, (key, digest, sealed)))


def test_the_key_of_a_day_is_destroyed_by_the_round_of_the_next(database: str) -> None:
    before = pseudonyms.pseudonym(VISITORS[0])
    pseudonyms.destroy_old()
    assert pseudonyms.pseudonym(VISITORS[0]) == before
    clock.pin(clock.now() + timedelta(days=1))
    pseudonyms.destroy_old()
    assert DailyKey.select().count() == 0
    assert pseudonyms.pseudonym(VISITORS[0]) != before
