"""The lists of plans, and a plan's routes as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from eom.core.i18n import _, day, lazy
from eom.core.listing import Column, ListDefinition
from eom.deployment.plan_forms import hour
from eom.deployment.plan_models import Plan
from eom.deployment.plan_words import PARTS
from eom.deployment.queries import plans as queries
from eom.deployment.queries.plans import StopRow, TeamDay
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round


def plans(mission: Mission, link: Callable[[int], str] | None = None) -> ListDefinition:
    """The plans with their day, state, stations and travel."""
    columns = (
        Column("name", lazy("Plan"), lambda r: r.Plan.name, Plan.name, href=lambda r: link(r.Plan.id) if link else None),
        Column("round", lazy("Polling day"), lambda r: day(r.Round.polling_on), Round.polling_on),
        Column("state", lazy("State"), lambda r: str(r.Plan.state.label), Plan.state),
        Column("stations", lazy("Stations"), lambda r: r.station_count, sa.text("station_count"), "number"),
        Column("served", lazy("With a team"), lambda r: r.served_count, sa.text("served_count"), "number"),
        Column("minutes", lazy("Travel, minutes"), lambda r: r.Plan.totals.get("minutes"), None, "number"),
        Column("km", lazy("Travel, km"), lambda r: r.Plan.totals.get("km"), None, "number"),
    )  # fmt: skip
    return ListDefinition(
        queries.plans(mission), columns, (), (Plan.name,), sort="name", entity=False, tie=Plan.id
    )


def routes(days: Sequence[TeamDay], left: Sequence[StopRow]) -> Iterator[list[Any]]:
    """A plan as rows, headings first: every team's stations in order with their times, then those without a team."""
    yield [
        _("Team"), _("Order"), _("Station"), _("Centre"), _("Locality"), _("Task"), _("Arrives"), _("Leaves"),
        _("Travel, minutes"), _("Travel, km"), _("Latitude"), _("Longitude"),
    ]  # fmt: skip
    for each in days:
        for row in each.stops:
            yield _line(each.route.team.name, row)
    for row in left:
        yield _line("", row)


def _line(team: str, row: StopRow) -> list[Any]:
    stop, centre = row.stop, row.centre
    return [
        team, stop.position, row.station.code, centre.name, centre.locality, str(PARTS.get(stop.part or "", "")),
        hour(stop.arrives), hour(stop.leaves), _rounded(stop.travel_minutes), _rounded(stop.km), centre.latitude,
        centre.longitude,
    ]  # fmt: skip


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
