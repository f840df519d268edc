"""Tells the invented stories by the service's own rules, as its own staff, in the order of time.

A file of `demo/stories/` is named for the website its stories were told on, and holds `[[story]]` tables with
the fields of the API (`services`, `topics`, `title`, `body`, …) and:

- `told`, `opened` and every other `when`: "12 days ago, 21:40" (UTC), so that the demo is always recent;
- `visited`: "the same month" as it was told, "the month before" or "three months before";
- `redactions`: `words`, `replacement`, `reason`;
- `decision`: `act` (publish, return or reject), `when`; `reason` and `message` where the act has them;
- `[[story.reply]]`: `service`, `by` (an address), `role`, `when`, `body`; waits when it has no `published`;
- `end`: what became of a published story: `act` (remove or withdraw) and `when`.

A file may hold `[[change]]` tables too: what a service says it changes. They have `service`, `by`, `stories`
(titles) and a `[[change.claim]]` for each thing said: `state`, `what`, perhaps `why`, `on` ("12 days ago",
or "in 2 months"), `when`; one waits when it has no `published`.

Where a text says "{12 days ago}", it reads as that day, such as "11 November".
A story without `decision` still waits; one that is `opened` is being read.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from demo.cast import MODERATOR, PLACES, SITES, STAFF, TOPICS
from tellback import clock
from tellback.accounts import passwords, registration
from tellback.accounts.models import Account
from tellback.authorship import own_story
from tellback.moderation import change_decisions, decisions, redaction, reply_decisions
from tellback.organisations import catalogue
from tellback.replies import changes, responding
from tellback.replies.models import ChangeClaim
from tellback.stories import submission, topics
from tellback.stories.models import PublishedText, Story
from tellback.stories.schemas import ToldStorySchema
from tellback.websites import registration as websites
from tellback.websites.models import Website

STORIES = Path(__file__).parent / "stories"
# Everything began before the first story was told.
_BEGINNING = "90 days ago, 09:00"
_MONTHS = {"the same month": 0, "the month before": 1, "three months before": 3}
_A_DAY = re.compile(r"\{(\d+) days ago\}")
# Keys of a `[[story]]` that are no fields of the API.
_NO_FIELDS = {"told", "visited", "opened", "redactions", "decision", "reply", "end"}

Step = tuple[datetime, Callable[[], object]]


def seed(password: str, origins: dict[str, str]) -> None:
    """Make places, people and websites, and tell every story. `origins` are those of the sites, by folder.

    Raises the rules' own problems when a story breaks one.
    """
    today = clock.today()
    steps: list[Step] = []
    try:
        clock.pin(_moment(_BEGINNING, today))
        people = _people(password)
        carriers = _websites(origins)
        for folder, told in _files(today).items():
            for story in told["story"]:
                steps += _Life(story, carriers[folder], people, today).steps()
            for change in told.get("change", []):
                steps += _Change(change, people, today).steps()
        for moment, act in sorted(steps, key=lambda step: step[0]):
            clock.pin(moment)
            act()
    finally:
        clock.pin(None)


def renew(password: str, origins: dict[str, str]) -> None:
    """Go on with a demo that was kept: staff get a new password, the sites may have moved to other ports."""
    for person in STAFF:
        account = registration.find(person.email)
        assert account, f"{person.email} was taken out of the kept demo"
        account.password = passwords.hashed(password)
        account.fs_uniquifier = registration.make_uniquifier()
        account.save()
    _websites(origins)


def told_stories(today: date) -> dict[str, list[dict[str, Any]]]:
    """The invented stories as the files have them, by the folder of the website they were told on."""
    return {folder: told["story"] for folder, told in _files(today).items()}


def _files(today: date) -> dict[str, dict[str, Any]]:

    def day(found: re.Match[str]) -> str:
        then = today - timedelta(days=int(found[1]))
        return f"{then.day} {then:%B}"

    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(STORIES.glob("*.toml"))}
    return {folder: tomllib.loads(_A_DAY.sub(day, text)) for folder, text in texts.items()}


def _websites(origins: dict[str, str]) -> dict[str, Website]:
    carriers = {}
    for site in SITES:
        keeper = websites.organisation_of(site.organisation) if site.organisation else None
        carriers[site.folder] = websites.add(site.name, [origins[site.folder]], keeper)
    return carriers


def _people(password: str) -> dict[str, Account]:
    for place in PLACES:
        catalogue.add(
            place.name,
            parent=place.parent,
            organisation=place.organisation,
            kind=place.kind,
            town=place.town,
        )
    for topic in TOPICS:
        topics.add(topic)
    return {
        person.email: registration.add(person.email, person.name, password, person.role, person.organisation)
        for person in STAFF
    }


class _Life:
    """One story's way: what happens to it, and when."""

    def __init__(
        self, told: dict[str, Any], website: Website, people: dict[str, Account], today: date
    ) -> None:
        self.told = told
        self.website = website
        self.people = people
        self.moderator = people[MODERATOR.email]
        self.today = today
        self.story: Story

    def steps(self) -> Iterator[Step]:
        """Each moment and what happens then, earliest first."""
        yield self._at(self.told["told"]), self._tell
        decision = self.told.get("decision")
        if opened := self.told.get("opened") or (decision and decision["when"]):
            yield self._at(opened), self._open
        if decision:
            yield self._at(decision["when"]), self._decide
        for reply in self.told.get("reply", []):
            yield self._at(reply["when"]), lambda reply=reply: self._answer(reply)
            if "published" in reply:
                yield self._at(reply["published"]), lambda: self._publish_reply()
        if end := self.told.get("end"):
            yield self._at(end["when"]), self._end

    def _at(self, when: str) -> datetime:
        return _moment(when, self.today)

    def _tell(self) -> None:
        fields = {name: value for name, value in self.told.items() if name not in _NO_FIELDS}
        if visited := self.told.get("visited"):
            fields["visited_on"] = _month(self._at(self.told["told"]), _MONTHS[visited])
        told = ToldStorySchema().load(
            {
                **fields,
                "consent_publish": True,
                "consent_contact": "contact_email" in fields,
                "website_path": "/",
            }
        )
        for name in ("idempotency_key", "site_key"):
            told.pop(name)
        self.story = submission.submit(told, website=self.website).story

    def _open(self) -> None:
        decisions.open_for_review(self.story, self.moderator)
        for taken in self.told.get("redactions", []):
            redaction.redact_words(self.story, self.story.revision, by=self.moderator, **taken)

    def _decide(self) -> None:
        decision = self.told["decision"]
        if decision["act"] == "publish":
            decisions.publish(self.story, self.story.revision, self.moderator)
        else:
            decide = {"return": decisions.send_back, "reject": decisions.reject}[decision["act"]]
            decide(self.story, self.story.revision, self.moderator, **_why(decision))

    def _answer(self, reply: dict[str, Any]) -> None:
        account = self.people[reply["by"]]
        written = {
            "responder_name": account.name,
            "responder_role": reply["role"],
            "body": reply["body"].strip(),
            "lang": reply.get("lang", "en"),
        }
        self.reply = responding.reply(self.story, reply["service"], written, by=account)

    def _publish_reply(self) -> None:
        reply_decisions.publish(self.reply, self.moderator)

    def _end(self) -> None:
        end = self.told["end"]
        if end["act"] == "withdraw":
            own_story.withdraw(self.story)
        else:
            decisions.remove(self.story, self.story.revision, self.moderator, **_why(end))


