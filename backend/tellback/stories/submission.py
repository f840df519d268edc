"""Telling a story: screened, and kept with everything that belongs to it, or not at all."""

import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from tellback import clock
from tellback.audit import acts, ledger
from tellback.db import prepared, put, transaction
from tellback.errors import InvalidInput, KeyReused
from tellback.organisations import catalogue
from tellback.organisations.models import Service
from tellback.organisations.naming import tidy_code
from tellback.outbox import messages
from tellback.rota import languages, on_call
from tellback.stories import contact, desk_words, findings, private_links
from tellback.stories.commitments import commitment
from tellback.stories.models import (
    Story,
    StoryService,
    StoryTopic,
    StoryVersion,
    Topic,
    UsedKey,
)
from tellback.stories.states import State
from tellback.stories.urgency import Urgency, first_rank
from tellback.stories.words import CONSENT_VERSION
from tellback.translations.sentences import say
from tellback.websites.models import Website

_NOT_SENT = say("Nothing was sent yet, and what you typed is still here.")
# The fields of a version that hold the author's words, in reading order.
TEXT_FIELDS = ("title", "body", "what_was_good", "what_could_be_better")
# Those, and what only staff read.
SCREENED_FIELDS = (*TEXT_FIELDS, "topic_words")
# The words of a title made from the story, when the author gave none.
_TITLE_LENGTH = 60
# No vowels and no look-alikes: an id spells no word and survives being read aloud.
_ID_ALPHABET = "23456789bcdfghjkmnpqrstvwxz"


@dataclass(frozen=True)
class Receipt:
    """What the teller gets back: the story, and the secret of the private link."""

    story: Story
    token: str


def submit(
    told: dict[str, Any],
    *,
    key: str | None = None,
    website: Website | None = None,
    read_in: str | None = None,
    taken_out: int = 0,
    marks: Sequence[str] = (),
) -> Receipt:
    """Keep a story told in the shape `ToldStorySchema` loads.

    `read_in` is the language in which its author read what they agree to, where that is known; `taken_out`,
    how many characters that nobody sees were taken out of their words; `marks` are rules by which it may be
    from a machine (`http.traps`).
    `key` is the teller's idempotency key: the same key and the same story give the same receipt again.
    When this returns, the story is on the disk. Raises InvalidInput for an unknown service or topic and for
    a story about nothing, KeyReused for a key that told another story.
    """
    body_hash = _fingerprint(told)
    services, topics = about(told)
    version = _version(told, website, read_in)
    story = version.story
    # Before the transaction, in which nobody else can write.
    found = findings.look(version, SCREENED_FIELDS, services)
    story.urgency, story.queue_rank = int(found.urgency), first_rank(found.urgency)
    try:
        with transaction():
            _keep(version, services, topics, told["contact_email"])
            findings.keep(version, found, is_first=True)
            findings.mark_machine(version, marks)
            token = private_links.give(story)
            if key:
                used = {"key_hash": _hashed(key), "body_hash": body_hash}
                put(UsedKey, [{**used, "story": story, "created_at": clock.now()}])
            if story.urgency == Urgency.NOW:
                on_call.alert(story.public_id)
            desk_words.keep_told(version, website, services, [topic for topic, _polarity in topics])
            mended = {"taken_out": taken_out} if taken_out else {}
            acts.record(acts.Act.STORY_TOLD, acts.AUTHOR, "story", story.public_id, **mended)
            if told["contact_email"]:
                messages.put("story_received", "author", story.public_id)
            ledger.append(ledger.Step.RECEIVED, story.public_id, commitment=commitment(version))
    except peewee.IntegrityError:
        # The same key was here before, or arrived twice at once and the other was first.
        if key and (before := _told_before(key, body_hash)):
            return before
        raise
    return Receipt(story, token)


def told_before(told: dict[str, Any], key: str | None) -> Receipt | None:
    """The receipt of this story, when the same key has told it before. Raises KeyReused for another story."""
    return _told_before(key, _fingerprint(told)) if key else None


def about(told: dict[str, Any]) -> tuple[list[Service], list[tuple[Topic, str | None]]]:
    """What a story is about: services, and topics with their polarity. Raises InvalidInput as `submit`."""
    services, topics = _services(told["services"]), _topics(told["topics"])
    if not services and not topics:
        raise InvalidInput(_NOT_SENT, errors={"service": [say("Say which service your story is about.")]})
    return services, topics


