"""`tellback services …`: the care services that stories are about."""

from pathlib import Path
from typing import Any

import click

from tellback.config import Settings
from tellback.opening import with_stories
from tellback.organisations import catalogue, complaints, finder, importing, registers
from tellback.organisations.models import KINDS
from tellback.stories import shelves, standings


@click.group()
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
    standings.count_anew()


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
