"""The finder: by name, town, postcode or code, however it was typed."""

import pytest

from tellback.errors import InvalidInput
from tellback.http import pagination
from tellback.organisations import catalogue, finder
from tellback.organisations.finder import find

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def care_in_elsewhere(database: str) -> None:
    """A few services of a few towns."""
    for name, town, postcode in (
        ("St Mary's Hospital", "Elsewhere", "EL1 2SE"),
        ("Elsewhere Road Surgery", "Nowhere", "NW1 1AA"),
        ("The Old Surgery", "Stoke-on-Trent", "ST1 4AB"),
        ("Dr O'Neill & Partners", "Elsewhere", "EL12 3AB"),
        ("Clinique Sainte-Thérèse", "Jersey", "JE2 3QA"),
    ):
        catalogue.add(name, town=town, postcode=postcode)
    catalogue.add("Ward 5", parent="local-st-marys-hospital")


def names(q: str, **options) -> list[str]:
    return [service.name for service in find(q, **options).items]


@pytest.mark.parametrize(
    "q",
    [
        "St Mary's Hospital",
        "st marys hospital",
        "ST. MARY’S",
        "saint mary",
        "hospital st mary",
        "mary elsewhere",
        "st mary's hosp",
        "  el1 2se mary ",
        "local-st-marys-hospital",
        "LOCAL-ST-MARYS-HOSPITAL",
    ],
)
def test_a_hospital_is_found_however_it_is_typed(q: str) -> None:
    assert names(q)[0] == "St Mary's Hospital"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("o'neill", "Dr O'Neill & Partners"),
        ("ONEILL", "Dr O'Neill & Partners"),
        ("doctor oneill and partners", "Dr O'Neill & Partners"),
        ("sainte therese", "Clinique Sainte-Thérèse"),
        ("old surgery", "The Old Surgery"),
        ("the old", "The Old Surgery"),
        ("stoke on trent", "The Old Surgery"),
        ("st14ab", "The Old Surgery"),
        ("ST1 4AB", "The Old Surgery"),
    ],
)
def test_accents_apostrophes_signs_and_articles_do_not_matter(q: str, found: str) -> None:
    assert names(q) == [found]


def test_a_name_that_begins_so_comes_before_a_town(database: str) -> None:
    assert names("elsewhere") == [
        "Elsewhere Road Surgery",
        "Dr O'Neill & Partners",
        "St Mary's Hospital",
        "Ward 5",
    ]


def test_a_name_that_holds_the_words_comes_before_a_town() -> None:
    catalogue.add("New Stoke Clinic", town="Leeds")
    assert names("stoke") == ["New Stoke Clinic", "The Old Surgery"]


def test_the_service_of_a_code_comes_first() -> None:
    ward = catalogue.get("local-st-marys-hospital-ward-5")
    assert names(ward.code)[0] == "Ward 5"
    assert names("local-st-marys-hospital")[:2] == ["St Mary's Hospital", "Ward 5"]


def test_the_outward_part_of_a_postcode_finds_its_district_first() -> None:
    assert names("el1") == ["St Mary's Hospital", "Ward 5", "Dr O'Neill & Partners"]


def test_a_ward_is_found_by_its_own_name_and_its_hospitals() -> None:
    assert names("ward 5 mary") == ["Ward 5"]


def test_services_come_with_organisation_and_parent_at_hand() -> None:
    (ward,) = find("ward 5").items
    assert (ward.parent.code, ward.organisation.code) == (
        "local-st-marys-hospital",
        "local-st-marys-hospital",
    )


def test_an_empty_query_finds_all_in_the_order_of_their_names() -> None:
    found = find("")
    assert [service.name for service in found.items] == sorted(service.name for service in found.items)
    assert (len(found.items), found.total, found.next) == (6, 6, None)


@pytest.mark.parametrize("q", ["", "s", "elsewhere"])
def test_pages_lead_to_the_end_with_none_missing_or_doubled(q: str) -> None:
    whole = [service.code for service in find(q, limit=50).items]
    seen: list[str] = []
    cursor = None
    while True:
        page = find(q, cursor, limit=1)
        assert page.total == len(whole)
        seen += [service.code for service in page.items]
        if not (cursor := page.next):
            break
    assert seen == whole


def test_a_page_goes_on_where_it_was_though_a_service_came_before_it() -> None:
    first = find("", limit=2)
    catalogue.add("AAA Surgery")
    onward = find("", first.next, limit=50)
    assert [service.name for service in (*first.items, *onward.items)] == sorted(
        service.name for service in find("", limit=50).items if service.name != "AAA Surgery"
    )


@pytest.mark.parametrize("q", ["%", "_", "\\", "*", "' OR 1=1 --", "\x00", "\ud800", "zzz", "|", "<script>"])
def test_signs_and_wildcards_find_nothing(q: str) -> None:
    found = find(q)
    assert (found.items, found.total, found.next) == ([], 0, None)


@pytest.mark.parametrize("q", ["mary\x00", "\ud800 mary", "mary%", "mary_", "mary\\", "mary|"])
def test_signs_beside_words_do_no_harm(q: str) -> None:
    assert names(q)[0] == "St Mary's Hospital"


@pytest.mark.parametrize("q", ["x" * 10_000, "%" * 10_000, "a " * 21, " ".join(f"w{n}" for n in range(21))])
def test_a_query_that_is_too_long_is_refused_kindly(q: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        find(q)
    assert refused.value.errors == {"q": ["Use fewer words: a name, a town, a postcode or a code."]}


@pytest.mark.parametrize("limit", [0, -1, 51])
def test_a_limit_out_of_range_is_refused(limit: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        find("", limit=limit)
    assert refused.value.errors == {"limit": ["Must be from 1 to 50."]}


def test_a_cursor_of_another_query_is_refused() -> None:
    cursor = find("", limit=1).next
    with pytest.raises(InvalidInput) as refused:
        find("mary", cursor)
    assert refused.value.errors == {"cursor": ["This cursor is not one of ours."]}


@pytest.mark.parametrize(
    "after",
    [None, [], [0], [0, "a"], ["0", "a", "b"], [0, "a", 1], [99, "a", "b"], [-1, "a", "b"], [2**70, "a", "b"],
     [0, "\x00", "b"], [0, "\ud800", "b"], [0, ["a"], "b"], [0.5, "a", "b"]],
)  # fmt: skip
def test_a_cursor_that_was_tampered_with_is_refused(after: object) -> None:
    ours = pagination.decode(find("", limit=1).next or "")
    with pytest.raises(InvalidInput):
        find("", pagination.encode({**ours, "after": after}))


@pytest.mark.parametrize("cursor", ["nonsense", "é", "e30", "\x00", "W10", "x" * 3_000])
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidInput):
        find("", cursor)


def test_search_words_hold_what_people_type() -> None:
    line = finder.search_words(catalogue.get("local-the-old-surgery"))
    assert line == " old surgery the | st1 4ab st14ab local stoke on trent "
