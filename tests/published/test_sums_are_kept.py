"""Whatever happens to stories, the sums that are kept are those that counting finds."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from statistics import median
from typing import Any

import pytest

from tellback import clock, db
from tellback.accounts.models import Account
from tellback.audit import acts
from tellback.authorship import erasure, own_story
from tellback.errors import Problem
from tellback.moderation import (
    answer_decisions,
    change_decisions,
    decisions,
    pausing,
    reply_decisions,
    reroute_decisions,
    taking_down,
)
from tellback.organisations import catalogue
from tellback.published import lists, subjects
from tellback.published.shown import shown
from tellback.published.subjects import Subject
from tellback.published.summary import summary
from tellback.published.transparency import transparency
from tellback.replies import answering_back, changes, rerouting, responding, verdicts
from tellback.replies.changes import ChangeState, Review
from tellback.replies.models import AnswerBack, ChangeClaim, Reply, StoryChange
from tellback.stories import moved_services, shelves, standings
from tellback.stories.about import services_of
from tellback.stories.models import Shelf, ShelfSum, ShelvedStory, StandingSum, Story
from tests.people import Places, tell

WARD = "RXH01-ward-5"
SERVICES = ("RXH01", WARD, "G81001")
SAID = ("yes", "partly", "no")
FEW, MANY = 90, 300


class Chance:
    """People who do what chance says, each with what is there; what cannot be done is not."""

    def __init__(self, seed: int, moira: Account, ruth: Account) -> None:
        self.chance, self.moira, self.ruth = random.Random(seed), moira, ruth
        self.done: Counter[str] = Counter()

    def act(self) -> None:
        """Do one thing, some hours after the one before."""
        clock.pin(clock.now() + timedelta(hours=self.chance.randrange(1, 40)))
        act = self.chance.choice([*[self.tell] * 4, *[self.publish] * 6, *self.others])
        with suppress(Problem):
            act()
            self.done[act.__name__] += 1

    @property
    def others(self) -> list[Callable[[], None]]:
        return [
            *[self.answer] * 4, self.judge_reply, self.answer_back, self.take_reply_down, *[self.change] * 5,
            *[self.change_again] * 2, *[self.judge_change] * 2, self.take_change_down, self.unlink, self.end,
            self.pause, self.resume, self.move, self.move_ward, self.remove, standings.keep_up,
        ]  # fmt: skip

    def tell(self) -> None:
        about = self.chance.sample(SERVICES, self.chance.choice((1, 1, 2)))
        how = self.chance.choice(("positive:", "negative:", ""))
        raised = [f"{how}{slug}" for slug in ("food", "waiting")]
        tell(service=about, topics=self.chance.sample(raised, self.chance.randrange(3)))

    def publish(self) -> None:
        story = self.any(Story.select().where(Story.queue_rank.is_null(False)))
        decisions.open_for_review(story, self.moira)
        story = Story.get_by_id(story.id)
        if self.chance.random() < 0.8:
            decisions.publish(story, story.revision, self.moira)
        else:
            decisions.reject(story, story.revision, self.moira, reason="commercial", message="")

    def remove(self) -> None:
        story = self.any(Story.select().where(Story.state == "published"))
        decisions.remove(story, story.revision, self.moira, reason="published_by_mistake", message="")

    def answer(self) -> None:
        words = {"responder_name": "Ruth", "responder_role": "Matron", "body": "Thank you.", "lang": "en"}
        story = self.any(Story.select().where(Story.state == "published"))
        service = self.chance.choice(services_of([story.id])[story.id]).code
        reply_decisions.publish(responding.reply(story, service, words, by=self.ruth), self.moira)

    def judge_reply(self) -> None:
        reply = self.any(Reply.select().where(Reply.state == "published"))
        verdicts.of_reply(reply.story, reply.public_id, self.chance.choice(SAID))

    def answer_back(self) -> None:
        reply = self.any(Reply.select().where(Reply.state == "published"))
        said = answering_back.answer_back(reply.story, reply.public_id, "It was as they say.")
        answer_decisions.publish(said, self.moira)

    def take_reply_down(self) -> None:
        taking_down.reply(self.any(Reply.select()), self.moira, reason="not_true")

    def change(self) -> None:
        stories = Story.select().where(Story.state == "published")
        told = [self.any(stories).public_id for _ in range(self.chance.randrange(1, 3))]
        self.show(changes.record("RXH01", told, self.said("planned", "made"), by=self.ruth))

    def change_again(self) -> None:
        claim = self.any(ChangeClaim.select().where(ChangeClaim.review == "shown"))
        change = claim.change
        self.show(
            changes.go_on(
                change, change.revision, [], self.said(*changes.MOVES[ChangeState(claim.state)]), by=self.ruth
            )
        )

    def said(self, *states: str) -> dict[str, Any]:
        state = self.chance.choice(sorted(states))
        day = (clock.today() + timedelta(days=-40 if state == "made" else 40)).isoformat()[:7]
        why = "It costs too much."
        return {"state": state, "what": "A bell.", "why": why, "on": day, "evidence": "", "lang": "en"}

    def show(self, claim: ChangeClaim) -> None:
        change_decisions.publish(claim, self.moira)

    def judge_change(self) -> None:
        link = self.any(StoryChange.select().where(StoryChange.shown_at.is_null(False)))
        verdicts.of_change(link.story, link.change.public_id, self.chance.choice(SAID))

    def take_change_down(self) -> None:
        claim = self.any(ChangeClaim.select().where(ChangeClaim.review == "shown"))
        taking_down.change(claim.change, self.moira, reason="not_true")

    def unlink(self) -> None:
        link = self.any(StoryChange.select().where(StoryChange.shown_at.is_null(False)))
        taking_down.unlink(link.change, link.story, self.moira)

    def end(self) -> None:
        story = self.any(Story.select())
        self.chance.choice((own_story.withdraw, erasure.erase, erasure.erase_by_age))(story)

    def pause(self) -> None:
        pausing.pause_as_author(self.any(Story.select().where(Story.state == "published")))

    def resume(self) -> None:
        pausing.resume_as_author(self.any(Story.select().where(Story.state == "paused")))

    def move(self) -> None:
        story = self.any(Story.select().where(Story.state == "published"))
        old, new = services_of([story.id])[story.id][0].code, self.chance.choice(SERVICES)
        asked = rerouting.ask(story, old, new, "We have no such clinic.", by=self.ruth)
        reroute_decisions.accept(asked, new, self.moira)

    def move_ward(self) -> None:
        ward = catalogue.get(WARD)
        parent = self.chance.choice(("RXH01", "", "G81001"))
        organisation = catalogue.get(parent or "RXH01").organisation.code
        empty = ("address", "postcode", "nation", "owner_name", "owner_email", "local_codes")
        given = dict.fromkeys(empty, "")
        moved_services.change_service(
            WARD,
            ward.revision,
            {**given, "name": ward.name, "kind": ward.kind, "town": "", "organisation": organisation,
             "parent": parent},
            by=acts.staff(self.moira.id),
        )  # fmt: skip

    def any(self, query: Any) -> Any:
        there = list(query)
        if not there:
            raise Problem("There is none yet.")
        return self.chance.choice(there)


def kept() -> list[set[tuple[Any, ...]]]:
    """All that is kept in lists and sums."""
    return [
        {tuple(row) for row in query.tuples()}
        for query in (
            ShelvedStory.select(),
            Shelf.select().where(Shelf.told > 0),
            ShelfSum.select().where(ShelfSum.times > 0),
            StandingSum.select().where(StandingSum.service > 0),
        )
    ]


def counted(about: Subject) -> dict[str, Any]:
    """A summary, counted story by story in the list as everyone reads it."""
    items = shown(list(lists.told_of(about)), "")
    readable = [item for item in items if item["state"] == "published"]
    days = [item["days_to_reply"] for item in readable if item["replies"]]
    felt = (
        StoryChange.select(StoryChange.verdict)
        .join(Story)
        .where(Story.public_id.in_([item["id"] for item in readable]), StoryChange.shown_at.is_null(False))
    )
    topics: Counter[str] = Counter(one["slug"] for item in items for one in item["topics"])
    return {
        "stories": len(items),
        "answered": len(days),
        "change_planned": sum(any(c["state"] == "planned" for c in item["changes"]) for item in readable),
        "change_made": sum(any(c["state"] == "made" for c in item["changes"]) for item in readable),
        "removed": len(items) - len(readable),
        "median_days_to_reply": median(days) if days else None,
        "verdicts": {
            "replies": verdicts.counts(
                Counter(r["verdict"] for item in readable for r in item["replies"] if r["verdict"]).items()
            ),
            "changes": verdicts.counts(Counter(said for (said,) in felt.tuples() if said).items()),
        },
        "topics": {slug: stories for slug, stories in topics.items() if slug != about.named.get("slug")},
    }


def moved(about: Subject) -> list[Story]:
    """The stories of it by when the public last read something of them, each looked at by itself."""

    def last(story: Story) -> Any:
        replies = list(Reply.select().where(Reply.story == story, Reply.state == "published"))
        back = AnswerBack.select().where(AnswerBack.reply.in_(replies), AnswerBack.state == "published")
        of_story = StoryChange.select(StoryChange.change).where(
            StoryChange.story == story, StoryChange.shown_at.is_null(False)
        )
        claims = ChangeClaim.select().where(
            ChangeClaim.change.in_(of_story), ChangeClaim.review == Review.SHOWN.value
        )
        read = [story.published_at, *(one.published_at for some in (replies, back, claims) for one in some)]
        return max([*read, story.ended_at] if story.ended_at else read), story.id

    return sorted(lists.told_of(about), key=last, reverse=True)


@pytest.mark.parametrize(
    "acts_in_all", [pytest.param(FEW, marks=pytest.mark.by_turns), pytest.param(MANY, marks=pytest.mark.long)]
)
def test_after_many_acts_the_sums_are_what_counting_finds(
    database: str, places: Places, moira: Account, ruth: Account, acts_in_all: int
) -> None:
    someone = Chance(acts_in_all, moira, ruth)
    for _ in range(8):
        someone.tell()
        someone.publish()
    for _ in range(acts_in_all):
        someone.act()
    standings.keep_up(1)
    subject = [subjects.of_organisation("RXH"), subjects.of_topic("food")]
    subject += map(subjects.of_service, SERVICES)
    for about in subject:
        numbers = summary(about, "")
        raised = {topic["slug"]: topic["stories"] for topic in numbers["topics"]}
        assert {**numbers, "topics": raised} == {**counted(about), "services": numbers["services"]}, about
        assert lists.moved_lately(about, limit=100) == moved(about)
    kept_before = kept()
    of = [None, *(catalogue.get(code) for code in SERVICES)]
    became = [transparency(service) for service in of]
    assert shelves.count_anew() == 0
    standings.count_anew()
    assert kept() == kept_before
    assert [transparency(service) for service in of] == became
    never = {act.__name__ for act in someone.others} - someone.done.keys()
    assert not never or acts_in_all < MANY, never


def test_a_service_that_a_topic_is_told_of_is_counted_among_its_services(
    places: Places, publish: Callable[..., Story]
) -> None:
    with db.transaction():
        publish(topics=["food"], service=WARD)
        publish(topics=["food"])
    services = summary(subjects.of_topic("food"), "")["services"]
    assert [(one["code"], one["stories"]) for one in services] == [("RXH01", 2), (WARD, 1)]
