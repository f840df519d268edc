"""A register's file, told apart by its header and read line by line."""

from pathlib import Path

import pytest

from tellback.errors import InvalidInput
from tellback.organisations.registers import Entry, Register, open_register

PRACTICES = (
    "ods_code,name,addr1,addr2,addr3,addr4,postcode,open_date,status,commissioner,prescribing_setting\n"
)
ELM = "G81001,THE ELM SURGERY,THE ELM SURGERY,1 HIGH ST,HOVE,EAST SUSSEX,BN3 1AA,19740401,A,X,4\n"
HOSPITALS = (
    "OrganisationCode,OrganisationName,SubType,Sector,Address1,Address2,Address3,City,County,Postcode,Latitude,"
    "Longitude,ParentODSCode,ParentName,Website\n"
)
ELSEWHERE = (
    "RXH01,St Elsewhere Hospital,Hospital,NHS Sector,,Eastern Road,,Brighton,East Sussex,BN2 5BE,50.819,"
    "-0.118,RXH,St Elsewhere NHS Trust,\n"
)


@pytest.fixture
def written(tmp_path: Path):
    def write(content: str | bytes) -> Register:
        path = tmp_path / "register.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_register(path)

    return write


def entries_of(register: Register) -> list[Entry]:
    return [entry for entry in register.entries() if entry]


def remarks(register: Register) -> list[tuple[int, str]]:
    return [(remark.line, remark.text) for remark in register.refused]


def test_a_practice_is_read_and_is_its_own_organisation(written) -> None:
    register = written(PRACTICES + ELM)
    assert register.rows == 1
    assert entries_of(register) == [
        Entry(
            line=2,
            code="G81001",
            name="The Elm Surgery",
            official_name="THE ELM SURGERY",
            kind="gp_practice",
            organisation_code="G81001",
            organisation_name="The Elm Surgery",
            address="1 High St, Hove, East Sussex",
            town="Hove",
            postcode="BN3 1AA",
            latitude=None,
            longitude=None,
            open=True,
        )
    ]


def test_a_hospital_is_read_with_its_place_and_its_trust(written) -> None:
    (entry,) = entries_of(written(HOSPITALS + ELSEWHERE))
    assert (entry.code, entry.kind, entry.town, entry.postcode) == (
        "RXH01",
        "hospital",
        "Brighton",
        "BN2 5BE",
    )
    assert (entry.latitude, entry.longitude) == (50.819, -0.118)
    assert (entry.organisation_code, entry.organisation_name) == ("RXH", "St Elsewhere NHS Trust")


def test_columns_may_stand_in_any_order_and_case(written) -> None:
    (entry,) = entries_of(written("Postcode, NAME ,ODS_Code\nBN3 1AA,ELM SURGERY,G81001\n"))
    assert (entry.code, entry.name, entry.postcode) == ("G81001", "Elm Surgery", "BN3 1AA")


@pytest.mark.parametrize(
    "raw",
    [
        "\ufeff".encode() + (PRACTICES + ELM.replace("ELM", "ÉLM")).encode(),
        (PRACTICES + ELM.replace("ELM", "ÉLM")).encode("cp1252"),
        (PRACTICES + ELM.replace("ELM", "ÉLM")).replace("\n", "\r\n").encode(),
        (PRACTICES + ELM.replace("ELM", "ÉLM")).replace("\n", "\r").encode(),
    ],
    ids=["byte order mark", "Windows-1252", "CRLF", "CR"],
)
def test_old_exports_are_read_as_they_come(written, raw: bytes) -> None:
    assert [entry.name for entry in entries_of(written(raw))] == ["The Élm Surgery"]


def test_a_closed_practice_is_marked_so(written) -> None:
    register = written(PRACTICES + ELM.replace(",A,X", ",C,X"))
    assert [entry.open for entry in entries_of(register)] == [False]


def test_a_parent_without_a_name_goes_by_its_code(written) -> None:
    (entry,) = entries_of(written(HOSPITALS + ELSEWHERE.replace("St Elsewhere NHS Trust", "")))
    assert entry.organisation_name == "RXH"


def test_places_on_no_map_are_left_out(written) -> None:
    (entry,) = entries_of(written(HOSPITALS + ELSEWHERE.replace("50.819,-0.118", "nan,181")))
    assert (entry.latitude, entry.longitude) == (None, None)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (",NO CODE,,,,,BN3 1AA", "no code"),
        ("G8-1,HYPHEN,,,,,BN3 1AA", "'G8-1' is no ODS code"),
        ("G8,SHORT,,,,,BN3 1AA", "'G8' is no ODS code"),
        ("G81002,,,,,,BN3 1AA", "G81002 has no name"),
        ("G81002, .,,,,,BN3 1AA", "G81002 has no name"),
        (f"G81002,{'X' * 201},,,,,BN3 1AA", "the name of G81002 has more than 200 characters"),
        (f"G81002,ELM,{'X' * 10_000}", "the line has 10,011 characters"),
        ("G81002,ELM, 1,2,3,4,BN3 1AA,1974,A,X,4,EXTRA", "12 columns, but the header names 11"),
        ('G81002,"ELM,,,,,BN3 1AA', "unexpected end of data"),
        (ELM.strip(), "G81001 stands in line 2 already"),
        (ELM.strip().lower(), "G81001 stands in line 2 already"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_reason_and_hinders_no_other(
    written, line: str, reason: str
) -> None:
    register = written(PRACTICES + ELM + line + "\n" + ELM.replace("G81001", "G81009"))
    assert [entry.code for entry in entries_of(register)] == ["G81001", "G81009"]
    assert remarks(register) == [(3, reason)]


def test_a_parent_whose_code_does_not_fit_refuses_its_line(written) -> None:
    register = written(HOSPITALS + ELSEWHERE.replace(",RXH,", ",R-H,"))
    assert entries_of(register) == []
    assert remarks(register) == [(2, "'R-H' is no ODS code of a parent")]


def test_a_broken_postcode_is_left_out_with_a_warning(written) -> None:
    register = written(PRACTICES + ELM.replace("BN3 1AA", "BN3 OOPS"))
    assert [entry.postcode for entry in entries_of(register)] == [""]
    assert [(remark.line, remark.text) for remark in register.warnings] == [
        (2, "'BN3 OOPS' is no postcode: left out")
    ]


def test_blank_lines_and_missing_last_cells_are_no_fault(written) -> None:
    register = written(PRACTICES + "\n,,,,,\nG81002,OAK SURGERY\n")
    assert [entry.code for entry in entries_of(register)] == ["G81002"]
    assert register.refused == []


def test_nul_and_control_characters_are_dropped(written) -> None:
    (entry,) = entries_of(written(PRACTICES + ELM.replace("THE ELM", "THE\x00\x07 ELM")))
    assert entry.official_name == "THE ELM SURGERY"


@pytest.mark.parametrize(
    "content",
    ["", "a,b,c\n1,2,3\n", ELM, HOSPITALS.replace(",", ";"), "\x00\x01\xff" * 50, b"\x81\x8d\xff\xfe"],
)
def test_a_file_of_another_shape_is_refused_naming_the_columns_wanted(written, content) -> None:
    with pytest.raises(
        InvalidInput, match="GP practices: ods_code, name, postcode; hospitals: organisationcode"
    ):
        written(content)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"absent\.csv cannot be read: No such file"):
        open_register(tmp_path / "absent.csv")
