"""A browser without JavaScript for the staff screens: it sends the forms it was shown, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tellback.accounts import passwords
from tellback.accounts.models import Account

PASSWORD = "three blue ferries"
HASHED = passwords.hashed(PASSWORD)


@dataclass
class Form:
    """A form as a page shows it: where it goes, what its controls hold, what its buttons add."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: list[dict[str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """A page as a person meets it: its words, its links, its forms."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._words: list[str] = []
        self._select = self._textarea = ""
        self._form: Form | None = None
        self._in_dialog = False
        self.feed(html)
        self.text = " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attributes}
        assert not {name for name in has if name.startswith("on") or name == "style"}, (
            f"inline code in <{tag}>"
        )
        if tag == "a" and "href" in has:
            self.links.append(has["href"])
        # Without a script a closed dialog stays closed, and nobody can send what stands in it.
        self._in_dialog = self._in_dialog or (tag == "dialog" and "open" not in has)
        if tag == "form" and not self._in_dialog:
            self._form = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "dialog":
            self._in_dialog = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form is not None:
            self._form.values[self._textarea] += data
        else:
            self._words.append(data)

    def _control(self, form: Form, tag: str, has: dict[str, str]) -> None:
        name = has.get("name", "")
        if tag == "button" or (tag == "input" and has.get("type") == "submit"):
            form.buttons.append({name: has.get("value", "")} if name else {})
        elif tag == "option":
            if "selected" in has or self._select not in form.values:
                form.values[self._select] = has.get("value", "")
        elif name:
            form.names.add(name)
            if tag == "select":
                self._select = name
            elif tag == "textarea":
                self._textarea = name
                form.values[name] = ""
            elif has.get("type") not in ("radio", "checkbox") or "checked" in has:
                form.values[name] = has.get("value", "")

    def form(self, ending: str, **holding: str) -> Form:
        """The one form whose address ends so and that holds these values."""
        found = [f for f in self.forms if f.action.endswith(ending) and holding.items() <= f.values.items()]
        assert len(found) == 1, f"{len(found)} forms to …{ending} among {[f.action for f in self.forms]}"
        return found[0]


class Browser:
    """Someone's browser at https://stories.example, with its cookies and without JavaScript."""

    def __init__(self, client: FlaskClient) -> None:
        client.environ_base.update({"wsgi.url_scheme": "https", "HTTP_HOST": "stories.example"})
        self.client = client
        self.answer: TestResponse

    def open(self, address: str, status: int = 200) -> Page:
        """A page, after redirects; its status is as expected."""
        self.answer = self.client.get(address, follow_redirects=True)
        assert self.answer.status_code == status, self.answer.text[:2000]
        return Page(self.answer.text)

    def send(self, form: Form, status: int = 200, **typed: str) -> Page:
        """Fill a form in and send it. Only what the form has controls for can be typed."""
        assert set(typed) <= form.names, f"{form.action} has {sorted(form.names)}"
        self.answer = self.client.post(form.action, data={**form.values, **typed}, follow_redirects=True)
        assert self.answer.status_code == status, self.answer.text[:2000]
        return Page(self.answer.text)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[Account], Browser]:
    """Sign someone in, in a browser of their own."""

    def sign_in(account: Account) -> Browser:
        Account.update(password=HASHED).where(Account.id == account.id).execute()
        browser = Browser(app.test_client())
        browser.send(
            browser.open("/admin/sign-in").form("/admin/sign-in"), email=account.email, password=PASSWORD
        )
        return browser

    return sign_in


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """The browser of someone who has not signed in."""
    return Browser(app.test_client())
