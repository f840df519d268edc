"""Contact details and private links, sealed with a key that is not in the database.

Fernet: AES-128-CBC with HMAC-SHA256 (https://github.com/fernet/spec).
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tellback.errors import SettingsError

_fernet: MultiFernet | None = None


def use(keys: tuple[str, ...]) -> None:
    """Choose the keys: the first seals, all open. Each may be any text of 32 characters or more."""
    global _fernet
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


def _chosen() -> MultiFernet:
    if _fernet is None:
        raise SettingsError("no contact key was chosen: call sealing.use() at start")
    return _fernet
