"""A story as everyone may read it: the JSON of the API, which pages and feeds show too.

Only `PublishedText` is read here, never the author's own words.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from peewee import JOIN

from tellback.audit import ledger
from tellback.db import prepared
from tellback.moderation.reasons import ended_text
from tellback.organisations.models import Organisation, Service
from tellback.published import taken_down
from tellback.replies import answering_back, answering_for
from tellback.replies.answering_back import AnswerState
from tellback.replies.changes import changes_of
from tellback.replies.models import AnswerBack, Reply
from tellback.replies.responding import ReplyState
from tellback.screening import REASONS
from tellback.stories.models import PublishedText, Story, StoryService, StoryTopic, StoryVersion, Topic
from tellback.stories.states import State
from tellback.stories.topics import describe_named
from tellback.stories.words import LICENCE
from tellback.websites.models import Website, WebsiteOrigin

# Steps of one story: it is received, published, edited and ended; more would be a quarrel.
_MOST_ENTRIES = 200


class _Text(NamedTuple):
    """The public words of a story."""

    title: str
    body: str
    what_was_good: str | None
    what_could_be_better: str | None
    redactions: list[dict[str, str]]
    feelings: list[str]
    lang: str


class _Reply(NamedTuple):
    """What is shown of a reply; named as `Reply` names it."""

    public_id: str
    responder_name: str
    responder_role: str
    body: str
    published_at: datetime
    lang: str
    kind: str
    corrected_at: datetime | None
    verdict: str | None


def shown(stories: Sequence[Story], public_url: str) -> list[dict[str, Any]]:
    """Stories that were ever public, as the API shows them, in the order given.

    One that was removed or withdrawn is a tombstone. Nine queries, however many stories.
    """
    ids = [story.id for story in stories]
    services, topics, replies = _by_first(_services(*ids)), _by_first(_topics(*ids)), _replies_of(ids)
    texts = {number: _Text(*columns) for number, *columns in _texts(*ids)}
    changes, websites, gone = changes_of(ids, public_url), _websites(stories), taken_down.of_stories(ids)
    return [
        {
            "id": story.public_id,
            "url": f"{public_url}/stories/{story.public_id}",
            "state": State.PUBLISHED.value if story.id in texts else State.REMOVED.value,
            "told_at": story.told_at.date().isoformat(),
            "published_at": _moment(story.published_at),
            "services": [_service(code, name, public_url) for code, name in services.get(story.id, [])],
            "topics": [
                {**describe_named(slug, name, kind, public_url), "polarity": polarity}
                for slug, name, kind, polarity in topics.get(story.id, [])
            ],
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
    return _service(service.code, service.name, public_url)


def describe_reply(reply: Reply, answers: Sequence[AnswerBack] = ()) -> dict[str, Any]:
    """A published reply as it stands under its story, with what the story's author says of it (`answers`)."""
    service = reply.service
    said = [answering_back.describe(answer) for answer in answers]
    return _reply(reply, answering_for.signature(service), service.organisation.kind, said)


def replies_of(story: Story) -> list[dict[str, Any]]:
    """The published replies to one story, the first first."""
    return _replies_of([story.id]).get(story.id, [])


def days_to_reply(story: Story, replies: Sequence[dict[str, Any]]) -> int | None:
    """Whole days from a story's publication to the first reply shown beneath it; None without one."""
    if not replies or story.published_at is None:
        return None
    first = min(datetime.fromisoformat(reply["published_at"]) for reply in replies)
    return max((first - story.published_at).days, 0)


def _websites(stories: Sequence[Story]) -> dict[int, Any]:
    """The websites on which these stories were told, each with its first `origin`."""
    ids = {story.website_id for story in stories if story.website_id is not None}
    if not ids:
        return {}
    query = (
        Website.select(Website, WebsiteOrigin.origin)
        .join(WebsiteOrigin, JOIN.LEFT_OUTER)
        .where(Website.id.in_(ids))
        .order_by(WebsiteOrigin.id.desc())
    )
    # The oldest origin comes last, and stays.
    return {website.id: website for website in query.objects()}


