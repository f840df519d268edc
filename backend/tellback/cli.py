"""The command line: `tellback …`. Each command reads the settings, calls a rule, and says what happened."""

import os
import runpy
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from tellback import __version__, config, db, migrations
from tellback.accounts import registration
from tellback.accounts.roles import Role
from tellback.authorship.recipients import resolver
from tellback.config import Settings
from tellback.errors import Problem, SettingsError
from tellback.outbox.delivery import deliver_due
from tellback.stories import sealing, topics

# Seconds between looks into the outbox.
OUTBOX_ROUND = 5


@click.group(help="Patients tell, services answer. Settings are read from TELLBACK_… in the environment.")
@click.version_option(__version__)
def tellback() -> None:
    """The root of all commands."""


def main() -> None:
    """Run the command line; a wrong setting or a refused input is said in one line, without a trace."""
    try:
        tellback()
    except (SettingsError, Problem) as error:
        click.echo(f"tellback: {_in_one_line(error)}", err=True)
        sys.exit(1)


def with_stories(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings, with the database opened and its schema checked."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        settings = config.load(os.environ)
        db.connect(settings.database_url)
        migrations.require_current()
        sealing.use(settings.contact_key)
        return command(settings, *args, **options)

    return run


@tellback.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Processes; one is plenty for a hospital.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the stories, and send letters when TELLBACK_SMTP_URL is set."""
    from tellback import server

    settings = config.load(os.environ)
    db.connect(settings.database_url)
    migrations.require_current()
    # The workers open their own: a connection may not be shared across a fork.
    db.database.close_all()  # type: ignore[attr-defined]

    def ready(address: str) -> None:
        click.echo(f"Tellback {__version__} answers at {address} (public address: {settings.public_url})")
        if settings.smtp_url:
            threading.Thread(target=_send_for_ever, args=(settings,), daemon=True).start()

    server.serve(application, host=host, port=port, workers=workers, ready=ready)


def application() -> Any:
    """The WSGI application with the settings of the environment, as a server's worker makes it."""
    from tellback.app import create_app

    return create_app(config.load(os.environ))


@tellback.command()
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Show the whole journey with invented stories, on this machine only (from a checkout)."""
    script = Path(__file__).parents[2] / "demo" / "serve.py"
    if not script.exists():
        raise SettingsError("the demo's pages come with the source: clone it and run `python3 demo/run.py`")
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")


@tellback.group("db")
def database() -> None:
    """The database's schema."""


@database.command()
def upgrade() -> None:
    """Bring the schema to this release; what is already done stays."""
    settings = config.load(os.environ)
    db.connect(settings.database_url)
    applied = migrations.upgrade()
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("the database is up to date")


@tellback.group()
def account() -> None:
    """People who sign in: moderators, and those who answer for a service."""


@account.command("add")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", default="", help="As colleagues see it; not asked when the address is known.")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--organisation", help="Code of the organisation that they work for; none for moderators.")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
@with_stories
def account_add(
    settings: Settings, email: str, name: str, role: str, organisation: str | None, generate: bool
) -> None:
    """Give someone a role. A known address keeps its name and password."""
    password = None
    if registration.find(email) is None:
        password = registration.make_password() if generate else _asked_password()
    added = registration.add(email, name, password, Role(role), organisation)
    click.echo(f"{added.name} signs in at {settings.public_url}/admin/ with {added.email}")
    if password and generate:
        click.echo(f"password: {password}")


@account.command("list")
@with_stories
def account_list(_settings: Settings) -> None:
    """Everyone who has an account, with their roles."""
    for one in registration.everyone():
        held = [f"{m.role} of {m.organisation.code}" if m.organisation else m.role for m in one.memberships]
        click.echo(f"{one.email}\t{one.name}\t{', '.join(held)}{'' if one.active else ' (switched off)'}")


@tellback.group()
def topic() -> None:
    """Topics that gather stories across services."""


@topic.command("add")
@click.argument("name")
@with_stories
def topic_add(_settings: Settings, name: str) -> None:
    """Add a topic, such as "Multiple sclerosis"."""
    click.echo(f'topic="{topics.add(name).slug}"')


@tellback.group()
def outbox() -> None:
    """Letters that wait to be sent."""


@outbox.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
@with_stories
def work(settings: Settings, once: bool) -> None:
    """Send letters as they fall due."""
    if not settings.smtp_url:
        raise SettingsError("TELLBACK_SMTP_URL says where letters are sent: smtp://user:password@host:587")
    if once:
        click.echo(f"sent {deliver_due(settings, resolver(settings.public_url))}")
    else:
        _send_for_ever(settings)


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _send_for_ever(settings: Settings) -> None:
    resting = threading.Event()
    sealing.use(settings.contact_key)
    while not resting.wait(OUTBOX_ROUND):
        try:
            deliver_due(settings, resolver(settings.public_url))
        except Exception as error:
            # A database that is away for a while must not end the sending for good.
            click.echo(f"tellback: letters wait ({type(error).__name__})", err=True)
        finally:
            if not db.database.is_closed():
                db.database.close()


def _in_one_line(error: SettingsError | Problem) -> str:
    if isinstance(error, Problem) and error.errors:
        return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
    return str(error)
