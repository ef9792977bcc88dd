"""The lines that most missions need, as a list."""

from __future__ import annotations

import sqlalchemy as sa

from eom.core.i18n import lazy
from eom.core.listing import Column, ExactColumn, Filter, ListDefinition
from eom.finance.exports.sums import Link
from eom.finance.models.budget import OBJECTS, Activity, StandardLine


def lines(link: Link | None) -> ListDefinition:
    """Every line; ``link`` leads to its form for those who may change it."""
    of = StandardLine
    columns = (
        Column("description", lazy("Description"), lambda r: r.description, of.description,
               href=lambda r: link(r) if link else None),
        Column("object", lazy("Object"), lambda r: f"{r.object_number} {OBJECTS[r.object_number]}", of.object_number),
        Column("activity", lazy("Activity"), lambda r: r.activity, of.activity, "label"),
        Column("unit", lazy("Unit"), lambda r: r.unit, of.unit),
        ExactColumn("quantity", lazy("Quantity"), lambda r: r.quantity, None, "number"),
        Column("basis", lazy("Multiplied by"), lambda r: r.basis, of.basis, "label"),
        Column("cost", lazy("Cost of a unit"), lambda r: r.unit_cents, of.unit_cents, "money"),
        Column("source", lazy("Source"), lambda r: r.source, of.source),
    )  # fmt: skip
    objects = [(str(number), label) for number, label in OBJECTS.items()]
    filters = (
        Filter("object", lazy("Object"), lambda v: of.object_number == int(v), choices=objects),
        Filter(
            "activity", lazy("Activity"), lambda v: of.activity == Activity(v), choices=Activity.choices()
        ),
    )
    return ListDefinition(
        sa.select(of), columns, filters, (of.description, of.source), sort="object", tie=of.id
    )
