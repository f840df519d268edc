"""Sign-in by an organisation's own accounts: OpenID Connect, the code flow with PKCE, by Authlib.

A provider says who somebody is, and only of its own: whoever runs one organisation's provider must not be
able to sign in as anybody who has a role elsewhere.
"""

import importlib.util
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tellback import clock, db, sealing
from tellback.accounts import registration
from tellback.accounts.models import Account, IdentityProvider, LinkedIdentity
from tellback.audit import acts
from tellback.audit.acts import Act, Actor
from tellback.errors import InvalidInput, NotFound, NotSignedIn, Unavailable

# Seconds in which a provider must answer.
PATIENCE = 10
LONGEST_NAME = 100

# What is kept in the session between going there and coming back.
Remembered = dict[str, str]


@dataclass(frozen=True)
class Person:
    """Who somebody is, by their provider; `twice` when it says that they proved two things (RFC 8176)."""

    subject: str
    email: str
    email_verified: bool
    twice: bool


def available() -> bool:
    """Whether this installation brings what it takes: `pip install 'tellback[sso]'`."""
    return all(importlib.util.find_spec(name) for name in ("authlib", "requests"))


def offered() -> list[IdentityProvider]:
    """The providers that people may sign in by, by name."""
    if not available():
        return []
    return list(IdentityProvider.select().where(IdentityProvider.active).order_by(IdentityProvider.name))


def every() -> list[IdentityProvider]:
    """All providers, by name, also those that are switched off."""
    return list(IdentityProvider.select().order_by(IdentityProvider.name))


def get(slug: str) -> IdentityProvider:
    """A provider by its place in our addresses. Raises NotFound."""
    found: IdentityProvider | None = IdentityProvider.get_or_none(IdentityProvider.slug == slug)
    if found is None:
        raise NotFound("There is no such way to sign in.")
    return found


def add(
    name: str, organisation: str | None, issuer: str, client_id: str, secret: str, *, by: Actor
) -> IdentityProvider:
    """Let an organisation's people sign in by its own accounts; without one, the installation's people.

    Raises InvalidInput naming the fields.
    """
    place = registration.organisation_of(organisation)
    facts = _checked(name, issuer, client_id)
    if not secret.strip():
        raise InvalidInput(errors={"secret": ["Paste the secret that the provider gave for this client."]})
    with db.transaction():
        made = IdentityProvider.create(
            slug=_free_slug(facts["name"]),
            organisation=place,
            secret_sealed=sealing.seal(secret.strip()),
            created_at=clock.now(),
            **facts,
        )
        acts.record(Act.PROVIDER_ADDED, by, "provider", made.slug, organisation=organisation)
    return made


def change(
    provider: IdentityProvider,
    name: str,
    issuer: str,
    client_id: str,
    secret: str,
    *,
    active: bool,
    by: Actor,
) -> None:
    """Keep other facts of a provider; an empty secret leaves the one it has.

    People who were known by another issuer's names are not taken for those of a new one. Raises InvalidInput
    naming the fields.
    """
    facts = _checked(name, issuer, client_id)
    with db.transaction():
        if facts["issuer"] != provider.issuer:
            LinkedIdentity.delete().where(LinkedIdentity.provider == provider).execute()
        if secret.strip():
            facts["secret_sealed"] = sealing.seal(secret.strip())
        IdentityProvider.update(active=active, **facts).where(IdentityProvider.id == provider.id).execute()
        acts.record(Act.PROVIDER_CHANGED, by, "provider", provider.slug, active=active)


def begin(provider: IdentityProvider, back_to: str, *, anew: bool = False) -> tuple[str, Remembered]:
    """Where to send somebody to sign in, and what to remember until they are back at `back_to`.

    `anew` asks the provider to have them prove themselves once more. Raises Unavailable, and NotFound for a
    provider that is switched off.
    """
    if not provider.active or not available():
        raise NotFound("There is no such way to sign in.")
    more = {"prompt": "login", "max_age": "0"} if anew else {}
    with _Away(provider):
        begun = _client(provider).create_authorization_url(back_to, **more)
    kept = {fact: str(begun[fact]) for fact in ("state", "nonce", "code_verifier")}
    return str(begun["url"]), {**kept, "redirect_uri": back_to, "provider": provider.slug}


