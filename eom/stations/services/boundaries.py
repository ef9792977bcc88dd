"""Boundaries of levels 2 and 3 that a mission loads; the ones of level 1 are shipped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from eom.core import audit, clock
from eom.core.countries import fold
from eom.core.errors import InvalidFile, InvalidInput, NotFound
from eom.core.i18n import lazy
from eom.extensions import db
from eom.missions.models.mission import Mission
from eom.stations import geography_points
from eom.stations.geography_guess import guesses, share_inside
from eom.stations.geography_levels import Boundaries, of_geojson
from eom.stations.models import AreaBoundary
from eom.stations.services import findings, rows
from eom.stations.vector_files import WGS84, Shapes, read_shapes, transformed

MAX_BOUNDARIES = 5_000
MAX_VERTICES = 5_000_000
LEVELS = (2, 3)
# Folded names of columns that hold an area's name, best first; of each level its own words come before.
_NAMES = {
    2: ("adm2 es", "adm2 name", "nombprov", "provincia", "nam", "shapename", "name 2"),
    3: ("adm3 es", "adm3 name", "nombdist", "municipio", "distrito", "nom mun", "shapename", "name 3"),
}
_ANY_NAME = ("name", "nombre", "nome", "nom")


def levels_of(mission: Mission) -> dict[int, Boundaries]:
    """The boundaries that a mission's centres are placed in, by level: the shipped first, the loaded ones."""
    import shapely  # type: ignore[import-untyped]

    shipped = geography_points.first_level_boundaries(mission.country)
    found = {1: of_geojson(shipped)} if shipped else {}
    loaded = db.session.execute(
        sa.select(AreaBoundary.level, AreaBoundary.name, AreaBoundary.geometry)
        .where(AreaBoundary.mission_id == mission.id)
        .order_by(AreaBoundary.level, AreaBoundary.id)
    )
    for level, name, geometry in loaded:
        boundaries = found.setdefault(level, Boundaries([], []))
        boundaries.names.append(name)
        boundaries.geometries.append(shapely.from_wkb(geometry))
    return found


def load(mission: Mission, data: bytes, file_name: str, *, level: int, name_column: str = "") -> int:
    """Keep the boundaries of a level in place of those before, and judge the centres by them; their count.

    ``name_column`` holds the areas' names; guessed when blank. Raises InvalidFile for what are no polygons
    of the country, InvalidInput for a column that is not there; nothing is written then.
    """
    if level not in LEVELS:
        raise InvalidInput(lazy("Boundaries are loaded for levels 2 and 3."), field="level")
    shapes = read_shapes(data, max_features=MAX_BOUNDARIES)
    geometries = _in_degrees(shapes, mission.country)
    names = _names(shapes, level, name_column)
    session = db.session()
    session.execute(
        sa.delete(AreaBoundary).where(AreaBoundary.mission_id == mission.id, AreaBoundary.level == level)
    )
    session.execute(sa.insert(AreaBoundary), _values(mission.id, level, file_name, names, geometries))
    audit.record(
        session, "imported", "area_boundaries", level, file_name, mission_id=mission.id, level=level, areas=len(names)
    )  # fmt: skip
    rows.relocate(session, mission.id, mission.country, levels_of(mission))
    findings.refresh(mission)
    return len(names)


def remove(mission: Mission, level: int) -> None:
    """Forget the loaded boundaries of a level; centres are judged by the others. Raises NotFound for none."""
    if level not in LEVELS:
        raise NotFound(lazy("There are no boundaries of this level."))
    session = db.session()
    own = (AreaBoundary.mission_id == mission.id, AreaBoundary.level == level)
    if session.scalar(sa.select(AreaBoundary.id).where(*own).limit(1)) is None:
        raise NotFound(lazy("There are no boundaries of this level."))
    session.execute(sa.delete(AreaBoundary).where(*own))
    audit.record(session, "removed", "area_boundaries", level, str(level), mission_id=mission.id, level=level)
    rows.relocate(session, mission.id, mission.country, levels_of(mission))
    findings.refresh(mission)


def _values(
    mission_id: int, level: int, file_name: str, names: Sequence[str], geometries: Sequence[Any]
) -> list[dict[str, Any]]:
    import shapely

    now = clock.now()
    return [
        {
            "mission_id": mission_id, "level": level, "name": name[:200], "file_name": file_name[:200],
            "geometry": shapely.to_wkb(geometry), "created_at": now,
        }
        for name, geometry in zip(names, geometries, strict=True)
    ]  # fmt: skip


def _in_degrees(shapes: Shapes, country: str) -> list[Any]:
    """The polygons in degrees, valid. Raises InvalidFile when they are none, or of another place."""
    import shapely

    kinds = {each.geom_type for each in shapes.geometries if each is not None}
    if None in shapes.geometries or kinds - {"Polygon", "MultiPolygon"}:
        raise InvalidFile(
            lazy(
                "Boundaries are polygons, one for each area; the file holds %(kinds)s.",
                kinds=", ".join(sorted(kinds)),
            )
        )
    if int(shapely.get_num_coordinates(shapes.geometries).sum()) > MAX_VERTICES:
        raise InvalidFile(
            lazy("The outlines have more than %(limit)s points.", limit=MAX_VERTICES),
            next_step=lazy("Simplify them to about 100 metres."),
        )
    geometries = shapely.make_valid(shapely.force_2d(shapes.geometries))
    if shapes.crs is not None and shapes.crs != WGS84:
        geometries = shapely.transform(geometries, lambda pairs: _moved(pairs, str(shapes.crs)))
    centres = shapely.centroid(geometries)
    points = list(zip(shapely.get_y(centres), shapely.get_x(centres), strict=True))
    box = geography_points.extent(country)
    if box is not None and share_inside(points, box) < 0.5:
        why = " ".join(str(each) for each in guesses(points, box))
        raise InvalidFile(lazy("Most of the boundaries lie outside the country. %(why)s", why=why))
    return list(geometries)


def _moved(pairs: Any, crs: str) -> Any:
    import numpy

    return numpy.array(transformed([(float(x), float(y)) for x, y in pairs], crs))


def _names(shapes: Shapes, level: int, column: str) -> list[str]:
    """The name of each area. Raises InvalidInput naming the columns when none is told or known."""
    chosen = next((name for name in shapes.fields if fold(name) == fold(column)), None) if column else None
    if not column:
        by_fold = {fold(name): name for name in shapes.fields}
        chosen = next((by_fold[name] for name in (*_NAMES[level], *_ANY_NAME) if name in by_fold), None)
    if chosen is None:
        raise InvalidInput(
            lazy("Say which column holds the names of the areas: %(names)s.", names=", ".join(shapes.fields)),
            field="name_column",
        )
    position = shapes.fields.index(chosen)
    names = [" ".join(row[position].split()) for row in shapes.rows]
    if not all(names):
        raise InvalidFile(
            lazy("Area %(number)s has no name in “%(name)s”.", number=names.index("") + 1, name=chosen)
        )
    return names
