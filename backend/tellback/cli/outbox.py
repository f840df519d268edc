"""`tellback outbox …`: what falls due, done without `tellback serve`."""

import click

from tellback import logs, rounds
from tellback.config import Settings
from tellback.errors import SettingsError
from tellback.opening import with_stories
from tellback.outbox.delivery import deliver_due


@click.group()
def outbox() -> None:
    """Letters that wait to be sent."""


@outbox.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
@with_stories
def work(settings: Settings, once: bool) -> None:
    """Do what falls due: letters, and all else that `serve` does by itself."""
    logs.begin(settings.log_format, settings.log_level)
    if not settings.smtp_url:
        raise SettingsError("TELLBACK_SMTP_URL says where letters are sent: smtp://user:password@host:587")
    if once:
        click.echo(f"sent {deliver_due(settings, rounds.recipients(settings))}")
    else:
        rounds.go_for_ever(settings)
