"""A signed link lets one person answer one story for one service, once, for two weeks."""

from datetime import timedelta

import pytest

from tellback import clock, sealing
from tellback.accounts.models import Account, Membership
from tellback.authorship.erasure import erase
from tellback.authorship.own_story import withdraw
from tellback.errors import NotSignedIn
from tellback.organisations.models import Service
from tellback.replies import signed_links
from tellback.replies.models import AnswerLinkUse
from tellback.stories.models import Story


@pytest.fixture
def token(story: Story, ruth: Account) -> str:
    """A link of Ruth's to it."""
    return signed_links.make(Service.get(Service.code == "RXH01"), story, ruth)


def why_not(token: str) -> str:
    return signed_links.ended(signed_links.read(token))


def test_it_says_who_may_answer_what_and_nothing_is_stored_until_it_does(
    token: str, story: Story, ruth: Account
) -> None:
    link = signed_links.read(token)
    assert (link.service.code, link.story, link.account) == ("RXH01", story, ruth)
    assert why_not(token) == ""
    assert AnswerLinkUse.select().count() == 0


def test_it_sends_one_answer_and_so_do_all_that_were_made_before(
    token: str, story: Story, ruth: Account
) -> None:
    again = signed_links.make(Service.get(Service.code == "RXH01"), story, ruth)
    signed_links.use(signed_links.read(token))
    for used in (token, again):
        with pytest.raises(NotSignedIn, match="sends one answer"):
            signed_links.use(signed_links.read(used))
    clock.pin(clock.now() + timedelta(hours=1))
    later = signed_links.make(Service.get(Service.code == "RXH01"), story, ruth)
    signed_links.use(signed_links.read(later))
    assert AnswerLinkUse.select().count() == 1
    assert "sends one answer" in why_not(later)


def test_after_two_weeks_it_sends_nothing(token: str) -> None:
    clock.pin(clock.now() + timedelta(days=14))
    assert "over two weeks old" in why_not(token)


def test_it_ends_with_the_account_and_with_the_role(token: str, ruth: Account) -> None:
    Account.update(active=False).execute()
    assert "does not answer for this service any more" in why_not(token)
    Account.update(active=True).execute()
    Membership.delete().where(Membership.account == ruth).execute()
    assert "does not answer for this service any more" in why_not(token)


def test_it_says_what_became_of_the_story(token: str, story: Story) -> None:
    withdraw(story)
    assert "Its author took this story back" in why_not(token)
    erase(story)
    assert "Its author took this story back" in why_not(token)


def test_a_link_of_anybody_elses_making_opens_nothing(token: str, story: Story) -> None:
    sealing.use(("another key, which somebody made up for themselves",))
    forged = signed_links.make(Service.get(Service.code == "RXH01"), story, Account.get())
    sealing.use(("a key of the tests that seals addresses",))
    address = sealing.seal("ada@example.org").decode()
    for wrong in (forged, address, token[:-4], "", "#", "x" * 10_000, "é"):
        with pytest.raises(NotSignedIn, match="opens nothing"):
            signed_links.read(wrong)
