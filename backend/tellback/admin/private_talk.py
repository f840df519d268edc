"""What staff see of private talk: responders their own service's, moderators what was reported to them."""

from typing import Any

from flask import url_for

from tellback.accounts.models import Account
from tellback.accounts.roles import Action, may
from tellback.admin import desk, wording
from tellback.errors import NotFound
from tellback.organisations.models import Service
from tellback.replies import relay, relay_reports
from tellback.replies.models import RelayReport, RelayThread
from tellback.replies.relay import Ended
from tellback.sealing import unseal
from tellback.stories.about import services_of
from tellback.stories.models import PublishedText, Story
from tellback.stories.states import State

# Of a talk that is over for these reasons its service reads no word any more.
_SHUT = (Ended.NOT_PUBLIC, Ended.MOVED)
_TOLD_BY = {
    relay_reports.AUTHOR: "The author reported it",
    relay_reports.SERVICE: "The service reported it",
    relay_reports.SCREENING: "Words of crisis or of harm",
}


def own_talks(account: Account, story_id: str) -> tuple[Story, list[Service]]:
    """A story and those of its services for which somebody may write to its author. Raises NotFound.

    A talk stays there to be told that it is over, whatever became of the story.
    """
    story: Story | None = Story.get_or_none(Story.public_id == story_id)
    if story is not None:
        about = services_of([story.id]).get(story.id, []) if story.state == State.PUBLISHED else []
        known = {one.id: one for one in [*about, *(t.service for t in relay.threads_of(story))]}
        own = [one for one in known.values() if may(account, Action.WRITE_REPLIES, one.organisation)]
        if own:
            return story, own
    raise NotFound("There is no story about your organisation at this address.")


def describe(account: Account, story_id: str) -> dict[str, Any]:
    """The private talks of one's own services about a story, as `staff/private.html` shows them."""
    story, services = own_talks(account, story_id)
    text = PublishedText.get_or_none(PublishedText.story == story)
    return {
        "title": text.title if text else wording.STATES[State(story.state)],
        "lang": text.version.lang if text else "en",
        "is_public": text is not None,
        "talks": [_own_talk(story, service, account) for service in services],
        "urls": {
            "back": url_for("admin.own_story", own_id=story_id) if text else url_for("admin.own_stories"),
            "send": url_for("admin.write_in_private", own_id=story_id),
            "report": url_for("admin.report_talk", own_id=story_id),
        },
    }


def note_read(account: Account, story_id: str) -> None:
    """Note that a responder has opened what the author wrote."""
    story, services = own_talks(account, story_id)
    talks = [relay.thread_of(story, service) for service in services]
    shown = [talk for talk in talks if talk and relay.ended(story, talk.service, talk) not in _SHUT]
    relay.note_read(shown, by_author=False)


def unread(story: Story, services: list[Service]) -> int:
    """How many private messages of the author nobody of these services has opened."""
    talks = [thread for thread in relay.threads_of(story) if thread.service in services]
    return sum(
        one.from_author and one.read_at is None for thread in talks for one in relay.messages_of(thread)
    )


def describe_reports() -> dict[str, Any]:
    """What moderators may read of private talk, words of crisis first: `staff/private_reports.html`."""
    return {
        "reports": [
            {
                "url": url_for("admin.private_report", report_id=one.public_id),
                "told_by": _TOLD_BY[one.told_by],
                "urgent": one.told_by == relay_reports.SCREENING,
                "service": one.thread.service.name,
                "waiting_words": wording.waiting(one.told_at),
            }
            for one in relay_reports.waiting()
        ]
    }


def describe_report(made: RelayReport, account: Account) -> dict[str, Any]:
    """One of them with what may be read for it, as `staff/private_report.html` shows it.

    Raises NotAllowed for who does not moderate, or has a role at the service.
    """
    why, rows = relay_reports.open_for(made, account)
    thread: RelayThread = made.thread
    return {
        "report": {
            "told_by": _TOLD_BY[made.told_by],
            "told_on": made.told_at.date().isoformat(),
            "words": why,
            "one_message": made.message_id is not None,
            "service": thread.service.name,
            "settled_on": made.settled_at.date().isoformat() if made.settled_at else None,
            "note": made.note,
        },
        "messages": [
            {
                "from": "The author" if row.from_author else f"{thread.service.name}, {row.role}",
                "from_author": row.from_author,
                "words": unseal(row.body_sealed),
                "on": row.written_at.date().isoformat(),
            }
            for row in rows
        ],
        "may_end": thread.closed_at is None,
        "urls": {
            "back": url_for("admin.private_reports"),
            "story": url_for("admin.story", story_id=thread.story.public_id),
            "settle": url_for("admin.settle_private_report", report_id=made.public_id),
        },
        "barred": desk.barred(thread.story, account),
    }


def _own_talk(story: Story, service: Service, account: Account) -> dict[str, Any]:
    thread = relay.thread_of(story, service)
    ended = relay.ended(story, service, thread)
    told = relay.messages_of(thread) if thread and ended not in _SHUT else []
    waits = None
    if thread is None and ended is None and not relay.may_begin(story):
        waits = "Its author did not agree to be asked about the story. They can write to you first."
    return {
        "code": service.code,
        "service": service.name,
        "messages": [
            {
                "from": "The author" if one.from_author else _colleague(one, service, account),
                "from_author": one.from_author,
                "words": one.words,
                "on": one.written_at.date().isoformat(),
                "new": one.from_author and one.read_at is None,
                "read": not one.from_author and one.read_at is not None,
            }
            for one in told
        ],
        "answered_by_colleague": bool(told)
        and not told[-1].from_author
        and told[-1].account_id != account.id,
        "after": told[-1].id if told else 0,
        "last_role": next((m.role for m in reversed(told) if m.account_id == account.id and m.role), ""),
        "ended_words": relay.SERVICE_READS[ended] if ended else waits,
        "reported": thread is not None and relay_reports.is_waiting(thread, relay_reports.SERVICE),
        "has_talk": thread is not None and ended not in _SHUT,
    }


def _colleague(message: relay.Message, service: Service, account: Account) -> str:
    who = "you" if message.account_id == account.id else "a colleague"
    return f"{service.name}, {message.role} ({who})"
