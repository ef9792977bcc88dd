"""The lists of missions: their columns serve the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions import queries
from eom.missions.models.mission import Mission, Stage

TONES = {
    Stage.CLOSED: "neutral",
    Stage.CANCELLED: "danger",
    Stage.POLLING: "success",
    Stage.DEPLOYED: "success",
}


def stage_tone(stage: Stage) -> str:
    """The tone of a stage's badge."""
    return TONES.get(stage, "info")


def register(session: Session, ids: queries.Ids, link: Callable[[str], str]) -> ListDefinition:
    """The register of missions one may see; ``link`` gives the address of a mission from its code."""
    countries = sorted(
        ((code, i18n.country_name(code)) for code in queries.countries(session, ids)),
        key=lambda pair: i18n.sort_key(pair[1]),
    )
    years = [(str(year), str(year)) for year in queries.years(session, ids)]
    columns = (
        Column(
            "code", lazy("Code"), lambda r: r[0].code, Mission.code, "code", href=lambda r: link(r[0].code)
        ),
        Column("name", lazy("Mission"), lambda r: r[0].name, Mission.name),
        Column("country", lazy("Country"), lambda r: r[0].country, Mission.country, "country"),
        Column("polling", lazy("Polling day"), lambda r: r[1], queries.known_by, "date"),
        Column(
            "stage",
            lazy("Stage"),
            lambda r: r[0].stage,
            _stage_order(),
            "badge",
            tone=lambda r: stage_tone(r[0].stage),
        ),
        Column("chief", lazy("Chief of mission"), lambda r: r[0].chief_name, Mission.chief_name),
        Column(
            "observers",
            lazy("Observers"),
            lambda r: r[0].observers_stated,
            Mission.observers_stated,
            "number",
        ),
    )
    filters = (
        Filter("country", lazy("Country"), lambda value: Mission.country == value, choices=countries),
        Filter("stage", lazy("Stage"), lambda value: Mission.stage == Stage(value), choices=Stage.choices()),
        Filter("year", lazy("Year"), _in_year, choices=years),
    )
    return ListDefinition(
        queries.register(ids), columns, filters, (Mission.code, Mission.name, Mission.chief_name, Mission.host_authority),
        sort="polling", descending=True, entity=False, tie=Mission.id,
    )  # fmt: skip


def _in_year(value: str) -> Any:
    return sa.extract("year", queries.known_by) == int(value)


def _stage_order() -> Any:
    return sa.case(
        {stage.value: place for place, stage in enumerate(Stage)}, value=sa.cast(Mission.stage, sa.String)
    )
