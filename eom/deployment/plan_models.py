"""Plans of a polling day: which team visits which stations in which order, and the areas that nobody enters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of
from eom.deployment.models import Selection, Team
from eom.missions.models.process import Round
from eom.stations.models import Area, PollingStation


class PlanState(Labelled):
    """Where a plan stands."""

    DRAFT = "draft"
    COMPUTING = "computing"
    READY = "ready"
    ADOPTED = "adopted"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "draft": lazy("Not computed yet"),
            "computing": lazy("Being computed"),
            "ready": lazy("Ready"),
            "adopted": lazy("Adopted"),
        }


class Plan(Base, Stamped):
    """A plan of a round. ``parameters`` are those of ``plan_rules.Rules``; figures of the last search in ``totals``."""

    __tablename__ = "plans"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[PlanState] = mapped_column(one_of(PlanState), default=PlanState.DRAFT)
    selection: Mapped[Selection] = mapped_column(one_of(Selection), default=Selection.ASSIGNED)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)
    totals: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)
    job_id: Mapped[str | None] = mapped_column(sa.String(36))
    computed_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    adopted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    round: Mapped[Round] = relationship()
    routes: Mapped[list[PlanRoute]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", passive_deletes=True
    )
    stops: Mapped[list[PlanStop]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (sa.UniqueConstraint("mission_id", "name"),)

    def __str__(self) -> str:
        return self.name


class PlanRoute(Base):
    """A team's day in a plan. Minutes of the day are counted from midnight in the round's zone.

    ``reason`` and ``facts`` say why a team has no station (``routing_reasons.idle``).
    """

    __tablename__ = "plan_routes"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    sets_out: Mapped[int] = mapped_column()
    returns: Mapped[int] = mapped_column()
    travel_minutes: Mapped[float] = mapped_column()
    km: Mapped[float] = mapped_column()
    back_minutes: Mapped[float] = mapped_column()
    back_km: Mapped[float] = mapped_column()
    faults: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)

    plan: Mapped[Plan] = relationship(back_populates="routes")
    team: Mapped[Team] = relationship()

    __table_args__ = (sa.UniqueConstraint("plan_id", "team_id"),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.team_id}"


class PlanStop(Base):
    """A station of a plan: its place on a route, or why it has none (``route_id`` is null).

    ``fixed_team_id`` is the team that somebody fixed it to; the search respects it.
    """

    __tablename__ = "plan_stops"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    polling_station_id: Mapped[int] = mapped_column(sa.ForeignKey("polling_stations.id"), index=True)
    route_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("plan_routes.id", ondelete="SET NULL"), index=True
    )
    fixed_team_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("teams.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int | None] = mapped_column()
    part: Mapped[str | None] = mapped_column(sa.String(20))
    arrives: Mapped[int | None] = mapped_column()
    leaves: Mapped[int | None] = mapped_column()
    travel_minutes: Mapped[float | None] = mapped_column()
    km: Mapped[float | None] = mapped_column()
    reason: Mapped[str | None] = mapped_column(sa.String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)

    plan: Mapped[Plan] = relationship(back_populates="stops")
    polling_station: Mapped[PollingStation] = relationship()

    __table_args__ = (sa.UniqueConstraint("plan_id", "polling_station_id"),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.polling_station_id}"


class TeamArea(Base):
    """An area that a team keeps to; a team without any goes everywhere."""

    __tablename__ = "team_areas"

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("teams.id", ondelete="CASCADE"), index=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("areas.id"), index=True)

    __table_args__ = (sa.UniqueConstraint("team_id", "area_id"),)

    def __str__(self) -> str:
        return f"{self.team_id}: {self.area_id}"


class NoGoArea(Base, Stamped):
    """Where nobody of a mission goes, and why: an administrative area, or a shape (GeoJSON MultiPolygon, WGS 84).

    Without dates it holds always.
    """

    __tablename__ = "no_go_areas"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str] = mapped_column(sa.String(400))
    area_id: Mapped[int | None] = mapped_column(sa.ForeignKey("areas.id"), index=True)
    shape: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument())
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()

    area: Mapped[Area | None] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "name"),
        sa.CheckConstraint("(area_id IS NULL) <> (shape IS NULL)", name="area_or_shape"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="days_in_order"
        ),
    )

    def __str__(self) -> str:
        return self.name
