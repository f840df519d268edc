"""The data map names every field that is kept, and nothing that is not."""

import csv
import io

import pytest
from click.testing import CliRunner

from tellback import cli
from tellback.config import Settings
from tellback.retention import data_map, rules


def test_a_field_that_nobody_described_is_refused_by_name(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = {name: {**about, "fields": dict(about["fields"])} for name, about in data_map._notes().items()}
    del notes["Story"]["fields"]["display_name"]
    notes["Story"]["fields"]["shoe_size"] = "!"
    monkeypatch.setattr(data_map, "_notes", lambda: notes)
    with pytest.raises(ValueError, match=r"Story\.display_name, Story\.shoe_size"):
        data_map.entries(settings)


def test_a_rule_that_is_not_there_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_map, "RULES", rules.RULES[:3])
    with pytest.raises(ValueError, match="names a rule that is not there"):
        data_map.entries(settings)


def test_every_rule_is_named_by_some_field() -> None:
    named = set(data_map._RULE.findall(data_map._NOTES.read_text(encoding="utf-8").split("\n\n", 1)[1]))
    # What ends a story is said of each of its fields by one word.
    assert {rule.kind for rule in rules.RULES} - named <= {"unpublished stories", "published stories"}


def test_what_is_sealed_is_called_sealed(settings: Settings) -> None:
    for one in data_map.entries(settings):
        assert ("sealed" in one.what) >= one.field.endswith("_sealed"), f"{one.table}.{one.field}"


def test_it_is_printed_with_the_settings_that_are_set(tmp_path: object) -> None:
    environment = {
        "TELLBACK_OPERATOR": "Somebody",
        "TELLBACK_DATA_DIR": str(tmp_path),
        "TELLBACK_CONTACT_MONTHS": "7",
    }
    printed = CliRunner().invoke(cli.tellback, ["privacy", "map", "--csv"], env=environment).output
    rows = list(csv.DictReader(io.StringIO(printed)))
    (address,) = [row for row in rows if (row["where"], row["field"]) == ("AuthorContact", "email_sealed")]
    assert address["personal"] == "personal"
    assert "7 months after the last news" in address["how long"]
    assert all(row["what"] for row in rows)
    assert "# " in CliRunner().invoke(cli.tellback, ["privacy", "map"], env=environment).output
