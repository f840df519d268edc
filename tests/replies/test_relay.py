"""A service and an author talk in private: neither learns who the other is, and nobody else reads it."""

from datetime import timedelta

import pytest

from tellback import clock, db
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.audit.models import AuditEvent
from tellback.authorship import own_relay
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooManyRequests
from tellback.outbox.models import OutboxMessage
from tellback.replies import relay, relay_reports
from tellback.replies.models import RelayMessage, RelayReport
from tellback.replies.relay import LookAgain
from tellback.rounds import recipients
from tellback.stories.models import Story
from tests.people import Places, make_account, tell_and_publish

PRIVATE = "Was it the new quokka medicine that made me so sleepy?"


@pytest.fixture
def story(places: Places, moira: Account) -> Story:
    """A published story about St Elsewhere, whose author may be written to and asked."""
    return tell_and_publish(moira, contact_email="ada@example.org", consent_contact="true", lang="cy")


def ask(story: Story, words: str = PRIVATE, **more: str) -> RelayMessage:
    return relay.write_as_author(story, "RXH01", words, **more)


def answer(story: Story, by: Account, words: str = "It can do that.", **more: object) -> RelayMessage:
    thread = relay.threads_of(story)
    after = relay.messages_of(thread[0])[-1].id if thread else 0
    given = {"role": "Matron", "by": by, "after": after, **more}
    return relay.write_as_service(story, "RXH01", words, **given)  # type: ignore[arg-type]


def letters(kind: str) -> list[OutboxMessage]:
    return list(OutboxMessage.select().where(OutboxMessage.kind == kind))


def test_an_author_asks_and_a_responder_answers_by_role(story: Story, ruth: Account, gita: Account) -> None:
    ask(story)
    assert [letter.recipient_id for letter in letters("relay_to_service")] == [str(ruth.id)]
    answer(story, ruth)
    (letter,) = letters("relay_to_author")
    assert (letter.recipient_kind, letter.payload) == ("author", {}), "no word of it, and no service"
    (talk,) = own_relay.describe(story, "https://stories.example")["talks"]
    assert [(m["from"], m["words"]) for m in talk["messages"]] == [
        ("You", PRIVATE),
        ("St Elsewhere Hospital, Matron", "It can do that."),
    ]
    assert "Ruth" not in str(talk)


def test_nothing_that_is_written_stands_open_in_any_table(story: Story, ruth: Account) -> None:
    ask(story)
    answer(story, ruth, "The quokka medicine does.")
    relay_reports.report(relay.threads_of(story)[0], "A quokka!", acts.AUTHOR)
    for table in db.database.get_tables():  # type: ignore[attr-defined]
        rows = db.database.execute_sql(f'SELECT * FROM "{table}"').fetchall()
        assert "quokka" not in repr(rows).lower(), table


def test_only_responders_of_that_organisation_write(story: Story, moira: Account, gita: Account) -> None:
    ask(story)
    for stranger in (moira, gita):
        with pytest.raises(NotAllowed):
            answer(story, stranger)
    with pytest.raises(NotFound):
        relay.write_as_service(story, "G81001", "Hello.", "GP", by=gita, after=0)
    assert RelayMessage.select().count() == 1


def test_a_service_writes_first_only_where_the_author_agreed_to_be_asked(story: Story, ruth: Account) -> None:
    answer(story, ruth, "Which week was it?")
    Story.update(consent_contact=False).where(Story.id == story.id).execute()
    assert ask(story).thread_id, "once there is a talk, both write"
    other = Story.get_by_id(story.id)
    relay.RelayThread.delete().execute()
    with pytest.raises(Conflict, match="they would have to write first"):
        answer(other, ruth)


def test_a_colleague_who_wrote_meanwhile_is_not_overtaken(
    story: Story, ruth: Account, places: Places
) -> None:
    asked = ask(story)
    answer(story, ruth)
    colleague = make_account("Ada", Role.RESPONDER, places.hospital.organisation)
    with pytest.raises(Conflict, match="Read it first"):
        answer(story, colleague, "Something else.", after=asked.id)


def test_a_second_press_of_the_button_sends_one_message(story: Story, ruth: Account) -> None:
    assert ask(story) == ask(story)
    assert answer(story, ruth) == answer(story, ruth)
    assert RelayMessage.select().count() == 2


def test_an_author_is_advised_before_they_say_who_they_are_and_may_send_it(story: Story) -> None:
    with pytest.raises(LookAgain, match="could tell the service who you are: “020 7946 0018”") as held:
        ask(story, "Ring me on 020 7946 0018.")
    with pytest.raises(LookAgain):
        ask(story, "Ring me on 020 7946 0019.", seen=held.value.extra["seen"])
    assert ask(story, "Ring me on 020 7946 0018.", seen=held.value.extra["seen"])


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("Could you give us your name and your date of birth?", "“your name”, “your date of birth”"),
        ("We need your hospital number.", "“your hospital number”"),
        ("Please send your contact details.", "“your contact details”"),
    ],
)
def test_a_responder_is_advised_not_to_ask_who_they_are(
    story: Story, ruth: Account, words: str, marked: str
) -> None:
    with pytest.raises(LookAgain, match="Do not ask who they are") as held:
        answer(story, ruth, words)
    assert marked in held.value.detail
    assert answer(story, ruth, words, seen=held.value.extra["seen"])


