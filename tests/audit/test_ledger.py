"""Each step of a story is appended to the public ledger; below HTTP, on both engines."""

import hashlib
import json
import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tellback import clock, db, sealing
from tellback.accounts.models import Account
from tellback.audit import ledger, verification
from tellback.audit.ledger import Step
from tellback.audit.models import LedgerEntry
from tellback.authorship.own_story import withdraw
from tellback.errors import Conflict
from tellback.moderation import decisions
from tellback.stories.models import PublishedText, Story
from tellback.stories.submission import current_version
from tests.people import Places, tell


def _opened(by: Account, **told: object) -> Story:
    story = tell(**told).story
    decisions.open_for_review(story, by)
    return story


def _steps(story: Story) -> list[tuple[str, str]]:
    return [(e.step, e.reason) for e in ledger.after(0, limit=99, story_id=story.public_id)]


def test_every_step_from_received_on_is_in_the_ledger_with_its_reason(moira: Account) -> None:
    removed, returned, rejected, withdrawn = (_opened(moira) for _ in range(4))
    decisions.publish(removed, removed.revision, moira)
    decisions.remove(removed, removed.revision, moira, reason="legal_duty", message="")
    decisions.send_back(returned, returned.revision, moira, reason="hard_to_follow", message="Which ward?")
    decisions.reject(rejected, rejected.revision, moira, reason="commercial", message="")
    withdraw(withdrawn)
    assert _steps(removed) == [("received", ""), ("published", ""), ("removed", "legal_duty")]
    assert _steps(returned) == [("received", ""), ("returned", "hard_to_follow")]
    assert _steps(rejected) == [("received", ""), ("rejected", "commercial")]
    assert _steps(withdrawn) == [("received", ""), ("withdrawn", "")]
    assert [e.number for e in ledger.after(0, limit=99)] == list(range(1, 10))


def test_an_entry_holds_a_day_an_id_codes_and_hashes_and_nothing_else(moira: Account) -> None:
    story = _opened(moira, title="On a Monday", body="Joy Bell was kind.", display_name="Ann")
    decisions.publish(story, story.revision, moira)
    first, second = ledger.after(0, limit=99)
    assert ledger.described(first) == {
        "number": 1,
        "day": "2026-11-23",
        "story": story.public_id,
        "step": "received",
        "reason": "",
        "commitment": first.commitment,
        "previous": "0" * 64,
        "hash": first.hash,
    }
    assert second.previous == first.hash
    columns = {field.name for field in LedgerEntry._meta.sorted_fields}
    assert columns == set(ledger.described(first))


def test_the_hash_is_that_of_the_documented_form(moira: Account) -> None:
    tell()
    entry = ledger.newest()
    assert entry
    text = (
        f'{{"commitment":"{entry.commitment}","day":"2026-11-23","number":1,'
        f'"previous":"{"0" * 64}","reason":"","step":"received","story":"{entry.story}"}}'
    )
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()


def test_the_salt_and_the_words_open_the_commitment(moira: Account) -> None:
    story = _opened(moira, title="Tŷ bach", body='Say "hello"\n\tback \\ 👋', what_was_good="ŵ")
    decisions.publish(story, story.revision, moira)
    received, published = ledger.after(0, limit=99)
    words = {
        "title": "Tŷ bach",
        "body": 'Say "hello"\n\tback \\ 👋',
        "what_was_good": "ŵ",
        "what_could_be_better": None,
    }
    form = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    for text, entry in ((current_version(story), received), (PublishedText.get_by_id(story.id), published)):
        assert len(bytes.fromhex(text.salt)) == 32
        assert hashlib.sha256(bytes.fromhex(text.salt) + form).hexdigest() == entry.commitment
    assert received.commitment != published.commitment, "the public salt must not open the author's own words"


def test_the_same_words_told_twice_make_different_commitments(places: Places) -> None:
    tell(body="The same words.")
    tell(body="The same words.")
    first, second = ledger.after(0, limit=9)
    assert first.commitment != second.commitment


def test_a_decision_that_fails_leaves_no_entry(moira: Account) -> None:
    story = _opened(moira)
    with pytest.raises(Conflict):
        decisions.publish(story, story.revision - 1, moira)
    assert _steps(story) == [("received", "")]


def test_nothing_is_appended_outside_a_transaction(database: str) -> None:
    with pytest.raises(RuntimeError, match="in the transaction that it tells of"):
        ledger.append(Step.RECEIVED, "22222222")
    assert ledger.newest() is None


def test_what_was_appended_in_a_transaction_that_failed_is_gone_and_the_next_takes_its_place(
    database: str,
) -> None:
    with pytest.raises(ZeroDivisionError), db.transaction():
        ledger.append(Step.RECEIVED, "lost")
        1 / 0  # noqa: B018
    with db.transaction():
        assert ledger.append(Step.RECEIVED, "kept") == 1
    assert list(verification.breaks()) == []


def _tell_in_a_thread(count: int, begin: threading.Barrier) -> None:
    clock.pin(None)
    begin.wait(timeout=30)
    for _ in range(count):
        tell(body="One of many, told at the same moment.")
    db.database.close()


def test_many_threads_tell_at_once_and_the_chain_holds(places: Places) -> None:
    begin = threading.Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(_tell_in_a_thread, 8, begin) for _ in range(8)]:
            done.result(timeout=60)
    assert [e.number for e in ledger.after(0, limit=99)] == list(range(1, 65))
    assert list(verification.breaks()) == []


def _append_in_a_process(url: str, name: str) -> None:
    db.connect(url)
    sealing.use(("a key of the tests that seals addresses",))
    for n in range(25):
        with db.transaction():
            ledger.append(Step.RECEIVED, f"{name}-{n}")
    db.database.close_all()  # type: ignore[attr-defined]


def test_several_processes_append_at_once_and_the_chain_holds(database: str) -> None:
    # Forked, like the workers of the server, with no connection open.
    db.database.close_all()  # type: ignore[attr-defined]
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_append_in_a_process, args=(database, f"p{n}")) for n in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert [worker.exitcode for worker in workers] == [0] * 4
    entries = ledger.after(0, limit=999)
    assert [e.number for e in entries] == list(range(1, 101))
    assert len({e.story for e in entries}) == 100
    assert list(verification.breaks()) == []
