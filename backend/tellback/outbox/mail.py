"""Sending a letter by the operator's mail server, and what its answer means."""

import contextlib
import re
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from tellback.outbox.outcomes import Outcome, Tried

# Seconds that the server may take over each of its answers.
PATIENCE = 30
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
# From here on an answer is for good (RFC 5321, section 4.2.1).
_FOR_GOOD = 500
# An enhanced status (RFC 3463): its second number says what it is about, 7 being a rule or a right.
_ENHANCED = re.compile(rb"5\.(\d{1,3})\.\d{1,3}")
_AN_ADDRESS = (1, 2)


class NoSafeSignIn(OSError):
    """A name and password are set, and the server offers no way to give them that nobody reads along."""


def connect(smtp_url: str, patience: float = PATIENCE) -> smtplib.SMTP:
    """A session with the mail server: greeted, by TLS where it offers that, signed in where a name is set.

    A name and password are given to nobody but the server that its certificate proves, or to this machine.
    Raises OSError or SMTPException, whose text may quote what was sent.
    """
    parts = urlsplit(smtp_url)
    host, secure = parts.hostname or "", parts.scheme == "smtps"
    # Without a secret to give away, TLS of any certificate is better than none.
    tls = ssl.create_default_context() if parts.username else None
    if secure:
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=patience, context=tls)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=patience)
    try:
        server.ehlo_or_helo_if_needed()
        if not secure and server.has_extn("starttls"):
            secure = bool(server.starttls(context=tls))
            server.ehlo()
        if parts.username:
            _sign_in(
                server,
                unquote(parts.username),
                unquote(parts.password or ""),
                safe=secure or host in _THIS_MACHINE,
            )
    except BaseException:
        server.close()
        raise
    return server


def _sign_in(server: smtplib.SMTP, name: str, password: str, *, safe: bool) -> None:
    if not server.has_extn("auth") or not safe:
        raise NoSafeSignIn
    server.login(name, password)


def send(letter: EmailMessage, smtp_url: str) -> Tried:
    """Try once to give the letter to the mail server; what came of it."""
    try:
        server = connect(smtp_url)
        try:
            server.send_message(letter)
        finally:
            _take_leave(server)
    except (OSError, smtplib.SMTPException) as error:
        return judge(error)
    return Tried(Outcome.SENT)


def _take_leave(server: smtplib.SMTP) -> None:
    """End the talk. However the server takes that: what it took before, it has taken."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def judge(error: OSError | smtplib.SMTPException) -> Tried:
    """What a failure means. Nothing of the server's words is passed on: they may quote the address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(status, words)] = error.recipients.values()
        return _refused(status, words, "The recipient's mail server")
    if isinstance(error, smtplib.SMTPDataError):
        return _refused(error.smtp_code, error.smtp_error, "The mail server", of_the_letter=True)
    if isinstance(error, smtplib.SMTPResponseException):
        return _turned_away(error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Tried(Outcome.LETTER_REFUSED, "The mail server cannot do what this address needs.")
    if isinstance(error, NoSafeSignIn):
        said = "The mail server offers no safe sign-in for the name and password of TELLBACK_SMTP_URL."
        return Tried(Outcome.NOT_ALLOWED, said)
    if isinstance(error, ssl.SSLError):
        return Tried(Outcome.UNREACHABLE, "The mail server's certificate or TLS is not in order.")
    return Tried(Outcome.UNREACHABLE, f"The mail server could not be reached ({type(error).__name__}).")


def _turned_away(error: smtplib.SMTPResponseException) -> Tried:
    """What it means that the server turned us away before it heard to whom the letter goes."""
    status = error.smtp_code
    if 0 <= status < _FOR_GOOD:
        return Tried(Outcome.BUSY, f"The mail server asks us to come again later ({status}).", status)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = f"The mail server refuses the name and password of TELLBACK_SMTP_URL ({status})."
    elif isinstance(error, smtplib.SMTPSenderRefused):
        said = f"The mail server takes no letters from TELLBACK_MAIL_FROM ({status})."
    else:
        said = f"The mail server turns us away ({status})."
    return Tried(Outcome.NOT_ALLOWED, said, status)


def _refused(status: int, words: bytes | str, who: str, *, of_the_letter: bool = False) -> Tried:
    """What it means that a recipient or a letter was not taken."""
    if status < _FOR_GOOD:
        return Tried(Outcome.BUSY, f"{who} asks us to come again later ({status}).", status)
    found = _ENHANCED.match(words if isinstance(words, bytes) else words.encode())
    about = int(found[1]) if found else None
    if about in _AN_ADDRESS or (about is None and not of_the_letter):
        return Tried(Outcome.ADDRESS_REFUSED, f"The address refused the letter ({status}).", status)
    if of_the_letter:
        return Tried(Outcome.LETTER_REFUSED, f"{who} refused the letter for good ({status}).", status)
    # "Relay access denied" and its like speak of us, not of whoever we write to.
    said = f"The mail server may not send letters to this address ({status})."
    return Tried(Outcome.NOT_ALLOWED, said, status)
