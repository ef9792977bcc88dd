"""Days that lie in a mission, within a margin for those who come early and leave late."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eom.core.errors import InvalidInput
from eom.core.i18n import day, lazy
from eom.missions.models.mission import Mission

MARGIN = timedelta(days=14)


def check(mission: Mission, on: date, field: str) -> None:
    """Raises InvalidInput for a day that is more than 14 days outside the mission's, where those are known."""
    too_early = mission.starts_on is not None and on < mission.starts_on - MARGIN
    too_late = mission.ends_on is not None and on > mission.ends_on + MARGIN
    if too_early or too_late:
        raise InvalidInput(
            lazy(
                "%(day)s lies outside the mission, which is from %(first)s to %(last)s.", day=day(on),
                first=day(mission.starts_on) or "…", last=day(mission.ends_on) or "…",
            ),
            field,
        )  # fmt: skip


def instant(mission: Mission, on: date, at: time) -> datetime:
    """The instant of a day and a time in the mission's zone, in UTC."""
    return datetime.combine(on, at, ZoneInfo(mission.time_zone)).astimezone(UTC)


def local(mission: Mission, at: datetime) -> datetime:
    """An instant in the mission's zone."""
    return at.astimezone(ZoneInfo(mission.time_zone))
