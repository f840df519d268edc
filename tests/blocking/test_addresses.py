"""An administrator keeps an address out for a time, and no address is kept."""

from datetime import timedelta

import pytest

from tellback import clock, sealing
from tellback.audit import acts
from tellback.audit.acts import Act, time_line
from tellback.blocking import addresses, blocks
from tellback.blocking.addresses import ConnectionBlocked
from tellback.blocking.models import Block
from tellback.errors import InvalidInput, NotFound

ADA = acts.staff(7)
ELSEWHERE = "Or ask The Tellback Trust."

pytestmark = pytest.mark.usefixtures("database")


def block(typed: str = "203.0.113.7", days: int | None = 7, reason: str = "Spam", own: str = "") -> Block:
    return addresses.block(typed, reason, days, by=ADA, own=own)


def is_open(address: str) -> bool:
    try:
        addresses.require_open(address, ELSEWHERE)
    except ConnectionBlocked:
        return False
    return True


@pytest.mark.parametrize(
    ("typed", "shut", "left"),
    [
        ("203.0.113.7", ["203.0.113.7", "::ffff:203.0.113.7"], ["203.0.113.8", "2001:db8::7", ""]),
        (" 203.0.113.0/24 ", ["203.0.113.7", "203.0.113.255"], ["203.0.114.7"]),
        ("203.0.113.7/24", ["203.0.113.9"], ["203.0.114.7"]),
        ("::ffff:203.0.113.7", ["203.0.113.7"], ["203.0.113.8"]),
        ("2001:db8::7", ["2001:DB8:0::7"], ["2001:db8::8"]),
        ("fe80::7", ["fe80::7%eth0"], ["fe80::8%eth0"]),
        ("2001:db8::/64", ["2001:db8::7", "2001:db8::ffff:1"], ["2001:db8:0:1::7", "203.0.113.7"]),
    ],
)
def test_it_and_nothing_beside_it_is_kept_out(typed: str, shut: list[str], left: list[str]) -> None:
    block(typed)
    assert [address for address in [*shut, *left] if not is_open(address)] == shut


def test_the_refusal_says_that_it_may_be_another_and_how_else_to_reach_us() -> None:
    block()
    with pytest.raises(ConnectionBlocked) as refused:
        addresses.require_open("203.0.113.7", ELSEWHERE)
    assert "need not be about you" in refused.value.detail
    assert refused.value.detail.endswith(ELSEWHERE)
    assert "203" not in refused.value.detail


def test_how_often_it_refused_is_counted() -> None:
    made = block()
    for _ in range(3):
        is_open("203.0.113.7")
    is_open("203.0.113.8")
    assert blocks.get(made.id).times == 3


def test_the_address_is_nowhere_in_the_database_nor_in_the_record() -> None:
    block("203.0.113.7")
    block("2001:db8:ab:cd::/64")
    everything = repr(list(Block.select().tuples())) + repr(
        [event.detail for event in time_line("block", "1")]
    )
    for part in ("203.0.113", "2001:db8", "203", "ab:cd"):
        assert part not in everything
    first, second = Block.select().order_by(Block.id)
    assert first.digest != second.digest


def test_two_blocks_have_keys_of_their_own() -> None:
    first = block("203.0.113.7")
    blocks.lift(first, by=ADA)
    digest = first.digest
    assert block("203.0.113.7").digest != digest


def test_at_its_end_the_digest_and_the_key_go_and_the_record_says_so() -> None:
    made = block(days=1)
    assert not is_open("203.0.113.7")
    clock.pin(clock.now() + timedelta(days=1))
    # From that moment, whether or not the round has come by.
    assert is_open("203.0.113.7")
    blocks.end_expired()
    ended = blocks.get(made.id)
    assert (ended.digest, ended.key_sealed, ended.ended_at) == (None, None, made.until)
    assert [(event.act, event.actor_kind) for event in time_line("block", str(made.id))] == [
        (Act.BLOCK_MADE, "staff"),
        (Act.BLOCK_EXPIRED, "system"),
    ]
    blocks.end_expired()
    assert len(time_line("block", str(made.id))) == 2
    assert addresses._opened == {}


def test_it_can_be_lifted_before_and_only_once() -> None:
    made = block()
    blocks.lift(made, by=ADA)
    assert is_open("203.0.113.7")
    assert blocks.get(made.id).key_sealed is None
    assert time_line("block", str(made.id))[-1].act == Act.BLOCK_LIFTED
    with pytest.raises(InvalidInput, match="ended already"):
        blocks.lift(made, by=ADA)
    with pytest.raises(NotFound):
        blocks.get(2**40)


def test_whether_an_address_is_blocked_can_be_asked() -> None:
    made = block("203.0.113.0/24")
    assert [one.id for one in addresses.covering("203.0.113.7")] == [made.id]
    assert addresses.covering("203.0.114.7") == []
    with pytest.raises(InvalidInput):
        addresses.covering("nowhere")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write an address such as"),
        ("203.0.113", "Write an address such as"),
        ("203.0.113.300", "Write an address such as"),
        ("stories.example", "Write an address such as"),
        ("203.0.113.7/", "Write an address such as"),
        ("203.0.0.0/16", "A network is a /24"),
        ("0.0.0.0/0", "A network is a /24"),
        ("2001:db8::/48", "A network is a /24"),
        ("127.0.0.1", "this machine itself"),
        ("::1", "this machine itself"),
        ("198.51.100.4", "your own connection"),
        ("198.51.100.0/24", "your own connection"),
    ],
)
def test_what_is_none_or_would_keep_everybody_out_is_refused(typed: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        block(typed, own="198.51.100.4")
    assert says in (refused.value.errors or {})["address"][0]
    assert Block.select().count() == 0


def test_what_is_blocked_already_is_refused_with_until_when() -> None:
    block("203.0.113.0/24", reason="A flood")
    with pytest.raises(InvalidInput) as refused:
        block("203.0.113.7")
    assert refused.value.errors == {
        "address": ["It is blocked already, until 30 November 2026, because: A flood"]
    }


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [(7, "", "reason"), (7, "x" * 201, "reason"), (8, "Spam", "days"), (None, "Spam", "days")],
)
def test_a_block_needs_a_reason_and_an_end(days: int | None, reason: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        block(days=days, reason=reason)
    assert list(refused.value.errors or {}) == [field]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        block("nowhere", days=8, reason="")
    assert list(refused.value.errors or {}) == ["address", "reason", "days"]


def test_there_are_only_as_many_as_are_quick_to_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST", 1)
    made = block()
    with pytest.raises(InvalidInput) as refused:
        block("203.0.113.8")
    assert list(refused.value.errors or {}) == ["days"]
    blocks.lift(made, by=ADA)
    block("203.0.113.8")


def test_stories_come_first_where_the_sealing_key_was_changed(caplog: pytest.LogCaptureFixture) -> None:
    block()
    addresses._opened.clear()
    sealing.use(("another key, of those who lost the first one",))
    assert is_open("203.0.113.7")
    assert "cannot be compared" in caplog.text


def test_the_database_alone_does_not_tell_the_key() -> None:
    made = block()
    assert made.digest not in [
        addresses._digest(bytes(made.key_sealed)[:n], "203.0.113.7/32")
        for n in (16, 32, len(made.key_sealed))
    ]
