"""Only a public server's https address, by its name, is ever called."""

from ipaddress import ip_address

import pytest

from tellback.outbox import guard
from tellback.outbox.guard import UnfitAddress

# The first and last of what IANA keeps for other ends, and the tricks that hide them.
NOT_PUBLIC = (
    *(
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.254",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
    ),
    *("172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *(
        "::",
        "::1",
        "::7f00:1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "100::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
    ),
    *(
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "3fff::1",
    ),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1"),
)
PUBLIC = (
    *("8.8.8.8", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"),
    "::ffff:8.8.8.8",
)
REFUSED = (
    *("", "hooks.hospital.example", "//hooks.hospital.example/", "https:///", "file:///etc/passwd"),
    *(
        "http://hooks.hospital.example/",
        "ftp://hooks.hospital.example/",
        "https://localhost/",
        "https://intranet/",
    ),
    *("https://127.0.0.1/", "https://8.8.8.8/", "https://[::1]/", "https://[::ffff:127.0.0.1]/"),
    *(
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
    ),
    *("https://127.0.0.1./", "https://①②⑦.⓪.⓪.①/", "https://１２７.０.０.１/", "https://127。0。0。1/"),
    *("https://user:secret@hooks.hospital.example/", "https://hooks.hospital.example/#here", "https://-/"),
    *("https://hooks.hospital.example:99999/", "https://hooks..example/", "https://hooks.hospital.example/é"),
    *("https://hooks.hospital.example%00.evil.example/", "https://evil.example\\@127.0.0.1/"),
    *("https://hooks.hospital.example/a b", "https://hooks.hospital.\nexample/"),
)


def test_addresses_that_are_not_of_the_open_internet_are_known() -> None:
    assert [one for one in NOT_PUBLIC if guard.is_public(ip_address(one))] == []
    assert [one for one in PUBLIC if not guard.is_public(ip_address(one))] == []


def test_what_is_no_https_address_of_a_named_server_is_refused_with_what_to_write() -> None:
    for url in REFUSED:
        with pytest.raises(UnfitAddress) as refused:
            guard.read(url)
        assert refused.value.detail.startswith(("Write ", "Leave ", "This is no address")), url


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://hooks.hospital.example", "hooks.hospital.example", 443, "/"),
        ("HTTPS://Hooks.Hospital.example:8443/in?of=us", "hooks.hospital.example", 8443, "/in?of=us"),
        ("https://größe.example/", "xn--grsse-kua.example", 443, "/"),
    ],
)
def test_a_named_server_is_read(url: str, host: str, port: int, path: str) -> None:
    target = guard.read(url)
    assert (target.host, target.port, target.path) == (host, port, path)
