"""Settings: typed, frozen, from the environment. Unsafe production settings refuse to start.

What has a default here is safe to forget; what has none in production must be said.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
# One name: a leading dot or a star would let in every host below it.
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(:\d{1,5})?")
SECOND_FACTOR_ROLES = ("administrator", "finance", "chief")


class UnsafeSettings(RuntimeError):
    """The settings would run a production server unsafely."""


@dataclass(frozen=True)
class Settings:
    """Everything the environment may say. Sizes in bytes, times in seconds. Secrets are not shown."""

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    password_salt: str = field(repr=False)
    # Keys of the vault (core/vault.py), base64 of 32 bytes each, the newest first.
    field_keys: tuple[str, ...] = field(default=(), repr=False)
    # Binds the entries of the audit trail to each other (core/audit_chain.py).
    audit_key: str = field(default="", repr=False)
    production: bool = False
    testing: bool = False
    instance: Path = ROOT / "instance"
    storage: Path = ROOT / "instance" / "files"
    redis_url: str | None = field(default=None, repr=False)
    tile_url: str | None = None
    tile_attribution: str = ""
    # A routing server that speaks as OSRM does (deployment/routing_server.py); none: travel is estimated.
    routing_url: str | None = None
    max_upload: int = 64 * MEGABYTE
    host: str | None = None
    is_demonstration: bool = False
    is_warm: bool = False
    # Links are mailed too where there is a server (core/mail.py); they are always shown.
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "no-reply@localhost"
    # How many proxies stand before the server and are believed (EOM_PROXIES).
    proxies: int = 0
    # Above it an entry of the ledger waits for a second person, in US cents (EOM_APPROVAL_LIMIT_USD, in dollars).
    approval_limit_cents: int = 500_000
    # Where weaknesses are reported: an address as mailto:… or https://… (EOM_SECURITY_CONTACT).
    security_contact: str | None = None
    # Roles that sign in with a second factor, by their value (EOM_SECOND_FACTOR_ROLES, or "none").
    second_factor_roles: tuple[str, ...] = SECOND_FACTOR_ROLES

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read DATABASE_URL and EOM_* variables.

        Raises UnsafeSettings when EOM_ENV=production lacks a secret or names an unsafe value.
        """
        env = os.environ if environ is None else environ
        production = env.get("EOM_ENV", "development") == "production"
        instance = Path(env.get("EOM_INSTANCE", str(ROOT / "instance"))).resolve()
        if production:
            _refuse_unsafe(env)
        return cls(
            **_secrets(env, None if production else instance),
            database_url=_sqlalchemy_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'eom.sqlite'}"),
            production=production,
            instance=instance,
            storage=Path(env.get("EOM_STORAGE", str(instance / "files"))).resolve(),
            redis_url=env.get("EOM_REDIS_URL") or None,
            tile_url=env.get("EOM_TILE_URL") or None,
            tile_attribution=env.get("EOM_TILE_ATTRIBUTION", ""),
            routing_url=_web_address(env, "EOM_ROUTING_URL"),
            max_upload=_count(env, "EOM_MAX_UPLOAD_MB", 64) * MEGABYTE,
            host=env.get("EOM_HOST") or None,
            is_demonstration=env.get("EOM_DEMONSTRATION", "") == "1",
            is_warm=env.get("EOM_WARM", "") == "1",
            proxies=_count(env, "EOM_PROXIES", 0),
            approval_limit_cents=_count(env, "EOM_APPROVAL_LIMIT_USD", 5_000) * 100,
            security_contact=env.get("EOM_SECURITY_CONTACT") or None,
            smtp_url=env.get("EOM_SMTP_URL") or None,
            mail_from=env.get("EOM_MAIL_FROM") or f"no-reply@{env.get('EOM_HOST') or 'localhost'}",
            second_factor_roles=_roles(env.get("EOM_SECOND_FACTOR_ROLES", ",".join(SECOND_FACTOR_ROLES))),
        )


