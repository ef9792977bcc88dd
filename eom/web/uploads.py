"""A file between two requests: kept in the store, named by a signed token that only its sender can use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_security import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.web import responses

HOUR = 3600


@dataclass(frozen=True)
class Kept:
    """The bytes of a file, what the person called it, the token that finds it again, its SHA-256."""

    data: bytes
    name: str
    token: str
    digest: str


def keep(sent: Any, purpose: str) -> Kept:
    """Keep an uploaded file for the next step of ``purpose``, for an hour."""
    data, name = sent.read(), Path(sent.filename or "").name[:200] or "file"
    digest = responses.store().put(data)
    return Kept(data, name, _signer(purpose).dumps([digest, name, current_user.id]), digest)


def kept(token: str, purpose: str) -> Kept:
    """The file of a token. Raises InvalidInput when the token is old, false or someone else's."""
    try:
        digest, name, user_id = _signer(purpose).loads(token, max_age=HOUR)
    except BadData:
        digest = name = user_id = None
    if not digest or user_id != current_user.id:
        raise InvalidInput(lazy("This preview is no longer valid."), next_step=lazy("Send the file again."))
    return Kept(responses.store().get(digest), name, token, digest)


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"upload:{purpose}")
