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
    "reporting", "portal", "demo",
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
    _configure(app, settings)
    rooms = {(domain, room): list(_modules(domain, room)) for domain in DOMAINS for room in ROOMS}
    _bind_extensions(app, settings)
    _bind_web(app, settings)
    for (_domain, room), modules in rooms.items():
        for module in modules:
            _bind_room(app, room, module)
    _refuse_undeclared(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    from eom.core.i18n import lazy

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
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "translations"),
        BABEL_DEFAULT_LOCALE="en",
        RATELIMIT_ENABLED=not settings.testing,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        WTF_CSRF_TIME_LIMIT=None,
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SALT=settings.password_salt,
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_DEPRECATED_PASSWORD_SCHEMES=[],
        SECURITY_PASSWORD_LENGTH_MIN=12,
        # Roles are memberships here, no relationship of the user: there is nothing to join.
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_REGISTERABLE=False,
        SECURITY_CLI_USERS_NAME=False,
        SECURITY_CLI_ROLES_NAME=False,
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_POST_LOGIN_VIEW="/",
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_LOGIN_USER_TEMPLATE="security/login_user.html",
        SECURITY_I18N_DIRNAME=[str(ROOT / "translations"), "builtin"],
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False, "test_environment": True},
        SECURITY_MSG_LOGIN=(lazy("You are signed in."), "success"),
    )


def _bind_extensions(app: Flask, settings: Settings) -> None:
    from flask_security import SQLAlchemyUserDatastore

    from eom.accounts.models import SecurityRole, User
    from eom.core import sqlite
    from eom.extensions import babel, csrf, db, limiter, migrate, security
    from eom.web import language, worker

    db.init_app(app)
    with app.app_context():
        sqlite.tune(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language.chosen)
    security.init_app(app, SQLAlchemyUserDatastore(db, User, SecurityRole), register_blueprint=True)
    worker.bind(app, redis_url=settings.redis_url, folder=str(settings.instance), immediate=settings.testing)


def _bind_web(app: Flask, settings: Settings) -> None:
    from eom.core.storage import Store
    from eom.missions.access import MissionPolicy
    from eom.web import assets, errors, filters, language, security, session

    app.extensions["eom_policy"] = MissionPolicy()
    app.extensions["eom_store"] = Store(settings.storage)
    for part in (security, errors, assets, filters, session):
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