class _Change:
    """What a service says it changes because of stories, and what became of it."""

    def __init__(self, told: dict[str, Any], people: dict[str, Account], today: date) -> None:
        self.told = told
        self.account = people[told["by"]]
        self.moderator = people[MODERATOR.email]
        self.today = today
        self.claim: ChangeClaim

    def steps(self) -> Iterator[Step]:
        """Each moment and what happens then, earliest first."""
        for number, claim in enumerate(self.told["claim"]):
            say = self._go_on if number else self._record
            yield _moment(claim["when"], self.today), lambda claim=claim, say=say: say(self._said(claim))
            if "published" in claim:
                yield _moment(claim["published"], self.today), lambda: self._publish()

    def _record(self, said: dict[str, str]) -> None:
        titles = PublishedText.select(PublishedText.story).where(
            PublishedText.title.in_(self.told["stories"])
        )
        ids = [story.public_id for story in Story.select().where(Story.id.in_(titles))]
        self.claim = changes.record(self.told["service"], ids, said, by=self.account)

    def _go_on(self, said: dict[str, str]) -> None:
        change = changes.get(self.claim.change.public_id)
        self.claim = changes.go_on(change, change.revision, [], said, by=self.account)

    def _publish(self) -> None:
        change_decisions.publish(self.claim, self.moderator)

    def _said(self, claim: dict[str, str]) -> dict[str, str]:
        return {
            "state": claim["state"],
            "what": claim["what"].strip(),
            "why": claim.get("why", "").strip(),
            "on": self._on(claim.get("on", "")),
            "evidence": "",
            "lang": claim.get("lang", "en"),
        }

    def _on(self, when: str) -> str:
        if when.startswith("in "):
            return _month(_moment("0 days ago, 12:00", self.today), -int(when.split()[1]))
        return _moment(f"{when}, 12:00", self.today).date().isoformat() if when else ""


def _why(decided: dict[str, str]) -> dict[str, str]:
    return {"reason": decided["reason"], "message": decided["message"]}


def _moment(when: str, today: date) -> datetime:
    """The moment of "12 days ago, 21:40"."""
    days, _, clock_time = when.partition(", ")
    day = today - timedelta(days=int(days.split()[0]))
    return datetime.combine(day, time.fromisoformat(clock_time), UTC)


def _month(moment: datetime, before: int) -> str:
    months = moment.year * 12 + moment.month - 1 - before
    return f"{months // 12}-{months % 12 + 1:02}"