def _told_on(website: Any, path: str | None) -> dict[str, str | None] | None:
    return website and {"name": website.name, "origin": website.origin, "path": path}


@prepared
def _services(*stories: Any) -> Any:
    """Codes and names of services by story, in the order the author named them."""
    query = StoryService.select(StoryService.story, Service.code, Service.name).join(Service)
    return query.where(StoryService.story.in_(stories)).order_by(StoryService.id).tuples()


@prepared
def _topics(*stories: Any) -> Any:
    """What each story raises and how it was, in the order the author named it."""
    columns = (StoryTopic.story, Topic.slug, Topic.name, Topic.kind, StoryTopic.polarity)
    query = StoryTopic.select(*columns).join(Topic)
    return query.where(StoryTopic.story.in_(stories)).order_by(StoryTopic.id).tuples()


@prepared
def _texts(*stories: Any) -> Any:
    """The columns of `_Text` by story."""
    text, version = PublishedText, StoryVersion
    words = (text.title, text.body, text.what_was_good, text.what_could_be_better, text.redactions)
    query = text.select(text.story, *words, version.feelings, version.lang).join(version)
    return query.where(text.story.in_(stories)).tuples()


@prepared
def _replies(*stories: Any) -> Any:
    """Published replies by story: their ids, the service, its parent, its organisation, and `_Reply`."""
    parent, columns = Service.alias(), [getattr(Reply, name) for name in _Reply._fields]
    return (
        Reply.select(Reply.story, Reply.id, Service.name, parent.name, Organisation.kind, *columns)
        .join(Service)
        .join(Organisation)
        .switch(Service)
        .join(parent, JOIN.LEFT_OUTER, on=(Service.parent == parent.id))
        .where(Reply.story.in_(stories), Reply.state == ReplyState.PUBLISHED.value)
        .order_by(Reply.published_at, Reply.id)
        .tuples()
    )


@prepared
def _answers_back(*replies: Any) -> Any:
    """What authors say of each reply, the first first."""
    answer, published = AnswerBack, AnswerBack.state == AnswerState.PUBLISHED.value
    query = answer.select(answer.reply, answer.public_id, answer.body, answer.published_at, answer.lang)
    return query.where(answer.reply.in_(replies), published).order_by(answer.id).tuples()


def _by_first(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    """Rows by their first column, which they are given without."""
    found: dict[int, list[Sequence[Any]]] = {}
    for number, *columns in rows:
        found.setdefault(number, []).append(columns)
    return found


def _replies_of(stories: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    rows = _replies(*stories)
    answers = _by_first(_answers_back(*(number for _story, number, *_columns in rows))) if rows else {}
    found: dict[int, list[dict[str, Any]]] = {}
    for story, number, service, parent, kind, *columns in rows:
        said = [answering_back.described(*one) for one in answers.get(number, [])]
        reply = _reply(_Reply(*columns), answering_for.signed(service, parent, kind), kind, said)
        found.setdefault(story, []).append(reply)
    return found


def _service(code: str, name: str, public_url: str) -> dict[str, str]:
    return {"code": code, "name": name, "url": f"{public_url}/services/{code}"}


def _reply(
    reply: Reply | _Reply, from_: str, from_kind: str, answers: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "id": reply.public_id,
        "from": from_,
        "responder_name": reply.responder_name,
        "responder_role": reply.responder_role,
        "body": reply.body,
        "published_at": _moment(reply.published_at),
        "lang": reply.lang,
        "kind": reply.kind,
        "from_kind": from_kind,
        "corrected_at": _moment(reply.corrected_at),
        "answers_back": answers,
        "verdict": reply.verdict,
    }


def _text(story: Story, text: _Text) -> dict[str, Any]:
    return {
        "title": text.title,
        "body": text.body,
        "what_was_good": text.what_was_good,
        "what_could_be_better": text.what_could_be_better,
        "feelings": text.feelings,
        "author_role": story.author_role,
        "display_name": story.display_name,
        "overall_experience": story.overall_experience,
        "visited_on": story.visited_on,
        "lang": text.lang,
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
