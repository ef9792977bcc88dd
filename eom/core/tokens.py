"""Secrets that someone carries (a session's cookie, a link, a device's address) and what is kept of them."""

from __future__ import annotations

import hashlib


def digest(token: str) -> str:
    """What the database keeps of a token: its SHA-256 in hexadecimal. Who reads it can sign in nowhere."""
    return hashlib.sha256(token.encode()).hexdigest()
