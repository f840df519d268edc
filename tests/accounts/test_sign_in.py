"""Signing in and out, in an app of its own with pages that say little."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Blueprint, Flask, Response, render_template_string
from flask.testing import FlaskClient
from jinja2 import DictLoader
from werkzeug.exceptions import HTTPException

from tellback import clock, db
from tellback.accounts import passwords, registration, sign_in
from tellback.accounts.models import Account
from tellback.accounts.roles import Action, Role
from tellback.config import Settings
from tellback.http import problems, ratelimits
from tellback.organisations.models import Organisation

HOME = "https://stories.example"
PASSWORD = "three blue ferries"
NOT_RIGHT = "The email address or the password is not right. Check both and try again."
PAGES = {
    "security/login_user.html": "{% set form = login_user_form %}<form>{{ form.hidden_tag() }}"
    "{% for error in form.form_errors %}<p>{{ error }}</p>{% endfor %}</form>",
    "public/problem.html": "{{ problem.title }}: {{ problem.detail }}",
}

pages = Blueprint("admin", __name__, url_prefix="/admin")


@pages.get("/")
def start() -> str:
    account = sign_in.current_account()
    return f"Good morning, {account.name}" if account else "Nobody is signed in"


@pages.get("/queue")
@sign_in.signed_in(Action.READ_UNPUBLISHED)
def queue() -> str:
    return "stories that wait"


@pages.route("/decide", methods=["GET", "POST"])
@sign_in.signed_in(Action.DECIDE_STORIES)
def decide() -> str:
    return render_template_string("{{ csrf_token() }}")


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    db.connect(settings.database_url)
    app = Flask(__name__)
    app.config.update(SETTINGS=settings, SECRET_KEY=settings.secret_key)
    app.testing = True
    app.jinja_loader = DictLoader(PAGES)  # type: ignore[assignment]
    problems.init_app(app)
    app.register_error_handler(HTTPException, problems.answer_http)
    db.init_app(app)
    ratelimits.init_app(app, settings)
    sign_in.init_app(app)
    app.register_blueprint(pages)
    app.add_url_rule("/stories", view_func=lambda: render_template_string("public"), methods=["GET", "POST"])
    yield app
    db.database.close_all()  # type: ignore[attr-defined]


@pytest.fixture
def moira(app: Flask) -> Account:
    """Moira moderates: she may read and decide everything."""
    return registration.add("moira@elsewhere.example", "Moira Bell", PASSWORD, Role.MODERATOR)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return a_browser(app)


def a_browser(app: Flask, use_cookies: bool = True) -> FlaskClient:
    client = app.test_client(use_cookies)
    client.environ_base["wsgi.url_scheme"] = "https"
    client.environ_base["HTTP_HOST"] = "stories.example"
    return client


def sign(browser: FlaskClient, email: str = "moira@elsewhere.example", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    page = browser.get("/admin/sign-in")
    return browser.post(
        "/admin/sign-in", data={"email": email, "password": password, "csrf_token": token(page.text), **more}
    )


def token(text: str) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', text)
    assert found
    return found[1]


def cookie(response: Response) -> str:
    return response.headers["Set-Cookie"]


def test_a_moderator_signs_in_and_is_known(browser: FlaskClient, moira: Account) -> None:
    answer = sign(browser)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert browser.get("/admin/").text == "Good morning, Moira Bell"
    assert browser.get("/admin/queue").text == "stories that wait"


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("MOIRA@Elsewhere.Example", PASSWORD),
        (" moira@elsewhere.example ", PASSWORD),
        ("moira@elsewhere.example", "ｔｈｒｅｅ ｂｌｕｅ ｆｅｒｒｉｅｓ"),
    ],
)
def test_letter_case_and_keyboard_make_no_difference(
    email: str, password: str, browser: FlaskClient, moira: Account
) -> None:
    assert sign(browser, email, password).status_code == 302


def test_the_hash_is_the_one_sign_in_would_make(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    assert Account.get_by_id(moira.id).password == moira.password


def test_a_hash_of_an_older_cost_is_made_anew_at_sign_in(
    browser: FlaskClient, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    Account.update(password=cheap.hash(PASSWORD)).execute()
    assert sign(browser).status_code == 302
    assert Account.get_by_id(moira.id).password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert sign(a_browser(browser.application)).status_code == 302


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("moira@elsewhere.example", "three red ferries!"),
        ("nobody@elsewhere.example", PASSWORD),
        ("", PASSWORD),
        ("moira@elsewhere.example", ""),
        ("not an address", PASSWORD),
        ("moira\0@elsewhere.example", PASSWORD),
        ("moira@elsewhere.example", "three\0blue ferries"),
        ("m" * 300 + "@elsewhere.example", PASSWORD),
        ("moira@elsewhere.example", "ﷺ" * 5000),
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    email: str, password: str, browser: FlaskClient, moira: Account
) -> None:
    answer = sign(browser, email, password)
    assert answer.status_code == 200
    assert re.findall("<p>(.*?)</p>", answer.text) == [NOT_RIGHT]
    assert browser.get("/admin/").text == "Nobody is signed in"


def test_an_account_that_was_switched_off_gets_the_same_answer(browser: FlaskClient, moira: Account) -> None:
    Account.update(active=False).execute()
    assert NOT_RIGHT in sign(browser).text


@pytest.mark.parametrize("email", ["moira@elsewhere.example", "nobody@elsewhere.example"])
def test_known_or_not_one_password_is_hashed(
    email: str, app: Flask, browser: FlaskClient, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, hashed = app.extensions["security"].pwd_context, []
    for name in ("hash", "verify"):
        original = getattr(context, name)
        monkeypatch.setattr(
            context, name, lambda *given, original=original: hashed.append(1) or original(*given)
        )
    sign(browser, email, "three red ferries!")
    assert len(hashed) == 1


def test_the_cookie_is_kept_from_scripts_other_sites_and_public_pages(
    browser: FlaskClient, moira: Account
) -> None:
    said = cookie(sign(browser))
    assert said.startswith("__Secure-staff=")
    for part in ("Secure", "HttpOnly", "Path=/admin", "SameSite=Lax"):
        assert f"; {part}" in said
    assert "Domain" not in said
    assert "Expires" not in said


def test_without_https_the_cookie_can_still_be_kept() -> None:
    class OnALaptop:
        public_url = "http://127.0.0.1:8000"

    cookies = sign_in._cookies(OnALaptop())  # type: ignore[arg-type]
    assert (cookies["SESSION_COOKIE_NAME"], cookies["SESSION_COOKIE_SECURE"]) == ("staff", False)


def test_public_pages_set_no_cookie_and_do_not_vary_by_one(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    answer = browser.get("/stories", headers={"Cookie": "__Secure-staff=x; remember_token=1|x"})
    assert answer.text == "public"
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_a_public_write_needs_no_form_token(browser: FlaskClient) -> None:
    assert browser.post("/stories").status_code == 200


def test_a_session_ends_after_twelve_hours_however_busy(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    morning = clock.now()
    clock.pin(morning + timedelta(hours=11, minutes=59))
    assert browser.get("/admin/queue").status_code == 200
    clock.pin(morning + timedelta(hours=12, minutes=1))
    assert browser.get("/admin/queue").location == "/admin/sign-in?next=/admin/queue"
    # And the sign-in page is shown, not a way round in circles.
    assert browser.get("/admin/sign-in").status_code == 200


def test_every_session_ends_when_the_identifier_changes(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    Account.update(fs_uniquifier="another").execute()
    assert browser.get("/admin/").text == "Nobody is signed in"


def test_a_session_ends_when_the_account_is_switched_off(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    Account.update(active=False).execute()
    assert browser.get("/admin/").text == "Nobody is signed in"


def test_signing_out_makes_a_copy_of_the_cookie_worthless(
    app: Flask, browser: FlaskClient, moira: Account
) -> None:
    kept = cookie(sign(browser)).partition(";")[0]
    thief = a_browser(app, use_cookies=False)
    assert thief.get("/admin/", headers={"Cookie": kept}).text == "Good morning, Moira Bell"
    answer = browser.post("/admin/sign-out", data={"csrf_token": browser.get("/admin/decide").text})
    assert answer.location == "/admin/sign-in"
    assert browser.get("/admin/").text == "Nobody is signed in"
    assert thief.get("/admin/", headers={"Cookie": kept}).text == "Nobody is signed in"


def test_signing_out_by_a_link_or_a_forged_form_does_nothing(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    assert browser.get("/admin/sign-out").status_code == 405
    assert browser.post("/admin/sign-out").status_code == 400
    assert browser.get("/admin/").text == "Good morning, Moira Bell"


def test_a_form_of_ours_is_taken(browser: FlaskClient, moira: Account) -> None:
    sign(browser)
    ours = browser.get("/admin/decide").text
    assert browser.post("/admin/decide", data={"csrf_token": ours}).status_code == 200


@pytest.mark.parametrize("forged", [{}, {"csrf_token": "made-up"}])
def test_a_forged_form_is_refused_kindly(
    forged: dict[str, str], browser: FlaskClient, moira: Account
) -> None:
    sign(browser)
    answer = browser.post("/admin/decide", data=forged)
    assert answer.status_code == 400
    assert "nothing was changed" in answer.text


def test_a_form_of_someone_elses_session_is_refused(app: Flask, browser: FlaskClient, moira: Account) -> None:
    other = a_browser(app)
    sign(browser)
    sign(other)
    theirs = other.get("/admin/decide").text
    assert browser.post("/admin/decide", data={"csrf_token": theirs}).status_code == 400


def test_a_forged_sign_in_is_refused(browser: FlaskClient, moira: Account) -> None:
    answer = browser.post("/admin/sign-in", data={"email": moira.email, "password": PASSWORD})
    assert answer.status_code == 400


def test_someone_not_signed_in_is_sent_to_sign_in_and_back(browser: FlaskClient, moira: Account) -> None:
    answer = browser.get("/admin/queue?page=2")
    assert answer.location == "/admin/sign-in?next=/admin/queue?page%3D2"
    assert browser.get(answer.location).status_code == 200
    assert sign(browser, next="/admin/queue?page=2").location == "/admin/queue?page=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "///evil.example",
        "https:evil.example", "javascript:alert(1)", "https://stories.example@evil.example/",
        " //evil.example", "http://stories.example.evil.example/",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(elsewhere: str, browser: FlaskClient, moira: Account) -> None:
    by_field = sign(browser, next=elsewhere)
    other = a_browser(browser.application)
    page = other.get("/admin/sign-in", query_string={"next": elsewhere})
    by_address = other.post(
        "/admin/sign-in",
        query_string={"next": elsewhere},
        data={"email": moira.email, "password": PASSWORD, "csrf_token": token(page.text)},
    )
    for answer in (by_field, by_address):
        assert answer.status_code == 302
        assert urlsplit(urljoin(f"{HOME}/admin/sign-in", answer.location)).netloc == "stories.example"
        # Browsers take a backslash for a slash, and skip spaces before it.
        assert not set(answer.location) & set("\\ \t")


def test_a_role_that_does_not_reach_is_told_who_may(app: Flask, browser: FlaskClient) -> None:
    Organisation.create(code="RXE", name="St Elsewhere", created_at=clock.now())
    registration.add("rita@elsewhere.example", "Rita", PASSWORD, Role.RESPONDER, "RXE")
    sign(browser, "rita@elsewhere.example")
    answer = browser.get("/admin/queue")
    assert answer.status_code == 403
    assert "Only moderators read stories before they are published." in answer.text


def test_a_password_is_never_taken_from_json_nor_a_token_given(browser: FlaskClient, moira: Account) -> None:
    form = token(browser.get("/admin/sign-in").text)
    answer = browser.post(
        "/admin/sign-in?include_auth_token",
        json={"email": moira.email, "password": PASSWORD},
        headers={"X-CSRFToken": form, "Accept": "application/json"},
    )
    assert "token" not in answer.text.replace("csrf_token", "")
    assert "authentication" not in answer.text


def test_a_token_in_the_address_signs_nobody_in(app: Flask, browser: FlaskClient, moira: Account) -> None:
    with app.test_request_context("/admin/"):
        made = sign_in.SignedIn(moira).get_auth_token()
    assert browser.get(f"/admin/?auth_token={made!s}").text == "Nobody is signed in"
    assert browser.get("/admin/", headers={"Authentication-Token": str(made)}).text == "Nobody is signed in"


def test_wrong_passwords_from_one_network_are_limited(browser: FlaskClient, moira: Account) -> None:
    for _ in range(10):
        assert sign(browser, password="three red ferries!").status_code == 200
    answer = sign(browser, password="three red ferries!")
    assert answer.status_code == 429
    assert 590 < int(answer.headers["Retry-After"]) < 610
    clock.pin(clock.now() + timedelta(minutes=11))
    assert sign(browser).status_code == 302


def test_right_passwords_of_a_busy_office_are_not(app: Flask, moira: Account) -> None:
    assert {sign(a_browser(app)).status_code for _ in range(14)} == {302}


def test_a_request_asks_the_database_twice_about_who_it_is(
    browser: FlaskClient, moira: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(browser)
    asked: list[str] = []
    run = db.database.obj.execute_sql  # type: ignore[attr-defined]
    monkeypatch.setattr(
        db.database.obj,  # type: ignore[attr-defined]
        "execute_sql",
        lambda sql, *more, **named: asked.append(sql) or run(sql, *more, **named),
    )
    browser.get("/admin/queue")
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 2


def test_there_is_nothing_else_to_sign_in_by(app: Flask) -> None:
    ways = {
        rule.rule: rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")
    }
    assert ways == {"/admin/sign-in": "security.login", "/admin/sign-out": "security.logout"}
    assert not {"users", "roles"} & set(app.cli.commands)
