"""A story as everyone may read it: the JSON of the API, which pages and feeds show too.

Only `PublishedText` is read here, never the author's own words.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import JOIN

from tellback.audit import ledger
from tellback.moderation.reasons import ended_text
from tellback.organisations.models import Organisation, Service
from tellback.published import taken_down
from tellback.replies import answering_back, answering_for
from tellback.replies.answering_back import AnswerState
from tellback.replies.changes import changes_of
from tellback.replies.models import AnswerBack, Reply
from tellback.replies.responding import ReplyState
from tellback.screening import REASONS
from tellback.stories.about import services_of, topics_of
from tellback.stories.models import PublishedText, Story, StoryVersion
from tellback.stories.states import State
from tellback.stories.topics import describe_raised
from tellback.stories.words import LICENCE
from tellback.websites.models import Website, WebsiteOrigin

# Steps of one story: it is received, published, edited and ended; more would be a quarrel.
_MOST_ENTRIES = 200


def shown(stories: Sequence[Story], public_url: str) -> list[dict[str, Any]]:
    """Stories that were ever public, as the API shows them, in the order given.

    One that was removed or withdrawn is a tombstone. Ten queries, however many stories.
    """
    ids = [story.id for story in stories]
    services, topics, texts, replies = services_of(ids), topics_of(ids), _texts(ids), _replies(ids)
    changes, websites, gone = changes_of(ids, public_url), _websites(stories), taken_down.of_stories(ids)
    return [
        {
            "id": story.public_id,
            "url": f"{public_url}/stories/{story.public_id}",
            "state": State.PUBLISHED.value if story.id in texts else State.REMOVED.value,
            "told_at": story.told_at.date().isoformat(),
            "published_at": _moment(story.published_at),
            "services": [describe_service(s, public_url) for s in services.get(story.id, [])],
            "topics": [describe_raised(t, public_url) for t in topics.get(story.id, [])],
            **(_text(story, texts[story.id]) if story.id in texts else _tombstone(story)),
            # A path is a stranger's words, too: it goes with the story.
            "website": _told_on(
                websites.get(story.website_id), story.website_path if story.id in texts else None
            ),
            "me_too": story.me_too,
            "replies": replies.get(story.id, []) if story.id in texts else [],
            "days_to_reply": days_to_reply(story, replies.get(story.id, [])) if story.id in texts else None,
            "changes": changes.get(story.id, []) if story.id in texts else [],
            "taken_down": gone.get(story.id, []) if story.id in texts else [],
        }
        for story in stories
    ]


def told_on(story: Story) -> dict[str, str | None] | None:
    """The website on whose page a story was told, as the API shows it; None for our own pages and programs.

    Its first origin, and the page's path as the embed gave it.
    """
    return _told_on(_websites([story]).get(story.website_id), story.website_path)


def in_ledger(story: Story) -> dict[str, Any]:
    """What the public ledger holds of a story, and the salt by which the words shown open their commitment.

    The last entry that is `published` or `edited` commits to them; a story that was taken down has no salt.
    """
    entries = ledger.after(0, limit=_MOST_ENTRIES, story_id=story.public_id)
    text = PublishedText.get_or_none(PublishedText.story == story)
    return {"entries": [ledger.described(entry) for entry in entries], "salt": text and text.salt}


def describe_service(service: Service, public_url: str) -> dict[str, str]:
    """A service as it stands beside a story."""
    return {"code": service.code, "name": service.name, "url": f"{public_url}/services/{service.code}"}


def describe_reply(reply: Reply, answers: Sequence[AnswerBack] = ()) -> dict[str, Any]:
    """A published reply as it stands under its story, with what the story's author says of it (`answers`)."""
    return {
        "id": reply.public_id,
        "from": answering_for.signature(reply.service),
        "responder_name": reply.responder_name,
        "responder_role": reply.responder_role,
        "body": reply.body,
        "published_at": _moment(reply.published_at),
        "lang": reply.lang,
        "kind": reply.kind,
        "from_kind": reply.service.organisation.kind,
        "corrected_at": _moment(reply.corrected_at),
        "answers_back": [answering_back.describe(answer) for answer in answers],
        "verdict": reply.verdict,
    }


def replies_of(story: Story) -> list[dict[str, Any]]:
    """The published replies to one story, the first first."""
    return _replies([story.id]).get(story.id, [])


def days_to_reply(story: Story, replies: Sequence[dict[str, Any]]) -> int | None:
    """Whole days from a story's publication to the first reply shown beneath it; None without one."""
    if not replies or story.published_at is None:
        return None
    first = min(datetime.fromisoformat(reply["published_at"]) for reply in replies)
    return max((first - story.published_at).days, 0)


def _websites(stories: Sequence[Story]) -> dict[int, Any]:
    """The websites on which these stories were told, each with its first `origin`."""
    query = (
        Website.select(Website, WebsiteOrigin.origin)
        .join(WebsiteOrigin, JOIN.LEFT_OUTER)
        .where(Website.id.in_({story.website_id for story in stories if story.website_id is not None}))
        .order_by(WebsiteOrigin.id.desc())
    )
    # The oldest origin comes last, and stays.
    return {website.id: website for website in query.objects()}


def _told_on(website: Any, path: str | None) -> dict[str, str | None] | None:
    return website and {"name": website.name, "origin": website.origin, "path": path}


def _texts(ids: list[int]) -> dict[int, PublishedText]:
    query = PublishedText.select(PublishedText, StoryVersion).join(StoryVersion)
    return {text.story_id: text for text in query.where(PublishedText.story.in_(ids))}


def _replies(ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    parent = Service.alias()
    query = (
        Reply.select(Reply, Service, Organisation, parent)
        .join(Service)
        .join(Organisation)
        .switch(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id).alias("parent"))
        .where(Reply.story.in_(ids), Reply.state == ReplyState.PUBLISHED.value)
        .order_by(Reply.published_at, Reply.id)
    )
    replies = list(query)
    answers = answering_back.of_replies([reply.id for reply in replies], AnswerState.PUBLISHED)
    found: dict[int, list[dict[str, Any]]] = {}
    for reply in replies:
        found.setdefault(reply.story_id, []).append(describe_reply(reply, answers.get(reply.id, ())))
    return found


def _text(story: Story, text: PublishedText) -> dict[str, Any]:
    return {
        "title": text.title,
        "body": text.body,
        "what_was_good": text.what_was_good,
        "what_could_be_better": text.what_could_be_better,
        "feelings": text.version.feelings,
        "author_role": story.author_role,
        "display_name": story.display_name,
        "overall_experience": story.overall_experience,
        "visited_on": story.visited_on,
        "lang": text.version.lang,
        "licence": LICENCE if story.consent_licence else None,
        "redactions": [{**r, "reason_text": REASONS[r["reason"]]} for r in text.redactions],
    }


def _tombstone(story: Story) -> dict[str, Any]:
    return {
        "removed_at": _moment(story.ended_at),
        "reason": story.ended_reason,
        "reason_text": ended_text(story.ended_reason),
    }


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None
