"""What a service's people see: published stories of their own organisation, those without an answer first."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import peewee
from flask import url_for

from tellback import clock
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may, organisations
from tellback.admin import wording
from tellback.admin.exports import Cell
from tellback.errors import NotFound
from tellback.organisations.models import Organisation, Service
from tellback.replies import answering_for, drafts, reply_targets
from tellback.replies.models import Reply, ReplyDraft
from tellback.replies.states import ReplyState
from tellback.rota import hours
from tellback.stories.models import PublishedText, Story, StoryService, StoryVersion

# Stories on one screen.
PAGE = 50
# What a file says of an answer, by the state of the newest reply.
_REPLY_STATES = {
    None: "Waiting for you",
    ReplyState.WAITING: "Sent, and can be taken back",
    ReplyState.SUBMITTED: "With a moderator",
    ReplyState.PUBLISHED: "Answered",
    ReplyState.RETURNED: "Your reply came back",
    ReplyState.REMOVED: "Your reply was taken down",
}
COLUMNS = ("Story", "About", "Published", "Answer", "Address")
# What the list can be narrowed to: address, and what it is called.
SHOWN = {
    "all": "All",
    "waiting": "Waiting for us",
    "drafts": "Being drafted",
    "answered": "Done",
    "beside": "Where we may answer besides",
}
# A reply in one of these is no answer: it came back, was taken down, or never went on.
_NO_ANSWER = (ReplyState.RETURNED, ReplyState.REMOVED, ReplyState.KEPT)


@dataclass(frozen=True)
class OwnStory:
    """A published story that one's own people may read as theirs, with what they answered, newest first.

    `services` are one's own that the story is about; none, where one's organisation only speaks besides.
    """

    story: Story
    text: PublishedText
    services: list[Service]
    replies: list[Reply]

    @property
    def waits(self) -> bool:
        """Whether it has no answer yet, neither shown nor on its way."""
        return bool(self.services) and all(reply.state in _NO_ANSWER for reply in self.replies)


def describe_list(account: Account, page: int, show: str) -> dict[str, Any]:
    """One screen of own stories, as `staff/my_stories.html` shows it; pages count from 1."""
    show = show if show in SHOWN else "all"
    found = own_stories(account, page, show)
    waiting, total = counts(account)
    own = organisations(account, Action.READ_OWN_STORIES)
    in_list = _InList(account, drafts.of_stories([one.story.id for one in found], own))
    listed = _listed(own, show).count()
    return {
        "stories": [in_list.describe(one) for one in found],
        "waiting": waiting,
        "total": total,
        "listed": listed,
        "targets": _targets(own),
        "filters": [
            {"url": url_for("admin.own_stories", show=one), "label": label, "current": one == show}
            for one, label in SHOWN.items()
            if one != "beside" or _listed(own, one).exists()
        ],
        "previous_url": url_for("admin.own_stories", page=page - 1, show=show) if page > 1 else None,
        "next_url": url_for("admin.own_stories", page=page + 1, show=show) if page * PAGE < listed else None,
        "export_url": url_for("admin.own_stories_file"),
    }


def rows(account: Account, public_url: str) -> Iterator[tuple[Cell, ...]]:
    """Every own story as a line of a file, in the order of the list."""
    for page in count(1):
        found = own_stories(account, page)
        for own in found:
            yield (
                own.text.title,
                [service.name for service in own.services],
                own.story.published_at.date(),
                _REPLY_STATES[ReplyState(own.replies[0].state) if own.replies else None],
                f"{public_url}/stories/{own.story.public_id}",
            )
        if len(found) < PAGE:
            return


def own_stories(account: Account, page: int = 1, show: str = "all") -> list[OwnStory]:
    """One screen of stories: those that wait for an answer first, the longest first; then the newest."""
    own = organisations(account, Action.READ_OWN_STORIES)
    waits = ~_answered(own)
    # What waits is read oldest first, what is answered newest first.
    since = peewee.Case(None, [(waits, Story.published_at)])
    query = _listed(own, show).order_by(waits.desc(), since, Story.published_at.desc(), Story.id.desc())
    return _with_replies(list(query.paginate(page, PAGE)), own)


def counts(account: Account) -> tuple[int, int]:
    """How many of one's own stories wait for an answer, and how many there are."""
    own = organisations(account, Action.READ_OWN_STORIES)
    return _listed(own, "waiting").count(), _listed(own, "all").count()


