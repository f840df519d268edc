"""The screens of an administrator who keeps people, and of where organisations' people sign in."""

import pytest
from flask import Flask

from tellback.accounts import invitations, registration, second_factors
from tellback.accounts.models import Account, IdentityProvider
from tellback.accounts.roles import Role
from tests.accounts.conftest import PASSWORD, has_an_app, post, sign, who
from tests.admin.conftest import Browser

# What these screens ask of a database is asked of both by the rules.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(browser: Browser, ada: Account) -> Browser:
    """Ada's browser, signed in."""
    sign(browser, ada.email)
    return browser


def test_somebody_is_invited_and_found_in_the_list(desk: Browser) -> None:
    page = desk.send(
        desk.open("/admin/people/new").form("/people/new"),
        email="ruth@hospital.example",
        name="Ruth Ward",
        role="responder",
        organisation="RXH",
    )
    assert "Ruth Ward is responder. A letter with the way in is on its way." in page.text
    assert "They have not chosen a password yet." in page.text
    found = desk.open("/admin/people?q=hospital.example&role=responder")
    assert "People: 1 of 1, by name" in found.text
    assert "Responder of St Elsewhere NHS Trust" in found.text
    assert "Invited" in found.text
    assert "Nobody is found by this." in desk.open("/admin/people?q=nobody").text


def test_what_is_wrong_with_an_invitation_is_said_and_stays_typed(desk: Browser) -> None:
    form = desk.open("/admin/people/new").form("/people/new")
    typed = {"email": "ruth@hospital.example", "name": "Ruth", "role": "responder", "organisation": "NONE"}
    page = desk.send(form, status=422, **typed)
    assert "No organisation here has the code 'NONE'." in page.text
    assert {**typed}.items() <= page.form("/people/new").values.items()
    page = desk.send(form, status=422, email="ruth@hospital.example", name="Ruth", role="queen")
    assert "Choose what they are." in page.text
    page = desk.send(form, status=409, email="ada@elsewhere.example", name="A", role="administrator")
    assert "is a administrator there already" in page.text or "administrator" in page.text


def test_an_invitation_is_sent_again_or_withdrawn(desk: Browser, ada: Account) -> None:
    mo = invitations.invite("mo@elsewhere.example", "Mo", Role.MODERATOR, None, by=ada)
    page = desk.send(desk.open(f"/admin/people/{mo.id}").form("/invite-again"))
    assert "A new letter is on its way." in page.text
    page = desk.send(page.form("/withdraw"))
    assert "The invitation of Mo is withdrawn." in page.text
    desk.open(f"/admin/people/{mo.id}", status=404)


def test_roles_are_given_and_taken(desk: Browser, moira: Account) -> None:
    page = desk.open(f"/admin/people/{moira.id}")
    page = desk.send(page.form("/roles"), role="webmaster", organisation="RXH")
    assert "Webmaster of St Elsewhere NHS Trust" in page.text
    page = desk.send(page.form("/roles"), status=409, role="webmaster", organisation="RXH")
    assert "is a webmaster there already" in page.text
    takes = [form for form in page.forms if form.action.endswith("/take")]
    assert len(takes) == 2
    page = desk.send(takes[0])
    assert "The role is taken." in page.text


def test_the_only_administrator_is_told_why_they_stay_one(desk: Browser, ada: Account) -> None:
    page = desk.open(f"/admin/people/{ada.id}")
    (take,) = [form for form in page.forms if form.action.endswith("/take")]
    page = desk.send(take, status=409)
    assert "Ada Quill is the only administrator. Make somebody else one first." in page.text
    assert "Suspend" not in page.text


def test_somebody_is_suspended_and_let_in_again(app: Flask, desk: Browser, moira: Account) -> None:
    other = Browser(app.test_client())
    sign(other)
    page = desk.send(desk.open(f"/admin/people/{moira.id}").form("/suspend"))
    assert "The account is suspended" in page.text
    assert who(other) == ""
    assert sign(other).status_code == 200
    desk.send(page.form("/resume"))
    assert sign(other).status_code == 302