def finish(provider: IdentityProvider, remembered: Remembered, answer: Mapping[str, str]) -> Person:
    """Who came back, by what the provider signed for us, for this visit alone.

    Raises NotSignedIn for an answer that was not asked for or says no, Unavailable when the provider is away.
    """
    wrong = remembered.get("provider") != provider.slug or answer.get("state") != remembered.get("state")
    # RFC 9207: an answer that names another issuer was meant for somebody else's client.
    if wrong or not provider.active or answer.get("iss", provider.issuer) != provider.issuer:
        raise NotSignedIn("This sign-in was not begun in this browser, or is over. Begin it again.")
    if "code" not in answer:
        raise NotSignedIn(f"{provider.name} did not sign you in. Try again, or sign in with a password.")
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    client = _client(provider)
    try:
        with _Away(provider):
            token = client.fetch_access_token(
                remembered["redirect_uri"], code=answer["code"], code_verifier=remembered["code_verifier"]
            )
            claims = client.parse_id_token(
                token,
                remembered["nonce"],
                claims_options={
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                },
            )
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        raise NotSignedIn(_NOT_BELIEVED.format(name=provider.name)) from error
    if not claims or not claims.get("sub"):
        raise NotSignedIn(_NOT_BELIEVED.format(name=provider.name))
    return Person(
        subject=str(claims["sub"]),
        email=str(claims.get("email", "")),
        email_verified=claims.get("email_verified") in (True, "true"),
        twice="mfa" in (claims.get("amr") or []),
    )


def account_of(provider: IdentityProvider, person: Person) -> Account:
    """The account of whoever signed in: known from before, or by the address that their provider checked.

    Raises NotSignedIn when they have none, or one that reaches beyond the provider's organisation.
    """
    link = LinkedIdentity.get_or_none(
        LinkedIdentity.provider == provider, LinkedIdentity.subject == person.subject
    )
    account: Account | None = link.account if link else None
    if account is None and person.email_verified:
        account = registration.find(person.email)
    if account is None or not account.active:
        raise NotSignedIn(
            f"{provider.name} says who you are, but nobody here signs in as that. "
            "Ask whoever keeps these stories to invite you."
        )
    _require_reach(provider, account)
    if link is None:
        _link(provider, person, account)
    return account


_NOT_BELIEVED = (
    "What {name} answered could not be believed, so you are not signed in. Try again; "
    "if it stays so, tell whoever keeps these stories."
)


class _Away:
    """Turns what goes wrong on the way to a provider into a sentence."""

    def __init__(self, provider: IdentityProvider) -> None:
        self.name = provider.name

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from requests import RequestException

        if isinstance(error, RequestException | RuntimeError):
            raise Unavailable(
                f"{self.name} could not be reached. Try again in a minute, or sign in with a password."
            ) from error


def _client(provider: IdentityProvider) -> Any:
    from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
    from authlib.integrations.requests_client import OAuth2Session

    class Client(OAuth2Mixin, OpenIDMixin, BaseApp):
        client_cls = OAuth2Session

    return Client(
        None,
        name=provider.slug,
        client_id=provider.client_id,
        client_secret=sealing.unseal(provider.secret_sealed),
        server_metadata_url=f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
        },
    )


def _link(provider: IdentityProvider, person: Person, account: Account) -> None:
    with db.transaction():
        LinkedIdentity.create(
            provider=provider, subject=person.subject, account=account, linked_at=clock.now()
        )
        if account.invited_at is not None:
            # Their organisation vouches for them: they have joined, without a password of ours.
            Account.update(invited_at=None).where(Account.id == account.id).execute()
        acts.record(
            Act.IDENTITY_LINKED,
            Actor("staff", str(account.id)),
            "account",
            str(account.id),
            provider=provider.slug,
        )


def _require_reach(provider: IdentityProvider, account: Account) -> None:
    """Refuse to let an organisation's provider sign in somebody who is anything beyond that organisation."""
    elsewhere = [held for held in account.memberships if held.organisation_id != provider.organisation_id]
    if provider.organisation_id is not None and elsewhere:
        raise NotSignedIn(
            f"Your account reaches further than {provider.organisation.name}, so {provider.name} cannot sign "
            "you in. Use your password or a passkey."
        )


def _checked(name: str, issuer: str, client_id: str) -> dict[str, Any]:
    called, address, client = " ".join(name.split()), issuer.strip(), client_id.strip()
    errors = {}
    if not called or len(called) > LONGEST_NAME or not called.isprintable():
        errors["name"] = ["Say what people know it by, such as “NHSmail” or “St Elsewhere account”."]
    if not _is_issuer(address):
        errors["issuer"] = [
            "Write the issuer's address as the provider names it, such as https://login.st-elsewhere.example."
        ]
    if not client or len(client) > 200:
        errors["client_id"] = ["Write the client's id, which the provider gave."]
    if errors:
        raise InvalidInput(errors=errors)
    return {"name": called, "issuer": address, "client_id": client}


def _is_issuer(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    plain = parts.scheme == "http" and _is_this_machine(host)
    return (
        (parts.scheme == "https" or plain)
        and bool(host)
        and not (parts.query or parts.fragment or parts.username)
        and len(address) <= 300
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _free_slug(name: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30] or "provider"
    taken = {one.slug for one in IdentityProvider.select(IdentityProvider.slug)}
    return next(
        slug for number in range(1, 1000) if (slug := f"{stem}-{number}" if number > 1 else stem) not in taken
    )
