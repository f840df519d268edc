"""Organisations, and the care services they run, as a tree."""

from typing import Any

import peewee

from tellback.db import Model, UTCDateTimeField

KINDS = ("hospital", "gp_practice", "ward", "charity_service", "other")
# What an organisation is: one that gives the care it answers for, or one that speaks beside those that do.
ORGANISATION_KINDS = ("provider", "charity", "patient_group")


class Organisation(Model):
    """A trust, a practice or a charity that answers for its services. `code`: its ODS code or a local one."""

    code = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=200)
    # One of ORGANISATION_KINDS.
    kind = peewee.CharField(max_length=16, default="provider", constraints=[peewee.SQL("DEFAULT 'provider'")])
    # Working days within which it means to answer a story; None where it has not said.
    reply_days = peewee.IntegerField(null=True)
    # Whose task it is there that stories are answered; only staff read it.
    owner_name = peewee.CharField(max_length=120, null=True)
    owner_email = peewee.CharField(max_length=254, null=True)
    # What a register says otherwise, but was set by hand (`editing`): names of fields.
    set_here = peewee.JSONField(default=list, constraints=[peewee.SQL("DEFAULT '[]'")])
    # Counts every change by hand; a change names the one it read, so a stale one is refused.
    revision = peewee.IntegerField(default=1, constraints=[peewee.SQL("DEFAULT 1")])
    created_at = UTCDateTimeField()


class Service(Model):
    """A place or team that gives care: a hospital, a practice, a ward, a charity's helpline.

    `code` is public and never changes: the ODS code, or the parent's code and a slug, or `local-…`.
    """

    code = peewee.CharField(max_length=64, unique=True)
    name = peewee.CharField(max_length=200, index=True)
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
    # Where it was said by hand; else its code and postcode say (`nations`).
    nation = peewee.CharField(max_length=20, null=True)
    owner_name = peewee.CharField(max_length=120, null=True)
    owner_email = peewee.CharField(max_length=254, null=True)
    # What its organisation calls it in its own systems: the finder knows it by these, too.
    local_codes = peewee.JSONField(default=list, constraints=[peewee.SQL("DEFAULT '[]'")])
    # The day (2026-11-23) since which it gives no care; its stories stay.
    closed_on = peewee.CharField(max_length=10, null=True)
    set_here = peewee.JSONField(default=list, constraints=[peewee.SQL("DEFAULT '[]'")])
    revision = peewee.IntegerField(default=1, constraints=[peewee.SQL("DEFAULT 1")])
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

    @classmethod
    def with_names(cls) -> Any:
        """The same with codes, names and places alone: what telling a story needs, at half the cost."""
        parent = cls.alias()
        of_parent = (parent.id, parent.name, parent.official_name, parent.town, parent.postcode)
        return (
            cls.select(
                *(cls.id, cls.code, cls.name, cls.official_name, cls.town, cls.postcode),
                *(cls.organisation, cls.parent, *of_parent),
                *(Organisation.id, Organisation.code, Organisation.name),
            )
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