def own_story(account: Account, public_id: str) -> OwnStory:
    """One published story that one's organisation may answer. Raises NotFound for any other."""
    own = organisations(account, Action.READ_OWN_STORIES)
    beside = answering_for.stories_beside(own)
    texts = _texts().where(_is_own(own) | PublishedText.story.in_(beside), Story.public_id == public_id)
    found = _with_replies(list(texts), own)
    if not found:
        raise NotFound("There is no published story about your organisation at this address.")
    return found[0]


class _InList:
    """How stories stand in the list: what its lines have in common is read once."""

    def __init__(self, account: Account, begun: dict[int, ReplyDraft]) -> None:
        self._account = account
        self._begun = begun
        self._today = hours.local_day(clock.now())
        self._closed = hours.current().closed

    def describe(self, own: OwnStory) -> dict[str, Any]:
        """One line."""
        last = own.replies[0] if own.replies else None
        public_id = own.story.public_id
        draft = self._begun.get(own.story.id)
        may_answer = any(may(self._account, Action.WRITE_REPLIES, s.organisation) for s in own.services)
        return {
            "id": public_id,
            "url": url_for("pages.story_page", story_id=public_id),
            "reply_url": url_for("admin.own_story", own_id=public_id)
            if may_answer or not own.services
            else None,
            "title": own.text.title,
            "services": [service.name for service in own.services],
            "published_on": own.story.published_at.date().isoformat(),
            "reply_state": last.state if last else None,
            "note": last.note if last and last.state == ReplyState.RETURNED else None,
            "draft_by": draft.saved_by.name if draft and draft.saved_by else "",
            **(self._waiting(own) if own.waits else {}),
        }

    def _waiting(self, own: OwnStory) -> dict[str, Any]:
        days = reply_targets.working_days_since(own.story.published_at, self._today, self._closed)
        target = min(reply_targets.days_of(service.organisation) for service in own.services)
        return {
            "waiting_words": wording.counted(days, "working day") if days else "since today",
            "late": days > target,
            "target": target,
        }


def _targets(own: frozenset[int]) -> list[str]:
    """What one's organisations aim at, as sentences."""
    query = Organisation.select().where(Organisation.id.in_(own)).order_by(Organisation.name)
    return [
        f"{one.name} means to answer within {wording.counted(reply_targets.days_of(one), 'working day')}."
        for one in query
        if one.kind == answering_for.PROVIDER
    ]


def _listed(own: frozenset[int], show: str) -> "peewee.ModelSelect[PublishedText]":
    if show == "beside":
        return _texts().where(PublishedText.story.in_(answering_for.stories_beside(own)), ~_is_own(own))
    texts = _texts().where(_is_own(own))
    if show == "waiting":
        return texts.where(~_answered(own))
    if show == "answered":
        return texts.where(_answered(own))
    if show == "drafts":
        begun = ReplyDraft.select(ReplyDraft.story).where(ReplyDraft.organisation.in_(own))
        return texts.where(PublishedText.story.in_(begun))
    return texts


def _is_own(own: frozenset[int]) -> peewee.Expression:
    about = StoryService.select(StoryService.story).join(Service).where(Service.organisation.in_(own))
    return PublishedText.story.in_(about)


def _texts() -> "peewee.ModelSelect[PublishedText]":
    return (
        PublishedText.select(PublishedText, Story, StoryVersion)
        .join(Story)
        .switch(PublishedText)
        .join(StoryVersion)
    )


def _answered(own: frozenset[int]) -> peewee.Function:
    replies = Reply.select(peewee.SQL("1")).join(Service)
    return peewee.fn.EXISTS(
        replies.where(
            Reply.story == Story.id,
            Service.organisation.in_(own),
            Reply.state.not_in([state.value for state in _NO_ANSWER]),
        )
    )


def _with_replies(texts: list[PublishedText], own: frozenset[int]) -> list[OwnStory]:
    ids = [text.story_id for text in texts]
    services: dict[int, list[Service]] = {}
    about = StoryService.select(StoryService.story, Service, Organisation).join(Service).join(Organisation)
    about = about.order_by(StoryService.id)
    for row in about.where(StoryService.story.in_(ids), Service.organisation.in_(own)):
        services.setdefault(row.story_id, []).append(row.service)
    replies: dict[int, list[Reply]] = {}
    given = Reply.select(Reply, Service).join(Service).order_by(Reply.id.desc())
    for reply in given.where(Reply.story.in_(ids), Service.organisation.in_(own)):
        replies.setdefault(reply.story_id, []).append(reply)
    return [
        OwnStory(text.story, text, services.get(text.story_id, []), replies.get(text.story_id, []))
        for text in texts
    ]
