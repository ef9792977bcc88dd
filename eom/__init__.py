"""Electoral observation missions and the account of their money."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from types import ModuleType
from typing import Any

from flask import Flask

from eom.settings import ROOT, Settings

# Order of the layers, lowest first (house.md 4.4).
DOMAINS = (
    "accounts", "missions", "observers", "stations", "finance", "deployment", "checklists",
    "logistics", "reporting", "portal", "demo",
)  # fmt: skip
ROOMS = ("models", "listeners", "jobs", "views", "api", "commands")


def create_app(settings: Settings | None = None) -> Flask:
    """The application: the one place that knows every domain and wires them together."""
    settings = settings or Settings.from_environment()
    app = Flask(
        "eom",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance),
    )
    _trust_proxies(app, settings.proxies)
    _configure(app, settings)
    rooms = {(domain, room): list(_modules(domain, room)) for domain in DOMAINS for room in ROOMS}
    _bind_first(app)
    _bind_extensions(app, settings)
    _bind_web(app, settings)
    for (_domain, room), modules in rooms.items():
        for module in modules:
            _bind_room(app, room, module)
    _refuse_undeclared(app)
    return app


def _trust_proxies(app: Flask, count: int) -> None:
    """Believe what the last ``count`` proxies say of scheme, host and address; none: believe nobody."""
    if count:
        from werkzeug.middleware.proxy_fix import ProxyFix

        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _configure(app: Flask, settings: Settings) -> None:
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.extensions["eom_settings"] = settings
    app.testing = settings.testing
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=settings.max_upload,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        TRUSTED_HOSTS=[settings.host] if settings.host else None,
        SESSION_COOKIE_SECURE=settings.production,
        # Over TLS no other host, no subdomain and no plain page may set or read it.
        SESSION_COOKIE_NAME="__Host-session" if settings.production else "session",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_LOCALE="en",
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        WTF_CSRF_TIME_LIMIT=None,
    )


def _bind_first(app: Flask) -> None:
    """What is done to every request before a library sees it, in this order.

    It gets its number, so that whatever is refused can be told by it; its body is bounded; then its body
    is read, before any library asks who this is: that begins a transaction.
    """
    from eom.web import limits, security, session

    for step in (security.bind, limits.bind, session.bind_bodies):
        step(app)


def _bind_extensions(app: Flask, settings: Settings) -> None:
    from eom.accounts import security
    from eom.core import sqlite
    from eom.extensions import babel, csrf, db, limiter, migrate
    from eom.web import language, worker

    db.init_app(app)
    with app.app_context():
        sqlite.tune(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    # One that is off would not even be bound; a test that counts turns it on.
    limiter.enabled = True
    limiter.init_app(app)
    limiter.enabled = not settings.testing
    # After the limits: it reads the form.
    csrf.init_app(app)
    babel.init_app(app, locale_selector=language.chosen)
    security.bind(app, settings)
    worker.bind(app, redis_url=settings.redis_url, folder=str(settings.instance), immediate=settings.testing)


def _bind_web(app: Flask, settings: Settings) -> None:
    from eom.core.storage import Store
    from eom.core.vault import Keyring
    from eom.missions.access import MissionPolicy
    from eom.web import assets, errors, filters, language, redirects, session, urls

    app.url_map.converters["int"] = urls.RowNumber
    app.extensions["eom_policy"] = MissionPolicy()
    app.extensions["eom_store"] = Store(settings.storage)
    app.extensions["eom_keyring"] = Keyring.of(settings.field_keys)
    for part in (errors, assets, filters, session, redirects):
        part.bind(app)
    app.register_blueprint(language.bp)


def _modules(domain: str, room: str) -> Iterator[ModuleType]:
    """The modules of a room: the file, or every file of the folder of that name."""
    name = f"eom.{domain}.{room}"
    if importlib.util.find_spec(name) is None:
        return
    module = importlib.import_module(name)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        yield importlib.import_module(f"{name}.{found.name}")


def _bind_room(app: Flask, room: str, module: ModuleType) -> None:
    from eom.web import navigation

    if room in ("views", "api") and hasattr(module, "bp"):
        app.register_blueprint(module.bp)
        with app.app_context():
            navigation.main(*getattr(module, "NAVIGATION", ()))
            navigation.mission(*getattr(module, "MISSION_NAVIGATION", ()))
            navigation.summaries(*getattr(module, "MISSION_SUMMARIES", ()))
    if room == "commands":
        for group in _groups(module):
            app.cli.add_command(group)


def _groups(module: ModuleType) -> list[Any]:
    from flask.cli import AppGroup

    groups = [value for value in vars(module).values() if isinstance(value, AppGroup)]
    return [*groups, *getattr(module, "COMMANDS", ())]


def _refuse_undeclared(app: Flask) -> None:
    from eom.web.access import undeclared

    if names := undeclared(app):
        raise RuntimeError(
            f"these views declare no permission and no reason to be public: {', '.join(names)}"
        )
