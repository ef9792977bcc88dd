"""What the lists and columns of the report are called, wherever a single figure is named."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import lazy
from eom.reporting.annual.figures import OBJECTS

OBJECT_NAMES: dict[int, Any] = {
    1: lazy("Personnel, recurrent"),
    2: lazy("Personnel, non-recurrent"),
    3: lazy("Fellowships"),
    4: lazy("Travel"),
    5: lazy("Documents"),
    6: lazy("Equipment and supplies"),
    7: lazy("Buildings and maintenance"),
    8: lazy("Performance contracts"),
    9: lazy("Other costs"),
}
PARTS: dict[str, Any] = {
    "sources": lazy("Sources of funding"),
    "missions": lazy("Spending by mission"),
    "matrix": lazy("Mission × source"),
    "in_kind": lazy("In kind (valued)"),
}
COLUMNS: dict[str, Any] = {
    "agreed_original": lazy("Agreed, in the currency of the agreement"),
    "pledged": lazy("Pledged"),
    "agreed": lazy("Agreed"),
    "carried_forward": lazy("Carried forward last year"),
    "opening": lazy("Opening balance"),
    "received": lazy("Received"),
    "transfers_in": lazy("Transfers in"),
    "interest": lazy("Interest"),
    "exchange": lazy("Exchange gain or loss"),
    "direct": lazy("Direct spending"),
    "icr": lazy("Indirect cost recovery"),
    "refunds": lazy("Refunds to the donor"),
    "transfers_out": lazy("Transfers out"),
    "closing": lazy("Closing balance"),
    "budget": lazy("Budget"),
    "allocated_cash": lazy("Allocated in cash"),
    "allocated_regular": lazy("Allocated from the Regular Fund"),
    "open_obligations": lazy("Open obligations"),
    "spent_since_start": lazy("Spent since the start"),
    "spent": lazy("Total spent"),
    "valued": lazy("Value"),
}


def object_heading(number: int) -> Any:
    """«4. Travel»."""
    return lazy("%(number)s. %(name)s", number=number, name=OBJECT_NAMES[number])


COLUMNS.update({f"object{number}": object_heading(number) for number in OBJECTS})


def part_name(part: str) -> str:
    """The list's name for people."""
    return str(PARTS.get(part, part))


def column_name(column: str) -> str:
    """The column's name for people."""
    return str(COLUMNS.get(column, column))
