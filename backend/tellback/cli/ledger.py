"""`tellback ledger …`: whether the public ledger holds."""

import sys

import click

from tellback.audit import ledger, signing, verification
from tellback.config import Settings
from tellback.opening import with_stories
from tellback.published import ledger_check


@click.group("ledger")
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
