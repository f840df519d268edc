"""The catalogue of the pages' words. English is the source; CONTRIBUTING says how a language is added."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Let templates mark their words with `_()` and `{% trans %}`."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
