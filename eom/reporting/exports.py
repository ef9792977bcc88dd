"""The lines behind a figure of the annual report, as a list to page through and to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column, ExactColumn, Filter, ListDefinition
from eom.finance.models.award import MovementKind
from eom.finance.models.budget import OBJECTS
from eom.reporting.queries.trace import LineKind, Trace

Link = Callable[[Any], str | None]


def lines(trace: Trace, link: Link, *, sum_cents: int, in_full: bool = False) -> ListDefinition:
    """The list; ``link`` gives a line's own page, ``sum_cents`` is what all lines add up to."""
    query, of = trace.lines()
    columns = _columns(of, link, in_full)
    kinds = [(kind, str(LineKind(kind).label)) for kind in dict.fromkeys(leg.kind for leg in trace.legs)]
    filters = (
        [Filter("line", lazy("Line"), lambda value: of.what == value, choices=kinds)]
        if len(kinds) > 1
        else []
    )

    def totals(session: Session, narrowed: Any) -> Mapping[str, str]:
        """The sum of the lines shown; of all of them it is known already."""
        if narrowed.whereclause is None:
            return {"cents": i18n.money(sum_cents)}
        rows = narrowed.order_by(None).subquery()
        cents = session.scalar(sa.select(sa.func.coalesce(sa.func.sum(rows.c.cents), 0)))
        return {"cents": i18n.money(int(cents or 0))}

    plain: Any = sa.select(of.id, of.cents)
    return ListDefinition(
        query, columns, filters, (of.paper, of.words), sort="day", entity=False, tie=of.id, totals=totals, plain=plain
    )  # fmt: skip


def _columns(of: Any, link: Link, in_full: bool) -> list[Column]:
    columns: list[Column] = [
        Column("day", lazy("Date"), lambda r: r.day, of.day, "date"),
        Column("what", lazy("Line"), what, of.what, "label"),
        Column("paper", lazy("Voucher or reference"), lambda r: r.paper, of.paper, href=link),
        Column("mission", lazy("Mission"), lambda r: r.mission),
        Column("award", lazy("Award"), lambda r: r.award),
        Column("object", lazy("Object"), _object, of.object_number),
        Column("words", lazy("Payee, donor or note"), lambda r: r.words, of.words),
        Column("amount", lazy("Amount"), lambda r: r.amount_cents, of.amount_cents, "money", currency=lambda r: r.currency),
        Column("cents", lazy("In the figure"), lambda r: int(r.cents), of.cents, "money"),
    ]  # fmt: skip
    if in_full:
        columns.insert(8, Column("currency", lazy("Currency"), lambda r: r.currency))
        columns.insert(9, ExactColumn("rate", lazy("Units for one US dollar"), lambda r: r.rate))
    return columns


def what(row: Any) -> Any:
    """What a line is: a movement by its kind."""
    return MovementKind(row.step).label if row.step else LineKind(row.what).label


def _object(row: Any) -> str:
    return f"{row.object_number} {OBJECTS[row.object_number]}" if row.object_number else ""
