"""`tellback backup` and `tellback restore`, and how their progress is shown."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from tellback import config
from tellback.backups import making, restoring, upgrading
from tellback.config import Settings

FOLDER = click.Path(path_type=Path, file_okay=False)


class Bars:
    """A bar for each thing that is done, on the error channel: what is printed stays for scripts."""

    def __init__(self) -> None:
        self.what = ""
        self.done = 0
        self.bar: Any = None
        self.shown = ExitStack()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how much of a thing is done."""
        if what != self.what:
            self.end()
            bar: Any = click.progressbar(length=total, label=f"{what:<12}", file=sys.stderr)
            self.what, self.bar = what, self.shown.enter_context(bar)
        self.bar.update(done - self.done)
        self.done = done

    def end(self) -> None:
        """Leave the last bar as it stands."""
        self.shown.close()
        self.what, self.done = "", 0


def tell(sentence: str) -> None:
    """Tell the operator something beside what is printed."""
    click.echo(sentence, err=True)


def upgrade_before_serving(settings: Settings, folder: Path | None) -> None:
    """Bring an older database to this release, backed up into a folder (without one, in the data folder)."""
    bars = Bars()
    try:
        upgrading.upgrade_before_serving(settings, folder or settings.data_dir / "backups", tell, bars)
    finally:
        bars.end()


@click.command()
@click.argument("folder", type=FOLDER)
@click.option(
    "--keep", type=click.IntRange(min=1), help="Delete the oldest, once so many newer ones are whole."
)
def backup(folder: Path, keep: int | None) -> None:
    """Back the database up into a folder while the service goes on; prints the file it made."""
    settings = config.load(os.environ)
    bars = Bars()
    try:
        made = making.make(settings, folder, bars, keep=keep)
    finally:
        bars.end()
    click.echo(str(made.path))
    size = made.path.stat().st_size / 1e6
    tell(f"{_stories(made.manifest.stories)}, {size:.1f} MB, read back and whole")
    for path in made.deleted:
        tell(f"deleted {path.name}")
    tell("the keys are not in it: keep TELLBACK_CONTACT_KEY and TELLBACK_LEDGER_KEY elsewhere")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--replace", is_flag=True, help="Set a database that is there aside.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def restore(file: Path, replace: bool, yes: bool) -> None:
    """Put a backup in the place of the database, and bring it to this release; stop the service first."""
    settings = config.load(os.environ)
    bars = Bars()
    try:
        manifest = restoring.look_at(file, settings, bars)
        bars.end()
        made_at = f"{manifest.moment:%-d %B %Y, %H:%M} UTC"
        tell(f"backup of {made_at}: {_stories(manifest.stories)}, by Tellback {manifest.tellback}")
        if not yes:
            click.confirm("Put it in the place of the database?", abort=True, err=True)
        restored = restoring.restore(file, manifest, settings, tell, bars, replace=replace)
    finally:
        bars.end()
    click.echo(f"restored: {_stories(restored.stories)} of {made_at}")
    if restored.taken_back:
        click.echo(f"taken back, paused or taken down since, and now again: {_stories(restored.taken_back)}")
    if restored.aside:
        click.echo(f"the database before is {restored.aside}: delete it once all is well, it holds stories")
    for sentence in restored.care:
        tell(f"take care: {sentence}")
    tell(
        f"What else happened after {made_at} is not in it: stories told since, decisions, "
        "who lost access. docs/operators.md says what to do (“After a restore”). Then run "
        "`tellback check`, and start `tellback serve`."
    )


def _stories(count: int) -> str:
    return f"{count:,} {'story' if count == 1 else 'stories'}"
