"""For webmasters: the public ledger's newest head, and whether they want it by letter each week."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tellback.accounts.guards import signed_in
from tellback.accounts.roles import Action
from tellback.admin.doors import me, on_to, pages
from tellback.audit import signing
from tellback.websites import witnesses


@pages.get("/ledger")
@signed_in(Action.KEEP_WEBSITES)
def witnessing() -> str:
    """What a witness is, the newest head, and whether it comes by letter."""
    head, account = signing.newest_head(), me()
    return render_template(
        "staff/witness.html",
        head=head and signing.described(head),
        letters=witnesses.wants_letters(account) if witnesses.is_witness(account) else None,
    )


@pages.post("/ledger")
@signed_in(Action.KEEP_WEBSITES)
def choose_witnessing() -> ResponseReturnValue:
    """Have the weekly letter sent, or not."""
    letters = request.form.get("letters") == "yes"
    witnesses.choose(me(), letters=letters)
    said = "The letter comes each week." if letters else "No more letters about the ledger come to you."
    return on_to(".witnessing", said)
