"""A decision waits, is undone, sent at once or overtaken, and takes effect whole; on both engines."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from tellback import clock, db
from tellback.accounts.models import Account, Membership
from tellback.accounts.roles import Role
from tellback.audit.acts import time_line
from tellback.audit.models import LedgerEntry
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problem
from tellback.moderation import cases, criticality, decisions, redaction, tagging, waiting
from tellback.moderation.models import Decision
from tellback.outbox.models import OutboxMessage
from tellback.stories.models import PublishedText, Story
from tests.people import Places, make_account, tell

pytestmark = pytest.mark.both_engines

TEN = timedelta(minutes=10)
LATER = timedelta(minutes=11)


@pytest.fixture
def noor(places: Places) -> Account:
    """Another moderator."""
    return make_account("Noor", Role.MODERATOR)


def opened(by: Account, **changes: object) -> Story:
    story = tell(**{"title": "A call", **changes}).story
    decisions.open_for_review(story, by)
    return story


def publish(story: Story, by: Account) -> Decision:
    return decisions.publish(story, story.revision, by, wait=TEN)


def later() -> int:
    """Eleven minutes go by, and a round."""
    clock.pin(clock.now() + LATER)
    return decisions.carry_out_due()


def now(story: Story) -> Story:
    return Story.get_by_id(story.id)


def state_of(decision: Decision) -> str:
    return Decision.get_by_id(decision.id).state


def acts_of(story: Story) -> list[tuple[str, str]]:
    return [(event.act, event.actor_id) for event in time_line("story", story.public_id)]


def steps() -> list[str]:
    return [entry.step for entry in LedgerEntry.select().order_by(LedgerEntry.number)]


def letters() -> list[str]:
    return [message.kind for message in OutboxMessage.select().order_by(OutboxMessage.id)]


def test_a_decision_that_waits_changes_nothing_yet(moira: Account) -> None:
    story = opened(moira, contact_email="ada@example.org")
    decision = publish(story, moira)
    assert (decision.state, decision.takes_effect_at) == ("waiting", clock.now() + TEN)
    assert now(story).state == "in_moderation"
    assert PublishedText.select().count() == 0
    assert steps() == ["received"]
    assert letters() == ["story_received"]
    assert decisions.latest(story) is None
    assert decisions.carry_out_due() == 0


def test_when_its_time_comes_everything_changes_together(moira: Account) -> None:
    story = opened(moira, contact_email="ada@example.org")
    decision = publish(story, moira)
    decided_at = decision.decided_at
    assert later() == 1
    assert (now(story).state, now(story).published_at) == ("published", clock.now())
    assert PublishedText.get().story_id == story.id
    assert steps() == ["received", "published"]
    assert letters() == ["story_received", "story_published"]
    done = decisions.latest(story)
    assert done is not None
    assert (done.state, done.decided_at, done.settled_at) == ("done", decided_at, clock.now())
    assert decisions.carry_out_due() == 0


def test_it_is_recorded_as_by_whoever_decided_with_both_moments(moira: Account) -> None:
    story = opened(moira)
    publish(story, moira)
    decided_at = clock.now()
    later()
    assert acts_of(story)[2:] == [
        ("story:decision:made", str(moira.id)),
        ("story:state:published", str(moira.id)),
    ]
    effect = time_line("story", story.public_id)[-1]
    assert effect.at == decided_at + LATER
    assert effect.detail == {"decided_at": decided_at.isoformat(timespec="seconds")}


@pytest.mark.parametrize(
    ("decide", "state", "letter"),
    [
        (
            lambda story, by: decisions.send_back(
                story, story.revision, by, reason="hard_to_follow", message="", wait=TEN
            ),
            "returned",
            "story_returned",
        ),
        (
            lambda story, by: decisions.reject(
                story, story.revision, by, reason="commercial", message="", wait=TEN
            ),
            "rejected",
            "story_rejected",
        ),
    ],
)
def test_what_its_author_would_read_waits_too(
    moira: Account, decide: Callable[[Story, Account], Decision], state: str, letter: str
) -> None:
    story = opened(moira, contact_email="ada@example.org")
    decide(story, moira)
    assert now(story).state == "in_moderation"
    later()
    assert (now(story).state, letters()[-1]) == (state, letter)


def test_anyone_who_moderates_undoes_a_decision_that_waits(moira: Account, noor: Account) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    decisions.undo(decision, noor)
    assert later() == 0
    assert now(story).state == "in_moderation"
    assert acts_of(story)[-1] == ("story:decision:undone", str(noor.id))
    undone = Decision.get_by_id(decision.id)
    assert (undone.state, undone.settled_by_id) == ("undone", noor.id)
    # And now another may be made.
    decisions.reject(now(story), now(story).revision, noor, reason="commercial", message="")
    assert now(story).state == "rejected"


def test_anyone_who_moderates_sends_it_at_once(moira: Account, noor: Account) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    decisions.send_now(decision, noor)
    assert now(story).state == "published"
    effect = time_line("story", story.public_id)[-1]
    assert (effect.act, effect.actor_id) == ("story:state:published", str(moira.id))
    assert effect.detail["sent_by"] == noor.id


@pytest.mark.parametrize("again", [decisions.undo, decisions.send_now])
def test_what_waits_no_more_is_neither_undone_nor_sent(
    moira: Account, again: Callable[[Decision, Account], None]
) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    later()
    with pytest.raises(Conflict, match="has taken effect already"):
        again(decisions.get(decision.id), moira)
    assert now(story).state == "published"
    with pytest.raises(NotFound):
        decisions.get(decision.id + 1)


def test_a_responder_and_a_moderator_with_an_interest_can_neither_undo_nor_send(
    places: Places, moira: Account, noor: Account, ruth: Account
) -> None:
    decision = publish(opened(moira), moira)
    Membership.create(account=noor, role=Role.RESPONDER.value, organisation=places.hospital.organisation)
    for someone in (noor, ruth):
        for act in (decisions.undo, decisions.send_now):
            with pytest.raises(NotAllowed):
                act(decision, someone)
    assert state_of(decision) == "waiting"


def test_a_second_decision_on_what_was_read_is_refused(moira: Account, noor: Account) -> None:
    story = opened(moira)
    seen = story.revision
    publish(story, moira)
    with pytest.raises(Conflict, match="Someone else worked on this story"):
        decisions.reject(tell_again(story, seen), seen, noor, reason="commercial", message="")
    with pytest.raises(Conflict, match="Undo that decision"):
        decisions.reject(now(story), now(story).revision, noor, reason="commercial", message="")
    assert [decision.act for decision in Decision.select()] == ["publish"]


def tell_again(story: Story, revision: int) -> Story:
    """The story as someone read it before."""
    old = now(story)
    old.revision = revision
    return old


def test_what_was_decided_about_stays_as_it_is(places: Places, moira: Account) -> None:
    story = opened(moira)
    publish(story, moira)
    again, revision = now(story), now(story).revision
    changes: list[Callable[[], object]] = [
        lambda: redaction.redact_words(
            again, revision, "nurse", reason="a_persons_name", replacement="", by=moira
        ),
        lambda: criticality.score(again, revision, 3, moira),
        lambda: tagging.tag(again, revision, ["food"], moira),
    ]
    for change in changes:
        with pytest.raises(Conflict, match="Undo that decision"):
            change()
    assert later() == 1


def test_its_author_who_takes_the_story_back_overtakes_it(moira: Account) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    withdraw(now(story))
    assert state_of(decision) == "overtaken"
    assert ("decision:state:overtaken", "") in acts_of(story)
    assert later() == 0
    assert (now(story).state, PublishedText.select().count()) == ("withdrawn", 0)
    with pytest.raises(Conflict, match="Something else happened to the story first"):
        decisions.undo(decision, moira)


def test_a_story_that_changed_in_any_other_way_overtakes_it_and_waits_again(
    moira: Account, noor: Account
) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    Story.update(revision=Story.revision + 1).where(Story.id == story.id).execute()
    assert waiting.of_story(now(story)) is None
    assert later() == 0
    assert state_of(decision) == "overtaken"
    assert (now(story).state, now(story).queue_rank is None) == ("in_moderation", False)


def test_no_story_is_published_while_a_case_is_open(moira: Account, noor: Account) -> None:
    story = opened(moira)
    cases.open_case(story, story.revision, noor, kind="someone_else", why="His mother may not know.")
    for wait in (timedelta(0), TEN):
        with pytest.raises(Conflict, match="A case is open"):
            decisions.publish(now(story), now(story).revision, moira, wait=wait)
    decisions.reject(now(story), now(story).revision, moira, reason="commercial", message="")
    assert now(story).state == "rejected"


def test_a_story_that_is_escalated_overtakes_what_waits(moira: Account, noor: Account) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    cases.escalate(now(story), now(story).revision, noor, why="She may be in danger at home.")
    assert state_of(decision) == "overtaken"
    assert later() == 0
    assert now(story).state == "escalated"


def test_one_that_no_longer_fits_its_story_keeps_nobody_from_deciding(moira: Account, noor: Account) -> None:
    story = opened(moira)
    first = publish(story, moira)
    Story.update(revision=Story.revision + 1).where(Story.id == story.id).execute()
    second = publish(now(story), noor)
    assert (state_of(first), state_of(second)) == ("overtaken", "waiting")
    assert later() == 1


def test_the_decision_of_someone_who_may_decide_no_more_is_let_go(places: Places, moira: Account) -> None:
    story = opened(moira)
    decision = publish(story, moira)
    Account.update(active=False).where(Account.id == moira.id).execute()
    assert later() == 0
    assert state_of(decision) == "overtaken"
    assert now(story).state == "in_moderation"


def test_a_story_leaves_the_queue_while_its_decision_waits(moira: Account) -> None:
    story = opened(moira)
    rank = now(story).queue_rank
    assert rank is not None
    decision = publish(story, moira)
    assert now(story).queue_rank is None
    assert [waits.story.public_id for waits in waiting.every()] == [story.public_id]
    decisions.undo(decision, moira)
    assert now(story).queue_rank == rank
    assert waiting.every() == []


def test_one_that_fails_holds_up_no_other(moira: Account, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = opened(moira), opened(moira)
    publish(bad, moira)
    publish(good, moira)
    # As if somebody had published it by hand in the database: the text cannot be made a second time.
    PublishedText.create(story=bad, version=bad.versions.get(), title="-", body="-")
    assert later() == 1
    assert now(good).state == "published"
    assert now(bad).state == "in_moderation"
    assert "IntegrityError" in caplog.text


def test_a_decision_needs_a_message_that_fits(moira: Account) -> None:
    story = opened(moira)
    with pytest.raises(InvalidInput):
        decisions.reject(
            story, story.revision, moira, reason="commercial", message="a" * (decisions.LONGEST_MESSAGE + 1)
        )
    assert Decision.select().count() == 0


# Two at the same moment: real threads, each with a connection of its own, let go together.


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Do these at the same moment; what each raised, or None."""
    barrier, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            act()
        except BaseException as error:  # noqa: BLE001 (told to the test)
            raised[place] = error
        finally:
            db.database.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


