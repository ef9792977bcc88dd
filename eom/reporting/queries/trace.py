"""The lines behind a figure of the report: which they are, and what they add up to.

Every line is an expenditure, a movement of an award, an allocation, an agreement, a line of a budget, help
in kind, an open obligation, or a balance brought forward from the year before, which is a figure of that year's report and is
traced there. Sums are the database's, apart from the snapshot's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.types import Labelled
from eom.finance.models.award import Award
from eom.missions.models.mission import Mission
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.places import Place, check
from eom.reporting.queries import trace_balances, trace_legs
from eom.reporting.queries.trace_balances import Forward
from eom.reporting.queries.trace_legs import Leg, Scope


class LineKind(Labelled):
    """What a line behind a figure is."""

    FORWARD = "forward"
    EXPENDITURE = "expenditure"
    MOVEMENT = "movement"
    ALLOCATION = "allocation"
    PLEDGE = "pledge"
    AGREEMENT = "agreement"
    BUDGET = "budget"
    IN_KIND = "in_kind"
    OBLIGATION = "obligation"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "forward": lazy("Brought forward"),
            "expenditure": lazy("Expenditure"),
            "movement": lazy("Money in or out"),
            "allocation": lazy("Allocation"),
            "pledge": lazy("Pledge"),
            "agreement": lazy("Agreement"),
            "budget": lazy("Budget"),
            "in_kind": lazy("In kind"),
            "obligation": lazy("Obligation"),
        }


@dataclass(frozen=True)
class Trace:
    """The legs of a figure's lines, and the balance that earlier years handed on (US cents)."""

    place: Place
    legs: Sequence[Leg]
    forward_cents: int = 0
    forward: Forward | None = None

    def lines(self) -> Any:
        """All lines with the codes of their award and mission, and the columns by name."""
        queries: list[Any] = [leg.lines() for leg in self.legs]
        rows = (queries[0].union_all(*queries[1:]) if queries[1:] else queries[0]).subquery("line")
        columns: list[Any] = [*rows.c, Award.reference.label("award"), Mission.code.label("mission")]
        query: Any = sa.select(*columns).select_from(rows)
        query = query.outerjoin(Award, Award.id == rows.c.award_id)
        return query.outerjoin(Mission, Mission.id == rows.c.mission_id), rows.c

    def sum_and_count(self, session: Session) -> tuple[int, int]:
        """What all lines add up to, the balance brought forward included, and how many lines there are."""
        cents, count = self.forward_cents, 0
        for leg in self.legs:
            row = session.execute(leg.totals()).one()
            cents, count = cents + int(row[0]), count + int(row[1])
        return cents, count


def trace(session: Session, figures: AnnualFigures, place: Place) -> Trace:
    """What stands behind a figure. Raises NotFound for a place that is not in the report."""
    check(place, figures)
    scope = Scope.of(session, figures, place)
    legs, brought = trace_legs.legs_of(place, scope)
    if brought is None:
        return Trace(place, legs)
    forward = trace_balances.forward(session, brought, scope)
    return Trace(place, legs, forward.cents, forward)
