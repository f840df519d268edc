"""For administrators: what waits to be sent, what was given up and why, and sending it again."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin import outboxing
from tellback.admin.doors import me, on_to, pages


@pages.get("/outbox")
@signed_in(Action.KEEP_OUTBOX)
def outbox() -> str:
    """How the outbox stands."""
    return render_template("staff/outbox.html", **outboxing.describe())


@pages.post("/outbox/<int:message_id>/again")
@signed_in(Action.KEEP_OUTBOX)
def send_again(message_id: int) -> ResponseReturnValue:
    """Send one message again that was given up."""
    sent = outboxing.send_again(message_id, me())
    return _said("It goes out again in the next seconds." if sent else "It is not given up any more.")


@pages.post("/outbox/again")
@signed_in(Action.KEEP_OUTBOX)
def send_all_again() -> ResponseReturnValue:
    """Send all messages of a kind again that were given up."""
    count = outboxing.send_all_again(request.form.get("kind", ""), me())
    return _said(
        f"Sent again in the next seconds: {count}." if count else "None of these is given up any more."
    )


def _said(words: str) -> ResponseReturnValue:
    return on_to(".outbox", words)
