"""English words lose their endings as Snowball's own stemmer takes them."""

import re
from pathlib import Path

import pytest

from tellback import db
from tellback.search.stemming import stem

WORDS = [
    "skies", "dying", "news", "gently", "proceeding", "succeeds", "herrings", "generously", "communism",
    "arsenal", "crying", "cries", "says", "boys", "enjoyed", "ties", "gas", "gaps", "this", "kiwis",
    "caresses", "cats", "misses", "agreed", "feed", "bleed", "plastered", "bled", "motoring", "sing",
    "conflated", "troubled", "sized", "hopping", "tanned", "falling", "hissing", "fizzed", "failing",
    "filing", "happy", "sky", "by", "relational", "conditional", "rational", "valency", "hesitancy",
    "digitizer", "conformably", "radically", "differently", "vilely", "analogously", "vietnamization",
    "predication", "operator", "feudalism", "decisiveness", "hopefulness", "callousness", "formality",
    "sensitivity", "sensibility", "triplicate", "formative", "formalize", "electricity", "electrical",
    "hopeful", "goodness", "revival", "allowance", "inference", "airliner", "gyroscopic", "adjustable",
    "defensible", "irritant", "replacement", "adjustment", "dependent", "adoption", "homologous",
    "communism", "activate", "angularity", "effective", "bowdlerize", "probate", "rate", "cease",
    "controlling", "roll", "apologies", "analogies", "national", "wildly", "youths", "beautifully",
    "nurses", "nursing", "waited", "waiting",
]  # fmt: skip


def test_it_agrees_with_the_stemmer_of_postgresql(database: str) -> None:
    if not db.is_postgresql():
        pytest.skip("SQLite has no Snowball of its own")
    templates = Path(__file__).parents[2] / "backend" / "tellback" / "templates"
    pages = " ".join(page.read_text(encoding="utf-8") for page in sorted(templates.rglob("*.html")))
    words = sorted({*WORDS, *re.findall("[a-z]{3,}", pages.lower())})
    stemmed = db.database.execute_sql(
        "SELECT word, (ts_lexize('english_stem', word))[1] FROM unnest(%s::text[]) AS word", (words,)
    ).fetchall()
    # PostgreSQL has none for words that say little.
    theirs = {word: its for word, its in stemmed if its}
    assert len(theirs) > 1000
    assert {word: stem(word) for word in theirs} == theirs


@pytest.mark.parametrize("word", ["", "ab", "3rd", "2026", "żółty", "ward5", "نرس"])
def test_what_is_no_english_word_stays(word: str) -> None:
    assert stem(word) == word
