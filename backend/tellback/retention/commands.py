"""`tellback privacy …` and `tellback keys …`: the data map, forgetting now, and a new key taking over."""

import os

import click

from tellback import config
from tellback.config import Settings
from tellback.opening import with_stories
from tellback.retention import data_map, resealing, turns


@click.group()
def privacy() -> None:
    """What is kept about people, and for how long."""


@privacy.command("map")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a register of processing.")
def show_map(as_csv: bool) -> None:
    """Print every field that is kept: what, why, who sees it, for how long by your settings."""
    settings = config.load(os.environ)
    click.echo(data_map.as_csv(settings) if as_csv else data_map.as_markdown(settings), nl=False)


@privacy.command()
@with_stories
def forget(settings: Settings) -> None:
    """Forget now what was kept for as long as it is, as a running service does once a day."""
    counts = {kind: count for kind, count in turns.take_all(settings).items() if count}
    for kind, count in counts.items():
        click.echo(f"{kind}: {count}")
    if not counts:
        click.echo("nothing here is older than it may be")


@click.group()
def keys() -> None:
    """The keys that seal what is kept."""


@keys.command("reseal")
@with_stories
def reseal_all(_settings: Settings) -> None:
    """Seal all anew with the first of TELLBACK_CONTACT_KEY, so that the others can go. Safe to run again."""
    total = 0
    for column, count in resealing.reseal():
        total += count
        if count:
            click.echo(f"{column}: {count}")
    click.echo(f"sealed anew: {total}")
    click.echo("links to answer by, in letters of the last 14 days, need the old key still", err=True)
