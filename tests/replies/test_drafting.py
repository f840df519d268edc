"""Colleagues share a draft, look at each other's, and nobody's words are overwritten unread."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.errors import Conflict, InvalidInput, NotAllowed
from tellback.outbox.models import OutboxMessage
from tellback.replies import drafts, responding, second_looks
from tellback.replies.models import ReplyDraft
from tellback.replies.second_looks import Outcome
from tellback.stories.models import Story
from tests.people import Places, make_account

WORDS = {"responder_name": "Ruth Hale", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
DRAFT = {**WORDS, "service": "RXH01", "kind": "answer"}


@pytest.fixture
def rita(places: Places) -> Account:
    """Ruth's colleague."""
    return make_account("Rita", Role.RESPONDER, places.hospital.organisation)


@pytest.fixture
def draft(story: Story, places: Places, ruth: Account) -> ReplyDraft:
    """What Ruth has written so far."""
    return drafts.save(story, places.hospital.organisation, DRAFT, 0, by=ruth)


def letters(kind: str) -> list[str]:
    return [letter.recipient_id for letter in OutboxMessage.select().where(OutboxMessage.kind == kind)]


def test_a_colleague_goes_on_with_it(
    draft: ReplyDraft, story: Story, places: Places, ruth: Account, rita: Account
) -> None:
    organisation = places.hospital.organisation
    mended = drafts.save(story, organisation, {**DRAFT, "body": "Thank you both."}, draft.revision, by=rita)
    assert (mended.body, mended.saved_by) == ("Thank you both.", rita)
    found = drafts.of_story(story, {organisation.id})
    assert (found, found.revision) == (draft, 2)


def test_nobody_overwrites_what_they_have_not_read(
    draft: ReplyDraft, story: Story, places: Places, ruth: Account, rita: Account
) -> None:
    organisation = places.hospital.organisation
    drafts.save(story, organisation, {**DRAFT, "body": "Rita's."}, draft.revision, by=rita)
    for stale in (0, draft.revision):
        with pytest.raises(Conflict, match="A colleague worked on this draft"):
            drafts.save(story, organisation, DRAFT, stale, by=ruth)
    with pytest.raises(Conflict):
        responding.reply(story, "RXH01", WORDS, by=ruth, draft_revision=draft.revision)
    with pytest.raises(Conflict):
        drafts.throw_away(story, organisation, draft.revision, by=ruth)
    assert ReplyDraft.get().body == "Rita's."


def test_what_is_sent_is_a_draft_no_more(draft: ReplyDraft, story: Story, ruth: Account) -> None:
    responding.reply(story, "RXH01", WORDS, by=ruth, draft_revision=draft.revision)
    assert ReplyDraft.select().count() == 0


def test_another_organisation_neither_sees_nor_changes_it(
    draft: ReplyDraft, story: Story, places: Places, gita: Account
) -> None:
    assert drafts.of_story(story, {places.surgery.organisation_id}) is None
    with pytest.raises(NotAllowed):
        drafts.save(story, places.hospital.organisation, DRAFT, draft.revision, by=gita)


def test_a_colleague_looks_and_says_that_it_is_good(draft: ReplyDraft, ruth: Account, rita: Account) -> None:
    assert second_looks.colleagues({draft.organisation_id}, ruth) == [rita]
    second_looks.ask(draft, rita.id, by=ruth)
    second_looks.ask(draft, rita.id, by=ruth)
    assert letters("second_look_asked") == [str(rita.id)]
    second_looks.answer(draft, Outcome.GOOD, "", by=rita)
    (look,) = second_looks.of_draft(draft)
    assert (look.outcome, look.asked_of, look.asked_by) == ("good", rita, ruth)
    assert letters("second_look_given") == [str(ruth.id)]
    with pytest.raises(Conflict, match="Nobody waits"):
        second_looks.answer(draft, Outcome.GOOD, "", by=rita)


def test_a_comment_needs_words(draft: ReplyDraft, ruth: Account, rita: Account) -> None:
    second_looks.ask(draft, rita.id, by=ruth)
    with pytest.raises(InvalidInput):
        second_looks.answer(draft, Outcome.COMMENT, "", by=rita)
    second_looks.answer(draft, Outcome.COMMENT, "Say when the bell was moved.", by=rita)
    assert second_looks.of_draft(draft)[0].words == "Say when the bell was moved."


def test_only_colleagues_are_asked(draft: ReplyDraft, ruth: Account, gita: Account, moira: Account) -> None:
    for stranger in (gita, moira, ruth):
        with pytest.raises(InvalidInput):
            second_looks.ask(draft, stranger.id, by=ruth)


def test_no_letter_holds_a_word_of_the_draft(draft: ReplyDraft, ruth: Account, rita: Account) -> None:
    second_looks.ask(draft, rita.id, by=ruth)
    second_looks.answer(draft, Outcome.COMMENT, "Zanzibar.", by=rita)
    assert not [
        one
        for one in OutboxMessage.select()
        if "Zanzibar" in str(one.payload) or DRAFT["body"] in str(one.payload)
    ]
