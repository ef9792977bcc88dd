"""The lists of stations and centres: their columns serve the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.stations import queries
from eom.stations.models import PollingStation, VotingCentre

Link = Callable[[int], str]
PLACES = (("home", lazy("In the country")), ("abroad", lazy("Abroad")))
STATES = (("present", lazy("In the register")), ("missing", lazy("No longer in the register")))
FINDINGS = (("unplaced", lazy("Without coordinates")), ("outside", lazy("Outside its stated area")))


def stations(
    session: Session,
    mission: Mission,
    centre_link: Link,
    *,
    in_full: bool = False,
    areas: queries.Areas = None,
) -> ListDefinition:
    """The polling stations of a mission, or of some areas of it; ``in_full`` adds what a page has no room for."""
    columns = [
        Column("code", lazy("Number"), lambda s: s.code, (sa.func.length(PollingStation.code), PollingStation.code)),
        Column("centre", lazy("Voting centre"), lambda s: s.centre.name, VotingCentre.name,
               href=lambda s: centre_link(s.centre_id)),
        Column("area", lazy("Area"), lambda s: s.centre.first_area.words),
        Column("place", lazy("Lowest area"), lambda s: s.centre.area.name),
        Column("voters", lazy("Registered voters"), lambda s: s.registered_voters,
               PollingStation.registered_voters, "number"),
    ]  # fmt: skip
    if in_full:
        columns += [
            Column("locality", lazy("Locality"), lambda s: s.centre.locality),
            Column("address", lazy("Address"), lambda s: s.centre.address),
            Column("latitude", lazy("Latitude"), lambda s: s.centre.latitude),
            Column("longitude", lazy("Longitude"), lambda s: s.centre.longitude),
            Column("abroad", lazy("Abroad"), lambda s: s.centre.is_abroad, kind="boolean"),
            Column("missing", lazy("No longer in the register"), lambda s: s.is_missing, kind="boolean"),
        ]
    filters = (
        _area_filter(session, mission, areas),
        Filter("where", lazy("Where"), lambda v: VotingCentre.is_abroad.is_(v == "abroad"), choices=PLACES),
        Filter(
            "state", lazy("State"), lambda v: PollingStation.is_missing.is_(v == "missing"), choices=STATES
        ),
    )
    search = (PollingStation.code, VotingCentre.name)
    return ListDefinition(
        queries.stations(mission, areas), columns, filters, search, sort="code", tie=PollingStation.id
    )


def centres(session: Session, mission: Mission, link: Link, *, areas: queries.Areas = None) -> ListDefinition:
    """The voting centres of a mission, or of some areas of it, with their stations and voters."""
    query = queries.centres(mission, areas)
    counted = {column["name"]: column["expr"] for column in query.column_descriptions}
    columns = (
        Column("name", lazy("Voting centre"), lambda r: r[0].name, VotingCentre.name, href=lambda r: link(r[0].id)),
        Column("area", lazy("Area"), lambda r: r[0].first_area.words),
        Column("place", lazy("Lowest area"), lambda r: r[0].area.name),
        Column("stations", lazy("Polling stations"), lambda r: r[1], counted["stations"], "number"),
        Column("voters", lazy("Registered voters"), lambda r: r[2], counted["voters"], "number"),
        Column("outside", lazy("Lies in"), lambda r: r[0].found_in),
    )  # fmt: skip
    filters = (
        _area_filter(session, mission, areas),
        Filter("finding", lazy("To look at"), _finding, choices=FINDINGS),
    )
    search = (VotingCentre.name, VotingCentre.code, VotingCentre.address)
    return ListDefinition(query, columns, filters, search, sort="name", entity=False, tie=VotingCentre.id)


def _area_filter(session: Session, mission: Mission, areas: queries.Areas) -> Filter:
    choices = [(str(each.id), each.words) for each in queries.first_areas(session, mission, areas)]
    return Filter("area", lazy("Area"), lambda v: VotingCentre.first_area_id == int(v), choices=choices)


def _finding(value: str) -> Any:
    if value == "unplaced":
        return VotingCentre.latitude.is_(None)
    return VotingCentre.is_outside_area.is_(True)
