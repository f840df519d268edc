"""Who may what: the table of role by route, made from the app itself, and every cell of it tried over HTTP.

A new route is in the table as soon as it is in the app. It fails here until it says who may enter it
(`signed_in`, `anyone_signed_in`) and until `elm_surgery` has something of another organisation to ask it for.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tellback import db
from tellback.accounts.guards import asked_by
from tellback.accounts.models import Account
from tellback.accounts.roles import MAY, Action, Role
from tests.admin import elm_surgery
from tests.admin.conftest import Browser
from tests.admin.elm_surgery import BESIDE, PRIVATE, ElmSurgery
from tests.people import Places, make_account

# What these screens ask of a database is asked of both elsewhere (own stories, history, hostile input).
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[Account], Browser]
# Open to whoever is signed in, or sends whoever is not to sign in, without a guard of its own.
UNGUARDED = {"admin.start"}
# Tables that any visit may write: who is signed in, what was done, how often something was tried.
WRITTEN_BY_ANY_VISIT = {"staff_session", "audit_event", "daily_key", "sighting"}


@dataclass
class Cell:
    """A route with one of its methods, and what one must be allowed to do to enter it."""

    rule: Rule
    method: str
    asks: Action | None

    def address(self, app: Flask, ids: dict[str, object]) -> str:
        """Where it is, for something of the Elm Surgery."""
        missing = self.rule.arguments - ids.keys()
        assert not missing, f"elm_surgery.py: say what the surgery has of {sorted(missing)} ({self.rule})"
        with app.test_request_context():
            return app.url_for(self.rule.endpoint, **{name: ids[name] for name in self.rule.arguments})


def table(app: Flask) -> Iterator[Cell]:
    """Every staff route of the app by every one of its methods."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") and rule.endpoint not in UNGUARDED:
            for method in sorted({"GET", "POST"} & (rule.methods or set())):
                yield Cell(rule, method, asked_by(app.view_functions[rule.endpoint]))


@pytest.fixture
def theirs(app: Flask, moira: Account) -> ElmSurgery:
    """What the Elm Surgery keeps to itself."""
    return elm_surgery.build(moira)


def someone(role: Role, places: Places) -> Account:
    """Somebody with this one role: at the hospital, where the role belongs to an organisation."""
    place = None if role in (Role.ADMINISTRATOR, Role.MODERATOR) else places.hospital.organisation
    return make_account(f"Someone{role}", role, place)


def send(browser: Browser, cell: Cell, address: str, token: str) -> tuple[int, str]:
    """Status and body of the answer, to a form sent with this person's own good token."""
    data = {"csrf_token": token, "revision": "1"} if cell.method == "POST" else None
    answer = browser.client.open(address, method=cell.method, data=data)
    return answer.status_code, f"{answer.text} {answer.headers}"


def token_of(browser: Browser) -> str:
    return browser.open("/admin/account").form("/sign-out").values["csrf_token"]


def rows() -> dict[str, list[object]]:
    """Every row of every table that not any visit may write."""
    tables = set(db.database.get_tables()) - WRITTEN_BY_ANY_VISIT
    return {
        name: sorted(map(repr, db.database.execute_sql(f'SELECT * FROM "{name}"').fetchall()))
        for name in tables
    }


def test_every_route_says_who_may_enter_it(app: Flask) -> None:
    cells = list(table(app))
    assert len(cells) > 100
    assert {cell.asks for cell in cells} - {None} <= set(Action)


@pytest.mark.parametrize("role", Role)
def test_a_role_enters_where_the_table_lets_it_and_nowhere_else(
    role: Role, app: Flask, signed_in: SignIn, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(role, places))
    token = token_of(browser)
    wrong = []
    for cell in table(app):
        status, _body = send(browser, cell, cell.address(app, theirs.ids), token)
        may = cell.asks is None or cell.asks in MAY[role]
        # Behind an open door a rule may still say no: of this story, to this person.
        door_opened = status < 400 if cell.method == "GET" and not cell.rule.arguments else status < 500
        if not (door_opened if may else status == 403):
            wrong.append(f"{cell.method} {cell.rule}: {status}, and the table says {'yes' if may else 'no'}")
    assert wrong == []


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_not_signed_in_enters_nowhere(
    method: str, app: Flask, stranger: Browser, theirs: ElmSurgery
) -> None:
    token = stranger.open("/admin/sign-in").forms[0].values["csrf_token"]
    before = rows()
    for cell in table(app):
        if cell.method == method:
            address = cell.address(app, theirs.ids)
            answer = stranger.client.open(
                address, method=method, data={"csrf_token": token} if method == "POST" else None
            )
            assert answer.status_code == 302, f"{method} {cell.rule}"
            assert answer.location.startswith("/admin/sign-in")
            assert PRIVATE not in answer.text
    assert rows() == before


