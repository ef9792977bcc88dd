"""Who acts: one who entered something is never the second person for it."""

from __future__ import annotations

from typing import Any

from eom.core import audit
from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.extensions import db


def actor() -> audit.Actor:
    """Who acts in this session."""
    return audit.actor_of(db.session())


def second_person(*first: int | None, message: Any = None, next_step: Any = None) -> audit.Actor:
    """Who acts, once it is somebody else than the ``first`` ones (ids of accounts).

    Raises Refused for one of them, and where nobody is signed in.
    """
    one = actor()
    if one.id is None or one.id in first:
        raise Refused(
            message or lazy("Whoever entered it cannot decide on it."),
            next_step=next_step or lazy("Ask a colleague in finance, or the finance reviewer."),
        )
    return one
