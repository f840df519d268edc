"""People meet the service through the shipped nginx and Caddy configurations; no log learns who they are."""

import contextlib
import json
import socket
import ssl
import uuid
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, expect

from tellback import clock, config
from tellback.checking.reach import proxies, public_address
from tests.browser import Watch
from tests.deploy.conftest import ANOTHER, NAME, PATIENCE, VISITOR, Proxy
from tests.people import a_story

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


def told() -> str:
    """A story that a script sends, as JSON."""
    return json.dumps({**a_story(), "consent_publish": True, "idempotency_key": str(uuid.uuid4())})


def test_a_visitor_is_led_to_https_and_told_to_stay_there(proxy: Proxy) -> None:
    answer = proxy.ask_plainly("/tell?service=RXH01")
    assert answer.status in (301, 308)
    assert answer.headers["Location"] == f"{proxy.url}/tell?service=RXH01"
    page = proxy.ask("/tell")
    assert page.status == 200
    assert "max-age=" in page.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/stories"),
        ("GET", "/api/v1/stories?service=RXH01"),
        ("GET", "/oembed?url=x"),
        ("GET", "/openapi.json"),
    ],
)
def test_a_program_that_speaks_without_tls_is_refused_and_not_led_on(
    method: str, path: str, proxy: Proxy
) -> None:
    answer = proxy.ask_plainly(path, method)
    assert (answer.status, answer.headers["Location"]) == (403, None)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "https" in json.loads(answer.body)["detail"]


def test_a_story_told_as_json_gets_its_private_link_on_https(proxy: Proxy) -> None:
    answer = proxy.ask("/api/v1/stories", method="POST", body=told(), headers=JSON)
    assert answer.status == 201, answer.body
    assert json.loads(answer.body)["private_link"].startswith(f"{proxy.url}/my-story#")


def test_a_story_told_as_the_embed_sends_it_is_taken(proxy: Proxy) -> None:
    answer = proxy.ask(
        "/api/v1/stories", method="POST", body=urlencode(a_story()), headers={**FORM, "Origin": proxy.url}
    )
    assert answer.status == 201, answer.body


def test_the_embed_draws_itself_over_https(proxy: Proxy, chromium: Browser, watch: Watch) -> None:
    # The CA of these tests is none of Chromium's.
    context = chromium.new_context(ignore_https_errors=True)
    watch.over(context)
    page = context.new_page()
    page.goto(f"{proxy.url}/embed?service=RXH01")
    button = page.locator("patient-stories").get_by_role("button", name="Tell your story", exact=True)
    expect(button).to_be_visible()
    context.close()


def test_no_visitor_can_claim_another_address(proxy: Proxy) -> None:
    """A few an hour are taken from where no page sent them, whatever the script says where it is."""

    def send(visitor: str, claim: str) -> int:
        headers = {**JSON, "X-Forwarded-For": claim, "X-Real-IP": claim, "Forwarded": f"for={claim}"}
        return proxy.ask(
            "/api/v1/stories", method="POST", body=told(), headers=headers, visitor=visitor
        ).status

    # Each proxy's own visitors: the service, and what it counted, is the same behind both.
    one, other = ("127.0.0.81", "127.0.0.82") if proxy.kind == "nginx" else ("127.0.0.83", "127.0.0.84")
    statuses = [send(one, f"198.51.100.{n}") for n in range(15)]
    assert statuses[0] == 201
    assert statuses[-1] == 429, "a new claim does not begin to count anew"
    assert send(other, "198.51.100.0") == 201, "whoever sits elsewhere is counted apart"


def test_the_check_asks_through_the_proxy_and_finds_it_well(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    # *.localhost is in no DNS of ours, and the CA of these tests is none of the system's.
    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: found("127.0.0.1", *rest, **more))
    monkeypatch.setenv("SSL_CERT_FILE", str(proxy.folder / "ca.pem"))
    clock.pin(None)
    settings = config.load(
        {k: v for k, v in proxy.behind.tellback.environment.items() if k.startswith("TELLBACK_")}
    )
    said = [(line.state.value, line.text) for line in (*public_address(settings), *proxies(settings))]
    right = "TELLBACK_TRUSTED_PROXIES is 1, as it should be: nobody can claim another's address."
    days = "The certificate is good for 79 days."
    assert said == [("well", f"{proxy.url} answers."), ("well", days), ("well", right)]


