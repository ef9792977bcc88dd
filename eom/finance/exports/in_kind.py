"""The lists of help in kind: all of it, and that for one mission."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, ExactColumn, Filter, ListDefinition
from eom.finance.exports.sums import Link, invented, sum_up
from eom.finance.models.award import Donor, InKindContribution, InKindKind
from eom.finance.queries import donors, in_kind
from eom.finance.queries.years import year_given
from eom.missions.models.mission import Mission

SEARCH = (InKindContribution.description, Donor.name, InKindContribution.basis)
VALUE = InKindContribution.valued_cents


def register(session: Session, link: Link | None, *, in_full: bool = False) -> ListDefinition:
    """All help in kind; ``link`` leads to its form for those who may change it."""
    columns = (*_first(link), MISSION, *_last(in_full))
    codes = [(str(id_), code) for id_, code in in_kind.missions(session)]
    filters = (
        _by_kind(),
        Filter("donor", lazy("Donor"), lambda v: Donor.id == int(v), choices=donors.choices(session)),
        Filter("mission", lazy("Mission"), lambda v: Mission.id == int(v), choices=codes),
        Filter(
            "year",
            lazy("Year"),
            lambda v: year_given == int(v),
            choices=[(str(y), str(y)) for y in in_kind.years(session)],
        ),
    )
    return _definition(in_kind.contributions(), columns, filters)


def of_mission(mission: Mission, link: Link | None, *, in_full: bool = False) -> ListDefinition:
    """The help in kind for one mission."""
    query = in_kind.contributions().where(Mission.id == mission.id)
    return _definition(query, (*_first(link), *_last(in_full)), (_by_kind(),))


def _definition(query: Any, columns: tuple[Column, ...], filters: tuple[Filter, ...]) -> ListDefinition:
    return ListDefinition(
        query, columns, filters, SEARCH, sort="given_on", descending=True, entity=False,
        tie=InKindContribution.id, totals=sum_up("valued"),
    )  # fmt: skip


def _first(link: Link | None) -> tuple[Column, ...]:
    return (
        Column(
            "description",
            lazy("What was given"),
            lambda r: r[0].description,
            InKindContribution.description,
            href=lambda r: link(r[0].id) if link else None,
        ),
        Column("kind", lazy("Kind"), lambda r: r[0].kind, InKindContribution.kind, "label"),
        Column("donor", lazy("Donor"), lambda r: r[0].donor.name, Donor.name),
    )


def _last(in_full: bool) -> tuple[Column, ...]:
    columns = (
        Column("given_on", lazy("Given on"), lambda r: r[0].given_on, InKindContribution.given_on, "date"),
        ExactColumn("quantity", lazy("Quantity"), lambda r: r[0].quantity, kind="number"),
        Column("valued", lazy("Value (US$)"), lambda r: r[0].valued_cents, VALUE, "money"),
        Column("basis", lazy("Basis of the value"), lambda r: r[0].basis),
    )
    return (*columns, invented()) if in_full else columns


def _by_kind() -> Filter:
    return Filter(
        "kind", lazy("Kind"), lambda v: InKindContribution.kind == InKindKind(v), choices=InKindKind.choices()
    )


MISSION = Column("mission", lazy("Mission"), lambda r: r[1].code, Mission.code)
