"""Making plans, keeping what a search found, moving stations between teams by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.deployment import routing, routing_reasons, routing_server
from eom.deployment.models import Selection, Team
from eom.deployment.plan_models import Plan, PlanRoute, PlanState, PlanStop
from eom.deployment.plan_rules import Rules, checked
from eom.deployment.queries import planning
from eom.deployment.queries import plans as reading
from eom.deployment.queries.planning import Material
from eom.deployment.routing import Crew, Problem, Route, Solution, Stop
from eom.deployment.routing_reasons import Reason
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations.models import PollingStation


def make_plan(
    mission: Mission, *, round_: Round, name: str, stations: Sequence[PollingStation], rules: Rules,
    selection: Selection = Selection.ASSIGNED,
) -> Plan:  # fmt: skip
    """A plan of a round for some stations, not computed yet.

    Raises InvalidInput for rules that cannot be and for no or too many stations, Conflict for a name that is taken,
    Refused for anything of another mission.
    """
    _check_stations(mission, round_, stations)
    if db.session.scalar(sa.select(Plan.id).where(Plan.mission_id == mission.id, Plan.name == name.strip())):
        raise Conflict(lazy("The mission has a plan “%(name)s” already.", name=name.strip()), "name")
    plan = Plan(
        mission_id=mission.id, round_id=round_.id, name=name.strip(), selection=selection,
        parameters=checked(rules).kept(), totals={},
    )  # fmt: skip
    db.session.add(plan)
    db.session.flush()
    ids = list(dict.fromkeys(each.id for each in stations))
    db.session.add_all(PlanStop(plan_id=plan.id, polling_station_id=id_, facts={}) for id_ in ids)
    db.session.flush()
    return plan


def _check_stations(mission: Mission, round_: Round, stations: Sequence[PollingStation]) -> None:
    if round_.mission_id != mission.id or any(each.mission_id != mission.id for each in stations):
        raise Refused(lazy("The polling day and the polling stations must be of this mission."))
    if not stations:
        raise InvalidInput(
            lazy("There is no polling station to plan for."), "source",
            lazy("Assign stations first, choose areas, or give numbers of stations."),
        )  # fmt: skip
    if len(stations) > planning.MOST_STATIONS:
        raise InvalidInput(
            lazy("A plan has at most %(most)d polling stations; these are more.", most=planning.MOST_STATIONS),
            "source", lazy("Choose smaller areas, or draw a sample first."),
        )  # fmt: skip


def change_rules(plan: Plan, rules: Rules) -> None:
    """Give a plan other parameters; its routes stay as they are until it is computed again."""
    plan.parameters = checked(rules).kept()
    db.session.flush()


def begin(plan: Plan, job_id: str) -> None:
    """Say that a search for the plan has begun. Raises Refused for a plan that is adopted."""
    if plan.state is PlanState.ADOPTED:
        raise Refused(
            lazy("This plan is adopted: computing it again would change what teams have in hand."),
            next_step=lazy("Make a new plan, compare the two, and adopt the better one."),
        )
    _refuse_running(plan)
    plan.state, plan.job_id = PlanState.COMPUTING, job_id
    db.session.flush()


def problem_of(material: Material, rules: Rules, server: str | None = None) -> Problem:
    """The problem of some material, with the travel between its points."""
    points = [(each.latitude, each.longitude) for each in material.stops]
    points += [(each.latitude, each.longitude) for each in material.crews]
    legs = routing_server.travel(points, rules.speeds, server)
    return Problem(tuple(material.crews), tuple(material.stops), rules.day, legs)


def outcome_of(problem: Problem, solution: Solution, material: Material) -> dict[str, Any]:
    """What ``keep_outcome`` writes: routes, reasons and totals, worked out without the database."""
    chosen, left, idle = routing_reasons.explained(problem, solution)
    left = {**material.left_stations, **left}
    routes = routing.routes_of(problem, solution)
    usual = routing_reasons.nearest_team(problem)
    minutes, km = sum(each.minutes for each in routes.values()), sum(each.km for each in routes.values())
    totals = {
        "minutes": round(minutes), "km": round(km), "search_minutes": round(minutes),
        "search_served": len(solution.served), "baseline_served": len(usual.served),
        "baseline_minutes": round(routing.travel_minutes(problem, usual)), "source": problem.legs.source,
        "advice": [asdict(each) for each in routing_reasons.advice(problem, solution, left)],
    }  # fmt: skip
    return {
        "routes": routes,
        "chosen": chosen,
        "left": left,
        "idle": {**material.left_teams, **idle},
        "totals": totals,
    }


def keep_outcome(plan: Plan, outcome: Mapping[str, Any]) -> None:
    """Write what a search found: the routes anew, each station's place or why it has none."""
    db.session.execute(sa.delete(PlanRoute).where(PlanRoute.plan_id == plan.id))
    db.session.expire(plan, ["routes", "stops"])
    teams = {*outcome["routes"], *outcome["idle"]}
    rows = {team_id: _new_route(plan, team_id, outcome["idle"].get(team_id)) for team_id in sorted(teams)}
    db.session.add_all(rows.values())
    db.session.flush()
    stops = reading.stops_by_station(db.session(), plan)
    for each in stops.values():
        _take_off(each, outcome["left"].get(each.polling_station_id))
    for route in outcome["routes"].values():
        _write_route(rows[route.crew_id], route, stops, outcome["chosen"])
    plan.totals = dict(outcome["totals"])
    plan.state, plan.computed_at = PlanState.READY, clock.now()
    db.session.flush()


