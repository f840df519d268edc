"""The ledger: whatever is appended verifies, and any one character changed anywhere is found."""

from hypothesis import given
from hypothesis import strategies as st

from tellback import db
from tellback.audit import ledger, signing, verification
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry, LedgerHead
from tellback.config import Settings
from tests.fuzzing.texts import fewer

ids = st.text("23456789bcdfghjkmnpqrstvwxz", min_size=16, max_size=16)
entries = st.lists(
    st.tuples(st.sampled_from(list(Step)), ids, st.sampled_from(["", "told_before"]), st.booleans()),
    min_size=1,
    max_size=8,
)
MEMBERS = ("day", "story", "step", "reason", "commitment", "previous", "hash", "number")


@fewer
@given(told=entries, which=st.integers(0, 7), member=st.sampled_from(MEMBERS), at=st.integers(0, 63))
def test_any_one_character_changed_is_found(
    database: str, told: list[tuple[Step, str, str, bool]], which: int, member: str, at: int
) -> None:
    _empty()
    _append(told)
    assert list(verification.breaks()) == []
    entry = list(LedgerEntry.select().order_by(LedgerEntry.number))[which % len(told)]
    changed = _one_off(getattr(entry, member), at)
    LedgerEntry.update({member: changed}).where(LedgerEntry.number == entry.number).execute()
    assert list(verification.breaks()) != []


@fewer
@given(
    told=entries,
    member=st.sampled_from(["day", "number", "hash", "ledger", "signature"]),
    at=st.integers(0, 127),
)
def test_any_one_character_of_a_signed_head_changed_is_found(
    database: str, settings: Settings, told: list[tuple[Step, str, str, bool]], member: str, at: int
) -> None:
    _empty()
    _append(told)
    signing.sign_today(settings)
    assert list(verification.breaks()) == []
    head = LedgerHead.get()
    LedgerHead.update({member: _one_off(getattr(head, member), at)}).execute()
    assert list(verification.breaks()) != []


@given(
    st.dictionaries(
        st.sampled_from(["title", "body", "what_was_good"]), st.none() | st.text(st.characters(codec="utf-8"))
    )
)
def test_a_commitment_is_to_these_words_alone(words: dict[str, str | None]) -> None:
    salt = ledger.new_salt()
    made = ledger.commit(salt, words)
    assert made == ledger.commit(salt, dict(reversed(words.items())))
    assert made != ledger.commit(ledger.new_salt(), words)
    assert made != ledger.commit(salt, {**words, "body": (words.get("body") or "") + "."})


def _append(told: list[tuple[Step, str, str, bool]]) -> None:
    for step, story, reason, committed in told:
        with db.transaction():
            commitment = ledger.commit(ledger.new_salt(), {"body": story}) if committed else ""
            ledger.append(step, story, reason=reason, commitment=commitment)


def _one_off(value: str | int, at: int) -> str | int:
    if isinstance(value, int):
        return value + 1000
    if not value:
        return "x"
    at %= len(value)
    return value[:at] + ("0" if value[at] != "0" else "1") + value[at + 1 :]


def _empty() -> None:
    with db.transaction():
        LedgerHead.delete().execute()
        LedgerEntry.delete().execute()
