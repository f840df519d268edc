"""`tellback services …`: what an operator types, and reads."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tellback import cli, config
from tellback.errors import InvalidInput
from tellback.organisations.catalogue import UnknownService

REGISTER = (
    "ods_code,name,addr1,addr2,addr3,addr4,postcode,status\n"
    "G81001,THE ELM SURGERY,1 HIGH STREET,,HOVE,EAST SUSSEX,BN3 1AA,A\n"
    "?,BROKEN,,,,,BN3 1AA,A\n"
    "G81002,OAK SURGERY,2 HIGH STREET,,HOVE,EAST SUSSEX,NOWHERE,A\n"
)


@pytest.fixture(autouse=True)
def environment(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLBACK_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TELLBACK_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("TELLBACK_OPERATOR", settings.operator)
    monkeypatch.setenv("TELLBACK_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("TELLBACK_CONTACT_KEY", settings.contact_key[0])
    monkeypatch.setenv("TELLBACK_LEDGER_KEY", settings.ledger_key[0])


def services(*words: str) -> Result:
    return CliRunner().invoke(cli.tellback, ["services", *words], catch_exceptions=False)


def test_a_register_is_brought_in_twice_without_doubling_and_its_faults_are_listed(tmp_path: Path) -> None:
    path = tmp_path / "practices.csv"
    path.write_text(REGISTER)
    first = services("import", str(path))
    assert first.exit_code == 0
    assert "practices.csv: 2 new, 0 changed, 0 as before, 0 closed, 1 refused" in first.stdout
    assert (
        first.stderr == "  line 4: 'NOWHERE' is no postcode: left out\n  line 3 refused: '?' is no ODS code\n"
    )
    assert "0 new, 0 changed, 2 as before" in services("import", str(path)).stdout


def test_of_several_registers_none_is_brought_in_when_one_is_no_register(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(REGISTER)
    bad.write_text("a,b,c\n")
    with pytest.raises(InvalidInput, match=r"The first line of bad\.csv"):
        services("import", str(good), str(bad))
    assert services("list").stderr == "0 of 0\n"


def test_a_ward_is_added_and_listed() -> None:
    assert services("add", "St Elsewhere", "--kind", "hospital", "--town", "Brighton").stdout == (
        'service="local-st-elsewhere"\n'
    )
    added = services("add", "Ward 5", "--parent", "local-st-elsewhere")
    assert added.stdout == 'service="local-st-elsewhere-ward-5"\n'
    listed = services("list", "ward", "brighton")
    assert listed.stdout == "local-st-elsewhere-ward-5\tWard 5\tBrighton\t\n"
    assert listed.stderr == "1 of 1\n"


def test_a_ward_of_an_unknown_hospital_is_refused() -> None:
    with pytest.raises(UnknownService):
        services("add", "Ward 5", "--parent", "RXH99")


def test_a_kind_that_there_is_not_is_refused() -> None:
    refused = services("add", "Ward 5", "--kind", "shop")
    assert refused.exit_code == 2
    assert "'charity_service'" in refused.stderr


def test_who_deals_with_complaints_is_named_shown_and_taken_back() -> None:
    services("add", "St Elsewhere", "--kind", "hospital", "--postcode", "BN2 5BE")
    assert "advice for england" in services("complaints", "local-st-elsewhere").stdout
    named = services("complaints", "local-st-elsewhere", "--name", "PALS", "--email", "pals@hospital.example")
    assert named.stdout == (
        "local-st-elsewhere\tSt Elsewhere (named here)\nname\tPALS\nemail\tpals@hospital.example\n"
    )
    assert services("complaints", "local-st-elsewhere").stdout == named.stdout
    assert "advice for england" in services("complaints", "local-st-elsewhere", "--remove").stdout


def test_a_contact_without_a_way_to_reach_it_is_refused() -> None:
    services("add", "St Elsewhere")
    with pytest.raises(InvalidInput, match="The contact was not kept"):
        services("complaints", "local-st-elsewhere", "--name", "PALS")
