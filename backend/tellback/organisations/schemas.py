"""The shapes of services in the API, and what the finder may be asked."""

from marshmallow import RAISE, Schema, fields, validate

from tellback.organisations import finder
from tellback.organisations.models import KINDS


class FinderQuerySchema(Schema):
    """What to look for, and where to go on."""

    class Meta:
        """A misspelt field would find everything, so it is refused."""

        unknown = RAISE

    q = fields.String(
        load_default="",
        metadata={"description": "A name, town, postcode or code, in any case and order; empty finds all."},
    )
    cursor = fields.String(
        validate=validate.Length(max=2400), metadata={"description": "`next` of the page before."}
    )
    limit = fields.Integer(load_default=finder.USUAL_LIMIT, validate=validate.Range(1, finder.HIGHEST_LIMIT))


class OrganisationSchema(Schema):
    """Who runs a service."""

    code = fields.String()
    name = fields.String()


class ServiceSchema(Schema):
    """A place or team that gives care."""

    code = fields.String(metadata={"description": "Never changes: an ODS code, or one made here."})
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(KINDS))
    town = fields.String()
    postcode = fields.String()
    parent = fields.String(allow_none=True, metadata={"description": "The code of what it belongs to."})
    organisation = fields.Nested(OrganisationSchema)
    closed_on = fields.String(
        allow_none=True,
        metadata={"description": "The day since which it gives no care. Its stories stay, and can be told."},
    )
    url = fields.Url(metadata={"description": "The page with its stories."})


class ServicesSchema(Schema):
    """A page of services, best match first."""

    items = fields.List(fields.Nested(ServiceSchema))
    next = fields.String(allow_none=True)
    total = fields.Integer()
    shown = fields.Integer()
