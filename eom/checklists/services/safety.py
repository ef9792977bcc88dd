"""An observer's word that they are safe: kept once, however often it is sent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eom.accounts.models import User
from eom.checklists.models.safety import SafetyReport
from eom.checklists.queries import safety
from eom.core.errors import Conflict, InvalidInput
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission

MAX_NAME = 64
MAX_ACCURACY = 1e7


def tell(mission: Mission, user: User, told: Mapping[str, Any]) -> SafetyReport:
    """Keep a word: ``{"instanceID", "at", "latitude", "longitude", "accuracy"}``, the position left out or whole.

    The same again is the same report. Raises InvalidInput for what is no such word, Conflict when another
    person's has its name.
    """
    instance_id = _name(told.get("instanceID"))
    kept = _kept(mission, user, instance_id)
    if kept is not None:
        return kept
    report = SafetyReport(
        mission_id=mission.id, user_id=user.id, instance_id=instance_id, at=_moment(told.get("at")),
        appointment_id=safety.appointment_of(db.session(), mission, user), **_position(told),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError:
        # Another request of the same telephone was faster.
        kept = _kept(mission, user, instance_id)
        if kept is None:
            raise
        return kept
    return report


def _kept(mission: Mission, user: User, instance_id: str) -> SafetyReport | None:
    found = db.session.scalar(
        sa.select(SafetyReport).where(
            SafetyReport.mission_id == mission.id, SafetyReport.instance_id == instance_id
        )
    )
    if found is not None and found.user_id != user.id:
        raise Conflict(lazy("Another person’s report has this name."))
    return found


def _name(value: Any) -> str:
    if (
        not isinstance(value, str)
        or not 1 <= len(value) <= MAX_NAME
        or "\0" in value
        or not value.isprintable()
    ):
        raise InvalidInput(lazy("A report needs a name of 1 to %(limit)s characters.", limit=MAX_NAME))
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        raise InvalidInput(lazy("A report needs its time, as 2021-11-28T14:05:00Z.")) from None


def _position(told: Mapping[str, Any]) -> dict[str, float | None]:
    """The position, or none: one that cannot be is left out, because the word itself must not be lost."""
    latitude, longitude = _number(told.get("latitude"), 90), _number(told.get("longitude"), 180)
    if latitude is None or longitude is None:
        return {"latitude": None, "longitude": None, "accuracy": None}
    accuracy = _number(told.get("accuracy"), MAX_ACCURACY)
    return {"latitude": latitude, "longitude": longitude, "accuracy": accuracy}


def _number(value: Any, limit: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and abs(value) <= limit else None
