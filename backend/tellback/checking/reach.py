"""What is reached from here: the public address with what stands in front of it, and the mail server."""

import email.utils
import http.client
import json
import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tellback import clock
from tellback.checking.lines import Line, State
from tellback.config import PREFIX, Settings
from tellback.http import probing
from tellback.outbox import mail

# Seconds that a server may take to answer.
PATIENCE = 10
# How far two clocks may differ: sign-in codes change every 30 seconds.
APART = timedelta(seconds=30)
# Certificates are renewed a month before they end; one that has less left is not being renewed.
NOT_RENEWED = timedelta(days=14)
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class _Answer:
    """What the public address says to one question, with the certificate that it showed."""

    def __init__(self, public_url: str, path: str, headers: dict[str, str] | None = None) -> None:
        """Ask. Raises OSError or HTTPException when nothing answers, or its certificate proves nothing."""
        parts = urlsplit(public_url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
        try:
            line.request(
                "GET", parts.path + path, headers={"User-Agent": "tellback check", **(headers or {})}
            )
            self.certificate: dict[str, Any] = {}
            if isinstance(line.sock, ssl.SSLSocket):
                self.certificate = dict(line.sock.getpeercert() or {})
            answer = line.getresponse()
            self.status, self.headers, self.body = answer.status, answer.headers, answer.read(65_536)
        finally:
            line.close()


def public_address(settings: Settings) -> Iterator[Line]:
    """The address that people and pages reach the service at."""
    url, parts = settings.public_url, urlsplit(settings.public_url)
    if _is_this_machine(settings):
        yield Line(State.CARE, f"TELLBACK_PUBLIC_URL is {url}, which only this machine reaches.")
        return
    if parts.scheme != "https":
        yield Line(State.CARE, f"{url} is not https: what people write can be read on its way.")
    try:
        answer = _Answer(url, "/healthz")
    except ssl.SSLCertVerificationError as error:
        yield Line(State.BROKEN, f"The certificate of {url} proves nothing: {error.verify_message}.")
        return
    except (OSError, http.client.HTTPException) as error:
        yield Line(State.CARE, f"{url} does not answer from here ({type(error).__name__}).")
        return
    if answer.status != http.HTTPStatus.OK:
        yield Line(State.BROKEN, f"{url} answers {answer.status}: look at the service's log.")
        return
    yield Line(State.WELL, f"{url} answers.")
    if parts.scheme == "https":
        yield from _encryption(answer)
    yield from _same_time(answer)


def _encryption(answer: _Answer) -> Iterator[Line]:
    """The certificate's end, and whether browsers are told to come back encrypted."""
    ends = datetime.fromtimestamp(ssl.cert_time_to_seconds(answer.certificate["notAfter"]), UTC)
    days = (ends - clock.now()).days
    if ends - clock.now() < NOT_RENEWED:
        yield Line(State.CARE, f"The certificate ends in {days} days: see why it is not renewed.")
    else:
        yield Line(State.WELL, f"The certificate is good for {days} days.")
    if "max-age" not in answer.headers.get("Strict-Transport-Security", ""):
        text = "Browsers are not told to come back by https: let Strict-Transport-Security through the proxy."
        yield Line(State.CARE, text)


def _same_time(answer: _Answer) -> Iterator[Line]:
    """Whether whoever answers there reads the same time as we do."""
    said = answer.headers.get("Date")
    if said and abs(email.utils.parsedate_to_datetime(said) - clock.now()) > APART:
        text = "The clock of the public address and this one differ by over half a minute: set both by NTP."
        yield Line(State.BROKEN, text)


def proxies(settings: Settings) -> Iterator[Line]:
    """What stands in front: whether a visitor is told from another, and none can claim another's address."""
    if _is_this_machine(settings):
        return
    try:
        answer = _Answer(settings.public_url, probing.PATH, probing.question(settings.secret_key))
    except (OSError, http.client.HTTPException):
        return  # said above
    if answer.status != http.HTTPStatus.OK:
        text = (
            f"What proxies stand in front cannot be asked ({answer.status}): has the service these settings?"
        )
        yield Line(State.CARE, text)
        return
    seen = json.loads(answer.body)
    named, counted = seen["named"], seen["counted"]
    setting = f"TELLBACK_TRUSTED_PROXIES is {counted}"
    if named == counted:
        yield Line(State.WELL, f"{setting}, as it should be: nobody can claim another's address.")
    elif named > counted:
        text = f"All visitors count as one: {setting}, and {named} in front name visitors. Set it to {named}."
        yield Line(State.BROKEN, text)
    elif seen["believed"]:
        text = f"Anybody can claim any address: {setting}, and {named} in front set X-Forwarded-For."
        yield Line(State.BROKEN, text)
    else:
        text = f"All visitors count as one: {setting}, and {named} in front set X-Forwarded-For."
        yield Line(State.BROKEN, text)
    if seen["scheme"] != urlsplit(settings.public_url).scheme:
        yield Line(State.BROKEN, "The proxy does not say how it was reached: let it set X-Forwarded-Proto.")


def metrics(settings: Settings) -> Iterator[Line]:
    """Whether what is counted is kept from who has no token, also by what stands in front."""
    if not settings.metrics_token or _is_this_machine(settings):
        return
    try:
        answer = _Answer(settings.public_url, "/metrics")
    except (OSError, http.client.HTTPException):
        return  # said above
    if answer.status == http.HTTPStatus.OK:
        yield Line(State.BROKEN, "Anybody can read /metrics: let the proxy send no token in front of it.")
    else:
        yield Line(State.WELL, "Nobody reads /metrics without the token.")


def operator(settings: Settings) -> Iterator[Line]:
    """What people are told of whoever keeps the stories."""
    if not settings.operator_contact:
        text = "People who are refused read no other way to reach you: set TELLBACK_OPERATOR_CONTACT."
        yield Line(State.CARE, text)


def mail_server(settings: Settings) -> Iterator[Line]:
    """The server that letters go out by: whether it takes us. No letter is sent."""
    if not settings.smtp_url:
        yield Line(State.CARE, "No mail server is set, so letters wait: set TELLBACK_SMTP_URL.")
        return
    try:
        with mail.connect(settings.smtp_url, PATIENCE) as server:
            safe = isinstance(server.sock, ssl.SSLSocket)
    except (OSError, smtplib.SMTPException) as error:
        said = mail.judge(error).said
        yield Line(State.BROKEN, f"{said} Letters wait, and are tried for two days.")
        return
    if safe or urlsplit(settings.smtp_url).hostname in _THIS_MACHINE:
        yield Line(State.WELL, "The mail server answers.")
    else:
        yield Line(
            State.CARE, "The mail server answers, without TLS: letters can be read on their way to it."
        )


def servers(settings: Settings) -> Iterator[Line]:
    """PostgreSQL and Redis on other machines: whether the way there is guarded."""
    database, counters = urlsplit(settings.database_url), urlsplit(settings.ratelimit_url)
    guarded = {
        "DATABASE_URL": (database, "sslmode=verify-full" in database.query),
        "RATELIMIT_URL": (counters, counters.scheme == "rediss"),
    }
    for name, (address, well) in guarded.items():
        host = parse_qs(address.query).get("host", [address.hostname])[0]
        if host and not host.startswith("/") and host not in _THIS_MACHINE and not well:
            said = f"{PREFIX}{name} leads to {host} without TLS that proves who it is"
            yield Line(State.CARE, f"{said}: sslmode=verify-full for PostgreSQL, rediss:// for Redis.")


def _is_this_machine(settings: Settings) -> bool:
    return urlsplit(settings.public_url).hostname in _THIS_MACHINE
