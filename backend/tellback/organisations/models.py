"""Organisations, and the care services they run, as a tree."""

from typing import Any

import peewee

from tellback.db import Model, UTCDateTimeField

KINDS = ("hospital", "gp_practice", "ward", "charity_service", "other")


class Organisation(Model):
    """A trust, a practice or a charity that answers for its services. `code`: its ODS code or a local one."""

    code = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=200)
    created_at = UTCDateTimeField()


class Service(Model):
    """A place or team that gives care: a hospital, a practice, a ward, a charity's helpline.

    `code` is public and never changes: the ODS code, or the parent's code and a slug, or `local-…`.
    """

    code = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=200)
    # As the register spells it, capitals and all; what people read is `name`.
    official_name = peewee.CharField(max_length=200)
    kind = peewee.CharField(max_length=20)
    organisation = peewee.ForeignKeyField(Organisation, backref="services")
    parent = peewee.ForeignKeyField("self", null=True, backref="children")
    address = peewee.CharField(max_length=400)
    town = peewee.CharField(max_length=80)
    postcode = peewee.CharField(max_length=10)
    latitude = peewee.DoubleField(null=True)
    longitude = peewee.DoubleField(null=True)
    # What the finder looks in: folded words of name, town, postcode and code.
    search_words = peewee.TextField()
    created_at = UTCDateTimeField()
    updated_at = UTCDateTimeField()

    @classmethod
    def in_full(cls) -> Any:
        """A query of services with organisation and parent at hand: one query for a page of them."""
        parent = cls.alias()
        return (
            cls.select(cls, Organisation, parent)
            .join(Organisation)
            .switch(cls)
            .join(parent, peewee.JOIN.LEFT_OUTER, on=(cls.parent == parent.id).alias("parent"))
        )


class ComplaintsContact(Model):
    """Who deals with complaints about one service and those below it, or about all of an organisation."""

    service = peewee.ForeignKeyField(Service, null=True, unique=True, on_delete="CASCADE")
    organisation = peewee.ForeignKeyField(Organisation, null=True, unique=True, on_delete="CASCADE")
    name = peewee.CharField(max_length=200)
    email = peewee.CharField(max_length=254, null=True)
    phone = peewee.CharField(max_length=40, null=True)
    url = peewee.CharField(max_length=500, null=True)
    text = peewee.CharField(max_length=1000, null=True)
    updated_at = UTCDateTimeField()
