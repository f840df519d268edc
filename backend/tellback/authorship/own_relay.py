"""What an author reads and does of private talk with the services of their story."""

from typing import Any

from tellback.audit import acts
from tellback.organisations.models import Service
from tellback.published.shown import describe_service
from tellback.replies import relay, relay_reports
from tellback.replies.models import RelayThread
from tellback.replies.relay import Ended, Message
from tellback.screening import is_distress
from tellback.stories import telling
from tellback.stories.about import services_of
from tellback.stories.models import Story
from tellback.stories.states import State
from tellback.translations.sentences import say


def describe(story: Story, public_url: str) -> dict[str, Any]:
    """The talks about a story, and the services that its author may ask something, as the API answers it."""
    threads = relay.threads_of(story)
    talked = {thread.service_id for thread in threads}
    about = services_of([story.id]).get(story.id, [])
    free = [one for one in about if one.id not in talked and relay.ended(story, one, None) is None]
    return {
        "on": relay.is_on(story),
        "may_be_used": story.state == State.PUBLISHED and bool(about),
        "may_ask": [describe_service(service, public_url) for service in free],
        "talks": [_talk(story, thread, public_url) for thread in threads],
    }


def help_at_once(story: Story, typed: str, public_url: str) -> dict[str, Any] | None:
    """Who helps at once, when what the author has just typed holds words of crisis; else None."""
    if not is_distress(typed):
        return None
    facts = telling.describe(services_of([story.id]).get(story.id, []), None, "en", public_url)
    return {"support": facts["support"], "staffed": facts["staffed"]}


def note_read(story: Story) -> None:
    """Note that the author has opened what the services wrote."""
    relay.note_read(relay.threads_of(story), by_author=True)


def report(story: Story, service_code: str, words: str) -> None:
    """Have the moderators read a talk, and say why. Raises NotFound where there is none."""
    relay_reports.report(relay.own_thread(story, service_code), words, acts.AUTHOR)


def _talk(story: Story, thread: RelayThread, public_url: str) -> dict[str, Any]:
    ended: Ended | None = relay.ended(story, thread.service, thread)
    return {
        "service": describe_service(thread.service, public_url),
        "messages": [_message(one, thread.service) for one in relay.messages_of(thread)],
        "open": ended is None,
        "ended_text": relay.AUTHOR_READS[ended] if ended else None,
        "reported": relay_reports.is_waiting(thread, relay_reports.AUTHOR),
    }


def _message(one: Message, service: Service) -> dict[str, Any]:
    by_service = say("{service}, {role}", service=service.name, role=one.role)
    return {
        "from": say("You") if one.from_author else by_service,
        "from_author": one.from_author,
        "words": one.words,
        # The day alone: the time could tell when somebody is at work, or awake.
        "at": one.written_at.date().isoformat(),
        "new": not one.from_author and one.read_at is None,
    }
