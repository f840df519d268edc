"""A story is read and told in Firefox and in WebKit too, by a strict policy, on a page of another origin."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tellback.websites.models import Website, WebsiteOrigin
from tests.browser import Tellback, Websites, lacking
from tests.embed.hostile_pages import HOSTILE
from tests.embedded import STORY, Staff, told_bodies
from tests.engines import webkit

pytestmark = pytest.mark.browser

STRICT = next(page for page in HOSTILE if page.name == "strict-policy")
WALK = Path(__file__).parent / "firefox.mjs"


def test_firefox_shows_stories_and_takes_one(tellback: Tellback, websites: Websites, staff: Staff) -> None:
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if not firefox or not shutil.which("node"):
        lacking("no Firefox here: apt-get install -y firefox-esr")
    staff.publish(title="A quiet night")
    address = websites.put(STRICT.html(tellback.url), STRICT.headers_for(tellback.url))
    done = subprocess.run(
        ["node", str(WALK), firefox, address, STORY], capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    as_it_should_be(json.loads(done.stdout), tellback)


def test_webkit_shows_stories_and_takes_one(tellback: Tellback, websites: Websites, staff: Staff) -> None:
    path = webkit.browser()
    if not path:
        lacking("no WebKit here: apt-get install -y webkit2gtk-driver xvfb xauth")
    staff.publish(title="A quiet night")
    # It asks the system for every name, and the system may not know names under .localhost.
    origin = websites.origin("localhost")
    WebsiteOrigin.create(website=Website.get(), origin=origin)
    address = websites.put(STRICT.html(tellback.url), STRICT.headers_for(tellback.url), "localhost")
    as_it_should_be(webkit.walk(path, address, STORY), tellback)


def as_it_should_be(seen: dict[str, Any], tellback: Tellback) -> None:
    """The journey ended well, and looked as everywhere."""
    assert seen.get("failed") is None
    assert "Showing 1 of 1 story told here" in seen["count"]
    assert (seen["size"], seen["colour"]) == ("17px", "rgb(86, 59, 130)")
    assert (seen["violations"], seen["stored"], seen["wide"]) == ([], 0, 0)
    assert seen["title"] == "Thank you. We have your story."
    assert seen["focused"]
    assert seen["link"].startswith(f"{tellback.url}/my-story")
    assert told_bodies()[1:] == [STORY]
