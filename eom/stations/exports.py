"""The lists of stations and centres: their columns serve the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.core import i18n
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.missions.models.mission import Mission
from eom.stations import queries
from eom.stations.models import CentreFinding, FindingKind, FindingState, PollingStation, VotingCentre

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


def findings(
    session: Session, mission: Mission, link: Callable[[int], str | None], *, areas: queries.Areas = None
) -> ListDefinition:
    """What is doubtful about the centres of a mission, or of some areas of it: the worklist."""
    columns = (
        Column("centre", lazy("Voting centre"), lambda f: f.centre.name, VotingCentre.name, href=lambda f: link(f.id)),
        Column("kind", lazy("What is doubtful"), lambda f: f.kind, CentreFinding.kind, "label"),
        Column("detail", lazy("More about it"), lambda f: detail_words(f.detail)),
        Column("area", lazy("Area"), lambda f: f.centre.first_area.words),
        Column("place", lazy("Lowest area"), lambda f: f.centre.area.name),
        Column("latitude", lazy("Latitude"), lambda f: _degrees(f.centre.latitude)),
        Column("longitude", lazy("Longitude"), lambda f: _degrees(f.centre.longitude)),
        Column("state", lazy("State"), lambda f: f.state, CentreFinding.state, "label"),
        Column("reason", lazy("Reason"), lambda f: f.reason),
    )  # fmt: skip
    filters = (
        Filter("kind", lazy("What is doubtful"), lambda v: CentreFinding.kind == FindingKind(v), choices=FindingKind.choices()),
        Filter("state", lazy("State"), lambda v: CentreFinding.state == FindingState(v), choices=FindingState.choices()),
        _area_filter(session, mission, areas),
    )  # fmt: skip
    search = (VotingCentre.name, VotingCentre.code)
    query = queries.findings(mission, areas)
    return ListDefinition(query, columns, filters, search, sort="centre", tie=CentreFinding.id)


def detail_words(detail: dict[str, Any]) -> str:
    """What is known of a finding, in words."""
    parts = []
    if detail.get("found_in"):
        parts.append(lazy("it lies in %(area)s", area=detail["found_in"]))
    if detail.get("metres"):
        parts.append(
            lazy(
                "%(kilometres)s km from the middle of its area",
                kilometres=i18n.number(round(detail["metres"] / 1000)),
            )
        )
    if detail.get("other"):
        parts.append(lazy("with “%(name)s”", name=detail["other"]))
    if detail.get("count"):
        parts.append(lazy("%(count)s centres at the point", count=detail["count"]))
    return "; ".join(str(part) for part in parts)


def _degrees(value: float | None) -> str | None:
    return None if value is None else f"{value:.5f}"
