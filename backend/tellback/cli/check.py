"""`tellback check`: how it stands with this service."""

import os
import sys
from pathlib import Path

import click

from tellback import checking, config


@click.command()
@click.option("--json", is_flag=True, help="For a program: the grade, and each line.")
@click.option(
    "--backups", type=click.Path(path_type=Path), help="A folder of backups, other than TELLBACK_BACKUPS_DIR."
)
def check(json: bool, backups: Path | None) -> None:
    """Say what is well here, what needs care and what is broken; it sends and changes nothing."""
    settings = config.load(os.environ)
    folder = backups or settings.backups_dir
    lines = [*checking.run(settings), *(checking.backups(folder) if folder else ())]
    click.echo(checking.as_json(lines) if json else checking.in_words(lines))
    if checking.grade(lines) == checking.Grade.NOT_READY:
        sys.exit(1)
