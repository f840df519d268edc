"""Tokens by which programs answer for somebody: on one's own account, shown once."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from tellback import clock
from tellback.accounts import tokens
from tellback.accounts.guards import anyone_signed_in
from tellback.admin import people_schemas
from tellback.admin.doors import if_refused, me, on_to, pages, public_url, stands_on
from tellback.errors import Problem
from tellback.http import bodies


def _tokens_screen(problem: Problem | None = None, made: str | None = None, **_named: Any) -> str:
    held = [
        {
            "name": one.name,
            "made_on": one.created_at.date().isoformat(),
            "until": one.expires_at.date().isoformat(),
            "over": one.expires_at <= clock.now(),
            "used_on": one.used_at.date().isoformat() if one.used_at else None,
            "revoke_url": url_for(".revoke_token", token_id=one.id),
        }
        for one in tokens.of(me())
    ]
    urls = {"back": url_for(".own_account"), "send": url_for(".make_token"), "api": url_for("pages.api_page")}
    return render_template(
        "staff/own_tokens.html",
        tokens=held,
        made=made,
        lives=[(str(days), f"{days} days") for days in tokens.LIVES],
        address=f"{public_url()}/api/v1/stories/{{id}}/replies",
        urls=urls,
        **if_refused(problem),
    )


@pages.get("/account/tokens")
@anyone_signed_in(fresh=True)
def own_tokens() -> str:
    """One's tokens: which program each is for, until when, and when it was last used."""
    return _tokens_screen()


@pages.post("/account/tokens")
@anyone_signed_in(fresh=True)
@stands_on(_tokens_screen)
def make_token() -> ResponseReturnValue:
    """Make one, and show it this once."""
    form = bodies.read(people_schemas.TokenSchema())
    return _tokens_screen(made=tokens.make(me(), form["name"], form["days"]))


@pages.post("/account/tokens/<int:token_id>/revoke")
@anyone_signed_in(fresh=True)
@stands_on(_tokens_screen)
def revoke_token(token_id: int) -> ResponseReturnValue:
    """Make one worthless from now on."""
    tokens.revoke(me(), token_id)
    return on_to(".own_tokens", "The token is revoked. The program that used it is refused from now on.")