def give_up(plan: Plan) -> None:
    """A search came to nothing: the plan is as it was before."""
    plan.state = PlanState.READY if plan.computed_at else PlanState.DRAFT
    db.session.flush()


def _new_route(plan: Plan, team_id: int, reason: Reason | None) -> PlanRoute:
    return PlanRoute(
        plan_id=plan.id, team_id=team_id, sets_out=0, returns=0, travel_minutes=0, km=0, back_minutes=0, back_km=0,
        faults=[], reason=reason.code if reason else None, facts=reason.facts if reason else {},
    )  # fmt: skip


def _take_off(stop: PlanStop, reason: Reason | None) -> None:
    stop.route_id = stop.position = stop.part = stop.arrives = stop.leaves = None
    stop.travel_minutes = stop.km = None
    stop.reason, stop.facts = (reason.code, reason.facts) if reason else (None, {})


def _write_route(
    row: PlanRoute, route: Route, stops: Mapping[int, PlanStop], reasons: Mapping[int, Reason]
) -> None:
    row.sets_out, row.returns, row.travel_minutes, row.km = (
        route.sets_out,
        route.returns,
        route.minutes,
        route.km,
    )
    row.back_minutes, row.back_km = route.back_minutes, route.back_km
    row.faults = sorted(each.value for each in route.faults)
    for number, timed in enumerate(route.stops, 1):
        stop = stops[timed.stop_id]
        stop.route_id, stop.position, stop.part = row.id, number, timed.part.value
        stop.arrives, stop.leaves, stop.travel_minutes, stop.km = (
            timed.arrives, timed.leaves, timed.minutes, timed.km,
        )  # fmt: skip
        if timed.stop_id in reasons:
            stop.reason, stop.facts = reasons[timed.stop_id].code, reasons[timed.stop_id].facts


def fix(plan: Plan, stop: PlanStop, team_id: int | None) -> None:
    """Fix a station to a team for the next searches, or with None leave it to them."""
    _refuse_adopted(plan)
    before, stop.fixed_team_id = stop.fixed_team_id, team_id
    if team_id is None and stop.reason == "fixed":
        stop.reason, stop.facts = "by_hand", {}
    _tell(plan, stop, "fixed", before, team_id)


def _refuse_adopted(plan: Plan) -> None:
    if plan.state is PlanState.ADOPTED:
        raise Refused(
            lazy("This plan is adopted and stands as it is."),
            next_step=lazy("Assign stations by hand, or make a new plan and adopt it."),
        )
    _refuse_running(plan)


def _refuse_running(plan: Plan) -> None:
    if reading.is_running(db.session(), plan):
        raise Refused(lazy("This plan is being computed: wait until it is ready."))


def _tell(plan: Plan, stop: PlanStop, action: str, before: int | None, after: int | None) -> None:
    """Say in the trail from which team to which a station went, or was fixed."""
    db.session.flush()
    found = db.session.execute(sa.select(Team.id, Team.name).where(Team.id.in_([before, after]))).tuples()
    names: dict[int | None, str] = {id_: name for id_, name in found}  # noqa: C416 - a row is no pair
    facts = {"station": stop.polling_station.code, "from": names.get(before, ""), "to": names.get(after, "")}
    audit.record(db.session(), action, "plans", plan.id, plan.name, mission_id=plan.mission_id, **facts)


