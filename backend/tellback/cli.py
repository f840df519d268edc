"""The command line: `tellback …`. Each command reads the settings, calls a rule, and says what happened."""

import gc
import importlib
import os
import runpy
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from tellback import __version__, checking, config, db, logs, metrics, migrations, rounds
from tellback.accounts import registration, second_factors
from tellback.accounts.roles import Role
from tellback.audit import acts, ledger, signing, verification
from tellback.authorship import erasure
from tellback.backups import commands as kept
from tellback.backups import upgrading
from tellback.config import Settings
from tellback.errors import NotDone, NotFound, Problem, SettingsError, Unavailable
from tellback.http import health, pseudonyms
from tellback.opening import with_stories
from tellback.organisations import catalogue, complaints, finder, importing, registers
from tellback.organisations.models import KINDS
from tellback.outbox.delivery import deliver_due
from tellback.published import ledger_check
from tellback.retention import commands as forgetting
from tellback.screening import screen
from tellback.stories import desk_words, public_words, shelves, topics
from tellback.stories.models import Story
from tellback.troubles import OUT_OF_REACH, trouble_of
from tellback.websites import registration as websites
from tellback.websites.choices import Choices
from tellback.websites.snippet import snippet

# Seconds for which `serve` waits for a database that is away when it begins.
DATABASE_PATIENCE = 60


@click.group(help="Patients tell, services answer. Settings are read from TELLBACK_… in the environment.")
@click.version_option(__version__)
def tellback() -> None:
    """The root of all commands."""


def main() -> None:
    """Run the command line; a wrong setting or a refused input is said in one line, without a trace."""
    try:
        tellback()
    except (SettingsError, NotDone, Problem) as error:
        click.echo(f"tellback: {_in_one_line(error)}", err=True)
        sys.exit(1)


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
@click.option("--upgrade", is_flag=True, help="First bring an older database to this release, backed up.")
@click.option(
    "--backups", type=kept.FOLDER, help="Where to; left out, the folder backups of the data folder."
)
def serve(host: str, port: int, workers: int, upgrade: bool, backups: Path | None) -> None:
    """Serve the stories, and send letters when TELLBACK_SMTP_URL is set."""
    from tellback import server

    settings = config.load(os.environ)
    logs.begin(settings.log_format, settings.log_level)
    if not settings.embedded:
        _wait_for_the_database(settings)
    if upgrade:
        kept.upgrade_before_serving(settings, backups)
    db.connect(settings.database_url)
    with _database_in_reach():
        migrations.require_current()
    # Before there are workers who would have to agree on one while stories are told.
    with suppress(*OUT_OF_REACH):
        pseudonyms.make_ready()
    # The workers open their own: a connection may not be shared across a fork.
    db.database.close_all()
    # Before workers are begun, so that they share what the application is made of.
    importlib.import_module("tellback.app")
    # What is there now stays. Nobody who asks waits while all of it is looked through for what is not, which
    # would also have each worker copy it (https://docs.python.org/3/library/gc.html#gc.freeze).
    gc.freeze()

    def stopping() -> None:
        health.stop()
        rounds.stop()

    with _counting(settings):
        server.serve(
            application,
            host=host,
            port=port,
            workers=workers,
            ready=lambda address: click.echo(
                f"Tellback {__version__} answers at {address} (public address: {settings.public_url})"
            ),
            stopping=stopping,
            ended=rounds.end,
        )


@contextmanager
def _counting(settings: Settings) -> Iterator[None]:
    """Count for /metrics, where somebody may read that, until the service ends."""
    if not settings.metrics_token:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="tellback-metrics-") as folder:
        metrics.begin(Path(folder))
        yield


def _wait_for_the_database(settings: Settings) -> None:
    """Return when its server answers: after a power cut both start at once. Raises Unavailable in the end."""
    resting, until = threading.Event(), time.monotonic() + DATABASE_PATIENCE
    db.connect(settings.database_url)
    while True:
        try:
            with _database_in_reach():
                db.database.execute_sql("SELECT 1")
        except Unavailable as away:
            if time.monotonic() >= until:
                raise
            click.echo(f"tellback: {away} Trying again.", err=True)
            resting.wait(2)
        else:
            return


def application() -> Any:
    """The WSGI application as each process of the server makes it, with its sender of letters beside it."""
    from tellback import edition
    from tellback.app import create_app
    from tellback.http.kept_answers import KeptAnswers
    from tellback.http.noting import Noted

    settings = config.load(os.environ)
    with _database_in_reach():
        app = create_app(settings)
    # In each process: claims are exclusive, so they share the work; a new process brings its own.
    rounds.begin(settings)
    metrics.worker_began()
    # Patterns are made when they are first asked for: before the first who tells has to wait for that.
    threading.Thread(target=screen, args=("Anna was kind.",), daemon=True).start()
    health.watch(app, "rounds", rounds.are_on_time)
    return Noted(KeptAnswers(app, edition=edition.watch()) if settings.keep_answers else app, settings)


