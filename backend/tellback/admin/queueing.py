"""What the screens of the queue and of finding stories show, and the filters that they offer."""

from collections.abc import Iterator
from typing import Any

from flask import session, url_for

from tellback.accounts.models import Account
from tellback.admin import deciding, wording
from tellback.admin.exports import Cell
from tellback.moderation import agreement, find, habits, queue, reading, saved_views, spam, targets, waiting
from tellback.moderation.criticality import LEVELS
from tellback.moderation.filters import ME, NOBODY, NONE, OTHER, YES, Filters
from tellback.moderation.models import AuthorAnswer, Decision, SavedView
from tellback.moderation.queue import Waiting
from tellback.moderation.reading import ReadBy
from tellback.rota import on_call
from tellback.stories import topics
from tellback.stories.about import latest_versions
from tellback.stories.models import Story
from tellback.stories.states import WAITING, State
from tellback.stories.urgency import Urgency
from tellback.translations import languages
from tellback.translations.languages import LANGUAGES
from tellback.websites.models import Website

URGENCIES = {
    Urgency.NOW: "Crisis or safeguarding",
    Urgency.PERHAPS: "Perhaps crisis or safeguarding",
    Urgency.USUAL: "",
}
# The views that everybody has.
_VIEWS = (
    ("All", Filters()),
    ("Urgent", Filters(urgency=str(int(Urgency.PERHAPS)))),
    ("Late", Filters(late=YES)),
    ("Mine", Filters(assigned=ME)),
    ("Nobody’s", Filters(assigned=NOBODY)),
)
# Where the session keeps what somebody looks through, so that a decision leads to the next of the same.
_LOOKED_THROUGH = "queue"

COLUMNS = (
    "id", "title", "services", "told", "waits since", "read by", "late", "urgency", "criticality", "marked",
    "state", "language", "taken on by",
)  # fmt: skip
FOUND_COLUMNS = ("id", "title", "services", "told", "state")


def looks_through(chosen: Filters) -> None:
    """Remember for this session what somebody looks through."""
    if session.get(_LOOKED_THROUGH) != chosen.given():
        session[_LOOKED_THROUGH] = chosen.given()


def looked_through() -> Filters:
    """What somebody looked through last in this session; all that waits, before they chose."""
    return Filters.kept(session.get(_LOOKED_THROUGH, {}))


def after_decision(account: Account) -> str:
    """Where a decision leads: to the next story of what one looks through, or back to that, as one works."""
    chosen = looked_through()
    following = queue.next_to_read(account, chosen) if habits.of(account).onward else None
    if following is not None:
        return url_for("admin.story", story_id=following.public_id)
    return url_for("admin.stories", **chosen.given())


def describe_queue(account: Account, chosen: Filters, cursor: str | None) -> dict[str, Any]:
    """What waits of stories, as `staff/queue.html` shows it. Raises InvalidInput as `queue.page`."""
    page = queue.page(account, chosen, cursor)
    answers = agreement.answers_about(one.version for one in page.stories)
    rows = [_row(one, answers.get(one.story.id)) for one in page.stories]
    habit = habits.of(account)
    return {
        "stories": rows,
        "total": page.total,
        "matching": page.matching,
        "late": page.late,
        "targets": [
            {"words": URGENCIES[urgency] or "All others", "target": str(target)}
            for urgency, target in targets.current().by_urgency.items()
        ],
        "next_url": page.next and url_for("admin.stories", **chosen.given(), cursor=page.next),
        "file_url": url_for("admin.queue_file", **chosen.given()),
        "any_spam": any(row["spam"] for row in rows),
        "decided": _decided(waiting.every()),
        "views": _views(account, chosen),
        "chosen": chosen.given(),
        "choices": _choices([state for state in State if state in WAITING]),
        "habit": {"by_keys": habit.by_keys, "onward": habit.onward},
    }