TIMES = range(6)


@pytest.mark.parametrize("wait", [timedelta(0), TEN], ids=["at once", "waiting"])
def test_of_two_moderators_one_decides(moira: Account, noor: Account, wait: timedelta) -> None:
    for _ in TIMES:
        story = opened(moira)
        raised = at_once(
            partial(decisions.publish, now(story), story.revision, moira, wait=wait),
            partial(
                decisions.reject,
                now(story),
                story.revision,
                noor,
                reason="commercial",
                message="",
                wait=wait,
            ),
        )
        assert [type(error) for error in raised if error] == [Conflict]
        later()
        (decision,) = story.decisions
        won = {None: ("reject", "rejected")}.get(raised[1], ("publish", "published"))
        assert (decision.act, now(story).state) == won
        assert PublishedText.select().where(PublishedText.story == story).exists() == (raised[0] is None)


def test_undoing_and_carrying_out_never_both_happen(moira: Account, noor: Account) -> None:
    for _ in TIMES:
        story = opened(moira, contact_email="ada@example.org")
        decision = publish(story, moira)
        clock.pin(clock.now() + LATER)
        undone, carried, again = at_once(
            partial(decisions.undo, decisions.get(decision.id), noor),
            decisions.carry_out_due,
            decisions.carry_out_due,
        )
        assert carried is None
        assert again is None
        if undone is None:
            assert (state_of(decision), now(story).state) == ("undone", "in_moderation")
            assert PublishedText.select().where(PublishedText.story == story).count() == 0
        else:
            assert isinstance(undone, Conflict)
            assert (state_of(decision), now(story).state) == ("done", "published")
            assert [act for act, _ in acts_of(story)].count("story:state:published") == 1
            assert LedgerEntry.select().where(LedgerEntry.story == story.public_id).count() == 2


def test_an_author_who_takes_it_back_while_it_is_carried_out_is_obeyed(moira: Account) -> None:
    for _ in TIMES:
        story = opened(moira, contact_email="ada@example.org")
        decision = publish(story, moira)
        clock.pin(clock.now() + LATER)
        assert at_once(partial(withdraw, now(story)), decisions.carry_out_due) == [None, None]
        assert now(story).state == "withdrawn"
        assert PublishedText.select().where(PublishedText.story == story).count() == 0
        published = state_of(decision) == "done"
        assert state_of(decision) in ("done", "overtaken")
        entries = [e.step for e in LedgerEntry.select().where(LedgerEntry.story == story.public_id)]
        assert entries == ["received", *(["published"] if published else []), "withdrawn"]


def test_a_decision_and_an_author_who_takes_it_back_leave_nothing_published(moira: Account) -> None:
    for _ in TIMES:
        story = opened(moira)
        taken_back, decided = at_once(
            partial(withdraw, now(story)), partial(decisions.publish, now(story), story.revision, moira)
        )
        assert taken_back is None
        assert decided is None or isinstance(decided, Problem)
        assert now(story).state == "withdrawn"
        assert PublishedText.select().where(PublishedText.story == story).count() == 0
