"""How long what is held of people is kept: days from the closing of their last mission, by group.

The days are the organization's to decide; these are our proposal (domain.md, section 5: passport and
medical data 30 to 90 days after return, names for the archive). To change one, change its rule here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from eom.core.i18n import _, lazy, ngettext
from eom.core.types import Labelled


class KeptGroup(Labelled):
    """What is kept and removed together."""

    PASSPORT = "passport"
    MEDICAL = "medical"
    EMERGENCY = "emergency"
    MOVEMENTS = "movements"
    CONTACT = "contact"
    NAMES = "names"
    STRANGERS = "strangers"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "passport": lazy("Passport and birth date"),
            "medical": lazy("Medical notes"),
            "emergency": lazy("Emergency contact"),
            "movements": lazy("Journeys, nights and photo"),
            "contact": lazy("Contact details"),
            "names": lazy("Names and appointments"),
            "strangers": lazy("Names and numbers of people who are on no roster (senders of SMS, drivers)"),
        }


@dataclass(frozen=True)
class Rule:
    """How many days a group is kept after the closing of a person's last mission; None: for good."""

    group: KeptGroup
    days: int | None

    @property
    def words(self) -> str:
        """How long that is, for people."""
        if self.days is None:
            return _("For good, until the person is made anonymous")
        if self.days % 365 == 0:
            return ngettext(
                "%(num)d year after the closing", "%(num)d years after the closing", self.days // 365
            )
        return ngettext("%(num)d day after the closing", "%(num)d days after the closing", self.days)

    def due_on(self, closed_on: date) -> date | None:
        """The first day on which the group is no longer kept."""
        return None if self.days is None else closed_on + timedelta(days=self.days)


SCHEDULE = (
    Rule(KeptGroup.PASSPORT, 60),
    Rule(KeptGroup.MEDICAL, 60),
    Rule(KeptGroup.EMERGENCY, 60),
    Rule(KeptGroup.MOVEMENTS, 60),
    Rule(KeptGroup.CONTACT, 3 * 365),
    Rule(KeptGroup.NAMES, None),
)
# What is held of people whom nobody knows, counted from the closing of the mission that they wrote to.
STRANGERS = Rule(KeptGroup.STRANGERS, 60)


@dataclass(frozen=True)
class DueData:
    """A group of a person's data that is no longer to be kept, since ``due_on``."""

    person_id: int
    name: str
    group: KeptGroup
    mission_code: str
    closed_on: date
    due_on: date


@dataclass(frozen=True)
class DueNumbers:
    """How many telephone numbers of unknown people a mission holds longer than it may, since ``due_on``."""

    mission_id: int
    mission_code: str
    count: int
    closed_on: date
    due_on: date
    group: KeptGroup = KeptGroup.STRANGERS


@dataclass(frozen=True)
class RetentionReport:
    """What falls due, and what stays although its time may have come, with the reason.

    ``active`` are people who have a place in another mission that is still open; ``undated`` are
    (name, mission) of people whose mission was closed on a day that nobody knows.
    """

    as_of: date
    due: tuple[DueData, ...]
    active: tuple[str, ...]
    undated: tuple[tuple[str, str], ...]
    numbers: tuple[DueNumbers, ...] = ()

    @property
    def due_count(self) -> int:
        """How many removals are due: of a group of a person each, and of a mission's numbers."""
        return len(self.due) + len(self.numbers)
