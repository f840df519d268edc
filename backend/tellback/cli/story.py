"""`tellback story …`: what an operator does for the author of one story."""

import click

from tellback.audit import acts
from tellback.authorship import erasure
from tellback.config import Settings
from tellback.errors import NotFound
from tellback.opening import with_stories
from tellback.stories.models import Story


@click.group()
def story() -> None:
    """What an operator does for the author of one story."""


@story.command("erase")
@click.argument("story_id")
@click.confirmation_option(prompt="Its words, and all that belongs to them, go for good. Erase it?")
@with_stories
def story_erase(_settings: Settings, story_id: str) -> None:
    """Erase a story (by its id) for an author who asks by another way than their private link."""
    found = Story.get_or_none(Story.public_id == story_id)
    if found is None:
        raise NotFound("There is no story of this id.")
    erasure.erase(found, acts.SYSTEM)
    click.echo("erased; the ledger says so, and backups made before hold it until they age out")
