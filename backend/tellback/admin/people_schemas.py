"""What forms about people send: one's own account and alerts, the rota, who signs in."""

from typing import Any

from marshmallow import fields, post_load, validate

from tellback.accounts.roles import Role
from tellback.accounts.tokens import LONGEST_NAME as LONGEST_TOKEN_NAME
from tellback.admin.schemas import StaffForm, time_of_day
from tellback.http.words import Words
from tellback.rota.hours import LONGEST_NAME as LONGEST_DAY_NAME
from tellback.rota.hours import MOST_CLOSED_DAYS

# As many closed days as there may be, each with its name.
LONGEST_CLOSED = MOST_CLOSED_DAYS * (LONGEST_DAY_NAME + 12)


def _secret() -> fields.String:
    # As it was typed: a space at the end of a password is part of it.
    return fields.String(load_default="")


class PasswordSchema(StaffForm):
    """One's password, to prove who one is."""

    password = _secret()


class NewPasswordSchema(PasswordSchema):
    """The password of now, and another."""

    present = _secret()


class AppSchema(StaffForm):
    """A key that an app makes codes from, and its first code."""

    key = fields.String(load_default="")
    code = fields.String(load_default="")


class NewPasskeySchema(StaffForm):
    """What an authenticator answered when it made a passkey, and what its owner calls it."""

    name = fields.String(load_default="")
    credential = fields.String(load_default="")


class RoleSchema(StaffForm):
    """A role, and the code of the organisation it is held in, for those that are held in one."""

    role = fields.String(
        required=True,
        validate=validate.OneOf([str(role) for role in Role], error="Choose what they are."),
        error_messages={"required": "Choose what they are."},
    )
    organisation = fields.String(load_default="")


class InvitationSchema(RoleSchema):
    """Whom to invite, and as what."""

    email = fields.String(load_default="")
    name = fields.String(load_default="")


class ProviderSchema(StaffForm):
    """Where an organisation's people sign in; an empty secret leaves the one that is kept."""

    name = fields.String(load_default="")
    organisation = fields.String(load_default="")
    issuer = fields.String(load_default="")
    client_id = fields.String(load_default="")
    secret = _secret()
    active = fields.Boolean(load_default=False)


def _amount() -> fields.Integer:
    return fields.Integer(
        required=True, error_messages={"required": "Write a number.", "invalid": "Write a number."}
    )


class HoursSchema(StaffForm):
    """When the desk is staffed, by weekday (0 is Monday), and its closed days, one on each line."""

    opens_0, opens_1, opens_2, opens_3, opens_4, opens_5, opens_6 = (time_of_day() for _ in range(7))
    closes_0, closes_1, closes_2, closes_3, closes_4, closes_5, closes_6 = (time_of_day() for _ in range(7))
    closed = Words(name="The closed days", longest=LONGEST_CLOSED, lines=True, load_default="")

    @post_load
    def as_hours(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Times by weekday, and closed days as {"2026-12-25": "Christmas Day"}."""
        lines = [line.strip() for line in (given["closed"] or "").splitlines() if line.strip()]
        return {
            "week": {n: (given[f"opens_{n}"], given[f"closes_{n}"]) for n in range(7)},
            "closed": {line[:10]: line[10:].strip() for line in lines},
        }


class OnCallSchema(StaffForm):
    """Who is on call: ids of accounts."""

    on_call = fields.List(fields.Integer(), load_default=list)


class TargetsSchema(StaffForm):
    """By when stories are to be read, for each urgency from 0 up: so many hours or days."""

    amount_0, amount_1, amount_2 = _amount(), _amount(), _amount()
    unit_0, unit_1, unit_2 = (fields.String(required=True) for _ in range(3))

    @post_load
    def as_targets(self, given: dict[str, Any], **_: Any) -> dict[int, tuple[int, str]]:
        """Amount and unit by urgency."""
        return {n: (given[f"amount_{n}"], given[f"unit_{n}"]) for n in range(3)}


class ReaderSchema(StaffForm):
    """Who reads a language: the account's id."""

    lang = fields.String(load_default="")
    reader = fields.Integer(
        required=True,
        validate=validate.Range(1, 2**31 - 1, error="Choose who reads it."),
        error_messages={"required": "Choose who reads it.", "invalid": "Choose who reads it."},
    )


class DutySchema(StaffForm):
    """What one says of oneself: languages one reads, and whether one wants the morning letter."""

    languages = fields.List(fields.String(), load_default=list)
    letter = fields.Boolean(load_default=False)


class AlertSchema(StaffForm):
    """What an alert is for (`alerts.keeping.Wish`)."""

    place = Words(name="The service", longest=80, load_default="")
    topic = Words(name="The topic", longest=64, load_default="")
    what = Words(name="What to hear", longest=8, load_default="", data_key="only")
    criticality = Words(name="The level", longest=1, load_default="")
    lang = Words(name="The language", longest=35, load_default="")
    cadence = Words(name="How soon", longest=8, load_default="")
    quiet_from = Words(name="The time", longest=8, load_default="")
    quiet_until = Words(name="The time", longest=8, load_default="")


class PauseSchema(StaffForm):
    """The day on which an alert goes on."""

    until = Words(name="The day", longest=10, load_default="")


class DigestSchema(StaffForm):
    """Whether one wants the weekly digest."""

    letter = fields.Boolean(load_default=False)


class TokenSchema(StaffForm):
    """A token for a program."""

    name = Words(name="The program", longest=LONGEST_TOKEN_NAME, load_default="")
    days = fields.Integer(load_default=0, error_messages={"invalid": "Choose for how long it is good."})
