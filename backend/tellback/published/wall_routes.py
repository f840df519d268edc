"""Pages made to be printed: the poster “You said, we did”, and a thank-you for the wall of a ward."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tellback import clock
from tellback.errors import NotFound
from tellback.http.ratelimits import limited
from tellback.http.translations import with_lang
from tellback.published import described, subjects, wall
from tellback.published.page_routes import pages, settings
from tellback.published.subjects import Subject
from tellback.stories import qr
from tellback.translations.sentences import say


@pages.get("/services/<code>/changes/poster")
@limited("reading")
def service_poster(code: str) -> str:
    """“You said, we did” of a service on one page of A4, with a code that leads to all of it."""
    return _poster(subjects.of_service(code))


@pages.get("/organisations/<code>/changes/poster")
@limited("reading")
def organisation_poster(code: str) -> str:
    """The same of all services of an organisation."""
    return _poster(subjects.of_organisation(code))


@pages.get("/stories/<story_id>/thank-you")
@limited("reading")
def thank_you(story_id: str) -> ResponseReturnValue:
    """The thanks of one story on a page of A4, for those it is about."""
    story = described.whole(story_id, settings())
    if story["state"] != "published":
        # Its own page says what became of it.
        return redirect(url_for(".story_page", story_id=story_id))
    if not wall.is_praise(story):
        raise NotFound(say("This story is not one of thanks, so there is no page of thanks of it."))
    code = qr.code(with_lang(story["url"]))
    quotation, today = wall.quotation(story), clock.today().isoformat()
    return render_template(
        "public/thank_you.html",
        story=story,
        quotation=quotation,
        large=len(quotation["text"]) < wall.LARGE,
        qr=code,
        today=today,
    )


def _poster(about: Subject) -> str:
    page = described.changed(about, None, wall.MOST_ON_POSTER, settings())
    shown = wall.for_poster(page["items"])
    where = url_for(f".{about.kind}_changes_page", **about.named)
    address = f"{settings().public_url}{where}"
    return render_template(
        "public/poster.html",
        about=page["about"],
        changes=shown,
        large=wall.is_short(shown),
        total=page["total"],
        changes_url=where,
        address=address.partition("?")[0],
        qr=qr.code(address),
        today=clock.today().isoformat(),
    )
