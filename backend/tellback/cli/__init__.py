"""The command line: `tellback …`. Each command reads the settings, calls a rule, and says what happened.

A command stands in the file of its name, and only the one that is asked for is loaded.
"""

import gc
import sys
from importlib import import_module

import click

from tellback import __version__
from tellback.errors import NotDone, Problem, SettingsError

# Each command: where it stands, and the first sentence of its help.
COMMANDS = {
    "account": (
        "tellback.cli.account:account",
        "People who sign in: moderators, and those who answer for a service.",
    ),
    "backup": (
        "tellback.backups.commands:backup",
        "Back the database up into a folder while the service goes on; prints the file it made.",
    ),
    "check": (
        "tellback.cli.check:check",
        "Say what is well here, what needs care and what is broken; it sends and changes nothing.",
    ),
    "db": ("tellback.cli.db:database", "The database's schema."),
    "demo": (
        "tellback.cli.demo:demo",
        "Show the whole journey with invented stories, on this machine only (from a checkout).",
    ),
    "keys": ("tellback.retention.commands:keys", "The keys that seal what is kept."),
    "ledger": ("tellback.cli.ledger:public_ledger", "The public ledger of what became of each story."),
    "lists": (
        "tellback.cli.lists:lists",
        "The lists in which the public reads stories, and their sums.",
    ),
    "outbox": ("tellback.cli.outbox:outbox", "Letters that wait to be sent."),
    "privacy": ("tellback.retention.commands:privacy", "What is kept about people, and for how long."),
    "restore": (
        "tellback.backups.commands:restore",
        "Put a backup in the place of the database, and bring it to this release; stop the service first.",
    ),
    "search": ("tellback.cli.search:search", "The indexes that readers and staff search in."),
    "serve": (
        "tellback.cli.serve:serve",
        "Serve the stories, and send letters when TELLBACK_SMTP_URL is set.",
    ),
    "services": ("tellback.cli.services:services", "The care services that stories are about."),
    "story": ("tellback.cli.story:story", "What an operator does for the author of one story."),
    "topic": ("tellback.cli.topic:topic", "Topics that gather stories across services."),
    "website": ("tellback.cli.website:website", "The websites whose pages may send stories."),
}


class Commands(click.Group):
    """The commands, each loaded when it is asked for: help and small ones do not wait for the service."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(module), name)
        if not gc.isenabled():
            # What was loaded stays, and is never looked through (https://docs.python.org/3/library/gc.html#gc.freeze).
            gc.freeze()
            gc.enable()
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List them, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, said) in COMMANDS.items()])


@click.command(
    cls=Commands, help="Patients tell, services answer. Settings are read from TELLBACK_… in the environment."
)
@click.version_option(__version__)
def tellback() -> None:
    """The root of all commands."""


def main() -> None:
    """Run the command line; a wrong setting or a refused input is said in one line, without a trace."""
    # Until the command is loaded: next to nothing is garbage, and looking for it took a fifth of a start.
    gc.disable()
    try:
        tellback()
    except (SettingsError, NotDone, Problem) as error:
        click.echo(f"tellback: {_in_one_line(error)}", err=True)
        sys.exit(1)


def _in_one_line(error: SettingsError | NotDone | Problem) -> str:
    if isinstance(error, Problem) and error.errors:
        return " ".join(sentence for sentences in error.errors.values() for sentence in sentences)
    return str(error)
