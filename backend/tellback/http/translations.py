"""The catalogue of the pages' words. English is the source; a language is added as a catalogue (CONTRIBUTING)."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Let templates mark their words with `_()` and `{% trans %}`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
