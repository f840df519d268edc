"""Contact details, private links and sign-in secrets, sealed with a key that is not in the database.

Fernet: AES-128-CBC with HMAC-SHA256 (https://github.com/fernet/spec).
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tellback.errors import SettingsError

_fernet: MultiFernet | None = None
_pepper: tuple[bytes, ...] = ()


def use(keys: tuple[str, ...]) -> None:
    """Choose the keys: the first seals, all open. Each may be any text of 32 characters or more."""
    global _fernet, _pepper
    _pepper = tuple(hashlib.sha256(b"bucket:" + k.encode()).digest() for k in keys)
    _fernet = MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(k.encode()).digest())) for k in keys]
    )


def seal(text: str) -> bytes:
    """The text, so that only the holder of the key reads it."""
    return _chosen().encrypt(text.encode())


def unseal(sealed: bytes) -> str:
    """The text again. Raises SettingsError when no key of ours sealed it."""
    try:
        return _chosen().decrypt(bytes(sealed)).decode()
    except InvalidToken as error:
        raise SettingsError("TELLBACK_CONTACT_KEY is not the key these details were sealed with") from error


def resealed(sealed: bytes) -> bytes | None:
    """The same sealed with the first key, or None where it is already. Raises SettingsError as `unseal`."""
    first, text = _chosen()._fernets[0], unseal(sealed)  # noqa: SLF001 (it has no other way to ask)
    try:
        first.decrypt(bytes(sealed))
    except InvalidToken:
        return seal(text)
    return None


def buckets(text: str) -> list[str]:
    """In which of 256 buckets each key puts a text, the first key first: two hexadecimal digits.

    For finding a sealed text again among few, by the keys alone. Many texts share a bucket, so that two in
    the same one are not known to be the same.
    """
    _chosen()
    return [hmac.digest(key, text.encode(), "sha256").hex()[:2] for key in _pepper]


def _chosen() -> MultiFernet:
    if _fernet is None:
        raise SettingsError("no contact key was chosen: call sealing.use() at start")
    return _fernet
