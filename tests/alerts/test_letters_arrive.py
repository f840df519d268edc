"""Alerts as a real SMTP server gets them: from a decision that leaves its undo window to the inbox."""

import dataclasses
import re
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

from tellback import clock, rounds
from tellback.accounts import registration
from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.alerts.models import Alert
from tellback.config import Settings
from tellback.moderation import change_decisions, decisions
from tellback.replies import changes, signed_links
from tellback.stories.models import Story
from tests.alerts.conftest import later
from tests.people import tell

URL = "https://stories.example"


def arrived(settings: Settings, inbox: tuple[Any, str]) -> list[Any]:
    """The letters that one round brings."""
    inbox[0].letters.clear()
    rounds.go_round(dataclasses.replace(settings, smtp_url=inbox[1]))
    return [message_from_bytes(one.content, policy=policy.default) for one in inbox[0].letters]


def test_a_new_responder_hears_in_the_round_in_which_the_undo_window_closes(
    moira: Account, settings: Settings, inbox: tuple[Any, str]
) -> None:
    registration.add("rue@example.org", "Rue", "three blue ferries", Role.RESPONDER, "RXH")
    story = tell(service="RXH01-ward-5", title="Secret until then =?utf-8?q?x?=").story
    decisions.open_for_review(story, moira)
    decisions.publish(Story.get_by_id(story.id), 2, moira, level=5, wait=timedelta(minutes=10))
    assert arrived(settings, inbox) == []
    later(minutes=10)
    (letter,) = arrived(settings, inbox)
    assert (letter["To"], letter["Subject"]) == ("rue@example.org", "1 new story: Ward 5")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].startswith(f"<{URL}/alerts/unsubscribe/")
    text = letter.get_body(("plain",)).get_content()
    assert "“Secret until then =?utf-8?q?x?=”" in text
    assert f"{URL}/stories/{story.public_id}" in text
    token = re.search(rf"{URL}/answer#(\S+)", text)
    assert token
    link = signed_links.read(token[1])
    assert (link.account.email, link.service.code) == ("rue@example.org", "RXH01-ward-5")
    assert (link.story, signed_links.ended(link)) == (story, "")
    assert "ritical" not in letter.as_string()
    assert arrived(settings, inbox) == []


def test_the_first_alert_is_given_once_and_stays_deleted(settings: Settings, moira: Account) -> None:
    rue = registration.add("rue@example.org", "Rue", "three blue ferries", Role.RESPONDER, "RXH")
    for _ in range(2):
        rounds.give_first_alerts(settings)
    (alert,) = Alert.select().where(Alert.account == rue)
    assert (alert.organisation.code, alert.cadence) == ("RXH", "at_once")
    alert.delete_instance()
    rounds.give_first_alerts(settings)
    assert Alert.select().count() == 0


def test_a_service_is_reminded_once_of_a_change_that_is_due(
    publish: Callable[..., Story], settings: Settings, moira: Account, inbox: tuple[Any, str]
) -> None:
    rue = registration.add("rue@example.org", "Rue", "three blue ferries", Role.RESPONDER, "RXH")
    said = {"state": "planned", "what": "Quieter doors.", "why": "", "on": "2026-12", "evidence": ""}
    claim = changes.record("RXH01", [publish().public_id], {**said, "lang": "en"}, by=rue)
    change_decisions.publish(claim, moira)
    arrived(settings, inbox)
    clock.pin(clock.now() + timedelta(days=40))
    (letter,) = arrived(settings, inbox)
    assert letter["Subject"] == "1 change that is due: St Elsewhere Hospital"
    assert f"{URL}/admin/changes/{claim.change.public_id}" in letter.get_body(("plain",)).get_content()
    assert arrived(settings, inbox) == []
