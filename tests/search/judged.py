"""How well searches of real comments are answered, by judged ones: `.venv/bin/python -m tests.search.judged`.

nDCG@10 (Järvelin and Kekäläinen 2002: a full answer counts 2, one in part 1), and how many of all answers are
among the first 20; the mean over the searches of `judged.txt`. Beside them, how many slips of the finger lead
to the word that was meant. The comments lie beside the project and are never copied into it.
"""

import csv
import tempfile
from datetime import UTC, datetime
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

from peewee import chunked

from tellback import db, migrations
from tellback.published import lists
from tellback.published.lists import Asked, Order
from tellback.search import suggesting
from tellback.stories import public_words
from tellback.stories.models import PublishedText, Story, StoryVersion

COMMENTS = Path(__file__).parents[3] / "shared" / "data" / "patient_comments.csv"
# All on one day, so that none gains by being newer.
_DAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
# What people type, and what they mean.
SLIPS = {
    "recieved": "received",
    "apointment": "appointment",
    "ambulence": "ambulance",
    "docter": "doctor",
    "profesional": "professional",
    "proffesional": "professional",
    "waitting": "waiting",
    "hosptial": "hospital",
    "freindly": "friendly",
    "excelent": "excellent",
    "comunication": "communication",
    "nruse": "nurse",
    "paramadic": "paramedic",
    "medecation": "medication",
    "recption": "reception",
    "physotherapy": "physiotherapy",
    "perscription": "prescription",
    "helpfull": "helpful",
    "wheelchiar": "wheelchair",
    "dissapointed": "disappointed",
    "suport": "support",
    "therpist": "therapist",
    "transprot": "transport",
    "explaned": "explained",
    "respectfull": "respectful",
    "greatful": "grateful",
    "psycologist": "psychologist",
    "assesment": "assessment",
    "atmosfere": "atmosphere",
}


class Measured(NamedTuple):
    """Means over all searches, from 0 to 1; and how many slips of how many were set right."""

    ndcg: float
    recall: float
    slips: int


def searches() -> dict[str, dict[int, int]]:
    """The judged searches: what answers each, by its number, and how well (2, or 1 in part)."""
    lines = (Path(__file__).with_suffix(".txt")).read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            q, _, rows = line.partition(": ")
            found[q] = {int(row.lstrip("~")): 1 if row[0] == "~" else 2 for row in rows.split()}
    return found


def publish_comments() -> None:
    """Put every comment into the empty database as a public story, its row's number for its id."""
    with COMMENTS.open(encoding="utf-8", newline="") as file:
        texts = dict(enumerate((row["text"] for row in csv.DictReader(file)), start=1))
    with db.transaction():
        for some in chunked(texts, 500):
            Story.insert_many([_story(number) for number in some]).execute()
            StoryVersion.insert_many([_version(number, texts[number]) for number in some]).execute()
            PublishedText.insert_many([_text(number, texts[number]) for number in some]).execute()
    public_words.keep_all()


def measure() -> Measured:
    """Ask each search of the chosen database, best first."""
    gains, recalls = [], []
    for q, answers in searches().items():
        found = [story.id for story in lists.read(Asked(q=q, order=Order.RELEVANT), limit=20).stories]
        best = sorted(answers.values(), reverse=True)
        gains.append(_gain([answers.get(number, 0) for number in found[:10]]) / _gain(best[:10]))
        recalls.append(len(answers.keys() & set(found)) / min(len(answers), 20))
    right = sum(suggesting.suggestion(typed) == meant for typed, meant in SLIPS.items())
    return Measured(sum(gains) / len(gains), sum(recalls) / len(recalls), right)


def _gain(grades: list[int]) -> float:
    return sum(grade / log2(place + 1) for place, grade in enumerate(grades, start=1))


def _story(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "public_id": f"c{number:015}",
        "state": "published",
        "state_since": _DAY,
        "author_role": "patient",
        "consent_publish": True,
        "consent_licence": False,
        "consent_contact": False,
        "consent_version": "2026",
        "told_at": _DAY,
        "published_at": _DAY,
    }


def _version(number: int, text: str) -> dict[str, Any]:
    facts = {"id": number, "story": number, "number": 1, "lang": "en", "written_at": _DAY}
    return {**facts, "title": "", "body": text}


def _text(number: int, text: str) -> dict[str, Any]:
    return {"story": number, "version": number, "title": "", "body": text}


def main() -> None:
    """Print the measures."""
    with tempfile.TemporaryDirectory() as folder:
        db.connect(f"sqlite:///{Path(folder) / 'tellback.db'}")
        migrations.upgrade()
        publish_comments()
        measured = measure()
    print(f"{len(searches())} judged searches of 5,590 real comments, best first:")
    print(
        f"nDCG@10 {measured.ndcg:.2f}; among the first 20 stand {measured.recall:.0%} of all judged answers"
    )
    print(f"of {len(SLIPS)} slips {measured.slips} lead to the word that was meant")


if __name__ == "__main__":
    main()
