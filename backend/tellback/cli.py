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
from tellback.organisations import catalogue, complaints, finder, importing, registers
from tellback.organisations.models import KINDS
from tellback.outbox.delivery import deliver_due
from tellback.search import index
from tellback.stories import sealing, topics
from tellback.websites import registration as websites
from tellback.websites.choices import Choices
from tellback.websites.snippet import snippet

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
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(min=1),
    show_default=True,
    help="Processes; one is plenty for a hospital.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the stories, and send letters when TELLBACK_SMTP_URL is set."""
    from tellback import server

    settings = config.load(os.environ)
    db.connect(settings.database_url)
    migrations.require_current()
    # The workers open their own: a connection may not be shared across a fork.
    db.database.close_all()

    server.serve(
        application,
        host=host,
        port=port,
        workers=workers,
        ready=lambda address: click.echo(
            f"Tellback {__version__} answers at {address} (public address: {settings.public_url})"
        ),
    )


def application() -> Any:
    """The WSGI application as each process of the server makes it, with its sender of letters beside it."""
    from tellback.app import create_app

    settings = config.load(os.environ)
    app = create_app(settings)
    if settings.smtp_url:
        # In each process: claims are exclusive, so they share the work; a new process brings its own.
        threading.Thread(target=_send_for_ever, args=(settings,), daemon=True).start()
    return app


@tellback.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
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
    topics.bring_themes()
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


@account.command("password")
@click.argument("email")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
@with_stories
def account_password(_settings: Settings, email: str, generate: bool) -> None:
    """Give someone a new password, and end their sessions."""
    password = registration.make_password() if generate else _asked_password()
    changed = registration.set_password(email, password)
    click.echo(f"{changed.name} has a new password")
    if generate:
        click.echo(f"password: {password}")


@account.command("list")
@with_stories
def account_list(_settings: Settings) -> None:
    """Everyone who has an account, with their roles."""
    for one in registration.everyone():
        held = [f"{m.role} of {m.organisation.code}" if m.organisation else m.role for m in one.memberships]
        click.echo(f"{one.email}\t{one.name}\t{', '.join(held)}{'' if one.active else ' (switched off)'}")


@tellback.group()
def services() -> None:
    """The care services that stories are about."""


@services.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_stories
def services_import(_settings: Settings, files: tuple[Path, ...]) -> None:
    """Bring in registers (CSV, known by their header); what is already as they say stays so."""
    for register in [registers.open_register(file) for file in files]:
        with click.progressbar(length=register.rows, label=register.title) as bar:
            outcome = importing.bring_in(register, bar.update)
        click.echo(f"{register.title}: {outcome.summary}")
        for remark in outcome.warnings:
            click.echo(f"  line {remark.line}: {remark.text}", err=True)
        for remark in outcome.refused:
            click.echo(f"  line {remark.line} refused: {remark.text}", err=True)


@services.command("add")
@click.argument("name")
@click.option("--parent", help="Code of the hospital or service that it belongs to.")
@click.option("--organisation", help="Code or name of who runs it; left out, the parent's or its own.")
@click.option("--kind", type=click.Choice(KINDS), help="Left out: a ward below a parent, else other.")
@click.option("--town", default="", help="Where it is; left out, where its parent is.")
@click.option("--postcode", default="", help="Its postcode; left out, its parent's.")
@with_stories
def services_add(_settings: Settings, name: str, **options: Any) -> None:
    """Add a ward, or a charity's service that no register lists; says its code."""
    click.echo(f'service="{catalogue.add(name, **options).code}"')


@services.command("list")
@click.argument("words", nargs=-1)
@with_stories
def services_list(_settings: Settings, words: tuple[str, ...]) -> None:
    """Find services by name, town, postcode or code: the first 50."""
    found = finder.find(" ".join(words), limit=finder.HIGHEST_LIMIT)
    for one in found.items:
        click.echo(f"{one.code}\t{one.name}\t{one.town}\t{one.postcode}")
    click.echo(f"{len(found.items)} of {found.total}", err=True)


@services.command("complaints")
@click.argument("code")
@click.option("--name", help="Who deals with complaints: a team, a role or a name.")
@click.option("--email", help="The address that complaints go to.")
@click.option("--phone", help="The number to call.")
@click.option("--url", help="The page that says how to complain.")
@click.option("--text", help="A sentence or two for the patient who reads it.")
@click.option("--remove", is_flag=True, help="Name nobody any more: the NHS's advice is shown instead.")
@with_stories
def services_complaints(_settings: Settings, code: str, remove: bool, **given: str | None) -> None:
    """Say where complaints about a service, or all of an organisation's, go; with a code alone, show it."""
    place = complaints.about(code)
    if remove:
        complaints.forget(place)
    elif any(given.values()):
        complaints.keep(code, **{field: value or "" for field, value in given.items()})
    for line in complaints.in_lines(place):
        click.echo(line)


@tellback.group()
def website() -> None:
    """The websites whose pages may send stories."""


@website.command("add")
@click.argument("name")
@click.option("--origin", "origins", multiple=True, help="Such as https://www.hospital.example; repeatable.")
@click.option("--service", help="Code of the service whose stories the page shows.")
@click.option("--topic", "slug", help="Or a topic's, by its slug.")
@click.option("--organisation", help="Code of the organisation whose webmasters keep the website.")
@with_stories
def website_add(
    settings: Settings,
    name: str,
    origins: tuple[str, ...],
    service: str | None,
    slug: str | None,
    organisation: str | None,
) -> None:
    """Allow a website, or one more origin of it; prints the tag to paste."""
    about = catalogue.get(service) if service else None
    chosen = Choices(service=about.code if about else "", topic=topics.get(slug).slug if slug else "")
    keeper = websites.organisation_of(organisation) if organisation else None
    added = websites.add(name, origins, keeper)
    click.echo(f"site key: {added.site_key}\n")
    click.echo(snippet(settings.public_url, chosen, service=about, website=added).instructions)


@website.command("list")
@with_stories
def website_list(_settings: Settings) -> None:
    """Every website, its site key and its origins."""
    for one, origins in websites.every():
        click.echo(f"{one.site_key}\t{one.name}\t{', '.join(origins)}")


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


@tellback.group()
def search() -> None:
    """The index that readers search in."""


@search.command()
@with_stories
def rebuild(_settings: Settings) -> None:
    """Make the index anew from what is public, as after bringing a database from elsewhere."""
    count = index.rebuild()
    click.echo(f"{count} {'story' if count == 1 else 'stories'} can be found")


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _send_for_ever(settings: Settings) -> None:
    resting = threading.Event()
    while not resting.wait(OUTBOX_ROUND):
        try:
            deliver_due(settings, resolver(settings.public_url))
        except Exception as error:  # noqa: BLE001 (a database away for a while must not end the sending)
            click.echo(f"tellback: letters wait ({type(error).__name__})", err=True)
        finally:
            if not db.database.is_closed():
                db.database.close()


def _in_one_line(error: SettingsError | Problem) -> str:
    if isinstance(error, Problem) and error.errors:
        return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
    return str(error)
