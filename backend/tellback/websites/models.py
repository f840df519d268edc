"""Pages that carry the embed: who they are, where they may send stories from, when they were last seen."""

import peewee

from tellback.db import Model, UTCDateTimeField
from tellback.organisations.models import Organisation


class Website(Model):
    """A website that carries the embed; `site_key` is public and tells it from others of one origin.

    Webmasters of `organisation` keep it; without one (from the command line) administrators do.
    """

    name = peewee.CharField(max_length=200)
    site_key = peewee.CharField(max_length=40, unique=True)
    organisation = peewee.ForeignKeyField(Organisation, null=True, on_delete="SET NULL")
    created_at = UTCDateTimeField()


class WebsiteOrigin(Model):
    """An origin (scheme, host, port) from which a website's pages may send stories."""

    website = peewee.ForeignKeyField(Website, backref="origins", on_delete="CASCADE")
    origin = peewee.CharField(max_length=300, index=True)

    class Meta:
        """One website names an origin once."""

        indexes = ((("website", "origin"), True),)


class Sighting(Model):
    """That pages of an origin asked for something, and when first and last: what, never who.

    `kind` is one of `sightings.KINDS`; `version` that of the file, `subject` what was read of
    ("service:RXH01", "topic:dementia"), each empty where it says nothing. No address of a visitor, no path.
    """

    origin = peewee.CharField(max_length=300)
    kind = peewee.CharField(max_length=10)
    version = peewee.CharField(max_length=20, default="")
    subject = peewee.CharField(max_length=80, default="")
    first_at = UTCDateTimeField()
    last_at = UTCDateTimeField(index=True)

    class Meta:
        """One row for each thing that an origin does."""

        indexes = ((("origin", "kind", "version", "subject"), True),)
