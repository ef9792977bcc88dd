"""Areas, centres and stations with sensible defaults."""

from __future__ import annotations

from itertools import count

from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import Area, CentreFinding, FindingKind, PollingStation, VotingCentre

# All with as many digits: names sort as they were made, whichever tests ran before.
_numbers = count(10_001)


def an_area(mission: Mission, *, name: str = "Tarija", is_abroad: bool = False, **values) -> Area:
    """A first-level area (or a country abroad, level 0)."""
    defaults = {
        "level": 0 if is_abroad else 1, "country": "ARG" if is_abroad else mission.country,
        "boundary": None if is_abroad else name, "key": f"{name.casefold()}-{next(_numbers)}",
    }  # fmt: skip
    area = Area(mission_id=mission.id, name=name, is_abroad=is_abroad, **(defaults | values))
    db.session.add(area)
    db.session.flush()
    return area


def a_centre(mission: Mission, *, area: Area | None = None, **values) -> VotingCentre:
    """A voting centre with coordinates in Tarija."""
    area = area or an_area(mission)
    number = next(_numbers)
    defaults = {
        "name": f"Unidad Educativa {number}", "key": f"centre-{number}", "latitude": -21.53, "longitude": -64.73,
        "is_abroad": area.is_abroad,
    }  # fmt: skip
    centre = VotingCentre(
        mission_id=mission.id, area_id=area.id, first_area_id=area.id, **(defaults | values)
    )
    db.session.add(centre)
    db.session.flush()
    return centre


def a_station(mission: Mission, *, centre: VotingCentre | None = None, **values) -> PollingStation:
    """A polling station of a centre."""
    centre = centre or a_centre(mission)
    code = values.pop("code", None) or str(900_000 + next(_numbers))
    defaults = {"key": code, "code": code, "registered_voters": 220}
    station = PollingStation(mission_id=mission.id, centre_id=centre.id, **(defaults | values))
    db.session.add(station)
    db.session.flush()
    return station


def a_finding(
    mission: Mission, centre: VotingCentre, kind: FindingKind = FindingKind.FAR, **values
) -> CentreFinding:
    """An open doubt about a centre."""
    defaults = {"detail": {"metres": 41_000}}
    finding = CentreFinding(mission_id=mission.id, centre_id=centre.id, kind=kind, **(defaults | values))
    db.session.add(finding)
    db.session.flush()
    return finding
