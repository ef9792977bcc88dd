"""Areas that nobody of a mission enters, and the areas that a team keeps to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from eom.core.errors import Conflict, InvalidInput, Refused
from eom.core.i18n import lazy
from eom.deployment import no_go_shapes
from eom.deployment.models import Team
from eom.deployment.plan_models import NoGoArea, TeamArea
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations.models import Area


def make_no_go(mission: Mission, **told: object) -> NoGoArea:
    """A new area that nobody enters; ``told`` as ``edit_no_go`` takes it, and raises."""
    made = NoGoArea(mission_id=mission.id)
    edit_no_go(mission, made, **told)  # type: ignore[arg-type]
    db.session.add(made)
    db.session.flush()
    return made


def edit_no_go(
    mission: Mission, no_go: NoGoArea, *, name: str, reason: str, area_id: int | None = None,
    geojson: str | None = None, starts_on: date | None = None, ends_on: date | None = None,
) -> None:  # fmt: skip
    """Change an area that nobody enters: an administrative area, or the polygons of a GeoJSON text, one of the two.

    Raises InvalidInput for what cannot be, Conflict for a name that is taken, Refused for another mission's area.
    """
    if (area_id is None) == (not (geojson or "").strip()):
        raise InvalidInput(lazy("Choose an area or give a shape: one of the two."), "area_id")
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput(lazy("The last day comes after the first."), "ends_on")
    if area_id is not None:
        area = db.session.get(Area, area_id)
        if area is None or area.mission_id != mission.id:
            raise Refused(lazy("The area must be of this mission."), "area_id")
    _refuse_known(mission, no_go, name.strip())
    no_go.name, no_go.reason, no_go.area_id = name.strip(), reason.strip(), area_id
    no_go.shape = None if area_id is not None else no_go_shapes.read_geojson(geojson or "")
    no_go.starts_on, no_go.ends_on = starts_on, ends_on
    db.session.flush()


def remove_no_go(no_go: NoGoArea) -> None:
    """Open an area again; plans heed it from their next search on."""
    db.session.delete(no_go)
    db.session.flush()


def keep_to(mission: Mission, team: Team, area_ids: Sequence[int]) -> None:
    """Limit a team to some areas; none: it goes everywhere. Raises Refused for another mission's area."""
    wanted = set(area_ids)
    known = set(
        db.session.scalars(sa.select(Area.id).where(Area.mission_id == mission.id, Area.id.in_(wanted)))
    )
    if wanted - known:
        raise Refused(lazy("The area must be of this mission."), "areas")
    held = {
        each.area_id: each
        for each in db.session.scalars(sa.select(TeamArea).where(TeamArea.team_id == team.id))
    }
    for area_id in sorted(set(held) - wanted):
        db.session.delete(held[area_id])
    db.session.add_all(TeamArea(team_id=team.id, area_id=area_id) for area_id in sorted(wanted - set(held)))
    db.session.flush()


def _refuse_known(mission: Mission, no_go: NoGoArea, name: str) -> None:
    same = sa.select(NoGoArea.id).where(NoGoArea.mission_id == mission.id, NoGoArea.name == name)
    with db.session.no_autoflush:
        known = db.session.scalar(same)
    if known is not None and known != no_go.id:
        raise Conflict(lazy("The mission has an area “%(name)s” already.", name=name), "name")
