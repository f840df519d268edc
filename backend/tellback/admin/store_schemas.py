"""What the forms of the store send, and those of websites and webhooks."""

from marshmallow import fields, validate

from tellback.admin.schemas import ReadSchema, StaffForm
from tellback.http.words import Words
from tellback.websites.origins import LONGEST as LONGEST_ORIGIN
from tellback.websites.registration import LONGEST_NAME as LONGEST_WEBSITE_NAME
from tellback.websites.registration import MOST_ORIGINS

# As many origins as a website may have, each as long as one may be.
LONGEST_ORIGINS = MOST_ORIGINS * (LONGEST_ORIGIN + 2)


class WebsiteSchema(StaffForm):
    """A website: its name, its origins (one on each line), and whose it is."""

    name = Words(name="The name", longest=LONGEST_WEBSITE_NAME, load_default="")
    origins = Words(name="The origins", longest=LONGEST_ORIGINS, lines=True, load_default="")
    organisation = Words(name="The organisation", longest=64, load_default="")


class WebhookSchema(StaffForm):
    """A webhook: where it goes, and what it hears."""

    url = Words(name="The address", longest=600, load_default="")
    kinds = fields.List(fields.String(), load_default=list, validate=validate.Length(max=20))
    service = Words(name="The code", longest=80, load_default="")
    organisation = Words(name="The code", longest=80, load_default="")


class WebhookStateSchema(StaffForm):
    """Whether events go to a webhook."""

    state = Words(name="The state", longest=8, load_default="")


class ReplaySchema(StaffForm):
    """An event to send again."""

    message = Words(name="The event", longest=36, load_default="")


class OwnedSchema(ReadSchema):
    """What something is called, and who looks after its stories."""

    name = Words(name="The name", longest=1000, load_default="")
    owner_name = Words(name="The name of who looks after stories", longest=1000, load_default="")
    owner_email = Words(name="Their address", longest=1000, load_default="")


class LetInSchema(StaffForm):
    """A service or a topic whose stories an organisation may answer besides."""

    service = Words(name="The service", longest=64, load_default="")
    topic = Words(name="The topic", longest=64, load_default="")


class OrganisationSchema(OwnedSchema):
    """An organisation."""

    kind = Words(name="What it is", longest=16, load_default="")
    reply_days = Words(name="The number of days", longest=3, load_default="")


class ServiceSchema(OwnedSchema):
    """What is known of a service; the rule says what is wrong."""

    kind = fields.String(load_default="")
    organisation = Words(name="The organisation", longest=64, load_default="")
    parent = Words(name="What it belongs to", longest=64, load_default="")
    town = Words(name="The town", longest=1000, load_default="")
    postcode = Words(name="The postcode", longest=100, load_default="")
    nation = fields.String(load_default="")
    local_codes = Words(name="The codes", longest=2000, lines=True, load_default="")


class NewServiceSchema(StaffForm):
    """A service that no register lists."""

    name = Words(name="The name", longest=1000, load_default="")
    kind = Words(name="The kind", longest=20, load_default="")
    parent = Words(name="What it belongs to", longest=64, load_default="")
    organisation = Words(name="The organisation", longest=200, load_default="")
    town = Words(name="The town", longest=1000, load_default="")
    postcode = Words(name="The postcode", longest=100, load_default="")


class ContactSchema(ReadSchema):
    """Where complaints go; all empty names nobody."""

    name = Words(name="The name", longest=1000, load_default="")
    email = Words(name="The address", longest=1000, load_default="")
    phone = Words(name="The number", longest=1000, load_default="")
    url = Words(name="The page", longest=2000, load_default="")
    text = Words(name="The words", longest=4000, lines=True, load_default="")


class StateSchema(ReadSchema):
    """Whether something is open, or offered, from now on."""

    to = fields.String(
        required=True,
        validate=validate.OneOf(["open", "closed"], error="Choose what is to happen."),
        error_messages={"required": "Choose what is to happen."},
    )


class NewTopicSchema(StaffForm):
    """A condition to be offered."""

    name = Words(name="The name", longest=1000, load_default="")


class TopicSchema(ReadSchema, NewTopicSchema):
    """Another name for a condition."""


class ParagraphSchema(ReadSchema):
    """What authors read of a reason; `step` says whether to keep it, or only to look at it."""

    text = Words(name="The paragraph", longest=10_000, lines=True, load_default="")
    step = fields.String(load_default="", validate=validate.OneOf(["", "try"], error="Press a button."))


class BlockSchema(StaffForm):
    """An address or a phrase, why, and for how many days."""

    address = Words(name="The address", longest=100, load_default="")
    phrase = Words(name="The phrase", longest=1000, load_default="")
    reason = Words(name="The reason", longest=1000, load_default="")
    days = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, 1000, error="Choose until when."),
        error_messages={"invalid": "Choose until when."},
    )


class AddressSchema(StaffForm):
    """An address to be asked about."""

    asked = Words(name="The address", longest=100, load_default="")
