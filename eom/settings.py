"""Settings: typed, frozen, from the environment. Unsafe production settings refuse to start.

What has a default here is safe to forget; what has none in production must be said.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024


class UnsafeSettings(RuntimeError):
    """The settings would run a production server unsafely."""


@dataclass(frozen=True)
class Settings:
    """Everything the environment may say. Sizes in bytes, times in seconds."""

    database_url: str
    secret_key: str
    password_salt: str
    production: bool = False
    testing: bool = False
    instance: Path = ROOT / "instance"
    storage: Path = ROOT / "instance" / "files"
    redis_url: str | None = None
    tile_url: str | None = None
    tile_attribution: str = ""
    max_upload: int = 64 * MEGABYTE
    host: str | None = None
    is_demonstration: bool = False
    is_warm: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read DATABASE_URL and EOM_* variables.

        Raises UnsafeSettings when EOM_ENV=production lacks a secret or names an unsafe value.
        """
        env = os.environ if environ is None else environ
        production = env.get("EOM_ENV", "development") == "production"
        instance = Path(env.get("EOM_INSTANCE", str(ROOT / "instance"))).resolve()
        key, salt = env.get("EOM_SECRET_KEY", ""), env.get("EOM_PASSWORD_SALT", "")
        if production:
            _refuse_unsafe(env, key, salt)
        else:
            key = key or _kept_secret(instance, "secret_key")
            salt = salt or _kept_secret(instance, "password_salt")
        return cls(
            database_url=_sqlalchemy_url(env.get("DATABASE_URL") or f"sqlite:///{instance / 'eom.sqlite'}"),
            secret_key=key,
            password_salt=salt,
            production=production,
            instance=instance,
            storage=Path(env.get("EOM_STORAGE", str(instance / "files"))).resolve(),
            redis_url=env.get("EOM_REDIS_URL") or None,
            tile_url=env.get("EOM_TILE_URL") or None,
            tile_attribution=env.get("EOM_TILE_ATTRIBUTION", ""),
            max_upload=int(env.get("EOM_MAX_UPLOAD_MB", "64")) * MEGABYTE,
            host=env.get("EOM_HOST") or None,
            is_demonstration=env.get("EOM_DEMONSTRATION", "") == "1",
            is_warm=env.get("EOM_WARM", "") == "1",
        )


def _refuse_unsafe(env: Mapping[str, str], key: str, salt: str) -> None:
    reasons = []
    if len(key) < 32:
        reasons.append("EOM_SECRET_KEY must be set to at least 32 random characters")
    if len(salt) < 16:
        reasons.append("EOM_PASSWORD_SALT must be set to at least 16 random characters")
    if not env.get("EOM_HOST"):
        reasons.append("EOM_HOST must name the host that people use, as observe.example.org")
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
