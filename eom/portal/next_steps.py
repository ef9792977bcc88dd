"""What a person can do next, by what their roles include."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from eom.core.i18n import lazy
from eom.portal.queries import MissionCard
from eom.web.access import can, can_anywhere


@dataclass(frozen=True)
class Step:
    """A thing to do: its words, where it leads, an icon."""

    title: Any
    text: Any
    url: str
    icon: str


@dataclass(frozen=True)
class Offer:
    """A step offered to whoever holds the permission: in a mission, or everywhere."""

    permission: str
    title: Any
    text: Any
    endpoint: str
    icon: str
    in_mission: bool = True
    anywhere: bool = False


OFFERS = (
    Offer("checklist.fill", lazy("Fill a checklist"), lazy("Report what you see at your polling stations."),
          "checklists.mine", "ui-checks"),
    Offer("checklist.fill", lazy("Open the field app"), lazy("It works on your phone where there is no network."),
          "field_app.shell", "phone"),
    Offer("checklist.fill", lazy("Your itinerary"), lazy("Your journeys, hotel, team, card, and whom to call."),
          "itinerary.show", "suitcase", in_mission=False, anywhere=True),
    Offer("coverage.read", lazy("See the coverage map"), lazy("What is planned and what has been visited, by area."),
          "coverage.show", "map"),
    Offer("station.import", lazy("Load polling stations"), lazy("Take the authority's file as it is."),
          "station_imports.new", "upload"),
    Offer("appointment.edit", lazy("Appoint observers"), lazy("Check who may observe, and what they still lack."),
          "appointments.index", "people"),
    Offer("expenditure.record", lazy("Record an expenditure"), lazy("Book a voucher against an award."),
          "expenditures.new", "receipt"),
    Offer("finance.read", lazy("Budget and spending"), lazy("What was planned, what was spent, by object."),
          "budgets.show", "cash-coin"),
    Offer("mission.create", lazy("Record a mission"), lazy("Start from the invitation."),
          "missions.new", "plus-circle", in_mission=False),
    Offer("report.read", lazy("Annual report to the Permanent Council"),
          lazy("Sources of funding, and the amounts spent on each mission."),
          "annual.index", "file-earmark-spreadsheet", in_mission=False),
    Offer("award.read-own", lazy("See your awards"), lazy("What came in, and what it was spent on."),
          "own_awards.index", "bank", in_mission=False),
    Offer("audit.read", lazy("Read the audit trail"), lazy("Who changed what, when, and why."),
          "audit.index", "clock-history", in_mission=False),
)  # fmt: skip


def next_steps(cards: list[MissionCard]) -> list[Step]:
    """At most six steps, those in the nearest mission first."""
    nearest = cards[0].mission if cards else None
    return list(_steps(nearest))[:6]


def _steps(mission: Any) -> Iterator[Step]:
    for offer in OFFERS:
        if offer.in_mission and mission is not None and can(offer.permission, mission):
            yield Step(offer.title, offer.text, url_for(offer.endpoint, mission=mission.code), offer.icon)
        elif not offer.in_mission and (can_anywhere if offer.anywhere else can)(offer.permission):
            yield Step(offer.title, offer.text, url_for(offer.endpoint), offer.icon)
