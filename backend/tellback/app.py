"""The table of contents: settings, database, plumbing, and one line for each domain's pages."""

from flask import Flask
from flask_compress import Compress
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader

from tellback import db, migrations, sealing
from tellback.accounts import routes as accounts
from tellback.accounts import sign_in
from tellback.admin import link_routes as answering
from tellback.admin import routes as admin
from tellback.alerts import routes as alerts
from tellback.audit import routes as ledger
from tellback.authorship import loop_routes as loop
from tellback.authorship import relay_routes as relay
from tellback.authorship import routes as authorship
from tellback.checking import measures
from tellback.config import Settings
from tellback.feeds import routes as feeds
from tellback.http import (
    addresses,
    api,
    bodies,
    cors,
    headers,
    health,
    hosts,
    noting,
    origins,
    probing,
    problems,
    proxies,
    ratelimits,
    scraping,
    security_txt,
    sightings,
    translations,
)
from tellback.moderation import routes as moderation
from tellback.organisations import routes as organisations
from tellback.published import routes as published
from tellback.replies import routes as replies
from tellback.stories import about, topics
from tellback.stories import routes as stories
from tellback.websites import routes as websites
from tellback.websites.origins import website_for
from tellback.websites.sightings import Notes
from tellback.websites.trying import Subjects

# Bytes. The longest story has 16,140 characters, and form encoding takes up to 12 bytes for each.
LARGEST_BODY = 196 * 1024


def create_app(settings: Settings) -> Flask:
    """The service as a WSGI application. Raises SettingsError when the schema is not this release's."""
    app = Flask("tellback")
    app.url_rule_class = addresses.LateRule
    # All routes and hooks are plain functions: none need be looked at before each of thirty calls a request.
    app.ensure_sync = lambda function: function  # type: ignore[assignment, method-assign]
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
    )
    proxies.init_app(app, settings)

    db.connect(settings.database_url)
    db.init_app(app)
    migrations.require_current()
    sealing.use(settings.contact_key)

    noting.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
    hosts.init_app(app)
    bodies.init_app(app)
    origins.init_app(app, website_for)
    ratelimits.init_app(app, settings)
    sightings.init_app(app, Notes().take)
    cors.init_app(app)
    health.init_app(app, migrations.require_current)
    scraping.init_app(app, settings, measures.around, measures.of_the_store)
    probing.init_app(app, settings)
    security_txt.init_app(app)
    translations.init_app(app)
    Compress(app)
    # Forms and staff screens use a package's components, whose templates ask into what may be absent.
    components = PackageLoader("nhsuk_frontend_jinja")
    app.jinja_loader = ChoiceLoader([app.jinja_loader, components])  # type: ignore[list-item]
    app.jinja_env.undefined = ChainableUndefined
    # Flask escapes in *.html alone; the components end in .jinja, and people's words go through them.
    app.jinja_env.autoescape = True

    sign_in.init_app(app)
    # Flask-Security puts its own provider in; keys keep the order that the documentation shows.
    app.json.sort_keys = app.json.ensure_ascii = False  # type: ignore[attr-defined]
    websites.init_app(app, settings, Subjects(topics.get, topics.every, about.newest_service))
    described = api.init_app(app, settings)
    for domain in (organisations, stories, moderation, published, ledger, authorship, loop, relay, replies):
        described.register_blueprint(domain.api)
    for domain in (
        websites,
        stories,
        moderation,
        published,
        authorship,
        feeds,
        accounts,
        alerts,
        admin,
        answering,
    ):
        app.register_blueprint(domain.pages)
    return app
