"""`tellback topic …`: what gathers stories across services."""

import click

from tellback.config import Settings
from tellback.opening import with_stories
from tellback.stories import topics


@click.group()
def topic() -> None:
    """Topics that gather stories across services."""


@topic.command("add")
@click.argument("name")
@with_stories
def topic_add(_settings: Settings, name: str) -> None:
    """Add a topic, such as "Multiple sclerosis"."""
    click.echo(f'topic="{topics.add(name).slug}"')
