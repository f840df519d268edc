"""`tellback account …`: the people who sign in."""

import click

from tellback.accounts import registration, second_factors
from tellback.accounts.roles import Role
from tellback.audit import acts
from tellback.config import Settings
from tellback.errors import NotFound
from tellback.opening import with_stories


@click.group()
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


def _asked_password() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
