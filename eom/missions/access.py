"""The access policy that create_app hands to ``web.access``: memberships by mission."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eom.accounts.permissions import Permission
from eom.extensions import db
from eom.missions.models.milestone import Milestone  # noqa: F401 - mappers need all three
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round  # noqa: F401


class MissionPolicy:
    """Permissions come from a person's memberships: in the mission, or everywhere."""

    def load_mission(self, code: str) -> Mission | None:
        """The mission of a code, or None."""
        return db.session.scalar(sa.select(Mission).where(Mission.code == code))

    def allows(self, user: Any, permission: str, mission: Mission | None) -> bool:
        """Whether the user holds the permission there. Raises ValueError for one that does not exist."""
        return bool(user.holds(Permission(permission), mission.id if mission else None))

    def allows_anywhere(self, user: Any, permission: str) -> bool:
        """Whether the user holds the permission in some mission."""
        return user.missions_with(Permission(permission)) != set()

    def areas(self, user: Any, permission: str, mission: Mission) -> frozenset[int] | None:
        """The areas that the permission is limited to in the mission; None: no limit."""
        limits = user.areas_with(Permission(permission), mission.id)
        return None if limits is None else frozenset(limits)

    def knows(self, user: Any, mission: Mission) -> bool:
        """Whether the user belongs to the mission."""
        return bool(user.is_member(mission.id))
