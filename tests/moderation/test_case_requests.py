"""A named person or a service asks that a story be taken down, or gives notice under a law."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback import clock, db
from tellback.accounts.models import Account
from tellback.audit.acts import time_line
from tellback.authorship.own_story import describe, withdraw
from tellback.errors import Conflict, InvalidInput
from tellback.moderation import case_closing, case_requests, case_steps, cases, decisions
from tellback.moderation.case_requests import Request
from tellback.moderation.models import Case
from tellback.outbox.delivery import Recipient
from tellback.outbox.letters import compose
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import Story
from tests.letters import plain
from tests.people import tell_and_publish

OWN = {"Origin": "https://stories.example"}
ASKED = {
    "ground": "about_me",
    "words": "“The tall porter” is me.",
    "name": "Una Quillfeather",
    "email": "una@quillfeather.example",
}
NOTICE = {
    **ASKED,
    "ground": "defamation",
    "meaning": "That I stole. I never did.",
    "author_unknown": "true",
}


@pytest.fixture
def story(moira: Account) -> Story:
    """A published story."""
    return tell_and_publish(moira, title="A quiet night", contact_email="ada@example.org")


def request(**changes: Any) -> Request:
    return Request(**{**ASKED, "lang": "en", **changes})


def a_notice(**changes: Any) -> Request:
    return request(ground="defamation", meaning="That I stole.", author_unknown=True, **changes)


def asked(story: Story, **changes: Any) -> Case:
    return case_requests.ask(story.public_id, request(**changes))


def send(client: FlaskClient, story: Story, **changes: str) -> TestResponse:
    return client.post(f"/stories/{story.public_id}/removal", data={**ASKED, **changes}, headers=OWN)


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


def kinds_of_letters() -> list[str]:
    return [message.kind for message in OutboxMessage.select().order_by(OutboxMessage.id)]


def test_a_request_is_sealed_and_on_record_and_the_story_stays(story: Story) -> None:
    case = asked(story)
    assert (case.kind, case.state, case.opened_by) == ("removal", "open", None)
    assert cases.told(case)["name"] == "Una Quillfeather"
    for table in db.database.get_tables():  # type: ignore[attr-defined]
        rows = repr(db.database.execute_sql(f'SELECT * FROM "{table}"').fetchall())
        assert "uillfeather" not in rows, f"{table} holds who asked"
        assert "tall porter" not in rows, f"{table} holds what they wrote"
    event = time_line("story", story.public_id)[-1]
    assert (event.act, event.actor_kind) == ("case:request:received", "reader")
    assert event.detail == {"case": case.public_id, "kind": "removal", "ground": "about_me"}
    assert now(story).state == "published"
    assert now(story).revision == story.revision
    assert case.due_at.isoformat() == "2026-11-30T17:00:00+00:00"


def test_they_get_a_receipt_by_letter_in_their_language(story: Story) -> None:
    case = asked(story, lang="cy")
    letter = OutboxMessage.get(OutboxMessage.kind == "case_received")
    assert (letter.recipient_kind, letter.recipient_id, letter.payload) == ("outsider", case.public_id, {})
    to = case_requests.resolver()("outsider", case.public_id)
    assert to == Recipient("una@quillfeather.example", to.facts if to else {}, "cy")
    assert to.facts["reference"] == case.public_id
    assert case_requests.resolver()("outsider", "nobodys") is None
    assert case_requests.resolver()("author", case.public_id) is None


@pytest.mark.parametrize("kind", ["case_received", "case_settled"])
@pytest.mark.parametrize("outcome", ["stays", "taken_down", "read_again", "taken_back"])
def test_letters_hold_nothing_that_whoever_asked_wrote(story: Story, kind: str, outcome: str) -> None:
    case = case_requests.ask(story.public_id, a_notice())
    to = case_requests.resolver()("outsider", case.public_id)
    assert to
    facts = {"operator": "The Trust", "public_url": "https://s.example", "outcome": outcome, **to.facts}
    text = plain(compose(kind, "1", "s@example.org", to.address, facts))
    assert case.public_id in text
    # Anybody's address can be given: nobody is sent a stranger's words.
    assert "Quillfeather" not in text
    assert "stole" not in text


def test_the_same_again_finds_the_same_case(story: Story) -> None:
    assert asked(story) == asked(story)
    assert asked(story) != asked(story, words="And the tall nurse.")
    assert Case.select().count() == 2
    assert kinds_of_letters().count("case_received") == 2


def test_a_notice_has_48_hours_with_weekends_left_out_and_reaches_those_on_call(story: Story) -> None:
    clock.pin(clock.now() + timedelta(days=4, hours=3))  # Friday, half past twelve
    case = case_requests.ask(story.public_id, a_notice())
    assert case.kind == "legal"
    assert case.due_at.isoformat() == "2026-12-01T12:30:00+00:00"
    assert kinds_of_letters().count("case_opened") == 1


def test_a_notice_says_what_the_law_wants_of_it(story: Story) -> None:
    with pytest.raises(InvalidInput) as refused:
        asked(story, ground="defamation")
    assert list(refused.value.errors or {}) == ["meaning", "author_unknown"]
    with pytest.raises(InvalidInput) as refused:
        asked(story, ground="dull")
    assert list(refused.value.errors or {}) == ["ground"]
    # An order of a court says it all by itself.
    assert asked(story, ground="law").kind == "legal"


@pytest.mark.parametrize("share", [False, True])
def test_the_author_reads_the_notice_and_a_name_only_where_that_was_allowed(
    story: Story, moira: Account, share: bool
) -> None:
    case = case_requests.ask(story.public_id, a_notice(share=share))
    case_steps.ask(case, moira)
    shown = describe(now(story), "https://stories.example")["asked"]
    assert "may have to take your story down" in shown["text"]
    assert shown["notice"]["meaning"] == "That I stole."
    assert ("name" in shown["notice"], "email" in shown["notice"]) == (share, share)
    # Until the end of the fifth day, a Saturday; then we have 48 hours, Monday and Tuesday, until we close.
    assert shown["answer_by"] == "2026-11-28"
    assert cases.get(case.public_id).due_at.isoformat() == "2026-12-01T17:00:00+00:00"


def test_of_other_requests_the_author_reads_nothing(story: Story, moira: Account) -> None:
    case_steps.ask(asked(story, ground="law"), moira, "Is there a court case?")
    shown = describe(now(story), "https://stories.example")["asked"]
    assert (shown["notice"], shown["message"]) == (None, "Is there a court case?")
    assert "You do not have to answer." in shown["text"]


def test_it_stays_with_an_answer(story: Story, moira: Account) -> None:
    case = asked(story)
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="stays")
    assert list(refused.value.errors or {}) == ["answer"]
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="handed_on")
    assert refused.value.errors == {"outcome": ["Choose how it ends."]}
    case_closing.close(case, moira, outcome="stays", answer="Nobody could know that it is you.")
    to = case_requests.resolver()("outsider", case.public_id)
    assert to
    assert to.facts["answer"] == "Nobody could know that it is you."
    assert kinds_of_letters()[-1] == "case_settled"


def test_it_is_taken_down_by_a_decision_before_the_case_says_so(story: Story, moira: Account) -> None:
    case = asked(story)
    with pytest.raises(InvalidInput) as refused:
        case_closing.close(case, moira, outcome="taken_down")
    assert "Decide about it first" in (refused.value.errors or {})["outcome"][0]
    assert cases.get(case.public_id).state == "open"
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    case_closing.close(case, moira, outcome="taken_down")
    assert cases.get(case.public_id).outcome == "taken_down"
    assert now(story).state == "removed"


def test_it_is_taken_down_and_read_again_without_those_words(story: Story, moira: Account) -> None:
    case = asked(story)
    decisions.remove(story, story.revision, moira, reason="identifies_someone", message="")
    case_closing.close(case, moira, outcome="read_again")
    assert now(story).state == "in_moderation"
    decisions.publish(now(story), now(story).revision, moira)


def test_an_author_who_takes_the_story_back_ends_it_and_they_hear(story: Story) -> None:
    case = asked(story)
    withdraw(now(story))
    assert cases.get(case.public_id).outcome == "taken_back"
    assert kinds_of_letters()[-1] == "case_settled"
    with pytest.raises(Conflict):
        case_steps.answer(now(story), "Hello?")


def test_a_year_after_it_is_closed_who_asked_is_forgotten(story: Story, moira: Account) -> None:
    case, open_still = asked(story), asked(story, words="And this.")
    case_closing.close(case, moira, outcome="stays", answer="No.")
    doubt = cases.open_case(now(story), now(story).revision, moira, kind="under_16", why="Homework.")
    case_steps.ask(doubt, moira)
    case_steps.answer(now(story), "I am fifteen.")
    case_closing.close(doubt, moira, outcome="goes_on", note="All is well.")
    clock.pin(clock.now() + timedelta(days=364))
    assert case_requests.forget_old() == 0
    clock.pin(clock.now() + timedelta(days=2))
    assert case_requests.forget_old() == 2
    assert case_requests.forget_old() == 0
    assert [case_steps.said(step) for step in case_steps.of_case(doubt)] == ["", "", "All is well."]
    assert cases.told(cases.get(case.public_id)) == {}
    assert case_requests.resolver()("outsider", case.public_id) is None
    assert cases.told(cases.get(open_still.public_id))["words"] == "And this."


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_stands_behind_the_report_and_needs_no_script(client: FlaskClient, story: Story) -> None:
    assert f"/stories/{story.public_id}/removal" in client.get(f"/stories/{story.public_id}/report").text
    form = client.get(f"/stories/{story.public_id}/removal").text
    assert "A quiet night" in form
    assert form.count('type="radio"') == len(case_requests.GROUNDS)
    answer = send(client, story)
    case = Case.get()
    assert (answer.status_code, answer.location) == (
        303,
        f"/stories/{story.public_id}/removal?sent={case.public_id}",
    )
    receipt = client.get(answer.location)
    assert case.public_id in receipt.text
    assert "Set-Cookie" not in answer.headers
    assert cases.told(case) == {
        **ASKED, "lang": "en", "meaning": "", "author_unknown": False, "share": False
    }  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_notice_by_the_form(client: FlaskClient, story: Story) -> None:
    assert send(client, story, **NOTICE, share="true").status_code == 303
    told = cases.told(Case.get())
    assert (told["ground"], told["author_unknown"], told["share"]) == ("defamation", True, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_that_was_typed_is_lost(client: FlaskClient, story: Story) -> None:
    for changes, said in (
        ({"name": ""}, "Your name is still empty"),
        ({"email": "una at home"}, "Write the address like name@example.org."),
        ({"words": " "}, "What you wrote is still empty"),
        ({"ground": "dull"}, "Choose a reason from the list."),
        ({"ground": "defamation"}, "Say what the words mean to you"),
    ):
        answer = send(client, story, **{"meaning": "", "words": "Mine <b>", **changes})
        assert answer.status_code == 422, changes
        assert said in answer.text
        assert changes.get("words") or "Mine &lt;b&gt;" in answer.text
    assert Case.select().count() == 0
    for _ in range(25):
        send(client, story)
    limited = send(client, story, words="Mine <b>")
    assert limited.status_code == 429
    assert "Mine &lt;b&gt;" in limited.text
    assert 'action="/stories/' in limited.text
    assert "/removal" in limited.text
    withdraw(story)
    clock.pin(clock.now().replace(hour=12))
    gone = send(client, story, words="Mine <b>")
    assert gone.status_code == 404
    assert "Mine &lt;b&gt;" in gone.text
    assert "una@quillfeather.example" in gone.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_of_another_origin_sends_none(client: FlaskClient, story: Story) -> None:
    page = f"/stories/{story.public_id}/removal"
    answer = client.post(page, data=ASKED, headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert Case.select().count() == 0
