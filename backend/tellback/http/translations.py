"""Which language a request speaks, and how pages and answers say things in it.

`?lang=` chooses, on pages and in the API; nothing else does. A browser that asks for another language of ours
is offered it in one sentence. Staff screens are English.
"""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from tellback.translations import catalogues, dates, embed_words, sentences
from tellback.translations.languages import LANGUAGES, SOURCE, Language, find
from tellback.translations.sentences import Sentence, say_as

# Blueprints whose addresses stay as they are: staff screens, and files that are the same for everyone.
_WITHOUT_LANGUAGE = {"admin", "security", "static", "embed"}
# Characters of an `Accept-Language` that are read; a browser's has some fifty.
_LONGEST_HEADER = 500
# Translators: Shown to people whose browser asks for your language. Name your language in place of English.
_OFFER = say_as("offer of your own language", "Read this page in English")


def init_app(app: Flask) -> None:
    """Let templates mark sentences with `_()` and `{% trans %}`, and keep a chosen language on links."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().gettext(text),
        ngettext=lambda one, other, count: _catalogue().ngettext(one, other, count),
        pgettext=lambda context, text: _catalogue().pgettext(context, text),
        npgettext=lambda context, one, other, count: _catalogue().npgettext(context, one, other, count),
        newstyle=True,
    )
    # A Sentence of Python's that a template prints is said in the page's language.
    env.finalize = lambda value: spoken(value) if isinstance(value, Sentence) else value
    env.filters.update(spoken=spoken, with_lang=with_lang)
    env.globals.update(day_in_words=dates.day_in_words, month_in_words=dates.month_in_words)
    # Said at once, for macros whose filters would make plain English of a Sentence.
    env.globals.update(
        word=lambda key, **facts: spoken(embed_words.word(key, **facts)),
        counted=lambda key, count, **facts: spoken(embed_words.counted(key, count, **facts)),
    )
    app.context_processor(_every_page)
    app.url_defaults(_keep_language)
    app.after_request(_note_language)


def language() -> Language:
    """The language this request speaks: the one that `?lang=` names, where we have it, else English."""
    return _chosen() or LANGUAGES[SOURCE]


def spoken(value: Any) -> Any:
    """A value with every Sentence in it said in this request's language: answers with words pass here."""
    # Where nothing is said, no language need be looked for.
    return sentences.spoken(value, language().tag) if value else value


def with_lang(address: str) -> str:
    """An address of a page of ours, with the language that was chosen on this one."""
    chosen = _chosen()
    if chosen is None:
        return address
    parts = urlsplit(address)
    query = "&".join(filter(None, (parts.query, urlencode({"lang": chosen.tag}))))
    return urlunsplit(parts._replace(query=query))


def first_of_ours(accepted: str) -> Language | None:
    """The language of ours that a browser asks for first, by its `Accept-Language`."""
    return _first_of_ours(accepted[:_LONGEST_HEADER])


@lru_cache(1000)
def _first_of_ours(accepted: str) -> Language | None:
    wanted = parse_accept_header(accepted, LanguageAccept)
    return next((ours for tag, quality in wanted if quality > 0 and (ours := find(tag))), None)


def _catalogue() -> Any:
    return catalogues.catalogue(language().tag)


def _chosen() -> Language | None:
    if not has_request_context():
        return None
    if "language" not in g:
        g.language = None if request.blueprint in _WITHOUT_LANGUAGE else find(request.args.get("lang", ""))
    chosen: Language | None = g.language
    return chosen


def _every_page() -> dict[str, Any]:
    here = language()
    return {
        "page_lang": here.tag,
        "page_dir": here.direction,
        "page_checked": catalogues.is_checked(here.tag),
        "offer_of_language": _offer,
        "page_in": _page_in,
        "page_languages": LANGUAGES.values(),
    }


def _page_in(tag: str, *, absolute: bool = False) -> str:
    """The address of this page in another language."""
    query = urlencode([*((n, v) for n, v in request.args.items(multi=True) if n != "lang"), ("lang", tag)])
    start: str = current_app.config["SETTINGS"].public_url if absolute else ""
    return f"{start}{request.path}?{query}"


def _offer() -> dict[str, Any] | None:
    """The language of ours that this browser asks for first, unless one was chosen or it is English."""
    g.language_offered = True
    if "lang" in request.args:
        return None
    first = first_of_ours(request.headers.get("Accept-Language", ""))
    if first is None or first.tag == SOURCE:
        return None
    said = sentences.spoken(_OFFER, first.tag)
    # Where the sentence is not translated yet, the language's own name says it.
    return {"language": first, "said": first.name if said == _OFFER else said}


def _keep_language(endpoint: str, values: dict[str, Any]) -> None:
    chosen = _chosen()
    if chosen and endpoint.partition(".")[0] not in _WITHOUT_LANGUAGE:
        values.setdefault("lang", chosen.tag)


def _note_language(response: Response) -> Response:
    if g.get("language_offered"):
        response.vary.add("Accept-Language")
    return response
