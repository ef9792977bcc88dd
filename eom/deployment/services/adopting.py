"""Adopting a plan: its routes become what the teams are assigned to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.errors import Refused
from eom.core.i18n import lazy
from eom.deployment.models import Assignment, Team
from eom.deployment.plan_models import Plan, PlanState
from eom.deployment.queries import plans as reading
from eom.deployment.queries import teams as team_reading
from eom.extensions import db


@dataclass(frozen=True)
class Adoption:
    """What adopting does to the assignments of a round, counted; ``former`` is the plan that it replaces."""

    kept: int
    added: int
    removed: int
    former: Plan | None


@dataclass(frozen=True)
class _Change:
    kept: list[Assignment]
    removed: list[Assignment]
    added: list[tuple[int, int]]
    former: Plan | None


def look(plan: Plan) -> Adoption:
    """What adopting would do. Raises Refused for a plan that has no routes."""
    change = _change(plan)
    return Adoption(len(change.kept), len(change.added), len(change.removed), change.former)


def adopt(plan: Plan) -> Adoption:
    """Assign everyone who observes to the stations of their team's route; what else their teams had is taken away.

    How a station was chosen (at random, …) stays with it. What was observed stays too. People in no team of the plan
    keep what they have. Raises Refused for a plan that has no routes or is being computed.
    """
    change = _change(plan)
    before = [*change.kept, *change.removed]
    chosen = {each.polling_station_id: each.selection for each in before}
    for each in change.removed:
        db.session.delete(each)
    db.session.flush()
    db.session.add_all(
        Assignment(
            mission_id=plan.mission_id, round_id=plan.round_id, appointment_id=appointment_id,
            polling_station_id=station_id, selection=chosen.get(station_id, plan.selection),
        )
        for appointment_id, station_id in change.added
    )  # fmt: skip
    if change.former is not None and change.former.id != plan.id:
        change.former.state, change.former.adopted_at = PlanState.READY, None
    plan.state, plan.adopted_at = PlanState.ADOPTED, clock.now()
    db.session.flush()
    done = Adoption(len(change.kept), len(change.added), len(change.removed), change.former)
    facts = {"kept": done.kept, "added": done.added, "removed": done.removed}
    audit.record(db.session(), "adopted", "plans", plan.id, plan.name, mission_id=plan.mission_id, **facts)
    return done


def withdraw(plan: Plan) -> None:
    """Take an adopted plan back: the assignments stay, its order is no longer shown to the teams."""
    if plan.state is not PlanState.ADOPTED:
        raise Refused(lazy("This plan is not adopted."))
    plan.state, plan.adopted_at = PlanState.READY, None
    db.session.flush()


def _change(plan: Plan) -> _Change:
    if plan.state not in (PlanState.READY, PlanState.ADOPTED):
        raise Refused(lazy("This plan has no routes yet."), next_step=lazy("Compute it first."))
    wanted = _wanted(plan)
    teams = [each.team_id for each in reading.route_rows(db.session(), plan)]
    held = reading.assignments_of_teams(db.session(), plan.round_id, teams)
    kept = [each for each in held if (each.appointment_id, each.polling_station_id) in wanted]
    known = {(each.appointment_id, each.polling_station_id) for each in kept}
    removed = [each for each in held if (each.appointment_id, each.polling_station_id) not in wanted]
    added = [pair for pair in wanted if pair not in known]
    return _Change(kept, removed, added, reading.adopted_plan(db.session(), plan.round_id))


def _wanted(plan: Plan) -> dict[tuple[int, int], None]:
    """(appointment's id, station's id) in the order of the routes."""
    observers = _observers(sorted({team for team, _station in reading.ordered_stations(db.session(), plan)}))
    return {
        (appointment_id, station_id): None
        for team_id, station_id in reading.ordered_stations(db.session(), plan)
        for appointment_id in observers.get(team_id, ())
    }


def _observers(team_ids: Sequence[int]) -> dict[int, list[int]]:
    teams = db.session.scalars(sa.select(Team).where(Team.id.in_(team_ids)).order_by(Team.id)).all()
    return {
        team.id: [each.id for each in team_reading.observing_members(db.session(), team)] for team in teams
    }
