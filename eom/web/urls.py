"""Addresses a person was sent from, kept to this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_address(target: str | None, fallback: str = "/") -> str:
    """``target`` when it is a path on this site, else ``fallback``: no open redirect."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return fallback
    parts = urlsplit(target.replace("\\", "/"))
    return target if not parts.scheme and not parts.netloc and "\n" not in target else fallback
