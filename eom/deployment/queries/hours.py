"""The hours of a polling day at which its coverage is looked at."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from eom.core.errors import InvalidInput
from eom.core.i18n import lazy
from eom.missions.models.process import Round

FIRST, LAST = time(6), time(18)
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=6)


def hours_of(round_: Round) -> list[datetime]:
    """The full hours from one before the opening until six after the closing (counting goes on), in its zone."""
    zone = ZoneInfo(round_.time_zone)
    starts = datetime.combine(round_.polling_on, round_.opens_at or FIRST, zone) - BEFORE
    ends = datetime.combine(round_.polling_on, round_.closes_at or LAST, zone) + AFTER
    hour = starts.replace(minute=0)
    count = int((ends - hour) / timedelta(hours=1)) + 1
    return [hour + timedelta(hours=number) for number in range(count)]


def hour_named(round_: Round | None, text: str | None) -> datetime | None:
    """The hour that a text names (as ``name_of``), None for none. Raises InvalidInput for one that is not its."""
    if not text:
        return None
    for each in hours_of(round_) if round_ is not None else []:
        if name_of(each) == text:
            return each
    raise InvalidInput(lazy("“%(text)s” is no hour of this polling day.", text=text[:30]), "until")


def name_of(hour: datetime) -> str:
    """An hour as an address holds it: day and hour, as counting may go on after midnight."""
    return f"{hour:%dT%H}"
