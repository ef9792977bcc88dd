"""The list of samples and the list of what is in one: columns for the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import day, lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.deployment.models import Visit
from eom.deployment.queries import samples as reading
from eom.deployment.sample_models import Sample, SampledStation, SampleState
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.stations import queries as station_queries
from eom.stations.models import Area, PollingStation, VotingCentre

TONES = {"draft": "neutral", "adopted": "success", "set_aside": "warning"}
PARTS = (
    ("observe", lazy("To be observed")), ("drawn", lazy("Drawn")), ("reserve", lazy("In reserve")),
    ("replaced", lazy("Replaced")),
)  # fmt: skip


def samples(mission: Mission, link: Callable[[int], str]) -> ListDefinition:
    """The samples of a mission, the newest first: none is ever taken away."""
    columns = (
        Column("name", lazy("Sample"), lambda r: r.Sample.name, Sample.name, href=lambda r: link(r.Sample.id)),
        Column("round", lazy("Polling day"), lambda r: r.Round.polling_on, Round.polling_on, kind="date"),
        Column("design", lazy("Design"), lambda r: r.Sample.design, Sample.design, "label"),
        Column("stations", lazy("Stations"), lambda r: r.Sample.station_count, Sample.station_count, "number"),
        Column("reserve", lazy("In reserve"), lambda r: r.Sample.reserve_count, Sample.reserve_count, "number"),
        Column("margin", lazy("Expected margin"), lambda r: r.Sample.figures["margin"], kind="percent"),
        Column("state", lazy("State"), lambda r: r.Sample.state, Sample.state, "badge", tone=lambda r: TONES[r.Sample.state.value]),
        Column("drawn", lazy("Drawn at"), lambda r: (r.Sample.created_at, mission.time_zone), Sample.created_at, "moment"),
    )  # fmt: skip
    rounds = [(str(each.id), day(each.polling_on)) for each in mission.rounds]
    filters = (
        Filter("round", lazy("Polling day"), lambda v: Sample.round_id == int(v), choices=rounds),
        Filter(
            "state", lazy("State"), lambda v: Sample.state == SampleState(v), choices=SampleState.choices()
        ),
    )
    return ListDefinition(
        reading.samples(mission), columns, filters, (Sample.name,), sort="drawn", descending=True, entity=False,
        tie=Sample.id,
    )  # fmt: skip


def sampled(
    session: Session, mission: Mission, sample: Sample, areas: station_queries.Areas = None
) -> ListDefinition:
    """The stations of a sample and its replacements, in the order of the draw."""
    columns = (
        Column("part", lazy("Part"), part_of, SampledStation.is_replacement),
        Column("position", lazy("Place in the draw"), lambda r: r.SampledStation.position,
               (SampledStation.is_replacement, SampledStation.position), "number"),
        Column("station", lazy("Polling station"), lambda r: r.PollingStation.code,
               (sa.func.length(PollingStation.code), PollingStation.code)),
        Column("centre", lazy("Voting centre"), lambda r: r.VotingCentre.name, VotingCentre.name),
        Column("area", lazy("Area"), lambda r: r.Area.words, Area.name),
        Column("stratum", lazy("Stratum"), lambda r: r.SampledStation.stratum, SampledStation.stratum),
        Column("voters", lazy("Registered voters"), lambda r: r.PollingStation.registered_voters,
               PollingStation.registered_voters, "number"),
        Column("chance", lazy("Chance to be drawn"), lambda r: r.SampledStation.chance, SampledStation.chance, "percent"),
        Column("weight", lazy("Stands for"), lambda r: _rounded(r.SampledStation.weight), SampledStation.weight, "number"),
        Column("latitude", lazy("Latitude"), lambda r: r.VotingCentre.latitude, VotingCentre.latitude),
        Column("longitude", lazy("Longitude"), lambda r: r.VotingCentre.longitude, VotingCentre.longitude),
        Column("key", lazy("Key in the register"), lambda r: r.PollingStation.key, PollingStation.key),
        Column("reason", lazy("Why it was replaced"), lambda r: r.because),
        Column("visited", lazy("First checklist"), lambda r: r.Visit and (r.Visit.first_at, mission.time_zone),
               Visit.first_at, "moment"),
    )  # fmt: skip
    return ListDefinition(
        reading.sampled(sample, areas), columns, _filters(session, mission, areas),
        (PollingStation.code, VotingCentre.name), sort="position", entity=False, tie=SampledStation.id,
    )  # fmt: skip


def _filters(session: Session, mission: Mission, areas: station_queries.Areas) -> tuple[Filter, ...]:
    places = [(str(each.id), each.words) for each in station_queries.first_areas(session, mission, areas)]
    return (
        Filter("part", lazy("Part"), _part, choices=PARTS),
        Filter("area", lazy("Area"), lambda v: VotingCentre.first_area_id == int(v), choices=places),
    )


def part_of(row: Any) -> str:
    """What a sampled station is: drawn, replaced, in reserve, or standing in."""
    one = row.SampledStation
    if row.stand_in_id is not None:
        return str(lazy("Replaced"))
    if not one.is_replacement:
        return str(lazy("Drawn"))
    return str(lazy("In reserve") if one.replaces_id is None else lazy("Stands in"))


def can_be_replaced(row: Any) -> bool:
    """Whether a replacement may stand in for a row's station: it is to be observed, and was not visited."""
    one = row.SampledStation
    in_reserve = one.is_replacement and one.replaces_id is None
    return not in_reserve and row.stand_in_id is None and row.Visit is None


def _part(value: str) -> Any:
    spare = SampledStation.is_replacement
    return {
        "observe": reading.is_in_force(),
        "drawn": spare.is_(False),
        "reserve": sa.and_(spare, SampledStation.replaces_id.is_(None)),
        "replaced": reading.STAND_IN.c.id.is_not(None),
    }[value]


def _rounded(weight: float | None) -> float | None:
    return None if weight is None else round(weight, 2)
