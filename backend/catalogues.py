"""Keep the translators' catalogues: `python3 backend/catalogues.py COMMAND`. docs/translators.md tells more.

renew                  gather every sentence into tellback.pot, and bring each language's .po up to it
check [--complete]     say what is stale, broken or (with --complete) not translated; exit code 1 if anything
stats                  how much of each language is translated
export TAG [--all]     what a language lacks, as JSON to fill in; with --all everything
import TAG FILE        put a filled-in export into the language's .po; what does not fit is said and left out
"""

import argparse
import os
import pathlib
import sys

import bootstrap

try:
    from tellback.translations.catalogues import CHECKED
    from tellback.translations.languages import LANGUAGES
    from translating.checking import faults
    from translating.files import POT, path_of, read, translated_languages
    from translating.filling import bring, export
    from translating.gathering import gather
    from translating.merging import merged
except ImportError:  # started by a Python that has none of it
    python = str(bootstrap.ensure("tests"))
    os.execv(python, [python, __file__, *sys.argv[1:]])


def renew() -> None:
    """Write the template, and every language's catalogue with what it had."""
    pot = gather()
    pot.save(str(POT))
    for language in translated_languages():
        merged(pot, read(language), language).save(str(path_of(language)))


def stats() -> None:
    """How far each language has come."""
    for language in translated_languages():
        po = read(language)
        done, unsure = len(po.translated_entries()), len(po.fuzzy_entries())
        checked = po.metadata.get(CHECKED, "no")
        print(f"{language.tag:8} {done:4} of {len(po)} translated, {unsure} unsure, checked: {checked}")


def main() -> int:
    """Do what was asked; 0 when all is well, as a shell expects."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("renew")
    commands.add_parser("check").add_argument("--complete", action="store_true")
    commands.add_parser("stats")
    exporting, importing = commands.add_parser("export"), commands.add_parser("import")
    for command in (exporting, importing):
        command.add_argument("tag", choices=[language.tag for language in translated_languages()])
    exporting.add_argument("--all", action="store_true")
    importing.add_argument("file", type=pathlib.Path)
    asked = parser.parse_args()
    if asked.command == "export":
        export(LANGUAGES[asked.tag], everything=asked.all)
    if asked.command == "import":
        with bootstrap.one_at_a_time():
            return min(1, bring(LANGUAGES[asked.tag], asked.file))
    if asked.command == "renew":
        with bootstrap.one_at_a_time():
            renew()
    if asked.command == "check":
        found = faults(complete=asked.complete)
        print("\n".join(found) or "Every catalogue is right.")
        return min(1, len(found))
    if asked.command in ("renew", "stats"):
        stats()
    return 0


if __name__ == "__main__":
    sys.exit(main())
