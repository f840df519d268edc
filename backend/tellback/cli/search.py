"""`tellback search …`: the indexes that readers and staff search in."""

import click

from tellback.config import Settings
from tellback.opening import with_stories
from tellback.stories import desk_words, public_words


@click.group()
def search() -> None:
    """The indexes that readers and staff search in."""


@search.command()
@with_stories
def rebuild(_settings: Settings) -> None:
    """Make both indexes anew, as after bringing a database from elsewhere."""
    count = public_words.keep_all()
    click.echo(f"{count} {'story' if count == 1 else 'stories'} can be found by everyone")
    click.echo(f"{desk_words.keep_all()} by staff, in all")