def test_a_form_that_came_from_elsewhere_is_refused_everywhere(
    app: Flask, signed_in: SignIn, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(Role.ADMINISTRATOR, places))
    before = rows()
    for cell in table(app):
        if cell.method == "POST":
            answer = browser.client.post(cell.address(app, theirs.ids), data={"revision": "1"})
            assert answer.status_code == 400, f"POST {cell.rule}"
    assert rows() == before


def test_a_number_that_no_database_counts_is_nowhere(
    app: Flask, signed_in: SignIn, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(Role.ADMINISTRATOR, places))
    token = token_of(browser)
    for cell in table(app):
        if any(isinstance(theirs.ids[name], int) for name in cell.rule.arguments):
            address = re.sub(r"\b\d+\b", str(10**30), cell.address(app, theirs.ids))
            status, _body = send(browser, cell, address, token)
            assert status == 404, f"{cell.method} {cell.rule}"


OF_AN_ORGANISATION = [Role.RESPONDER, Role.ANALYST, Role.WEBMASTER]


@pytest.mark.parametrize("role", OF_AN_ORGANISATION)
def test_one_organisations_people_read_not_one_word_of_anothers_and_change_nothing(
    role: Role, app: Flask, signed_in: SignIn, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(role, places))
    token = token_of(browser)
    before = rows()
    for cell in table(app):
        _status, body = send(browser, cell, cell.address(app, theirs.ids), token)
        assert PRIVATE not in body, f"a {role} reads it at {cell.method} {cell.rule}"
        if cell.rule.arguments:
            assert rows() == before, f"a {role} changes it at {cell.method} {cell.rule}"
        else:
            before = rows()


@pytest.mark.parametrize("role", [*OF_AN_ORGANISATION, None])
def test_nor_by_any_page_or_list_that_is_open_to_all(
    role: Role | None, app: Flask, signed_in: SignIn, stranger: Browser, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(role, places)) if role else stranger
    tried = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") or "GET" not in (rule.methods or set()):
            continue
        if rule.arguments - theirs.ids.keys() - {"service_id", "topic"}:
            continue
        for story in (theirs.ids["story_id"], theirs.ids["own_id"]):
            known = {**theirs.ids, "story_id": story, "service_id": "G81001", "topic": "G81001"}
            with app.test_request_context():
                address = app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
            answer = browser.client.get(address)
            tried += 1
            assert PRIVATE not in f"{answer.text} {answer.headers}", rule
    assert tried > 40


@pytest.mark.parametrize("role", [*OF_AN_ORGANISATION, None])
def test_nor_does_a_search_tell_that_the_word_is_there(
    role: Role | None, app: Flask, signed_in: SignIn, stranger: Browser, places: Places, theirs: ElmSurgery
) -> None:
    browser = signed_in(someone(role, places)) if role else stranger
    nothing = "".join(sorted(BESIDE))
    compared = 0
    for rule in app.url_map.iter_rules():
        if not rule.arguments and "GET" in (rule.methods or set()):
            absent, present = (_found(browser, rule.rule, word) for word in (nothing, BESIDE))
            compared += present == absent
            # A page that is never the same twice (a new key for an app) tells nothing by being another.
            if present != absent and absent == _found(browser, rule.rule, nothing):
                pytest.fail(f"{rule} answers {BESIDE!r} otherwise than {nothing!r}")
    assert compared > 40


def _found(browser: Browser, address: str, word: str) -> tuple[int, str]:
    """What a page answers to a search, without the word that was typed."""
    answer = browser.client.get(address, query_string={"q": word, "name": word, "words": word})
    return answer.status_code, _but_for(answer.text, word)


def _but_for(text: str, word: str) -> str:
    """A page without the word that was typed, and without what is new on every visit."""
    text = re.sub(r'(name="(?:csrf_token|idempotency_key)" (?:type="hidden" )?value=")[^"]*', r"\1", text)
    text = re.sub(r'value="[^"]*"(?= ?(?:id|name)="(?:csrf_token|idempotency_key)")', "", text)
    return re.sub(re.escape(word), "…", text, flags=re.IGNORECASE)
