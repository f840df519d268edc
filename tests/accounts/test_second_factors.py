"""Codes of an app and recovery codes, by rule: each works once, and only for who it is of."""

import re
from datetime import timedelta

import pytest

from tellback import clock
from tellback.accounts import second_factors
from tellback.accounts.models import Account, RecoveryCode
from tellback.audit.acts import SYSTEM
from tellback.audit.models import AuditEvent
from tellback.errors import InvalidInput, NotFound
from tellback.outbox.models import OutboxMessage
from tests.accounts.conftest import KEY, code_of, has_an_app


@pytest.fixture
def moira(database: str) -> Account:
    return Account.create(
        email="moira@elsewhere.example",
        name="Moira Bell",
        password="-",
        fs_uniquifier="-",
        created_at=clock.now(),
    )


def test_a_code_of_ones_app_is_right_once(moira: Account) -> None:
    has_an_app(moira)
    code = code_of()
    assert second_factors.check_code(moira, code)
    # In another session, too: what counts is kept with the account.
    assert not second_factors.check_code(Account.get_by_id(moira.id), code)


def test_an_earlier_code_is_worthless_after_a_later_one(moira: Account) -> None:
    has_an_app(moira)
    early, late = code_of(), code_of(steps=1)
    assert second_factors.check_code(moira, late)
    assert not second_factors.check_code(moira, early)


def test_the_code_that_set_it_up_signs_nobody_in(moira: Account) -> None:
    code = code_of()
    second_factors.set_up(moira, KEY, code, by=SYSTEM)
    assert not second_factors.check_code(moira, code)


def test_a_clock_half_a_minute_off_does_not_matter_and_a_minute_does(moira: Account) -> None:
    has_an_app(moira)
    assert not second_factors.check_code(moira, code_of(steps=2))
    assert second_factors.check_code(moira, code_of(steps=1))
    clock.pin(clock.now() + timedelta(minutes=5))
    assert not second_factors.check_code(moira, code_of(steps=-2))
    assert second_factors.check_code(moira, code_of(steps=-1))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "12 34 5", "\0" * 6])
def test_what_is_no_code_is_refused(code: str, moira: Account) -> None:
    has_an_app(moira)
    assert not second_factors.check_code(moira, code)


def test_spaces_as_apps_show_them_do_not_matter(moira: Account) -> None:
    has_an_app(moira)
    code = code_of()
    assert second_factors.check_code(moira, f" {code[:3]} {code[3:]} ")


def test_an_account_without_an_app_takes_no_code(moira: Account) -> None:
    assert not second_factors.check_code(moira, code_of())


def test_the_key_is_sealed_where_it_is_kept(moira: Account) -> None:
    has_an_app(moira)
    assert KEY.encode() not in bytes(Account.get_by_id(moira.id).totp_sealed)


def test_codes_are_those_of_rfc_6238() -> None:
    # Appendix B: the key is "12345678901234567890"; eight figures there, the last six here.
    key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for moment, code in [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")]:
        clock.pin(clock.now().fromtimestamp(moment, clock.now().tzinfo))
        assert second_factors._step_of(code, b"12345678901234567890") == moment // 30
        assert code_of(key) == code


@pytest.mark.parametrize(
    ("key", "code"), [(KEY, "000000"), (KEY, ""), ("not a key", "000000"), ("JBSWY3DP", "000000")]
)
def test_a_wrong_first_code_sets_nothing_up(key: str, code: str, moira: Account) -> None:
    with pytest.raises(InvalidInput) as refused:
        second_factors.set_up(moira, key, code, by=SYSTEM)
    assert "code" in (refused.value.errors or {})
    assert not second_factors.has(Account.get_by_id(moira.id))


def test_setting_up_gives_ten_recovery_codes_once(moira: Account) -> None:
    codes = has_an_app(moira)
    assert len({*codes}) == 10
    assert all(re.fullmatch(r"[a-z2-9]{5}(-[a-z2-9]{5}){2}", code) for code in codes)
    clock.pin(clock.now() + timedelta(minutes=5))
    # Another phone: the codes on paper stay good.
    assert second_factors.set_up(moira, KEY, code_of(), by=SYSTEM) == []
    assert second_factors.use_recovery_code(moira, codes[0])


def test_a_recovery_code_works_once_however_it_is_typed(moira: Account) -> None:
    codes = has_an_app(moira)
    assert second_factors.use_recovery_code(moira, codes[3].upper().replace("-", " "))
    assert not second_factors.use_recovery_code(moira, codes[3])
    assert second_factors.left(moira) == 9


def test_nobody_elses_recovery_code_works(moira: Account) -> None:
    codes = has_an_app(moira)
    other = Account.create(
        email="o@example.org", name="O", password="-", fs_uniquifier="o", created_at=clock.now()
    )
    assert not second_factors.use_recovery_code(other, codes[0])


def test_recovery_codes_are_kept_as_hashes(moira: Account) -> None:
    codes = has_an_app(moira)
    kept = {row.code_hash for row in RecoveryCode.select()}
    assert not kept & {code.replace("-", "") for code in codes}
    assert {len(one) for one in kept} == {64}


def test_new_recovery_codes_make_the_old_ones_worthless(moira: Account) -> None:
    old = has_an_app(moira)
    new = second_factors.new_recovery_codes(moira, by=SYSTEM)
    assert not second_factors.use_recovery_code(moira, old[0])
    assert second_factors.use_recovery_code(moira, new[0])


def test_without_its_app_an_account_needs_no_recovery_codes(moira: Account) -> None:
    has_an_app(moira)
    second_factors.remove_app(moira, by=SYSTEM)
    assert not second_factors.has(Account.get_by_id(moira.id))
    assert second_factors.left(moira) == 0
    with pytest.raises(NotFound):
        second_factors.remove_app(moira, by=SYSTEM)


def test_each_change_is_on_record_and_told_by_letter(moira: Account) -> None:
    has_an_app(moira)
    second_factors.reset(moira, by=SYSTEM)
    assert [event.act for event in AuditEvent.select().order_by(AuditEvent.id)] == [
        "account:app:set_up",
        "account:recovery_codes:made",
        "account:second_factors:reset",
    ]
    told = [message.payload["what"] for message in OutboxMessage.select().order_by(OutboxMessage.id)]
    assert told == [
        "Codes of an app are asked for when you sign in.",
        "An administrator took away your app's codes, passkeys and recovery codes.",
    ]


def test_what_the_camera_reads_names_who_and_where(moira: Account) -> None:
    assert second_factors.address(KEY, moira, "The Tellback Trust") == (
        "otpauth://totp/The%20Tellback%20Trust%3Amoira%40elsewhere.example"
        f"?secret={KEY}&issuer=The%20Tellback%20Trust&digits=6&period=30"
    )
