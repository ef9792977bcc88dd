"""The progress of a polling day as a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from eom.checklists.queries.progress import STAGES, AreaProgress
from eom.core.i18n import _


def area_rows(rows: Iterable[AreaProgress]) -> Iterator[list[Any]]:
    """The areas as they go out: headings first."""
    yield [_("Area"), _("Stations planned"), _("Stations visited"), *(str(each.label) for each in STAGES)]
    for row in rows:
        yield [
            row.name,
            row.planned_count,
            row.visited_count,
            *(row.reported.get(each, 0) for each in STAGES),
        ]