def new_public_id() -> str:
    """An id of 16 characters (76 bits) that nobody can guess or count to."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(16))


def current_version(story: Story) -> StoryVersion:
    """The author's latest words."""
    version: StoryVersion = story.versions.order_by(StoryVersion.number.desc()).get()
    return version


def _told_before(key: str, body_hash: str) -> Receipt | None:
    used = _used(_hashed(key))
    if not used:
        return None
    ((its_body, story_id),) = used
    if its_body != body_hash:
        raise KeyReused(
            say(
                "It reached us before, with other words. We kept those, and your private link shows them. "
                "What you changed since was not sent. To tell another story, begin again."
            )
        )
    story = Story.get_by_id(story_id)
    return Receipt(story, private_links.again(story))


@prepared
def _used(key_hash: Any) -> Any:
    return UsedKey.select(UsedKey.body_hash, UsedKey.story).where(UsedKey.key_hash == key_hash).tuples()


def _services(codes: list[str]) -> list[Service]:
    found = catalogue.named_by_codes(codes)
    known = {service.code for service in found}
    unknown = [code[:64] for code in codes if tidy_code(code) not in known]
    if unknown:
        sentences = [say("We know no service with the code {code}.", code=code) for code in unknown]
        raise InvalidInput(_NOT_SENT, errors={"service": sentences})
    return found


def _topics(raised: list[tuple[str, str | None]]) -> list[tuple[Topic, str | None]]:
    slugs = [slug for slug, _ in raised]
    found = {topic.slug: topic for topic in Topic.select().where(Topic.slug.in_(slugs))} if slugs else {}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        raise InvalidInput(
            _NOT_SENT,
            errors={"topic": [say("We know no topic called {slug}.", slug=slug[:64]) for slug in unknown]},
        )
    return [(found[slug], polarity) for slug, polarity in raised]


def _version(told: dict[str, Any], website: Website | None, read_in: str | None) -> StoryVersion:
    """The first version of a story that is being told, and the story with it; neither is kept yet."""
    moment = clock.now()
    story = Story(
        public_id=new_public_id(),
        state=State.SUBMITTED.value,
        state_since=moment,
        author_role=told["author_role"],
        display_name=told["display_name"],
        overall_experience=told["overall_experience"],
        visited_on=told["visited_on"],
        topic_words=told["topic_words"],
        consent_publish=told["consent_publish"],
        consent_licence=told["consent_licence"],
        consent_contact=told["consent_contact"],
        consent_version=CONSENT_VERSION,
        consent_lang=read_in,
        website=website,
        website_path=told["website_path"],
        assigned_to=languages.named_reader(told["lang"]),
        told_at=moment,
        waits_since=moment,
    )
    return StoryVersion(
        story=story,
        number=1,
        title=told["title"] or title_from(told["body"]),
        body=told["body"],
        what_was_good=told["what_was_good"],
        what_could_be_better=told["what_could_be_better"],
        feelings=told["feelings"],
        lang=told["lang"],
        salt=ledger.new_salt(),
        written_at=moment,
        unread_since=moment if findings.is_read_again(told["lang"]) else None,
    )


def _keep(
    version: StoryVersion,
    services: list[Service],
    topics: list[tuple[Topic, str | None]],
    email: str | None,
) -> None:
    story = version.story
    story.save()
    version.save()
    put(StoryService, [{"story": story, "service": service} for service in services])
    put(StoryTopic, [{"story": story, "topic": t, "polarity": p} for t, p in topics])
    if email:
        contact.keep(story, email)


def title_from(body: str) -> str:
    """A title from the story's first words, cut between words."""
    first = re.split(r"(?<=[.!?])\s|\n", body, maxsplit=1)[0].strip()
    if len(first) <= _TITLE_LENGTH:
        # Of a story that is all full stops, those are the first words.
        return first.rstrip(".") or body.strip()[:_TITLE_LENGTH]
    return first[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.-") + "…"


def _fingerprint(told: dict[str, Any]) -> str:
    facts = {name: value for name, value in told.items() if name not in ("idempotency_key", "site_key")}
    return _hashed(json.dumps(facts, sort_keys=True))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