def test_a_body_that_is_too_large_is_refused_and_one_that_fits_is_not(proxy: Proxy) -> None:
    def send(size: int) -> int:
        return proxy.ask("/api/v1/stories", method="POST", body="body=" + "x" * size, headers=FORM).status

    assert send(1_000) == 422
    assert send(220 * 1024) == 413, "by the service, in words"
    # Caddy passes a body on as it comes: Tellback may hang up on it before Caddy's own limit is reached.
    assert send(400 * 1024) in ((413,) if proxy.kind == "nginx" else (413, 503)), "by the proxy"


def test_whoever_comes_by_another_name_is_shown_nothing(proxy: Proxy) -> None:
    answer_or_end = b""
    try:
        with proxy.connect() as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: another.example\r\nConnection: close\r\n\r\n")
            answer_or_end = line.recv(65_536)
    except OSError:
        pass
    assert b"Tellback" not in answer_or_end
    assert b"The Tellback Trust" not in answer_or_end


def test_logs_hold_no_address_no_token_and_nothing_that_was_typed(proxy: Proxy) -> None:
    secret = "q9ZsecretTOKENq9Z"
    proxy.ask(
        f"/api/v1/stories?q={secret}",
        headers={"Referer": f"https://a.example/{secret}", "User-Agent": secret},
    )
    proxy.ask(f"/answer/{secret}", headers={"Authorization": f"Bearer {secret}", "Cookie": f"staff={secret}"})
    proxy.ask(f"/{secret}/{secret}")
    proxy.ask("/api/v1/stories", method="POST", body=told().replace("nurse", secret), headers=JSON)
    provoke_errors(proxy, secret)
    (proxy.lines_soon("/api/v1/stories"), proxy.lines_soon("413"))
    written = proxy.written()
    for never in (VISITOR, ANOTHER, secret, "/q9", "RXH01"):
        assert never not in written, [line for line in written.splitlines() if never in line]


def provoke_errors(proxy: Proxy, secret: str) -> None:
    """What makes proxies write into error logs: broken TLS, broken HTTP, no such name, too much, hung up."""

    def plainly(sent: bytes) -> None:
        with contextlib.suppress(OSError):
            line = socket.create_connection(("127.0.0.1", proxy.port), PATIENCE, source_address=(VISITOR, 0))
            with line:
                line.sendall(sent)
                line.recv(4096)

    def over_tls(sent: bytes, read: bool = True) -> None:
        with contextlib.suppress(OSError), proxy.connect() as line:
            line.sendall(sent)
            if read:
                line.recv(4096)

    plainly(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    plainly(b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00")
    with contextlib.suppress(OSError):
        proxy.connect(name="another.localhost").close()
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("AES128-SHA:@SECLEVEL=0")
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with contextlib.suppress(OSError):
        line = socket.create_connection(("127.0.0.1", proxy.port), PATIENCE, source_address=(VISITOR, 0))
        with line:
            old.wrap_socket(line, server_hostname=NAME).close()
    host = f"Host: {NAME}:{proxy.port}\r\n".encode()
    over_tls(b"NONSENSE\r\n\r\n")
    over_tls(b"GET /" + secret.encode() + b" HTTP/1.1\r\n" + host + b"X: " + b"x" * 200_000 + b"\r\n\r\n")
    over_tls(
        b"POST /tell HTTP/1.1\r\n"
        + host
        + b"Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )
    over_tls(
        b"POST /tell?q=" + secret.encode() + b" HTTP/1.1\r\n" + host + b"Content-Length: 99\r\n\r\nx",
        read=False,
    )
    over_tls(b"GET /../../etc/passwd?" + secret.encode() + b" HTTP/1.1\r\n" + host + b"\r\n")
    proxy.ask(f"/tell?q={secret}", method="POST", body="x" * 400_000, headers=FORM)


def test_while_the_service_is_away_people_read_what_to_do_and_no_log_learns_of_them(proxy: Proxy) -> None:
    proxy.behind.stop()
    answer = proxy.ask("/tell?q=something-typed")
    assert answer.status == 503
    assert "What you typed is not lost" in answer.body.decode()
    assert answer.headers["Retry-After"] == "60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    proxy.behind.start()
    assert proxy.ask("/healthz").status == 200, "and nobody has to touch the proxy when it is back"
    proxy.lines_soon("503")
    assert VISITOR not in proxy.written()
    assert "something-typed" not in proxy.written()


def test_slow_visitors_hold_up_nobody(proxy: Proxy) -> None:
    host = f"Host: {NAME}:{proxy.port}\r\n".encode()
    with contextlib.ExitStack() as slow:
        for _ in range(60):
            line = slow.enter_context(proxy.connect())
            line.sendall(b"POST /tell HTTP/1.1\r\n" + host + b"Content-Length: 90000\r\n\r\nb")
        assert proxy.ask("/healthz").status == 200
