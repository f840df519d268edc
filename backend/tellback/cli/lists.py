"""`tellback lists …`: the lists in which the public reads stories, and the sums of what became of them."""

import click

from tellback.config import Settings
from tellback.opening import with_stories
from tellback.stories import shelves, standings


@click.group()
def lists() -> None:
    """The lists in which the public reads stories, and their sums."""


@lists.command()
@with_stories
def rebuild(_settings: Settings) -> None:
    """Put all stories into their lists again and count them anew, where `tellback check` asks for it."""
    click.echo(f"places, counts and sums that were wrong: {shelves.count_anew()}")
    standings.count_anew()