def move(plan: Plan, stop: PlanStop, changes: Moved) -> None:
    """Put a station where a preview said, and fix it there."""
    _refuse_adopted(plan)
    rows = {each.team_id: each for each in reading.route_rows(db.session(), plan)}
    stops = reading.stops_by_station(db.session(), plan)
    _take_off(stop, Reason("by_hand"))
    for route in changes.after:
        row = rows.get(route.crew_id) or _new_route(plan, route.crew_id, None)
        db.session.add(row)
        db.session.flush()
        if not route.stops:
            row.reason, row.facts = "by_hand", {}
        _write_route(row, route, stops, {})
    stop.fixed_team_id = changes.to
    if changes.to is not None:
        stop.reason, stop.facts = "fixed", {}
    db.session.flush()
    _add_up(plan)
    _tell(plan, stop, "moved", changes.origin, changes.to)


def _add_up(plan: Plan) -> None:
    minutes, km = db.session.execute(
        sa.select(sa.func.sum(PlanRoute.travel_minutes), sa.func.sum(PlanRoute.km)).where(
            PlanRoute.plan_id == plan.id
        )
    ).one()
    plan.totals = {**plan.totals, "minutes": round(minutes or 0), "km": round(km or 0)}
    db.session.flush()


def remove_plan(plan: Plan) -> None:
    """Delete a plan that is not adopted. Raises Refused for one that is, or is being computed."""
    _refuse_adopted(plan)
    db.session.delete(plan)
    db.session.flush()


class Moved:
    """What moving a station would do: the two routes before and after; ``to`` and ``origin`` are ids of teams or None."""

    def __init__(self, origin: int | None, to: int | None, before: list[Route], after: list[Route]) -> None:
        self.origin, self.to, self.before, self.after = origin, to, before, after

    @property
    def minutes(self) -> float:
        """The travel that it adds to all, in minutes; less than nothing where it saves."""
        return sum(each.minutes for each in self.after) - sum(each.minutes for each in self.before)

    @property
    def km(self) -> float:
        """The kilometres that it adds to all."""
        return sum(each.km for each in self.after) - sum(each.km for each in self.before)


def orders_of(session: Any, plan: Plan) -> dict[int, tuple[int, ...]]:
    """The stations of each team of a plan in order, by the team's id."""
    found: dict[int, list[int]] = {}
    for team_id, station_id in reading.ordered_stations(session, plan):
        found.setdefault(team_id, []).append(station_id)
    return {team_id: tuple(order) for team_id, order in found.items()}


def moves(problem: Problem, orders: Mapping[int, tuple[int, ...]], station_id: int) -> list[Moved]:
    """Every team's cost of taking a station, the least first; routes that break no hours come before others."""
    origin = next((team for team, order in orders.items() if station_id in order), None)
    free = _freed(problem, station_id)
    found = [moved(free, orders, station_id, crew.id) for crew in free.crews if crew.id != origin]
    return sorted(
        found, key=lambda each: (sum(len(r.faults) for r in each.after), each.minutes, each.to or 0)
    )


def moved(problem: Problem, orders: Mapping[int, tuple[int, ...]], station_id: int, to: int | None) -> Moved:
    """What moving a station to a team (None: to nobody) does to both teams' days."""
    origin = next((team for team, order in orders.items() if station_id in order), None)
    before, after = [], []
    if origin is not None and origin in problem.crew_of:
        crew, order = problem.crew_of[origin], orders[origin]
        before.append(routing.timed(problem, crew, order))
        after.append(routing.timed(problem, crew, [each for each in order if each != station_id]))
    if to is not None:
        crew = problem.crew_of[to]
        order = tuple(each for each in orders.get(to, ()) if each != station_id)
        before.append(routing.timed(problem, crew, orders.get(to, ())))
        after.append(routing_reasons.best_insertion(problem, crew, order, station_id).route)
    return Moved(origin, to, before, after)


def _freed(problem: Problem, station_id: int) -> Problem:
    stops = [replace(each, crew=None) if each.id == station_id else each for each in problem.stops]
    return replace(problem, stops=tuple(stops))


def part_of(
    material: Material, orders: Mapping[int, tuple[int, ...]], teams: set[int | None], station_id: int
) -> Material:
    """The material of some teams only: their stations and one more."""
    wanted = {station_id, *(id_ for team, order in orders.items() if team in teams for id_ in order)}
    crews: list[Crew] = [each for each in material.crews if each.id in teams]
    stops: list[Stop] = [each for each in material.stops if each.id in wanted]
    return Material(crews, stops, {}, {})
