"""Names out of registers, as people read them."""

import pytest

from tellback.organisations.naming import is_storable, one_line, readable, slug, tidy_code, words


@pytest.mark.parametrize(
    ("official", "read"),
    [
        ("THE DENSHAM SURGERY", "The Densham Surgery"),
        ("DR SMITH & PARTNERS", "Dr Smith & Partners"),
        ("DRS. PALACIN & GUYLER", "Drs Palacin & Guyler"),
        ("DR AJ PATEL", "Dr AJ Patel"),
        ("DR NG", "Dr Ng"),
        ("ST. MARY'S SURGERY", "St Mary's Surgery"),
        ("ST.CLEMENTS SURGERY", "St Clements Surgery"),
        ("ST JAMES' MEDICAL CENTRE", "St James' Medical Centre"),
        ("MCKENZIE HOUSE", "McKenzie House"),
        ("MACCLESFIELD", "Macclesfield"),
        ("TRAMWAYS MEDICAL CENTRE (O'CONNELL)", "Tramways Medical Centre (O'Connell)"),
        ("NHS GP PRACTICE", "NHS GP Practice"),
        ("HENRY VIII CLINIC", "Henry VIII Clinic"),
        ("NEWCASTLE UPON TYNE", "Newcastle upon Tyne"),
        ("THE PRACTICE OF THE VALE", "The Practice of the Vale"),
        ("THE SURGERY, THE GREEN", "The Surgery, The Green"),
        ("WILLINGHAM-BY-STOW SURGERY", "Willingham-by-Stow Surgery"),
        ("PEN-Y-CAE", "Pen-y-Cae"),
        ("MEDDYGFA'R SARN", "Meddygfa'r Sarn"),
        ("CWM TAF", "Cwm Taf"),
        ("GOSFORTH MEMORIAL MED.CTR", "Gosforth Memorial Medical Centre"),
        ("HOUGHTON MEDICAL GROUP,", "Houghton Medical Group"),
        ("ORCHARD SURGERY,MELBOURN", "Orchard Surgery, Melbourn"),
        ("YORKLEY HEALTH CENTRE(WG)", "Yorkley Health Centre (WG)"),
        ("4TH FLOOR, UNIT 3D, E12", "4th Floor, Unit 3D, E12"),
        ("MERIDIAN PRACTICE2", "Meridian Practice2"),
    ],
)
def test_capitals_become_a_name_to_read(official: str, read: str) -> None:
    assert readable(official) == read


@pytest.mark.parametrize(
    ("official", "read"),
    [
        ("BMI The Alexandra Hospital", "BMI The Alexandra Hospital"),
        ("iSIGHT (Southport)", "iSIGHT (Southport)"),
        ("Chard  Community Hospital", "Chard Community Hospital"),
        ("Private Hospital (Nhs Provided Beds)", "Private Hospital (NHS Provided Beds)"),
    ],
)
def test_a_name_with_small_letters_keeps_them(official: str, read: str) -> None:
    assert readable(official) == read


def test_a_name_made_readable_twice_stays_as_it_is() -> None:
    once = readable("DR SMITH & PARTNERS, ST. MARY'S MED.CTR")
    assert readable(once) == once


def test_words_are_bare_of_case_accents_apostrophes_and_signs() -> None:
    assert words("Dr Müller & O’Neill's (St. Mary's)") == ["dr", "muller", "and", "oneills", "st", "marys"]


def test_words_of_any_script_are_words() -> None:
    assert words("مرکز صحت ward 5") == ["مرکز", "صحت", "ward", "5"]


def test_hostile_texts_have_no_words() -> None:
    assert words("%_\\\x00\ud800 '\" -- ;") == []


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Ward 5 (Elderly)", "ward-5-elderly"),
        ("Children's & Teens' Helpline", "childrens-and-teens-helpline"),
        ("A very long name of a ward indeed", "a-very-long-name"),
        ("مرکز", ""),
    ],
)
def test_a_slug_is_short_and_plain(name: str, made: str) -> None:
    assert slug(name, 16 if "long" in name else 40) == made


def test_codes_are_written_one_way_whoever_typed_them() -> None:
    assert [tidy_code(code) for code in (" rxh01", "RXH01-Ward-5", "LOCAL-Helpline")] == [
        "RXH01",
        "RXH01-ward-5",
        "local-helpline",
    ]


def test_one_line_keeps_what_can_be_stored() -> None:
    line = one_line(" Ward\x00 5\n\t(e\u0301lderly)\ud800 ")
    assert line == "Ward 5 (élderly)"
    assert is_storable(line)
    assert not is_storable("\x00")
    assert not is_storable("\udc00")
