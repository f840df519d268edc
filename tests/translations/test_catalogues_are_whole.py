"""The catalogues fit the sources: nothing is missing, and nothing would break or drop a fact or a tag."""

import json
from pathlib import Path

import polib
import pytest

from tellback.translations.languages import LANGUAGES
from translating import checking, files, filling, gathering, merging


def test_every_catalogue_fits_the_sources() -> None:
    assert checking.faults() == [], "python3 backend/catalogues.py renew, then check"


def test_every_sentence_is_translated() -> None:
    assert checking.faults(complete=True) == []


def test_every_language_has_a_catalogue_and_every_catalogue_a_language() -> None:
    assert {path.stem for path in files.FOLDER.glob("*.po")} == set(LANGUAGES) - {"en"}


def test_what_patients_read_is_gathered_with_what_a_translator_must_know() -> None:
    found = {(entry.msgctxt, entry.msgid): entry for entry in gathering.gather()}
    count = found["embed:count_left", "{count} character left"]
    assert (count.msgid_plural, count.comment) == ("{count} characters left", "key: count_left")
    assert found[None, "Some answers need another look"].occurrences == [("backend/tellback/errors.py", "")]
    assert (None, "Tell your story") in found, "pages"
    assert (None, "We have your story") in found, "letters"
    assert ("theme", "Food") in found, "fixed words"
    assert found["a full date", "{day} {month} {year}"].comment.startswith("A full date.")
    staff = {place for entry in found.values() for place, _ in entry.occurrences if "/staff/" in place}
    assert staff == set(), "staff screens are English"


def _entry(english: str, said: str, plural: str = "", forms: dict[int, str] | None = None) -> polib.POEntry:
    return polib.POEntry(msgid=english, msgstr=said, msgid_plural=plural, msgstr_plural=forms or {})


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (_entry("About {name}", "Am"), "facts"),
        (_entry("About {name}", "Am {nome}"), "facts"),
        (_entry("About %(name)s", "Am (name)s"), "facts"),
        (_entry("About %(name)s", "Am %(name)s 100%"), "lone %"),
        (_entry("About {name}", "Am {name} {"), "facts"),
        (_entry("<b>Stop</b>", "Stopiwch"), "tags"),
        (_entry("Stop", "<script>alert(1)</script>"), "tags"),
        (_entry("Stop", " Stopiwch"), "space"),
        (
            _entry("{count} day", "", "{count} days", {0: "a", 1: "b", 2: "c", 3: "d", 4: "e", 5: "f"}),
            "facts",
        ),
        (_entry("{count} day", "", "{count} days", {0: "{count}", 1: "{count}"}), "6 plural forms"),
    ],
)
def test_a_translation_that_would_break_is_found(entry: polib.POEntry, says: str) -> None:
    faults = list(checking.translation_faults(entry, LANGUAGES["cy"]))
    assert faults
    assert all(says in fault for fault in faults)


@pytest.mark.parametrize(("tag", "may"), [("ar", True), ("pl", True), ("uk", False), ("bn", False)])
def test_a_form_for_one_number_alone_may_say_it_in_a_word(tag: str, may: bool) -> None:
    """Ukrainian's "one" is 21 too, and Bengali's is nought."""
    language = LANGUAGES[tag]
    forms = {at: "" if category == "one" else "{count}" for at, category in enumerate(language.plurals)}
    forms = {at: form or "—" for at, form in forms.items()}
    entry = _entry("{count} day", "", "{count} days", forms)
    assert (list(checking.translation_faults(entry, language)) == []) == may


def test_renewing_keeps_what_stands_drops_what_is_gone_and_doubts_what_changed() -> None:
    pot, po = polib.POFile(), polib.POFile()
    pot.extend(
        polib.POEntry(msgctxt=context, msgid=text)
        for context, text in (
            (None, "Send it"),
            (None, "Take your story back now"),
            ("embed:hint", "Choose all"),
        )
    )
    po.extend(
        polib.POEntry(msgctxt=context, msgid=text, msgstr=said)
        for context, text, said in (
            (None, "Send it", "Anfonwch"),
            (None, "Take your story back", "Cymerwch eich stori yn ôl"),
            ("embed:hint", "Pick some", "Dewiswch rai"),
            (None, "Something else entirely", "Rhywbeth arall"),
        )
    )
    made = merging.merged(pot, po, LANGUAGES["cy"])
    assert [(entry.msgid, entry.msgstr, entry.fuzzy, entry.previous_msgid) for entry in made] == [
        ("Send it", "Anfonwch", False, None),
        ("Take your story back now", "Cymerwch eich stori yn ôl", True, "Take your story back"),
        ("Choose all", "Dewiswch rai", True, "Pick some"),
    ]


def test_a_filled_in_export_comes_back_and_what_does_not_fit_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    language = LANGUAGES["pl"]
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    pot = polib.POFile()
    pot.extend(
        [
            polib.POEntry(msgid="Send it"),
            polib.POEntry(msgid="About {name}"),
            polib.POEntry(msgid="{count} day", msgid_plural="{count} days"),
        ]
    )
    merging.merged(pot, polib.POFile(), language).save(str(tmp_path / "pl.po"))
    filling.export(language, everything=False)
    tasks = json.loads(capsys.readouterr().out)
    assert tasks[2]["translation"] == {"one": "", "few": "", "many": ""}
    tasks[0]["translation"] = "Wyślij"
    tasks[1]["translation"] = "O kimś"
    tasks[2]["translation"] = {"one": "jeden dzień", "few": "{count} dni", "many": "{count} dni"}
    (tmp_path / "filled.json").write_text(json.dumps(tasks), encoding="utf-8")
    assert filling.bring(language, tmp_path / "filled.json") == 1
    assert "About {name}" in capsys.readouterr().out
    said = {entry.msgid: entry.msgstr_plural or entry.msgstr for entry in files.read(language)}
    assert said["Send it"] == "Wyślij"
    assert said["About {name}"] == ""
    assert said["{count} day"] == {0: "jeden dzień", 1: "{count} dni", 2: "{count} dni"}
