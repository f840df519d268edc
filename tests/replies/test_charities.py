"""Charities and patient groups answer, signpost and propose where they were let in, named as such."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import SYSTEM
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import reply_decisions
from tellback.organisations import catalogue
from tellback.organisations.models import Organisation, Service
from tellback.published.shown import replies_of
from tellback.replies import answering_for, responding
from tests.people import Places, make_account, tell_and_publish

WORDS = {"responder_name": "Cora Lund", "responder_role": "Adviser", "body": "We can help.", "lang": "en"}


@pytest.fixture
def charity(places: Places) -> Service:
    """A charity's helpline."""
    service = catalogue.add(name="MS Helpline", kind="charity_service", town="Elsewhere", postcode="EL1 2SE")
    Organisation.update(kind="charity").where(Organisation.id == service.organisation_id).execute()
    return catalogue.get(service.code)


@pytest.fixture
def cora(charity: Service) -> Account:
    """A responder of the charity."""
    return make_account("Cora", Role.RESPONDER, charity.organisation)


def test_it_answers_what_it_was_let_in_for_and_is_named_as_what_it_is(
    charity: Service, cora: Account, places: Places, moira: Account
) -> None:
    answering_for.let_in(charity.organisation, "RXH01", "", by=SYSTEM)
    story = tell_and_publish(moira, service="RXH01-ward-5")
    assert answering_for.services_for(story, cora) == [charity]
    reply = responding.reply(story, charity.code, {**WORDS, "kind": "signpost"}, by=cora)
    reply_decisions.publish(reply, moira)
    (shown,) = replies_of(story)
    assert (str(shown["from"]), shown["kind"]) == ("From MS Helpline, a charity", "signpost")
    assert shown["from_kind"] == "charity"


def test_a_topic_lets_it_in_across_services(
    charity: Service, cora: Account, places: Places, moira: Account
) -> None:
    answering_for.let_in(charity.organisation, "", places.topic.slug, by=SYSTEM)
    about_it = tell_and_publish(moira, service="G81001", topics=[places.topic.slug])
    other = tell_and_publish(moira, service="G81001")
    responding.reply(about_it, charity.code, WORDS, by=cora)
    with pytest.raises(NotFound):
        responding.reply(other, charity.code, WORDS, by=cora)
    ids = {story.id for story in answering_for.stories_beside({charity.organisation_id})}
    assert ids == {about_it.id}


def test_nobody_answers_besides_who_was_not_let_in(charity: Service, cora: Account, moira: Account) -> None:
    with pytest.raises(NotFound):
        responding.reply(tell_and_publish(moira), charity.code, WORDS, by=cora)


def test_what_is_taken_back_is_over(charity: Service, cora: Account, moira: Account) -> None:
    row = answering_for.let_in(charity.organisation, "RXH01", "", by=SYSTEM)
    answering_for.shut_out(charity.organisation, row.id, by=SYSTEM)
    assert answering_for.services_for(tell_and_publish(moira), cora) == []
    with pytest.raises(NotFound):
        answering_for.shut_out(charity.organisation, row.id, by=SYSTEM)


def test_a_hospitals_people_do_not_answer_as_the_charity(
    charity: Service, ruth: Account, moira: Account
) -> None:
    answering_for.let_in(charity.organisation, "RXH01", "", by=SYSTEM)
    with pytest.raises(NotAllowed):
        responding.reply(tell_and_publish(moira), charity.code, WORDS, by=ruth)


def test_a_service_answers_and_signposts_nowhere(ruth: Account, moira: Account) -> None:
    with pytest.raises(InvalidInput):
        responding.reply(tell_and_publish(moira), "RXH01", {**WORDS, "kind": "propose"}, by=ruth)


def test_who_gives_care_is_let_in_nowhere_and_nothing_twice(charity: Service, places: Places) -> None:
    with pytest.raises(InvalidInput):
        answering_for.let_in(places.surgery.organisation, "RXH01", "", by=SYSTEM)
    answering_for.let_in(charity.organisation, "RXH01", "", by=SYSTEM)
    with pytest.raises(Conflict):
        answering_for.let_in(charity.organisation, "RXH01", "", by=SYSTEM)
    for wrong in (("", ""), ("RXH01", places.topic.slug), ("nowhere", ""), ("", "nothing")):
        with pytest.raises(InvalidInput):
            answering_for.let_in(charity.organisation, *wrong, by=SYSTEM)
