"""The journey in WebKitGTK, the engine of Safari, by the W3C WebDriver protocol (https://www.w3.org/TR/webdriver2)."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JOURNEY = (Path(__file__).parent / "journey.js").read_text().strip().removesuffix(";")
# Debian's webkit2gtk-driver drives the small browser that comes with the library.
BROWSERS = ("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser", "/usr/lib/webkit2gtk-4.1/MiniBrowser")


def browser() -> str | None:
    """WebKit's browser, where it, its driver and a screen (a real or a virtual one) are at hand."""
    if not shutil.which("WebKitWebDriver") or not shutil.which("xvfb-run"):
        return None
    return next((path for path in BROWSERS if Path(path).exists()), None)


def walk(path: str, address: str, story: str) -> Any:
    """What the journey saw at `address`."""
    with _driver() as ask:
        options = {"binary": path, "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = ask("POST", "/session", wanted)["sessionId"]
        try:
            ask("POST", f"/session/{session}/timeouts", {"script": 60_000})
            ask("POST", f"/session/{session}/url", {"url": address})
            script = (
                "const done = arguments[arguments.length - 1];"
                f"({JOURNEY})(arguments[0]).then(done, (error) => done({{ failed: String(error) }}));"
            )
            return ask("POST", f"/session/{session}/execute/async", {"script": script, "args": [story]})
        finally:
            ask("DELETE", f"/session/{session}")


@contextlib.contextmanager
def _driver() -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    # The browser's own sandbox needs rights that a container does not give; what it opens here is ours alone.
    environment = {**os.environ, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
    process = subprocess.Popen(
        ["xvfb-run", "-a", "WebKitWebDriver", f"--port={port}"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip

    def ask(method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}",
            method=method,
            data=json.dumps(body or {}).encode() if method == "POST" else None,
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)["value"]

    try:
        _wait_for(port, process)
        yield ask
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=60)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    raise RuntimeError("WebKitWebDriver did not start")
