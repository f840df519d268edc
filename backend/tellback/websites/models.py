"""Pages that carry the embed: who they are and where they may send stories from."""

import peewee

from tellback.db import Model, UTCDateTimeField


class Website(Model):
    """A website that carries the embed; `site_key` is public and tells it from others of one origin."""

    name = peewee.CharField(max_length=200)
    site_key = peewee.CharField(max_length=40, unique=True)
    created_at = UTCDateTimeField()


class WebsiteOrigin(Model):
    """An origin (scheme, host, port) from which a website's pages may send stories."""

    website = peewee.ForeignKeyField(Website, backref="origins", on_delete="CASCADE")
    origin = peewee.CharField(max_length=300, index=True)

    class Meta:
        """One website names an origin once."""

        indexes = ((("website", "origin"), True),)