@contextmanager
def _database_in_reach() -> Iterator[None]:
    """Say that the database is away in our words. Raises Unavailable."""
    try:
        yield
    except OUT_OF_REACH as error:
        trouble = trouble_of(error)
        # No text of the driver's: it may hold a password.
        said = f"The database is {trouble} ({type(error).__name__}). See TELLBACK_DATABASE_URL."
        raise Unavailable(said) from error


@tellback.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def demo(arguments: tuple[str, ...]) -> None:
    """Show the whole journey with invented stories, on this machine only (from a checkout)."""
    script = Path(__file__).parents[2] / "demo" / "serve.py"
    if not script.exists():
        raise SettingsError("the demo's pages come with the source: clone it and run `python3 demo/run.py`")
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")


@tellback.command()
@click.option("--json", is_flag=True, help="For a program: the grade, and each line.")
@click.option(
    "--backups", type=click.Path(path_type=Path), help="A folder of backups, other than TELLBACK_BACKUPS_DIR."
)
def check(json: bool, backups: Path | None) -> None:
    """Say what is well here, what needs care and what is broken; it sends and changes nothing."""
    settings = config.load(os.environ)
    folder = backups or settings.backups_dir
    lines = [*checking.run(settings), *(checking.backups(folder) if folder else ())]
    click.echo(checking.as_json(lines) if json else checking.in_words(lines))
    if checking.grade(lines) == checking.Grade.NOT_READY:
        sys.exit(1)


@tellback.group("db")
def database() -> None:
    """The database's schema."""


@database.command()
def upgrade() -> None:
    """Bring the schema to this release; what is already done stays."""
    upgrading.upgrade(config.load(os.environ), click.echo)


tellback.add_command(kept.backup)
tellback.add_command(kept.restore)
tellback.add_command(forgetting.privacy)
tellback.add_command(forgetting.keys)


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
    known = settings.known_words
    added = registration.add(email, name, password, Role(role), organisation, known=known)
    click.echo(f"{added.name} signs in at {settings.public_url}/admin/ with {added.email}")
    if password and generate:
        click.echo(f"password: {password}")


@account.command("password")
@click.argument("email")
@click.option("--generate", is_flag=True, help="Make a password and print it, instead of asking for one.")
@with_stories
def account_password(settings: Settings, email: str, generate: bool) -> None:
    """Give someone a new password, and end their sessions."""
    password = registration.make_password() if generate else _asked_password()
    changed = registration.set_password(email, password, known=settings.known_words)
    click.echo(f"{changed.name} has a new password")
    if generate:
        click.echo(f"password: {password}")


@account.command("reset")
@click.argument("email")
@with_stories
def account_reset(_settings: Settings, email: str) -> None:
    """Take away the app, passkeys and recovery codes of someone who lost them."""
    found = registration.find(email)
    if found is None:
        raise NotFound(f"Nobody here signs in with {email}.")
    second_factors.reset(found, by=acts.SYSTEM)
    click.echo(f"{found.name} signs in with a password alone, until they add something to it")


@account.command("list")
@with_stories
def account_list(_settings: Settings) -> None:
    """Everyone who has an account, with their roles."""
    for one in registration.everyone():
        held = [f"{m.role} of {m.organisation.code}" if m.organisation else m.role for m in one.memberships]
        waits = " (invited)" if one.invited_at else ""
        state = waits if one.active else " (suspended)"
        click.echo(f"{one.email}\t{one.name}\t{', '.join(held)}{state}")


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
    shelves.put_all()


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
        complaints.keep(place, **{field: value or "" for field, value in given.items()})
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
    """Do what falls due: letters, and all else that `serve` does by itself."""
    logs.begin(settings.log_format, settings.log_level)
    if not settings.smtp_url:
        raise SettingsError("TELLBACK_SMTP_URL says where letters are sent: smtp://user:password@host:587")
    if once:
        click.echo(f"sent {deliver_due(settings, rounds.recipients(settings))}")
    else:
        rounds.go_for_ever(settings)


@tellback.group()
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


@tellback.group("ledger")
def public_ledger() -> None:
    """The public ledger of what became of each story."""


@public_ledger.command()
@with_stories
def verify(_settings: Settings) -> None:
    """Check that the ledger is whole, that every signed head stands, and that the store agrees with it."""
    broken = [*verification.breaks(), *ledger_check.disagreements()]
    for sentence in broken:
        click.echo(sentence, err=True)
    if broken:
        click.echo(f"the ledger does not hold: breaks found, {len(broken)}", err=True)
        sys.exit(1)
    click.echo(
        f"the ledger holds: {ledger.count()} entries, {signing.count_heads()} signed heads, "
        "and every story stands where its last entry says"
    )


@tellback.group()
def search() -> None:
    """The indexes that readers and staff search in."""


@search.command()
@with_stories
def rebuild(_settings: Settings) -> None:
    """Make both indexes anew, as after bringing a database from elsewhere."""
    count = public_words.keep_all()
    click.echo(f"{count} {'story' if count == 1 else 'stories'} can be found by everyone")
    click.echo(f"{desk_words.keep_all()} by staff, in all")


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))


def _in_one_line(error: SettingsError | NotDone | Problem) -> str:
    if isinstance(error, Problem) and error.errors:
        return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
    return str(error)
