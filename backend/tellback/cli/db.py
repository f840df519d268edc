"""`tellback db …`: the database's schema."""

import os

import click

from tellback import config
from tellback.backups import upgrading


@click.group("db")
def database() -> None:
    """The database's schema."""


@database.command()
def upgrade() -> None:
    """Bring the schema to this release; what is already done stays."""
    upgrading.upgrade(config.load(os.environ), click.echo)
