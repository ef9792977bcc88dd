"""Nights: which of a person's nights in the mission no hotel covers, and which stays overlap.

A night is the date on whose evening it begins; a stay from the 3rd to the 5th has the nights of the 3rd and 4th.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

# A place of more nights than this is a slip of the pen, not a mission.
MOST_NIGHTS = 400


@dataclass(frozen=True)
class Nights:
    """Some nights in a row: the first is that of ``first``, on ``until`` the person leaves."""

    first: date
    until: date

    @property
    def count(self) -> int:
        """How many nights there are."""
        return max((self.until - self.first).days, 0)

    def overlaps(self, other: Nights) -> bool:
        """Whether a night is in both. A stay that begins on the day another ends shares none."""
        return self.first < other.until and other.first < self.until


def uncovered(wanted: Nights, stays: Iterable[Nights]) -> list[Nights]:
    """The nights of ``wanted`` in no stay, those in a row together, in order."""
    covered = {night for stay in stays for night in _each(stay)}
    found: list[Nights] = []
    for night in _each(wanted):
        if night in covered:
            continue
        after = night + timedelta(days=1)
        if found and found[-1].until == night:
            found[-1] = Nights(found[-1].first, after)
        else:
            found.append(Nights(night, after))
    return found


def _each(nights: Nights) -> Iterator[date]:
    return (nights.first + timedelta(days=each) for each in range(min(nights.count, MOST_NIGHTS)))
