"""What authenticators are asked, and whether they signed it: all that knows the library `webauthn`.

`passkeys` imports it when somebody first uses one: the library brings along every kind of attestation and
certificate, which took a twelfth of each start and is not used where nobody has a passkey.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from tellback.accounts.models import Account, Passkey


class NotSigned(Exception):
    """An answer that is not what was asked, or not by whom."""


@dataclass(frozen=True)
class Asked:
    """What was asked to be signed, and at which address."""

    challenge: str
    public_url: str

    @property
    def raw(self) -> bytes:
        """What the authenticator signs."""
        return base64url_to_bytes(self.challenge)

    @property
    def host(self) -> str:
        """The name that passkeys are made for."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def origin(self) -> str:
        """The pages that may ask for them."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


def to_make(asked: Asked, account: Account, held: Iterable[Passkey], keeper: str) -> dict[str, Any]:
    """What a browser needs to make a passkey on a device that holds none of someone's."""
    options = webauthn.generate_registration_options(
        rp_id=asked.host,
        rp_name=keeper,
        user_id=base64url_to_bytes(account.passkey_handle),
        user_name=account.email,
        user_display_name=account.name,
        challenge=asked.raw,
        exclude_credentials=_descriptors(held),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _for_a_browser(options)


def made(asked: Asked, answer: str) -> VerifiedRegistration:
    """The passkey that was made as asked. Raises NotSigned."""
    try:
        return webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=asked.raw,
            expected_rp_id=asked.host,
            expected_origin=asked.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotSigned from error


def to_sign(asked: Asked, held: Iterable[Passkey] | None) -> dict[str, Any]:
    """What a browser needs to have one of these passkeys sign; without them any, of a proven owner."""
    options = webauthn.generate_authentication_options(
        rp_id=asked.host,
        challenge=asked.raw,
        allow_credentials=None if held is None else _descriptors(held),
        user_verification=(
            UserVerificationRequirement.REQUIRED if held is None else UserVerificationRequirement.PREFERRED
        ),
    )
    return _for_a_browser(options)


def signed(asked: Asked, answer: str, passkey: Passkey, *, proved: bool) -> VerifiedAuthentication:
    """What a passkey signed as asked; `proved` wants its owner's finger or PIN too. Raises NotSigned."""
    try:
        return webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=asked.raw,
            expected_rp_id=asked.host,
            expected_origin=asked.origin,
            credential_public_key=bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=proved,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise NotSigned from error


def transports(answer: str) -> list[str]:
    """How a browser can reach the authenticator again, as it said; what is no known way is left out."""
    told = json.loads(answer).get("response", {}).get("transports") or []
    return [way.value for way in AuthenticatorTransport if way.value in told]


def _for_a_browser(options: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return read


def _descriptors(held: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=bytes(one.credential_id), transports=[AuthenticatorTransport(way) for way in one.transports]
        )
        for one in held
    ]
