"""All that is kept about an author and their story, to take away (UK GDPR, articles 15 and 20)."""

from typing import Any

from tellback import clock
from tellback.audit import acts
from tellback.authorship import own_replies
from tellback.authorship.own_story import describe, reading_counts
from tellback.authorship.receipts import receipts_of
from tellback.moderation import agreement, case_steps, cases
from tellback.moderation.case_paths import Kind
from tellback.moderation.models import Case, Decision
from tellback.moderation.reasons import author_text
from tellback.moderation.redaction import of_version
from tellback.moderation.waiting import DecisionState
from tellback.replies import relay
from tellback.screening import REASONS
from tellback.stories import consent, contact, editing
from tellback.stories.models import Story, StoryVersion
from tellback.stories.submission import TEXT_FIELDS


def copy_of(story: Story, public_url: str) -> dict[str, Any]:
    """Everything: each version, edit and decision, answers and verdicts, the address, agreements, receipts.

    What only protects others stays out: who of the staff did what, and cases of safeguarding.
    """
    now = describe(story, public_url)
    return {
        "made_at": clock.now().isoformat(timespec="seconds"),
        "id": story.public_id,
        "state": now["state"],
        "state_text": now["state_text"],
        "told_at": _moment(story.told_at),
        "published_at": _moment(story.published_at),
        "ended_at": _moment(story.ended_at),
        "about": {name: now["story"][name] for name in ("services", "topics", "topic_words")},
        "told_on": {"website": story.website and story.website.name, "page": story.website_path},
        "versions": [_version(version) for version in story.versions.order_by(StoryVersion.number)],
        "decisions": _decisions(story),
        "agreements": {
            "publish": story.consent_publish,
            "licence": story.consent_licence,
            "contact": story.consent_contact,
            "wording": story.consent_version,
            "read_in": story.consent_lang,
            "words": consent.of_story(story)["wording"],
        },
        "contact": {"email": contact.address_of(story), "lang": story.contact_lang},
        "replies": own_replies.describe(story) if now["replies"] else [],
        "changes": now["changes"],
        "read_by": reading_counts(story, public_url),
        "private_talks": _talks(story),
        "requests": _requests(story),
        "me_too": story.me_too,
        # What moderators do stands in `decisions`, once it took effect.
        "what_you_did": [
            {"at": _moment(event.at), "act": event.act}
            for event in acts.time_line("story", story.public_id)
            if event.actor_kind == acts.AUTHOR.kind
        ],
        "receipts": receipts_of(story, public_url),
    }


def _version(version: StoryVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "written_at": _moment(version.written_at),
        **{field: getattr(version, field) for field in TEXT_FIELDS},
        "feelings": version.feelings,
        "lang": version.lang,
        **editing.facts_of(version),
        "edits": [
            {
                "field": made.field,
                "was": getattr(version, made.field)[made.start : made.end],
                "now": made.replacement,
                "reason": made.reason,
                "reason_text": REASONS[made.reason],
                "at": _moment(made.made_at),
                "agreed_at": _moment(made.agreed_at),
            }
            for made in of_version(version)
            if _is_decided(version)
        ],
    }


def _is_decided(version: StoryVersion) -> bool:
    """Whether the edits stand: of work that still goes on, not even a copy tells."""
    done = Decision.select().where(Decision.version == version, Decision.state == DecisionState.DONE.value)
    return bool(done.exists())


def _decisions(story: Story) -> list[dict[str, Any]]:
    done = story.decisions.where(Decision.state == DecisionState.DONE.value).order_by(Decision.id)
    return [
        {
            "at": _moment(decision.settled_at or decision.decided_at),
            "act": decision.act,
            "version": decision.version.number,
            "reason": decision.reason,
            "texts": [t for t in (author_text(decision.reason), decision.paragraph, decision.message) if t],
            "you_answered": {"answer": given.answer, "words": given.words, "at": _moment(given.answered_at)}
            if (given := agreement.answer_to(decision))
            else None,
        }
        for decision in done
    ]


def _requests(story: Story) -> list[dict[str, Any]]:
    """What the author asked the moderators to look at again, and what those asked the author."""
    own = story.cases.where(Case.kind != Kind.SAFEGUARDING.value).order_by(Case.id)
    return [
        {
            "kind": case.kind,
            "at": _moment(case.opened_at),
            "words": cases.told(case).get("words") if case.kind == Kind.APPEAL else None,
            "outcome": case.outcome,
            "answer": case.answer if case.kind == Kind.APPEAL else None,
            "between_us": [
                {"at": _moment(step.at), "kind": step.kind, "words": case_steps.said(step)}
                for step in case.steps
                if step.kind in ("asked", "answered")
            ],
        }
        for case in own
    ]


def _talks(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "service": thread.service.name,
            "messages": [
                {
                    # Of the service's, the day alone: a time could tell who was at work.
                    "at": _moment(one.written_at) if one.from_author else one.written_at.date().isoformat(),
                    "from_author": one.from_author,
                    "words": one.words,
                }
                for one in relay.messages_of(thread)
            ],
        }
        for thread in relay.threads_of(story)
    ]


def _moment(moment: Any) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
