"""A story of any text in feeds, cards and linked data: well formed, and its words as they were told."""

import json
import re
from xml.etree import ElementTree

from flask.testing import FlaskClient
from hypothesis import given

from tellback.accounts.models import Account
from tellback.http.text import tidy
from tests.fuzzing.texts import fewer, told_text
from tests.people import tell_and_publish


@fewer
@given(body=told_text, title=told_text)
def test_feeds_cards_and_linked_data_hold_it_well_formed(
    client: FlaskClient, moira: Account, body: str, title: str
) -> None:
    kept = tidy(body, lines=True)
    if not kept:
        return
    story = tell_and_publish(moira, body=body, title=title[:60])
    ElementTree.fromstring(client.get("/services/RXH01/stories.atom").get_data())
    page = client.get(f"/stories/{story.public_id}").text
    (linked,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert json.loads(linked)["reviewBody"] == kept
    assert client.get(f"/api/v1/stories/{story.public_id}").get_json()["body"] == kept
    asked = {"url": f"https://stories.example/stories/{story.public_id}", "format": "xml"}
    ElementTree.fromstring(client.get("/oembed", query_string=asked).get_data())
