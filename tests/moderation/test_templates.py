"""An administrator writes what authors read beneath the sentence of a reason."""

import pytest

from tellback.accounts.models import Account
from tellback.accounts.roles import Role
from tellback.audit.acts import Act, time_line
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound
from tellback.moderation import templates
from tellback.moderation.models import ReasonText
from tests.people import Places, make_account

RING = "Ring the complaints team on 01273 696955."
WHY = ("reject", "complaint_route")


@pytest.fixture
def ada(places: Places) -> Account:
    """An administrator."""
    return make_account("Ada", Role.ADMINISTRATOR)


def test_authors_read_it_in_the_language_it_was_written_for_and_in_no_other(ada: Account) -> None:
    assert templates.text_of(*WHY) == ""
    assert templates.write(*WHY, "en", RING, 0, ada)
    assert templates.write(*WHY, "cy", "Ffoniwch y tîm cwynion.", 0, ada)
    assert templates.text_of(*WHY) == RING
    assert templates.text_of(*WHY, "en-GB") == RING
    assert templates.text_of(*WHY, "cy") == "Ffoniwch y tîm cwynion."
    assert templates.text_of(*WHY, "pl") == ""
    assert templates.text_of(*WHY, "und") == ""
    assert templates.text_of("reject", "told_before") == ""


def test_it_is_written_again_and_every_writing_is_on_record(ada: Account) -> None:
    templates.write(*WHY, "en", "Ring us.", 0, ada)
    templates.write(*WHY, "en", RING, 1, ada)
    assert templates.standing(*WHY, "en") == templates.Standing(2, RING)
    written = templates.history(*WHY, "en")
    assert [(one.number, one.text, one.written_by.name) for one in written] == [
        (2, RING, "Ada"),
        (1, "Ring us.", "Ada"),
    ]
    line = time_line("template", "reject:complaint_route:en")
    assert [(event.act, event.actor_id, event.detail) for event in line] == [
        (Act.TEMPLATE_WRITTEN, str(ada.id), {"number": 1}),
        (Act.TEMPLATE_WRITTEN, str(ada.id), {"number": 2}),
    ]


def test_an_empty_text_takes_it_away_and_keeps_its_history(ada: Account) -> None:
    templates.write(*WHY, "en", RING, 0, ada)
    templates.write(*WHY, "en", "", 1, ada)
    assert templates.text_of(*WHY) == ""
    assert templates.every_standing() == {}
    assert len(templates.history(*WHY, "en")) == 2
    assert time_line("template", "reject:complaint_route:en")[-1].act == Act.TEMPLATE_DROPPED


def test_the_same_text_once_more_is_no_change(ada: Account) -> None:
    templates.write(*WHY, "en", RING, 0, ada)
    assert not templates.write(*WHY, "en", RING, 1, ada)
    assert ReasonText.select().count() == 1


def test_all_that_stand_are_listed(ada: Account) -> None:
    templates.write(*WHY, "en", RING, 0, ada)
    templates.write("return", "hard_to_follow", "pl", "Proszę napisać jeszcze raz.", 0, ada)
    assert set(templates.every_standing()) == {(*WHY, "en"), ("return", "hard_to_follow", "pl")}


def test_of_two_who_write_from_the_same_one_the_second_is_told(ada: Account) -> None:
    templates.write(*WHY, "en", RING, 0, ada)
    with pytest.raises(Conflict, match="Somebody else wrote this paragraph"):
        templates.write(*WHY, "en", "Mine.", 0, ada)
    with pytest.raises(Conflict):
        templates.write(*WHY, "en", "Mine.", 7, ada)
    assert templates.text_of(*WHY) == RING


def test_of_two_who_press_at_once_the_second_is_told(ada: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    templates.write(*WHY, "en", RING, 0, ada)
    # As it stood a moment ago, before the other's row was there.
    monkeypatch.setattr(templates, "standing", lambda *_why: templates.Standing())
    with pytest.raises(Conflict):
        templates.write(*WHY, "en", "Mine.", 0, ada)
    assert ReasonText.select().count() == 1


@pytest.mark.parametrize(
    ("kind", "reason", "lang"),
    [
        ("publish", "complaint_route", "en"),
        ("reject", "names_someone", "en"),
        ("reject", "complaint_route", "de"),
    ],
)
def test_it_refuses_what_is_no_reason_or_language_of_ours(
    kind: str, reason: str, lang: str, ada: Account
) -> None:
    with pytest.raises(NotFound):
        templates.write(kind, reason, lang, RING, 0, ada)


def test_it_refuses_more_than_a_letter_holds(ada: Account) -> None:
    with pytest.raises(InvalidInput) as refused:
        templates.write(*WHY, "en", "x" * 2001, 0, ada)
    assert refused.value.errors == {"text": ["Keep it to 2,000 characters. It has 2,001."]}


def test_a_moderator_reads_and_does_not_write(moira: Account) -> None:
    with pytest.raises(NotAllowed, match="Only administrators"):
        templates.write(*WHY, "en", RING, 0, moira)
