"""The API asked whatever its own description allows, and what it does not, by schemathesis with every check.

A few hooks say what no description can: which of the texts that may stand for a story, a service or a token
stand for one that is here.
"""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from urllib.parse import urlencode

import schemathesis
import werkzeug
from flask import Flask
from marshmallow import fields
from schemathesis import auths
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case
from schemathesis.hooks import HookContext
from schemathesis.python import wsgi
from werkzeug.test import TestResponse

from tellback import db
from tellback.accounts import tokens
from tellback.accounts.models import Account
from tellback.http.bodies import FORM
from tellback.stories.models import PrivateLink
from tests.embedded import Staff
from tests.fuzzing import world

# What a field may hold though no pattern can say which: things that are here, a month that has begun, an
# address that mail reaches (`format: email` allows a label of over 63 characters, RFC 1035 does not).
KNOWN_BY_US_ALONE = {
    "cursor",
    "service",
    "services",
    "topic",
    "topics",
    "visited_on",
    "email",
    "contact_email",
    "website_path",
}
# The same calls each time.
SEED = 1
# What says that a call was not as described.
REFUSED = (400, 401, 403, 404, 405, 406, 409, 410, 413, 414, 415, 422, 429)
BOOLEANS = {"consent_publish", "consent_licence", "consent_contact", "on"}
# What a rule asks for by name, in better words than "missing": why an appeal is made; what `relevant` is
# relevant to; that a service which a story is about answers, and does not signpost.
BY_RULE = {
    "POST /api/v1/my-story/appeal": {"words"},
    "POST /api/v1/my-story/message": {"words"},
    "POST /api/v1/my-story/answer": {"words"},
    "GET /api/v1/stories": {"order", "q"},
    "POST /api/v1/stories/{story_id}/replies": {"kind"},
}


@dataclass
class Report:
    """What was asked, and what went wrong: sentences by check and operation."""

    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def ask_everything(app: Flask, staff: Staff, *, examples: int, thorough: bool) -> Report:
    """Ask every operation of the OpenAPI document, each with so many invented examples.

    `thorough`: also with every edge of every field, and one after another as they belong together.
    """
    here = world.fill(staff)
    schema = schemathesis.openapi.from_wsgi(
        "/openapi.json", app, config=_config(here, examples, thorough=thorough)
    )
    schema.hook(filter_failure)
    schema.auth(refresh_interval=None, retry_on=[])(_bearer(here, staff.ruth))
    report = Report()
    with mock.patch.object(wsgi, "get_client", Client):
        for event in from_schema(schema).execute():
            _note(event, report)
    auths.unregister()
    return report


def filter_failure(_context: HookContext, failure: Failure, case: Case, response: Response) -> bool:
    """Whether a failure counts; each kind that does not is told below, with why."""
    if failure.title == "Schema-valid request rejected" and response.status_code == 422:
        return not _is_known_by_us_alone(case, set(response.json().get("errors", ())))
    if failure.title == "Schema-violating request accepted":
        return not _is_a_spelt_boolean(case)
    return True


def _is_known_by_us_alone(case: Case, wrong: set[str]) -> bool:
    """What is well formed and stands for nothing here; and words that a rule asks for by name."""
    known = KNOWN_BY_US_ALONE | BY_RULE.get(case.operation.label, set())
    return bool(wrong) and wrong <= known


def _is_a_spelt_boolean(case: Case) -> bool:
    """Yes and no as forms and older programs write them ("true", "on", 1): taken in JSON, too."""
    said = case.body if isinstance(case.body, dict) else {}
    spelt = fields.Boolean.truthy | fields.Boolean.falsy
    return any(
        not isinstance(said[name], bool) and isinstance(said[name], Hashable) and said[name] in spelt
        for name in BOOLEANS & said.keys()
    )


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _options: dict[str, Any]) -> None:
    """A form has no null: what is not answered is left out, and an empty box is not answered."""
    if case.media_type == FORM and isinstance(case.body, dict):
        case.body = {name: said for name, said in case.body.items() if said not in (None, "")}


class Client(werkzeug.Client):
    """The client of the tests. Checks that ask again hand it what only a socket has a use for."""

    def open(self, *given: Any, **options: Any) -> TestResponse:
        """Ask, as werkzeug's does."""
        of_sockets = ("max_redirects", "verify", "cert", "proxies")
        options = {name: option for name, option in options.items() if name not in of_sockets}
        if isinstance(options.get("data"), dict):
            options["data"] = urlencode(options["data"], doseq=True, errors="replace").encode()
        return super().open(*given, **options)


def _config(here: world.Here, examples: int, *, thorough: bool) -> SchemathesisConfig:
    known = {name: {"values": values} for name, values in here.known.items()}
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "cache": {"enabled": False},
            "dictionaries": known,
            "continue-on-failure": True,
            # The client of the tests does not open what was compressed.
            "headers": {"Accept-Encoding": "identity", "Host": "stories.example"},
            "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True},
            # 410: the link of a story that an earlier call had erased; 414: an address beyond all of ours.
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", *map(str, (401, 403, 404, 409, 410))]
                },
                "negative_data_rejection": {"expected-statuses": [str(status) for status in REFUSED]},
            },
            "phases": {"coverage": {"enabled": thorough}, "stateful": {"enabled": thorough}},
            "parameters": {
                f"{place}.{name}": {"dictionary": name, "probability": 0.7}
                for name in known
                for place in ("path", "query", "body")
            },
        }
    )


def _bearer(here: world.Here, ruth: Account) -> type:
    """Who asks: an author by one of the private links in turn, or Ruth's program by its token."""
    with db.database.connection_context():
        program = tokens.make(ruth, "schemathesis", 30)

    class Bearer:
        turn = 0

        def get(self, case: Case, _context: Any) -> str:
            security = case.operation.definition.raw.get("security", [{}])
            return program if "staff_token" in security[0] else self._of_an_author()

        def set(self, case: Case, token: str, _context: Any) -> None:
            case.headers["Authorization"] = f"Bearer {token}"

        def _of_an_author(self) -> str:
            with db.database.connection_context():
                if PrivateLink.select().count() < world.STORIES:
                    here.tell_more()
            self.turn += 1
            return here.tokens[-1 - self.turn % world.STORIES]

    return Bearer


def _note(event: events.EngineEvent, report: Report) -> None:
    if isinstance(event, events.FatalError):
        raise event.exception
    if isinstance(event, events.NonFatalError):
        report.wrong.append(f"{event.label}: {event.value!r}")
    if not isinstance(event, events.ScenarioFinished):
        return
    for interaction in event.recorder.interactions.values():
        report.asked += 1
        report.statuses[interaction.response.status_code if interaction.response else 0] += 1
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info:
                said = check.failure_info.failure
                report.wrong.append(
                    f"{check.name} {event.recorder.label}: {said.title}\n{said.message}\n"
                    f"{check.failure_info.code_sample}"
                )
