"""A version of a budget as rows of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eom.core.i18n import _
from eom.core.money import to_units
from eom.finance.models.budget import OBJECTS, BudgetVersion


def lines(version: BudgetVersion) -> Iterator[list[Any]]:
    """The headings, then a row a line; amounts in units of US dollars."""
    yield [
        _("Code"), _("Object"), _("Activity"), _("Description"), _("Unit"), _("Quantity"), _("Days or times"),
        _("Cost of a unit"), _("US dollars"), _("With the observers"), _("With the days"),
    ]  # fmt: skip
    for each in version.lines:
        yield [
            each.code, f"{each.object_number} {OBJECTS[each.object_number]}", str(each.activity.label), each.description,
            each.unit, each.quantity, each.days, to_units(each.unit_cents), to_units(each.usd_cents),
            _("Yes") if each.scales_with_observers else _("No"), _("Yes") if each.scales_with_days else _("No"),
        ]  # fmt: skip
