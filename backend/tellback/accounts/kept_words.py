"""What somebody wrote in a form that was not taken, given back so that no word of it is lost."""

from flask import render_template, request

# Fields of staff forms in which somebody may have written for a while.
_LONG_FIELDS = frozenset(
    {"answer", "body", "closed", "local_codes", "message", "note", "origins", "text", "what", "why", "words"}
)


def typed() -> list[tuple[str, str]]:
    """What stands in the long fields of the form that was sent: name and text."""
    return [(name, text) for name, text in request.form.items() if name in _LONG_FIELDS and text.strip()]


def screen() -> str:
    """The form that was sent after its session had ended, to be sent once more: nothing was done by it."""
    long = typed()
    rest = [
        (name, text)
        for name, text in request.form.items(multi=True)
        if name != "csrf_token" and (name, text) not in long
    ]
    return render_template("staff/kept_words.html", to=request.full_path.rstrip("?"), typed=long, rest=rest)
