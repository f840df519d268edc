"""Behind N proxies of ours, visitors are whom the first of these names: not one more is believed."""

import logging
from typing import Any

import pytest
from flask import Flask, request

from tellback import config
from tellback.http import proxies

PROXY = "198.51.100.1"


def _seen(settings: config.Settings, hops: int, *, speaker: str = PROXY, **headers: str) -> Any:
    """As whom the service sees somebody, when `speaker` hands on these headers."""
    app = Flask("behind")
    app.add_url_rule("/", "who", lambda: f"{request.remote_addr} {request.scheme}")
    proxies.init_app(app, config.Settings(**{**vars(settings), "trusted_proxies": hops}))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return app.test_client().get("/", headers=named, environ_base={"REMOTE_ADDR": speaker}).text.split()[0]


@pytest.fixture
def settings(tmp_path: Any) -> config.Settings:
    return config.load({"TELLBACK_OPERATOR": "The Trust", "TELLBACK_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize(
    ("hops", "header", "visitor"),
    [
        (0, "192.0.2.7", PROXY),
        (1, "192.0.2.7", "192.0.2.7"),
        (1, "10.0.0.9, 192.0.2.7", "192.0.2.7"),
        (2, "10.0.0.9, 192.0.2.7, 203.0.113.5", "192.0.2.7"),
        (3, "1.1.1.1, 2.2.2.2, 10.0.0.9, 192.0.2.7, 203.0.113.5, 203.0.113.6", "192.0.2.7"),
    ],
)
def test_the_nth_from_the_right_is_the_visitor(
    settings: config.Settings, hops: int, header: str, visitor: str
) -> None:
    assert _seen(settings, hops, X_Forwarded_For=header) == visitor


@pytest.mark.parametrize(("hops", "header"), [(1, ""), (2, "192.0.2.7"), (3, "10.0.0.9, 192.0.2.7")])
def test_with_fewer_addresses_than_proxies_none_is_believed(
    settings: config.Settings, hops: int, header: str
) -> None:
    assert _seen(settings, hops, X_Forwarded_For=header) == PROXY


@pytest.mark.parametrize(
    "made_up",
    ['"', '"10.0.0.1', "'", "a\tb", "10.0.0.1,,,,", "unknown", "[", "%", "x" * 5000, '\\"', "10.0.0.1;for="],
)
def test_nothing_that_a_visitor_writes_before_it_hides_them(settings: config.Settings, made_up: str) -> None:
    assert _seen(settings, 1, X_Forwarded_For=f"{made_up}, 192.0.2.7") == "192.0.2.7"
    assert _seen(settings, 2, X_Forwarded_For=f"{made_up}, 192.0.2.7, 203.0.113.5") == "192.0.2.7"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("2001:0DB8:0:0::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
    ],
)
def test_an_address_is_the_same_however_a_proxy_writes_it(
    settings: config.Settings, written: str, meant: str
) -> None:
    assert _seen(settings, 1, X_Forwarded_For=written) == meant


@pytest.mark.parametrize(
    "nonsense", ["unknown", "_hidden", "192.0.2.300", "192.0.2", "host.example", "::g", "-"]
)
def test_what_is_no_address_is_nobody(settings: config.Settings, nonsense: str) -> None:
    assert _seen(settings, 1, X_Forwarded_For=nonsense) == PROXY


@pytest.mark.parametrize("hops", [0, 1])
def test_no_other_header_names_a_visitor(settings: config.Settings, hops: int) -> None:
    for name in (
        "Forwarded",
        "X-Real-IP",
        "CF-Connecting-IP",
        "True-Client-IP",
        "X-Client-IP",
        "X-Forwarded",
    ):
        assert _seen(settings, hops, **{name: "for=192.0.2.7"}) == PROXY
        assert _seen(settings, hops, **{name: "192.0.2.7"}) == PROXY


def test_an_ipv4_visitor_over_a_socket_of_both_families_counts_as_themselves(
    settings: config.Settings,
) -> None:
    assert _seen(settings, 0, speaker="::ffff:192.0.2.7") == "192.0.2.7"


@pytest.mark.parametrize(
    ("hops", "speaker", "says"),
    [(2, PROXY, "TELLBACK_TRUSTED_PROXIES is 2"), (0, "127.0.0.1", "TELLBACK_TRUSTED_PROXIES is 0")],
)
def test_a_number_of_proxies_that_cannot_be_right_is_said_once(
    settings: config.Settings, caplog: pytest.LogCaptureFixture, hops: int, speaker: str, says: str
) -> None:
    app = Flask("behind")
    proxies.init_app(app, config.Settings(**{**vars(settings), "trusted_proxies": hops}))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            app.test_client().get(
                "/", headers={"X-Forwarded-For": "192.0.2.7"}, environ_base={"REMOTE_ADDR": speaker}
            )
    (record,) = caplog.records
    assert says in record.getMessage()
    assert "192.0.2.7" not in caplog.text, "the log names nobody"
