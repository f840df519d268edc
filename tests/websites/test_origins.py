"""Origins: written by a webmaster, sent by a browser."""

import pytest

from tellback.errors import InvalidInput
from tellback.websites import registration
from tellback.websites.origins import normalise, website_for


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://www.st-elsewhere.example", "https://www.st-elsewhere.example"),
        (" HTTPS://WWW.St-Elsewhere.EXAMPLE/ ", "https://www.st-elsewhere.example"),
        ("https://st-elsewhere.example:443", "https://st-elsewhere.example"),
        ("https://st-elsewhere.example:8443/", "https://st-elsewhere.example:8443"),
        ("https://ysbyty-môn.example", "https://xn--ysbyty-mn-n7a.example"),
        ("https://xn--ysbyty-mn-n7a.example", "https://xn--ysbyty-mn-n7a.example"),
        ("https://10.0.0.7", "https://10.0.0.7"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("http://localhost:8001", "http://localhost:8001"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("http://hospital.localhost:8000", "http://hospital.localhost:8000"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(given: str, kept: str) -> None:
    assert normalise(given) == kept


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("*", "names no website"),
        ("https://*.nhs.example", "names no website"),
        ("null", "names no website"),
        ("", "Write it like https://"),
        ("st-elsewhere.example", "Write it like https://"),
        ("ftp://st-elsewhere.example", "Write it like https://"),
        ("https://", "Write it like https://"),
        ("javascript:alert(1)", "Write it like https://"),
        ("https://st-elsewhere.example/wards/5", r"without path or query: https://st-elsewhere\.example"),
        ("https://st-elsewhere.example?", "without path or query"),
        ("https://st-elsewhere.example/#wards", "without path or query"),
        ("https://me:secret@st-elsewhere.example", "no user name or password"),
        ("https://st-elsewhere.example:port", "is no origin"),
        ("https://st-elsewhere.example:99999", "is no origin"),
        ("https://st elsewhere.example", "is no host name"),
        ("https://-elsewhere.example", "is no host name"),
        ("https://st-elsewhere.example.", "is no host name"),
        (f"https://{'x' * 64}.example", "is no host name"),
        (f"https://{'x.' * 130}example", "is no host name"),
        ("https://ö" + "x" * 70 + ".example", "is no host name"),
        ("https://[::1", "is no origin"),
        ("https://[nonsense]", "is no origin"),
        ("https://st-elsewhere.example\x00", "is no"),
        ("https://straße.example", "in its encoded form"),
        ("http://st-elsewhere.example", r"Give https://st-elsewhere\.example; http is for localhost"),
        ("http://localhost.evil.example", "Stories are told over https only"),
    ],
)
def test_what_is_no_origin_is_refused_saying_what_to_write(given: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        normalise(given)


def test_the_password_of_a_pasted_address_is_not_repeated() -> None:
    with pytest.raises(ValueError, match="no user name") as refused:
        normalise("https://me:secret@st-elsewhere.example/wards")
    assert "secret" not in str(refused.value)


def test_a_page_of_an_allowed_origin_belongs_to_its_website(database: str) -> None:
    website = registration.add("St Elsewhere", ["https://www.st-elsewhere.example"])
    assert website_for("https://www.st-elsewhere.example", None) == website
    assert website_for("https://www.st-elsewhere.example", website.site_key) == website


def test_the_site_key_says_which_of_two_websites_of_one_origin(database: str) -> None:
    first = registration.add("St Elsewhere", ["https://shared.example"])
    second = registration.add("Elm Surgery", ["https://shared.example"])
    assert website_for("https://shared.example", second.site_key) == second
    assert website_for("https://shared.example", first.site_key) == first
    assert website_for("https://shared.example", None) == first


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "https://evil.example",
        "http://www.st-elsewhere.example",
        "https://st-elsewhere.example",
        "https://www.st-elsewhere.example:8443",
        "https://www.st-elsewhere.example/",
        "%",
        "x" * 10_000,
        "\x00",
        "\ud800",
    ],
)
def test_any_other_origin_belongs_to_none(database: str, origin: str) -> None:
    website = registration.add("St Elsewhere", ["https://www.st-elsewhere.example"])
    assert website_for(origin, None) is None
    assert website_for(origin, website.site_key) is None


@pytest.mark.parametrize("site_key", ["st-nowhere-aaaaaa", "\x00", "\ud800", "x" * 1_000])
def test_a_site_key_of_no_website_of_this_origin_is_refused(database: str, site_key: str) -> None:
    registration.add("St Elsewhere", ["https://www.st-elsewhere.example"])
    with pytest.raises(InvalidInput) as refused:
        website_for("https://www.st-elsewhere.example", site_key)
    assert refused.value.errors == {"site_key": ["This site key does not belong to this page's website."]}


def test_the_site_key_of_another_website_is_refused(database: str) -> None:
    registration.add("St Elsewhere", ["https://www.st-elsewhere.example"])
    other = registration.add("Elm Surgery", ["https://elm.example"])
    with pytest.raises(InvalidInput):
        website_for("https://www.st-elsewhere.example", other.site_key)
