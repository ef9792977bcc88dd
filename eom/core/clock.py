"""The time. The one place that tests freeze."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present instant, in UTC and aware of it."""
    return datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """The calendar date in a zone (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()
