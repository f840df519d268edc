"""What no form of ours sends, on both engines: each answered, none an error of ours."""

from collections.abc import Callable

from tellback.accounts.models import Account
from tellback.stories.models import Story
from tests.admin.conftest import Browser
from tests.people import tell

SignIn = Callable[[Account], Browser]


def told(**changes: object) -> Story:
    return tell(**{"title": "A call", "body": "Somebody rang me on 020 7946 0018.", **changes}).story


def at(story: Story) -> str:
    return f"/admin/stories/{story.public_id}"


def test_a_story_with_hostile_words_is_shown_as_text(signed_in: SignIn, moira: Account) -> None:
    story = told(title="<b>Bold</b>", body="<script>alert(1)</script> & <img src=x onerror=alert(2)>")
    desk = signed_in(moira)
    page = desk.open(at(story))
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
    assert "<b>Bold" not in desk.open("/admin/stories").html


def test_unknown_and_impossible_addresses_are_not_found(signed_in: SignIn, moira: Account) -> None:
    desk = signed_in(moira)
    for address in ("/admin/stories/bcdf", "/admin/stories/%00", "/admin/replies/bcdf", "/admin/replies/%00"):
        desk.open(address, 404)


def test_numbers_beyond_any_database_are_refused(signed_in: SignIn, moira: Account) -> None:
    story, desk = told(), signed_in(moira)
    form = desk.open(at(story)).form("/redactions")
    for name in ("revision", "start", "end"):
        desk.send(form, 422, **{name: str(10**30)})
    desk.send(form, 422, field="body\0", reason="\0")
