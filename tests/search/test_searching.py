"""What a search finds, in which order, and what it never finds. On both engines."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from tellback import cli, config, db
from tellback.accounts.models import Account
from tellback.authorship.own_story import withdraw
from tellback.backups import upgrading
from tellback.moderation import decisions
from tellback.outbox import messages
from tellback.published import lists
from tellback.published.lists import Asked, Order
from tellback.search import index
from tellback.stories.models import PublishedText, Story
from tests.people import tell

Publish = Callable[..., Story]


def found(q: str, order: Order = Order.RELEVANT) -> list[str]:
    """Titles of what a search finds, the best first."""
    stories = lists.read(Asked(q=q, order=order), limit=50).stories
    return [PublishedText.get_by_id(story.id).title for story in stories]


def test_a_story_is_found_by_the_words_of_each_of_its_parts(publish: Publish) -> None:
    publish(title="Another", body="Nothing of the kind.")
    publish(title="A giraffe", body="A zebra.", what_was_good="A parrot.", what_could_be_better="An otter.")
    for typed in ("giraffe", "zebra", "parrot", "otter", "otter giraffe"):
        assert found(typed) == ["A giraffe"], typed


def test_a_word_is_found_in_any_of_its_forms(publish: Publish) -> None:
    publish(title="At the door", body="We waited for hours.")
    publish(title="Another", body="It was quick.")
    for typed in ("waiting", "WAITED", "wait", "waits", "we waited", '"waited for hours"'):
        assert found(typed) == ["At the door"], typed


def test_all_words_must_stand_in_a_story_and_quoted_ones_side_by_side(publish: Publish) -> None:
    publish(title="A", body="The waiting room was cold.")
    publish(title="B", body="A cold room. The waiting was long.")
    publish(title="C", body="The room was warm.")
    assert sorted(found("cold waiting room")) == ["A", "B"]
    assert found('"waiting room"') == ["A"]
    assert found('"waiting room" warm', Order.NEWEST) == []


def test_small_words_are_words_too(publish: Publish) -> None:
    publish(title="Who was it", body="Who was there?")
    publish(title="Another", body="Nobody came.")
    assert found("who was there") == ["Who was it"]


def test_stories_in_other_languages_are_found(publish: Publish) -> None:
    told = {
        "Pielęgniarka była miła.": "pielegniarka mila",
        "Roedd y nyrs yn garedig â mi.": "nyrs garedig",
        "নার্স আমার কথা শুনেছেন।": "নার্স কথা",
        "ممرضة لطيفة جدا": "ممرضة",
        "我等了三个小时。": "三个小时",
        "Медсестра була добра.": "медсестра",
    }
    for body in told:
        publish(title=body, body=body)
    for body, typed in told.items():
        assert found(typed) == [body], typed


def test_words_that_were_taken_out_find_nothing(publish: Publish) -> None:
    publish(title="A night", body="Joy Bell sat with me.", without="Joy Bell")
    assert found("joy") == found("Joy Bell") == []
    assert found("nurse") == ["A night"]


def test_what_a_moderator_has_yet_to_read_is_not_found(moira: Account) -> None:
    decisions.open_for_review(tell(body="A giraffe.").story, moira)
    assert found("giraffe") == []


def test_what_was_taken_down_or_taken_back_is_found_no_more(publish: Publish, moira: Account) -> None:
    gone, back = publish(title="Gone", body="A giraffe."), publish(title="Back", body="A giraffe.")
    assert found("giraffe") == ["Back", "Gone"]
    decisions.remove(gone, gone.revision, moira, reason="not_genuine", message="")
    assert found("giraffe") == ["Back"]
    withdraw(back)
    assert found("giraffe") == []


def test_a_publication_that_fails_half_way_leaves_nothing_to_find(
    moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tell(body="A giraffe.", contact_email="a@example.org").story
    decisions.open_for_review(story, moira)

    def the_power_goes(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(messages, "put", the_power_goes)
    with pytest.raises(RuntimeError):
        decisions.publish(story, story.revision, moira)
    assert found("giraffe") == []


HOSTILE = [
    *("*", '"', '""', "''", "%", "_", "\\", "\x00", "(", "^nurse", "-nurse", "+nurse", '"b" "', "b" * 200),
    *("NOT", "AND OR NOT", "nurse OR 1=1", "NEAR(a b)", "title:nurse*", "{title} : nurse"),
    *("a & !b | c <-> d", "nurse:*", "::tsquery", "'; DROP TABLE story; --"),
]


def test_a_hostile_search_neither_fails_nor_finds_everything(publish: Publish) -> None:
    publish(title="Quiet", body="Calm all day long.")
    for typed in HOSTILE:
        assert found(typed) == [], typed


def test_signs_around_a_word_do_no_harm(publish: Publish) -> None:
    publish(title="Quiet", body="The nurse was calm.")
    publish(title="Another", body="A day.")
    for typed in ("nurse*", "+nurse", "^nurse", "nurse:*", "(nurse", "nurse\\", "%nurse%", "& nurse"):
        assert found(typed) == ["Quiet"], typed


def test_a_title_counts_most_then_how_often_a_word_is_said(publish: Publish) -> None:
    publish(title="Once", body="A cold day. " + "It was long. " * 20)
    publish(title="Often", body="Cold tea, cold soup, a cold room. It was cold.")
    publish(title="A cold ward", body="It was long.")
    publish(title="Later, once", body="A cold day. " + "It was long. " * 20)
    assert found("cold") == ["A cold ward", "Often", "Later, once", "Once"]


def test_how_well_a_story_answers_does_not_move_when_others_come(publish: Publish) -> None:
    publish(title="A cold ward", body="It was cold.")
    (before,) = index.best(index.read("cold"), after=None, limit=9)
    for n in range(5):
        publish(title=f"Colder {n}", body="Cold, cold, cold. " * n + "A day.")
    assert before in index.best(index.read("cold"), after=None, limit=9)


def test_the_index_is_made_anew_from_what_is_public(
    publish: Publish, settings: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(title="Here", body="A giraffe.")
    tell(body="Another giraffe.")
    db.database.execute_sql("DELETE FROM public_search")
    assert found("giraffe") == []
    for name, value in (
        ("DATABASE_URL", settings.database_url),
        ("DATA_DIR", str(settings.data_dir)),
        ("OPERATOR", settings.operator),
        ("SECRET_KEY", settings.secret_key),
        ("CONTACT_KEY", settings.contact_key[0]),
        ("LEDGER_KEY", settings.ledger_key[0]),
    ):
        monkeypatch.setenv(f"TELLBACK_{name}", value)
    done = CliRunner().invoke(cli.tellback, ["search", "rebuild"], catch_exceptions=False)
    assert done.output == "1 story can be found by everyone\n2 by staff, in all\n"
    assert found("giraffe") == ["Here"]


def test_an_upgrade_lets_the_stories_of_before_be_found(publish: Publish) -> None:
    publish(title="Żółty", body="A giraffe didn’t come.", what_was_good="三个小时")
    index.clear()
    said: list[str] = []
    upgrading.bring_up_to_date(said.append)
    upgrading.bring_up_to_date(said.append)
    assert said == ["1 story more can be found by everyone"]
    for typed in ("giraffes", "didn't", "zolty", "三个"):
        assert found(typed) == ["Żółty"]


def test_the_index_of_the_code_before_holds_nothing_that_is_not_shown(publish: Publish) -> None:
    story = publish(title="A", body="A giraffe.")
    words = "to_tsvector('tellback', 'giraffe')" if db.is_postgresql() else "'giraffe'"
    number = "story_id" if db.is_postgresql() else "rowid"
    db.database.execute_sql(f"INSERT INTO story_search ({number}, words) VALUES ({story.id}, {words})")
    withdraw(story)
    assert db.database.execute_sql("SELECT COUNT(*) FROM story_search").fetchone()[0] == 0
