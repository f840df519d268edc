"""Replies that a program sends for somebody, and what it may know of them; each key sends one."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import peewee

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.db import transaction
from tellback.errors import KeyReused, NotFound
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for, beside, coaching, responding
from tellback.replies.models import Reply, ReplyKey
from tellback.replies.states import Via
from tellback.stories.models import Story


def send(
    story_id: str,
    service_code: str,
    written: dict[str, Any],
    key: str | None,
    *,
    by: Account,
    wait: timedelta,
) -> Reply:
    """Send a reply as `responding.reply` does; `key` is the sender's, and sends the same reply once.

    Raises NotFound for a story that was never public, KeyReused for a key that sent something else, and as
    `responding.reply`.
    """
    story = Story.get_or_none(Story.public_id == story_id, Story.published_at.is_null(False))
    if story is None:
        raise NotFound("There is no such story.")
    body_hash = _hashed([story_id, service_code, written])
    key_hash = _hashed([by.id, key]) if key else ""
    if key and (before := _sent_before(key_hash, body_hash)):
        return before
    try:
        with transaction():
            reply = responding.reply(story, service_code, written, by=by, via=Via.API, wait=wait)
            if key:
                ReplyKey.create(key_hash=key_hash, body_hash=body_hash, reply=reply, created_at=clock.now())
    except peewee.IntegrityError:
        # The same key arrived twice at once and the other was first.
        if before := _sent_before(key_hash, body_hash):
            return before
        raise
    return reply


def find(reply_id: str, *, by: Account) -> Reply:
    """A reply of an organisation for which somebody answers. Raises NotFound for any other."""
    reply: Reply | None = (
        Reply.select(Reply, Service, Organisation, Story)
        .join(Service)
        .join(Organisation)
        .switch(Reply)
        .join(Story)
        .where(Reply.public_id == reply_id)
        .first()
    )
    if reply is None or not may(by, Action.WRITE_REPLIES, reply.service.organisation):
        raise NotFound("There is no such reply of yours. One that was taken back is gone.")
    return reply


def describe(reply: Reply) -> dict[str, Any]:
    """Where a reply stands, as the API says it to who sent it, with what to look at again in it."""
    written = {"body": reply.body, "lang": reply.lang, "responder_name": reply.responder_name}
    looked = coaching.look_at(written, beside.told(reply.story, reply.service.organisation))
    return {
        "id": reply.public_id,
        "story": reply.story.public_id,
        "service": reply.service.code,
        "from": answering_for.signature(reply.service),
        "kind": reply.kind,
        "state": reply.state,
        "written_at": _moment(reply.written_at),
        "goes_on_at": _moment(reply.due_at),
        "published_at": _moment(reply.published_at),
        "note": reply.note,
        "look_again": [
            {"title": hint.title, "advice": hint.advice, "words": list(hint.examples)}
            for hint in looked.warnings
        ],
    }


def _sent_before(key_hash: str, body_hash: str) -> Reply | None:
    used = ReplyKey.select(ReplyKey, Reply).join(Reply).where(ReplyKey.key_hash == key_hash).first()
    if used is None:
        return None
    if used.body_hash != body_hash:
        raise KeyReused("This Idempotency-Key sent another reply before. Use a new one for each reply.")
    reply: Reply = used.reply
    return reply


def _hashed(facts: list[Any]) -> str:
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
