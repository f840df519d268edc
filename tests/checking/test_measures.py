"""What /metrics says of the store and of what stands around it, on both engines."""

import dataclasses
import math
from datetime import timedelta
from pathlib import Path

import pytest

from tellback import clock, config
from tellback.accounts.models import Account
from tellback.audit import ledger
from tellback.audit.models import LedgerEntry
from tellback.backups import archive
from tellback.checking import measures
from tellback.metrics import Measure
from tellback.moderation import decisions
from tellback.outbox.models import OutboxMessage
from tests import people


def by_name(found: list[Measure]) -> dict[str, Measure]:
    return {one.name: one for one in found}


def store() -> dict[str, Measure]:
    return by_name(list(measures.of_the_store()))


def test_steps_of_stories_are_counted_on_from_the_last_time(
    places: people.Places, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = people.tell().story
    people.tell(title="A second story")
    assert store()["tellback_stories"].values["received"] == 2
    decisions.open_for_review(first, moira)
    decisions.publish(first, first.revision, moira)
    decisions.carry_out_due()
    people.tell(title="A third story")
    found = store()["tellback_stories"]
    assert (found.kind, found.values["received"], found.values["published"]) == ("counter", 3, 1)
    assert found.values["rejected"] == 0, "a step that nothing took yet has its line"


def test_after_a_restore_they_are_counted_anew(places: people.Places) -> None:
    people.tell()
    assert store()["tellback_stories"].values["received"] == 1
    LedgerEntry.delete().execute()
    people.tell(title="Another story")
    people.tell(title="One more")
    assert ledger.count() == 2
    assert store()["tellback_stories"].values["received"] == 2


def test_the_queue_says_how_many_wait_how_long_and_how_many_too_long(places: people.Places) -> None:
    people.tell(body="I want to kill myself, and nobody there would listen to me.")
    clock.pin(clock.now() + timedelta(hours=1))
    people.tell()
    clock.pin(clock.now() + timedelta(hours=5))
    found = store()
    assert found["tellback_queue_stories"].values == {"usual": 1, "perhaps": 0, "now": 1}
    assert found["tellback_queue_oldest_seconds"].values == {"usual": 5 * 3600, "perhaps": 0, "now": 6 * 3600}
    assert found["tellback_queue_late_stories"].values["now"] == 1
    assert found["tellback_queue_late_stories"].values["usual"] == 0


def test_the_outbox_says_what_waits_what_failed_what_was_given_up_and_how_late_it_is(
    places: people.Places,
) -> None:
    people.tell(contact_email="ann@mail.example")
    waiting = OutboxMessage.select().count()
    assert waiting
    assert store()["tellback_outbox_lag_seconds"].values[""] == 0
    clock.pin(clock.now() + timedelta(minutes=20))
    first = OutboxMessage.select().order_by(OutboxMessage.id).first()
    OutboxMessage.update(attempts=2).where(OutboxMessage.id == first.id).execute()
    found = store()
    assert found["tellback_outbox_messages"].values == {"waiting": waiting, "failing": 1, "dead": 0}
    assert found["tellback_outbox_lag_seconds"].values[""] == 1200
    OutboxMessage.update(state="dead").execute()
    found = store()
    assert found["tellback_outbox_messages"].values == {"waiting": 0, "failing": 0, "dead": waiting}
    assert found["tellback_outbox_lag_seconds"].values[""] == 0


def around(settings: config.Settings, folder: Path | None) -> dict[str, Measure]:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return by_name(list(measures.around(dataclasses.replace(settings, backups_dir=folder))))


def test_the_age_of_the_newest_backup_is_said_where_somebody_names_their_folder(
    settings: config.Settings, database: str, tmp_path: Path
) -> None:
    for hours in (50, 26):
        (tmp_path / archive.name_of(clock.now() - timedelta(hours=hours), "0023")).touch()
    assert around(settings, tmp_path)["tellback_backup_age_seconds"].values == {"": 26 * 3600}
    assert "tellback_backup_age_seconds" not in around(settings, None)


@pytest.mark.parametrize("folder", ["empty", "missing"])
def test_without_a_backup_its_age_is_beyond_every_bound(
    settings: config.Settings, database: str, tmp_path: Path, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    assert around(settings, tmp_path / folder)["tellback_backup_age_seconds"].values == {"": math.inf}


def test_the_room_on_the_disks_is_said(settings: config.Settings, database: str, tmp_path: Path) -> None:
    free = around(settings, tmp_path)["tellback_disk_free_bytes"].values
    assert set(free) == {"data", "backups"}
    assert min(free.values()) > 0
