"""The one thing that a GET writes: that something went out, or that somebody looked at what is delicate.

What was read is told in a transaction of its own, before the answer goes out: who cannot be noted gets
nothing. On SQLite the writers' lock is held for that entry alone, not while the answer is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import g, request

from eom.core import audit
from eom.core import db as core_db
from eom.extensions import db

ARGUMENTS = 20


def exported(object_type: str, object_id: Any, name: str, **facts: Any) -> None:
    """Note that a list or a file goes out to the person of this request."""
    _note(audit.exported, object_type, object_id, name, facts)


def looked(object_type: str, object_id: Any, name: str, **facts: Any) -> None:
    """Note that the person of this request looks at something delicate."""
    _note(audit.looked, object_type, object_id, name, facts)


def narrowing() -> dict[str, str]:
    """What the address narrows a list to: search, filters and order."""
    kept = {key[:40]: value[:200] for key, value in request.args.items() if value}
    return {key: kept[key] for key in sorted(kept)[:ARGUMENTS] if key not in ("format", "page")}


def _note(
    door: Callable[..., None], object_type: str, object_id: Any, name: str, facts: dict[str, Any]
) -> None:
    """Write one entry and nothing else. What the view has loaded is read anew when it is used again."""
    session = db.session()
    if session.new or session.deleted or any(session.is_modified(each) for each in session.dirty):
        raise RuntimeError(f"{request.path}: an answer that only reads has changed records")
    mission = g.get("mission")
    mission_id = mission.id if mission is not None else None
    # Ends the transaction that read: the one that writes begins as a writer.
    session.commit()
    with core_db.writing():
        door(session, object_type, object_id, name, mission_id=mission_id, **facts)
        session.commit()