def test_somebody_is_signed_out_everywhere(app: Flask, desk: Browser, moira: Account) -> None:
    other = Browser(app.test_client())
    sign(other)
    page = desk.open(f"/admin/people/{moira.id}")
    assert "by password, since 2026-11-23 09:30 UTC" in page.text
    desk.send(page.form("/end-sessions"))
    assert who(other) == ""


def test_who_lost_their_phone_is_helped_and_told(desk: Browser, moira: Account) -> None:
    has_an_app(moira)
    page = desk.send(desk.open(f"/admin/people/{moira.id}").form("/reset-second-factors"))
    assert "Their second factors are gone." in page.text
    assert not second_factors.has(Account.get_by_id(moira.id))


def test_what_happened_to_an_account_is_told(desk: Browser, moira: Account) -> None:
    other = Browser(desk.client.application.test_client())
    sign(other, password="three red ferries!")
    sign(other)
    page = desk.open(f"/admin/people/{moira.id}")
    assert "Moira Bell signed in (password, A browser)" in page.text
    assert "Somebody was refused (password, A browser)" in page.text
    assert "The system gave a role (moderator)" in page.text


def test_the_list_is_taken_away_as_a_file(desk: Browser, moira: Account) -> None:
    registration.add("evil@elsewhere.example", "=HYPERLINK(1)", PASSWORD, Role.MODERATOR)
    answer = desk.client.get("/admin/people.csv")
    lines = answer.text.lstrip("\ufeff").split("\r\n")
    assert lines[0] == '"Name","Email address","Roles","State","Second factor","Since"'
    assert '"Moira Bell","moira@elsewhere.example","Moderator","Active","no","2026-11-23"' in lines
    assert '"\'=HYPERLINK(1)"' in answer.text


@pytest.mark.parametrize("address", ["/admin/people/0", "/admin/people/99999", "/admin/people/9" + "9" * 30])
def test_nobody_is_at_an_address_that_is_nobodys(address: str, desk: Browser) -> None:
    desk.open(address, status=404)


def test_a_page_number_beyond_the_list_shows_none(desk: Browser) -> None:
    assert "Nobody is found" in desk.open("/admin/people?page=999999999999").text
    desk.open("/admin/people?page=-1&q=%00%25_'\"&role=x")


@pytest.mark.parametrize(
    "act", ["roles", "suspend", "resume", "end-sessions", "reset-second-factors", "invite-again", "withdraw"]
)
def test_a_moderator_keeps_nobody(act: str, browser: Browser, moira: Account, ada: Account) -> None:
    sign(browser)
    answer = post(browser, f"/admin/people/{ada.id}/{act}", role="moderator")
    assert answer.status_code == 403
    assert "Only administrators say who signs in here" in answer.text


def test_a_provider_is_added_changed_and_switched_off(desk: Browser) -> None:
    page = desk.send(
        desk.open("/admin/providers/new").form("/providers/new"),
        name="St Elsewhere",
        organisation="RXH",
        issuer="https://login.st-elsewhere.example",
        client_id="tellback",
        secret="between the two",
    )
    assert "https://stories.example/admin/with/st-elsewhere/back" in page.text
    assert "nobody who has a role elsewhere" in page.text
    assert "between the two" not in page.html
    sealed = bytes(IdentityProvider.get().secret_sealed)
    page = desk.send(page.form("/providers/st-elsewhere"), name="St Elsewhere account", secret="")
    kept = IdentityProvider.get()
    assert (kept.name, bytes(kept.secret_sealed), kept.active) == ("St Elsewhere account", sealed, True)
    assert "On" in desk.open("/admin/providers").text
    form = page.form("/providers/st-elsewhere")
    del form.values["active"]
    desk.send(form)
    assert not IdentityProvider.get().active


def test_what_is_wrong_with_a_provider_is_said_and_stays_typed_but_for_its_secret(desk: Browser) -> None:
    form = desk.open("/admin/providers/new").form("/providers/new")
    page = desk.send(
        form, status=422, name="St Elsewhere", issuer="http://login.example", client_id="x", secret="s3cret!"
    )
    assert "Write the issuer" in page.text
    again = page.form("/providers/new").values
    assert (again["name"], again["issuer"]) == ("St Elsewhere", "http://login.example")
    assert "s3cret!" not in page.html
    desk.open("/admin/providers/none", status=404)
