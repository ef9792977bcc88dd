"""Computing a plan in the background."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eom.core import jobs
from eom.core.db import writing
from eom.core.errors import Refused
from eom.core.i18n import _, lazy, ngettext
from eom.core.jobs import Job
from eom.deployment import routing_process
from eom.deployment.plan_models import Plan
from eom.deployment.plan_rules import Rules
from eom.deployment.queries import planning
from eom.deployment.routing import Problem, Solution
from eom.deployment.routing_process import SearchFailed
from eom.deployment.services import plans
from eom.extensions import db
from eom.missions.models.mission import Mission

PLAN = "deployment.plan"


@jobs.job(PLAN)
def compute(row: Job, progress: Any) -> dict[str, Any]:
    """Find the routes of a plan; arguments plan_id and server (the address of a routing server, or null).

    While it searches no transaction is open: on SQLite nobody else could write.
    """
    plan_id, server, mission_id = row.arguments["plan_id"], row.arguments.get("server"), row.mission_id
    _let_others_write()
    with writing(False):
        plan = _plan(plan_id)
        rules, material = Rules.of(plan.parameters), planning.material(db.session(), plan)
        _let_others_write()
    progress(0, max(rules.seconds, 1), _("Travel between the stations"))
    problem = plans.problem_of(material, rules, server)
    found = _search(problem, rules, plan_id, progress)
    outcome = plans.outcome_of(problem, found, material)
    plans.keep_outcome(_plan(plan_id), outcome)
    code = db.session.get_one(Mission, mission_id).code
    return {
        "lines": [
            [_("Stations with a team"), str(len(found.served))],
            [_("Stations without a team"), str(len(outcome["left"]))],
            [_("Travel"), ngettext("%(num)d minute", "%(num)d minutes", outcome["totals"]["minutes"])],
        ],
        "next_url": f"/missions/{code}/plans/{plan_id}", "next_label": _("See the plan"),
    }  # fmt: skip


def _search(problem: Problem, rules: Rules, plan_id: int, progress: Any) -> Solution:
    """The routes. Raises Refused when the search breaks off; the plan is then as it was before."""
    step, total = _("Routes of the teams"), max(rules.seconds, 1)

    def told(share: float, _cost: float) -> None:
        progress(round(share * total), total, step)

    try:
        return routing_process.search(problem, float(rules.seconds), told)
    except SearchFailed:
        plans.give_up(_plan(plan_id))
        db.session.commit()
        raise Refused(
            lazy("The search for routes broke off; the plan is as it was before."),
            next_step=lazy("Compute it again; if it happens again, with fewer stations."),
        ) from None


def _let_others_write() -> None:
    db.session.rollback()


def _plan(plan_id: int) -> Plan:
    return db.session.scalars(sa.select(Plan).where(Plan.id == plan_id).options(joinedload(Plan.round))).one()
