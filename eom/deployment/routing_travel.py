"""How long the way is between places: by great-circle distance, a terrain factor and a speed.

The road is longer than the line over the ground. The ratio (detour index, circuity) is 1.2 to 1.4 in most road networks
and more in mountains (Ballou, Rahardja and Sakai, "Selected country circuity factors for road travel distance
estimation", Transportation Research A 36, 2002). A routing server, where one is set, tells real roads
(``routing_server``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
TERRAIN_FACTOR = 1.4
VEHICLE_KMH = 40.0
WALKING_KMH = 4.5


@dataclass(frozen=True)
class Speeds:
    """What turns a line over the ground into a time: the road's length over the line's, and speeds in km/h."""

    terrain: float = TERRAIN_FACTOR
    vehicle: float = VEHICLE_KMH
    walking: float = WALKING_KMH


@dataclass(frozen=True)
class Legs:
    """Travel between points: kilometres and minutes, square, from row to column; ``source`` says where from."""

    km: Matrix
    by_vehicle: Matrix
    on_foot: Matrix
    source: str = "estimate"

    def minutes(self, has_vehicle: bool) -> Matrix:
        """Minutes between the points, driving or walking."""
        return self.by_vehicle if has_vehicle else self.on_foot


def great_circle_km(points: Sequence[tuple[float, float]]) -> Matrix:
    """Distances over the ground between (latitude, longitude) in degrees, by the haversine formula."""
    import numpy as np

    at = np.radians(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    latitude, longitude = at[:, 0], at[:, 1]
    half = np.sin((latitude[:, None] - latitude[None, :]) / 2) ** 2
    half += (
        np.cos(latitude)[:, None]
        * np.cos(latitude)[None, :]
        * np.sin((longitude[:, None] - longitude[None, :]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def estimated(points: Sequence[tuple[float, float]], speeds: Speeds) -> Legs:
    """Travel between (latitude, longitude) as distance × terrain factor ÷ speed."""
    km = great_circle_km(points) * speeds.terrain
    return Legs(km, km / speeds.vehicle * 60.0, km / speeds.walking * 60.0)
