"""The embed's file as it is served: built once, with this service's own address put in."""

import base64
import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

import brotli

from tellback import __version__

_BUILT = Path(__file__).parent.parent / "static" / "embed" / "stories.js"


@dataclass(frozen=True)
class Embed:
    """The file's bytes and what a webmaster may pin it by."""

    script: bytes
    # The same, pressed as small as it goes, by the name of the content coding; the best one first.
    compressed: dict[str, bytes]
    # `sha384-…`, for the `integrity` of a script tag (W3C Subresource Integrity).
    integrity: str


def embed_for(public_url: str) -> Embed:
    """The embed that talks to the service at this address.

    Optimisers lose `document.currentScript`, so the address stands in the file itself.
    """
    text = _BUILT.read_text(encoding="utf-8")
    script = (
        text.replace("__TELLBACK_ORIGIN__", public_url).replace("__TELLBACK_VERSION__", __version__).encode()
    )
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    # Once at start, so the slowest setting costs nothing; a fixed time makes each process's bytes the same.
    compressed = {"br": brotli.compress(script, quality=11), "gzip": gzip.compress(script, 9, mtime=0)}
    return Embed(script, compressed, f"sha384-{digest}")
