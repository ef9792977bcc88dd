"""What the pages of plans show, put together from what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from eom.core.i18n import _, number
from eom.deployment.plan_forms import hour
from eom.deployment.plan_models import Plan
from eom.deployment.plan_words import FAULTS, PARTS, SOURCES, advice, reason
from eom.deployment.queries import planning, teams
from eom.deployment.queries import plans as queries
from eom.deployment.queries.plans import StopRow, TeamDay
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import geography_points
from eom.stations.queries import Areas
from eom.web.urls import row_number

# Okabe and Ito's colours: told apart with any colour vision. Teams are numbered besides.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")


@dataclass(frozen=True)
class ShownStop:
    """A station as a page shows it."""

    row: StopRow
    arrives: str
    leaves: str
    part: str
    why: str
    is_fixed: bool


@dataclass(frozen=True)
class ShownDay:
    """A team's day as a page shows it."""

    number: int
    day: TeamDay
    stops: list[ShownStop]
    sets_out: str
    returns: str
    faults: list[str]
    why_idle: str
    colour: str


@dataclass(frozen=True)
class Shown:
    """A plan as its page shows it."""

    days: list[ShownDay]
    left: list[ShownStop]
    advice: list[str]
    source: str
    each_minutes: float | None
    usual_minutes: float | None
    least: int
    most: int
    served: int


class Words:
    """Sentences of a mission's plans, with the names of its teams and no-go areas."""

    def __init__(self, mission: Mission) -> None:
        self.teams = dict(teams.names(db.session(), mission))
        self.areas = {each.id: each.name for each in queries.no_go_areas(db.session(), mission)}

    def stop(self, row: StopRow) -> ShownStop:
        """A station with its words."""
        stop = row.stop
        return ShownStop(
            row, hour(stop.arrives), hour(stop.leaves), str(PARTS.get(stop.part or "", "")),
            reason(stop.reason, stop.facts, self.teams, self.areas), stop.fixed_team_id is not None,
        )  # fmt: skip

    def day(self, number_: int, day: TeamDay) -> ShownDay:
        """A team's day with its words."""
        route = day.route
        return ShownDay(
            number_, day, [self.stop(each) for each in day.stops], hour(route.sets_out), hour(route.returns),
            [str(FAULTS[each]) for each in route.faults if each in FAULTS],
            reason(route.reason, route.facts, self.teams, self.areas), COLOURS[(number_ - 1) % len(COLOURS)],
        )  # fmt: skip


def shown(mission: Mission, plan: Plan, areas: Areas) -> Shown:
    """A plan with everything in words."""
    days, left = queries.team_days(db.session(), plan, areas)
    words, totals = Words(mission), plan.totals
    loads = [len(each.stops) for each in days if each.stops] or [0]
    return Shown(
        [words.day(number_, each) for number_, each in enumerate(days, 1)], [words.stop(each) for each in left],
        [advice(each["code"], each["facts"]) for each in totals.get("advice", [])],
        str(SOURCES.get(totals.get("source", ""), "")),
        _per_station(totals, "search"), _per_station(totals, "baseline"),
        min(loads), max(loads), sum(loads),
    )  # fmt: skip


def _per_station(totals: dict[str, Any], of: str) -> float | None:
    """Minutes of travel for each station that has a team; None where there is none."""
    served = totals.get(f"{of}_served")
    return totals.get(f"{of}_minutes", 0) / served if served else None


def map_data(mission: Mission, plan: Plan, areas: Areas) -> dict[str, Any]:
    """The routes as the page's map takes them: positions in degrees, texts as texts."""
    days, left = queries.team_days(db.session(), plan, areas)
    return {
        "teams": [_team(mission, plan, number_, each) for number_, each in enumerate(days, 1) if each.stops],
        "left": [_point(each, "") for each in left if each.centre.latitude is not None],
        "boundaries": geography_points.first_level_boundaries(mission.country),
        "closed": [
            {"label": f"{each.name}: {each.reason}", "shape": each.shape}
            for each in planning.no_go_areas_on(db.session(), mission.id, plan.round.polling_on)
            if each.shape
        ],
    }


def _team(mission: Mission, plan: Plan, number_: int, day: TeamDay) -> dict[str, Any]:
    team = day.route.team
    return {
        "number": number_, "name": _("Team %(name)s", name=team.name), "colour": COLOURS[(number_ - 1) % len(COLOURS)],
        "base": None if team.latitude is None else [team.latitude, team.longitude],
        "url": url_for("itineraries.show", mission=mission.code, plan_id=plan.id, team_id=team.id),
        "stops": [_point(each, f"{each.stop.position}. {hour(each.stop.arrives)}") for each in day.stops],
    }  # fmt: skip


def _point(row: StopRow, before: str) -> list[Any]:
    label = " · ".join(part for part in (before, row.station.code, row.centre.name) if part)
    return [row.centre.latitude, row.centre.longitude, label]


def chosen(mission: Mission, wanted: str | None, names: Sequence[tuple[int, str]]) -> Plan | None:
    """The plan of an id in an address, when the mission has it."""
    known = {str(id_) for id_, _name in names}
    return db.session.get(Plan, row_number(wanted)) if wanted in known else None


def compared(one: Plan, other: Plan, areas: Areas) -> list[tuple[str, str, str]]:
    """(figure, of the one, of the other)."""
    figures = [_figures(each, areas) for each in (one, other)]
    return [(label, figures[0][label], figures[1][label]) for label in figures[0]]


def _figures(plan: Plan, areas: Areas) -> dict[str, str]:
    days, left = queries.team_days(db.session(), plan, areas)
    working = [each for each in days if each.stops]
    loads = [len(each.stops) for each in working] or [0]
    minutes = [each.route.travel_minutes for each in working]
    return {
        _("State"): str(plan.state.label), _("Stations with a team"): number(sum(loads)),
        _("Stations without a team"): number(len(left)), _("Teams with stations"): number(len(working)),
        _("Travel, minutes"): number(round(sum(minutes))), _("Travel, km"): number(round(sum(each.route.km for each in working))),
        _("Stations of a team, least and most"): f"{min(loads)} – {max(loads)}",
        _("Longest travel of a team, minutes"): number(round(max(minutes, default=0))),
        _("Routes that break their hours"): number(sum(bool(each.route.faults) for each in working)),
    }  # fmt: skip


def stations_moved(one: Plan, other: Plan, areas: Areas) -> list[tuple[str, str, str]]:
    """(station, its team in the one, its team in the other) where they differ."""
    held = [_holders(each, areas) for each in (one, other)]
    labels = {**held[0][1], **held[1][1]}
    return [
        (labels[id_], held[0][0].get(id_, "–"), held[1][0].get(id_, "–"))
        for id_ in sorted(labels, key=lambda id_: labels[id_])
        if held[0][0].get(id_) != held[1][0].get(id_)
    ]


def _holders(plan: Plan, areas: Areas) -> tuple[dict[int, str], dict[int, str]]:
    days, left = queries.team_days(db.session(), plan, areas)
    rows = [row for each in days for row in each.stops] + list(left)
    labels = {row.station.id: f"{row.station.code} · {row.centre.name}" for row in rows}
    return {row.station.id: each.route.team.name for each in days for row in each.stops}, labels