def test_a_responder_may_say_how_they_are_reached_and_that_no_name_is_needed(
    story: Story, ruth: Account
) -> None:
    assert answer(story, ruth, "Ring me, Ruth Hale, on 020 7946 0018, any morning.")
    assert answer(story, ruth, "Ring the ward. You need not say who you are, or give your name.")


def test_neither_side_writes_on_and_on(story: Story, ruth: Account) -> None:
    answer(story, ruth, "One.")
    answer(story, ruth, "Two.")
    with pytest.raises(Conflict, match="The author decides"):
        answer(story, ruth, "Three.")
    for number in range(5):
        ask(story, f"Question {number}.")
    with pytest.raises(TooManyRequests):
        ask(story, "Another question.")
    assert answer(story, ruth, "Three.")


def test_unread_messages_of_a_day_bring_one_letter(story: Story, ruth: Account) -> None:
    ask(story)
    ask(story, "And another thing.")
    assert len(letters("relay_to_service")) == 1
    clock.pin(clock.now() + timedelta(days=2))
    ask(story, "Is anybody there?")
    assert len(letters("relay_to_service")) == 2


def test_an_author_without_an_address_gets_no_letter(moira: Account, ruth: Account) -> None:
    silent = tell_and_publish(moira, consent_contact="true")
    answer(silent, ruth)
    assert letters("relay_to_author") == []


def test_an_author_ends_a_talk_for_good(story: Story, ruth: Account) -> None:
    ask(story)
    relay.close(story, "RXH01")
    for write in (lambda: answer(story, ruth), lambda: ask(story)):
        with pytest.raises(Conflict, match="ended"):
            write()
    (talk,) = own_relay.describe(story, "")["talks"]
    assert not talk["open"]
    assert talk["messages"], "what was said stays for the author"


def test_an_author_switches_private_messages_off_and_on(story: Story, ruth: Account) -> None:
    relay.switch(story, on=False)
    relay.switch(story, on=False)
    with pytest.raises(Conflict, match="takes no private messages"):
        answer(story, ruth)
    relay.switch(story, on=True)
    assert answer(story, ruth)


def test_a_story_that_is_taken_back_ends_it_plainly(story: Story, ruth: Account) -> None:
    ask(story)
    withdraw(story)
    with pytest.raises(Conflict, match="not public any more"):
        answer(story, ruth)
    with pytest.raises(Conflict, match="not public any more"):
        ask(story, "Hello?")


def test_nothing_is_no_message(story: Story, ruth: Account) -> None:
    with pytest.raises(InvalidInput):
        ask(story, "  ")
    with pytest.raises(InvalidInput):
        ask(story, "x" * 2001)
    with pytest.raises(InvalidInput):
        answer(story, ruth, role=" ")


def test_words_of_crisis_reach_who_is_on_call_who_reads_that_message_alone(
    story: Story, moira: Account, ruth: Account
) -> None:
    ask(story)
    ask(story, "I want to end my life.")
    (letter,) = letters("relay_alert")
    assert letter.recipient_id == str(moira.id)
    report = relay_reports.get(letter.payload["report"])
    _why, rows = relay_reports.open_for(report, moira)
    assert len(rows) == 1
    assert AuditEvent.select().where(AuditEvent.act == acts.Act.RELAY_READ).count() == 1


def test_moderators_read_a_talk_that_a_side_reports_and_may_end_it(
    story: Story, moira: Account, ruth: Account
) -> None:
    ask(story)
    thread = relay.threads_of(story)[0]
    report = relay_reports.report(thread, "They were rude.", acts.staff(ruth.id))
    assert relay_reports.report(thread, "Again.", acts.staff(ruth.id)) == report
    with pytest.raises(NotAllowed):
        relay_reports.open_for(report, ruth)
    why, rows = relay_reports.open_for(report, moira)
    assert (why, len(rows)) == ("They were rude.", 1)
    with pytest.raises(InvalidInput):
        relay_reports.settle(report, moira, note=" ", end=True)
    relay_reports.settle(report, moira, note="Ended it.", end=True)
    with pytest.raises(Conflict):
        relay_reports.settle(report, moira, note="Ended it.", end=True)
    with pytest.raises(Conflict, match="A moderator ended"):
        answer(story, ruth)
    assert relay_reports.open_for(RelayReport.get(), moira) == ("", []), "settled: nobody reads it again"


def test_a_moderator_with_a_role_at_the_service_reads_nothing(
    story: Story, moira: Account, places: Places
) -> None:
    ask(story)
    report = relay_reports.report(relay.threads_of(story)[0], "", acts.AUTHOR)
    both = make_account("Bo", Role.MODERATOR)
    Membership.create(account=both, role="analyst", organisation=places.hospital.organisation)
    with pytest.raises(NotAllowed):
        relay_reports.open_for(report, both)


def test_the_letters_hold_no_word_of_it(story: Story, ruth: Account, settings: object) -> None:
    ask(story)
    answer(story, ruth)
    resolve = recipients(settings)  # type: ignore[arg-type]
    for letter in OutboxMessage.select():
        found = resolve(letter.recipient_kind, letter.recipient_id)
        assert "quokka" not in repr((letter.payload, found))