def _secrets(env: Mapping[str, str], instance: Path | None) -> dict[str, Any]:
    """What must stay secret; what is not said is made once and kept in ``instance``, where one is given."""

    def given(variable: str, kept_as: str) -> str:
        return env.get(variable) or (_kept_secret(instance, kept_as) if instance else "")

    field_keys = tuple(env.get("EOM_FIELD_KEYS", "").replace(",", " ").split())
    return {
        "secret_key": given("EOM_SECRET_KEY", "secret_key"),
        "password_salt": given("EOM_PASSWORD_SALT", "password_salt"),
        "audit_key": given("EOM_AUDIT_KEY", "audit_key"),
        "field_keys": field_keys or ((_kept_key(instance),) if instance else ()),
    }


def _count(env: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of the environment, not below nought. Raises UnsafeSettings by its name."""
    text = env.get(name, "").strip() or str(default)
    if not (text.isascii() and text.isdigit()):
        raise UnsafeSettings(f"this server will not start: {name} must be a whole number, not “{text[:40]}”")
    return int(text)


def _web_address(env: Mapping[str, str], name: str) -> str | None:
    """An address of the environment, or None. Raises UnsafeSettings by its name for one of another kind."""
    text = env.get(name, "").strip()
    if text and not text.startswith(("http://", "https://")):
        raise UnsafeSettings(f"this server will not start: {name} must begin with http:// or https://")
    return text or None


def _roles(text: str) -> tuple[str, ...]:
    named = tuple(each.strip() for each in text.split(",") if each.strip())
    return () if named == ("none",) else named


def _refuse_unsafe(env: Mapping[str, str]) -> None:
    key, reasons = env.get("EOM_SECRET_KEY", ""), []
    if len(key) < 32 or len(set(key)) < 12:
        reasons.append("EOM_SECRET_KEY must be set to at least 32 random characters")
    if len(env.get("EOM_PASSWORD_SALT", "")) < 16:
        reasons.append("EOM_PASSWORD_SALT must be set to at least 16 random characters")
    if not env.get("EOM_FIELD_KEYS", "").strip():
        reasons.append(
            "EOM_FIELD_KEYS must hold the key that seals passports and medical data (openssl rand -base64 32)"
        )
    if len(env.get("EOM_AUDIT_KEY", "")) < 32:
        reasons.append("EOM_AUDIT_KEY must be set to at least 32 random characters, and kept")
    if not _HOST.fullmatch(env.get("EOM_HOST", "")):
        reasons.append("EOM_HOST must name the one host that people use, as observe.example.org")
    if not env.get("EOM_SECURITY_CONTACT", "").startswith(("mailto:", "https://")):
        reasons.append("EOM_SECURITY_CONTACT must say where weaknesses are reported: mailto:… or https://…")
    if env.get("FLASK_DEBUG", "0") not in ("", "0"):
        reasons.append("FLASK_DEBUG must be off")
    url = env.get("DATABASE_URL", "")
    if (not url or url.startswith("sqlite")) and env.get("EOM_SQLITE_IN_PRODUCTION") != "yes":
        reasons.append(
            "DATABASE_URL must name PostgreSQL, or EOM_SQLITE_IN_PRODUCTION=yes says SQLite is meant"
        )
    if reasons:
        raise UnsafeSettings("this server will not start: " + "; ".join(reasons))


def _sqlalchemy_url(url: str) -> str:
    """The URL with the driver we use: psycopg 3 for PostgreSQL."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url[len(prefix) :]
    return url


def _kept_secret(instance: Path, name: str) -> str:
    """A random secret made once and kept in the instance folder (development only)."""
    path = instance / name
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(handle, "w") as file:
        file.write(secret := secrets.token_urlsafe(48))
    return secret


def _kept_key(instance: Path) -> str:
    """The vault's key of a development server, from a secret kept as the others are."""
    return base64.b64encode(hashlib.sha256(_kept_secret(instance, "field_key").encode()).digest()).decode()
