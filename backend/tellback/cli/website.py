"""`tellback website …`: the pages that may send stories."""

import click

from tellback.config import Settings
from tellback.opening import with_stories
from tellback.organisations import catalogue
from tellback.stories import topics
from tellback.websites import registration as websites
from tellback.websites.choices import Choices
from tellback.websites.snippet import snippet


@click.group()
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