def describe_found(account: Account, q: str, chosen: Filters, cursor: str | None) -> dict[str, Any]:
    """What was found, as `staff/find.html` shows it; nothing is looked for until something is asked."""
    every = find.reads_all(account)
    described = {
        "q": q,
        "chosen": chosen.given(),
        "every": every,
        "choices": _choices(list(State)),
        "found": None,
    }
    if not q and not chosen.given():
        return described
    results = find.find(account, q, chosen, cursor)
    given = {**chosen.given(), **({"q": q} if q else {})}
    return {
        **described,
        "found": [_in_list(one, every) for one in results.stories],
        "total": results.total,
        "next_url": results.next and url_for("admin.find_stories", **given, cursor=results.next),
        "file_url": url_for("admin.found_file", **given),
    }


def describe_reading(story: Story, account: Account, barred: str) -> dict[str, Any]:
    """Who reads a story and who took it on, as `staff/_reading.html` shows it beside the story."""
    aims = targets.current()
    waits = story.queue_rank is not None
    open_to_them = not barred and reading.is_open(story)
    return {
        "readers": [_reader(one) for one in reading.readers([story.id], besides=account).get(story.id, [])],
        "assigned": story.assigned_to.name if story.assigned_to_id else None,
        "mine": story.assigned_to_id == account.id,
        "people": [(str(one.id), one.name) for one in on_call.moderators()] if open_to_them else [],
        "due": wording.due(aims.due(story.urgency, story.waits_since)) if waits else None,
        "urgency": story.urgency,
        "urgency_words": URGENCIES[Urgency(story.urgency)] if waits else "",
        "urls": {
            "assign": url_for("admin.assign", story_id=story.public_id),
            "next": url_for("admin.story_beside", story_id=story.public_id, way="next"),
            "previous": url_for("admin.story_beside", story_id=story.public_id, way="previous"),
        },
    }


def rows(account: Account, chosen: Filters) -> Iterator[list[Cell]]:
    """All that waits and passes the filters, as a file holds it."""
    for one in queue.every(account, chosen):
        story = one.story
        yield [
            story.public_id,
            one.version.title,
            one.services,
            story.told_at,
            story.waits_since,
            one.due,
            one.late,
            URGENCIES[Urgency(story.urgency)],
            story.criticality,
            [f"{wording.KINDS[kind]}: {count}" for kind, count in one.found.items()],
            wording.STATES[State(story.state)],
            one.version.lang,
            one.assigned,
        ]


def found_rows(account: Account, q: str, chosen: Filters) -> Iterator[list[Cell]]:
    """All that was found, as a file holds it."""
    cursor: str | None = None
    while True:
        results = find.find(account, q, chosen, cursor)
        for one in results.stories:
            story = one.story
            state = wording.STATES[State(story.state)]
            yield [story.public_id, one.title, one.services, story.told_at, state]
        if not (cursor := results.next):
            return


def said_of_spam(outcome: spam.Outcome) -> str:
    """What became of stories that were rejected together, and why some were left."""
    done = len(outcome.decided)
    counted = "one story" if done == 1 else f"{done} stories"
    said = [f"You decided not to publish {counted}: advertising."] if done else []
    left = Story.select().where(Story.public_id.in_(list(outcome.left)))
    stories = {story.public_id: story.id for story in left}
    versions = latest_versions(stories.values())
    said += [
        f"Left alone: “{versions[stories[public_id]].title}”. {why}"
        for public_id, why in outcome.left.items()
        if public_id in stories
    ]
    return " ".join(said)


