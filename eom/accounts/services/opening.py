"""How an account comes into being, invited or made in the shell."""

from __future__ import annotations

import uuid
from typing import Any

from eom.accounts.models import User
from eom.core import events
from eom.extensions import db


def open_account(**columns: Any) -> User:
    """Write a new account of these columns, without roles, and tell the other domains of it."""
    user = User(**columns, memberships=[], fs_uniquifier=uuid.uuid4().hex)
    db.session.add(user)
    db.session.flush()
    events.user_created.send(user, user_id=user.id, email=user.email)
    return user
