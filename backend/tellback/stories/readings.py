"""Who of a story's services has opened it: its author sees how many people of which, and never who."""

from dataclasses import dataclass
from datetime import date

from peewee import fn

from tellback import clock
from tellback.accounts.models import Account
from tellback.organisations.models import Service
from tellback.stories.models import Story, StoryReading


@dataclass(frozen=True)
class ReadAt:
    """How many people of a service have opened a story, and the day (UTC) on which the first of them did."""

    service: Service
    people: int
    first_on: date


def record(story: Story, service: Service, account: Account) -> None:
    """Note that someone of a service that the story is about has opened it; they are counted once."""
    StoryReading.insert(
        story=story, service=service, account=account, at=clock.now()
    ).on_conflict_ignore().execute()


def count(story: Story) -> list[ReadAt]:
    """Where a story has been read, first the service whose people opened it first."""
    first = fn.MIN(StoryReading.at)
    rows = (
        StoryReading.select(
            StoryReading.service, fn.COUNT(StoryReading.id).alias("people"), first.alias("first")
        )
        .where(StoryReading.story == story)
        .group_by(StoryReading.service)
        .order_by(first)
    )
    read = list(rows)
    services = {one.id: one for one in Service.select().where(Service.id.in_([r.service_id for r in read]))}
    return [ReadAt(services[row.service_id], row.people, row.first.date()) for row in read]