def _row(one: Waiting, answer: AuthorAnswer | None) -> dict[str, Any]:
    story = one.story
    return {
        "id": story.public_id,
        "url": url_for("admin.story", story_id=story.public_id),
        "title": one.version.title,
        "lang": one.version.lang,
        "language": _language(one.version.lang),
        "services": one.services,
        "told_on": story.told_at.date().isoformat(),
        "waiting_words": wording.waiting(story.waits_since),
        "due": wording.due(one.due),
        "urgency": story.urgency,
        "urgency_words": URGENCIES[Urgency(story.urgency)],
        "criticality": story.criticality,
        "criticality_words": LEVELS[story.criticality].name if story.criticality is not None else None,
        "found": [(wording.KINDS[kind], count) for kind, count in one.found.items()],
        "state": story.state,
        "state_words": deciding.ANSWERED[answer.answer] if answer else wording.STATES[State(story.state)],
        "edited": one.version.number > 1,
        "readers": [_reader(who) for who in one.readers],
        "assigned": one.assigned,
        "spam": spam.is_safe(story.urgency, one.found),
        "revision": story.revision,
    }


def _decided(decisions: list[Decision]) -> list[dict[str, Any]]:
    versions = latest_versions(decision.story_id for decision in decisions)
    return [
        {
            **deciding.describe_waiting(decision),
            "title": versions[decision.story_id].title,
            "url": url_for("admin.story", story_id=decision.story.public_id),
        }
        for decision in decisions
    ]


def _in_list(one: find.Found, every: bool) -> dict[str, Any]:
    story = one.story
    endpoint, name = ("admin.story", "story_id") if every else ("admin.own_story", "own_id")
    return {
        "url": url_for(endpoint, **{name: story.public_id}),
        "title": one.title or wording.STATES[State(story.state)],
        "beginning": one.beginning,
        "services": one.services,
        "told_on": story.told_at.date().isoformat(),
        "state": story.state,
        "state_words": wording.STATES[State(story.state)],
    }


def _reader(one: ReadBy) -> dict[str, str]:
    return {"name": one.name, "ago": wording.waiting(one.at)}


def _language(tag: str) -> str:
    """The language of a story by its own name; empty for English, which goes without saying."""
    known = languages.find(tag)
    if known is None:
        return tag
    return "" if known.tag == languages.SOURCE else known.name


def _views(account: Account, chosen: Filters) -> list[dict[str, Any]]:
    usual = [_view(name, view, chosen) for name, view in _VIEWS]
    return usual + [_saved(view, account, chosen) for view in saved_views.of(account)]


def _view(name: str, view: Filters, chosen: Filters) -> dict[str, Any]:
    return {"name": name, "url": url_for("admin.stories", **view.given()), "current": view == chosen}


def _saved(view: SavedView, account: Account, chosen: Filters) -> dict[str, Any]:
    by = "" if view.owner_id == account.id else view.owner.name
    return {
        **_view(view.name, Filters.kept(view.asked), chosen),
        "shared": view.shared,
        "by": by,
        "remove_url": url_for("admin.remove_view", view_id=view.id),
    }


def _choices(states: list[State]) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: values with their words; the first of each is none."""
    levels = [(str(value), f"{value} or more: {level.name}") for value, level in enumerate(LEVELS) if value]
    return {
        "topic": [("", "Any"), *((topic.slug, topic.name) for topic in topics.every())],
        "state": [("", "Any"), *((state.value, wording.STATES[state]) for state in states)],
        "urgency": [("", "Any"), *((str(int(u)), words) for u, words in URGENCIES.items() if words)],
        "criticality": [("", "Any"), *levels, (NONE, "Not scored yet")],
        "found": [("", "Anything or nothing"), *wording.KINDS.items()],
        "lang": [
            ("", "Any"),
            *((tag, language.name) for tag, language in LANGUAGES.items()),
            (OTHER, "Another language"),
        ],
        "website": [("", "Any"), *_websites(), (NONE, "None: on our own pages")],
        "assigned": [
            ("", "Anyone or nobody"),
            (ME, "Me"),
            (NOBODY, "Nobody"),
            *((str(one.id), one.name) for one in on_call.moderators()),
        ],
        "late": [("", "Late or not"), (YES, "Late only")],
    }


def _websites() -> list[tuple[str, str]]:
    return [(site.site_key, site.name) for site in Website.select().order_by(Website.name, Website.id)]
