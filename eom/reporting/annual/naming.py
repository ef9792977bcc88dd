"""What a figure of the report is called: its column, and whose it is."""

from __future__ import annotations

from typing import Any

from eom.core.i18n import _, lazy
from eom.reporting.annual.columns import COLUMNS, object_heading
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import SourceKind
from eom.reporting.annual.places import SOURCES, Place

_MORE: dict[str, Any] = {
    "available": lazy("Available"),
    "allocated": lazy("Allocated"),
    "paid_regular": lazy("Paid by the Regular Fund"),
    "paid_specific": lazy("Paid by specific funds"),
    "in_kind": lazy("In kind (valued)"),
}


def heading(place: Place) -> str:
    """«4. Travel», «Closing balance»."""
    if place.object:
        return str(object_heading(place.object))
    return str(_MORE.get(place.column) or COLUMNS[place.column])


def scope_words(place: Place, figures: AnnualFigures) -> str:
    """Whose figure it is: a mission's, an award's, both, a kind of source's, or all."""
    told = []
    if place.mission:
        told.append(place.mission)
    if place.award:
        donors = {source.award: source.donor for source in figures.sources}
        told.append(f"{place.award} · {donors.get(place.award, '')}")
    if place.kind:
        told.append(str(SourceKind(place.kind).label))
    if place.row:
        told.append(figures.in_kind[place.row - 1].description)
    return " × ".join(told) or str(_("All sources") if place.part == SOURCES else _("All missions"))
