"""Areas, voting centres and polling stations of a mission's country, and the loads of its register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import country_name, lazy
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of


class Area(Base):
    """An administrative area: a country abroad (level 0), or a level 1 to 3. Its tree reaches abroad."""

    __tablename__ = "areas"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("areas.id"), index=True)
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(sa.String(200))
    key: Mapped[str] = mapped_column(sa.String(700))
    country: Mapped[str] = mapped_column(sa.String(3))
    is_abroad: Mapped[bool] = mapped_column(default=False)
    # The first-level boundary it was matched to, by its code in stations/boundaries.
    boundary: Mapped[str | None] = mapped_column(sa.String(60))
    is_missing: Mapped[bool] = mapped_column(default=False)

    parent: Mapped[Area | None] = relationship(remote_side=[id])

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "key"),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name="level_is_known"),
    )

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> str:
        """Its name as the reader says it: a country abroad in their language."""
        return country_name(self.country) if self.level == 0 else self.name


class VotingCentre(Base):
    """A building that holds polling stations. ``first_area_id`` is its level-1 area, or its country abroad."""

    __tablename__ = "voting_centres"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    area_id: Mapped[int] = mapped_column(sa.ForeignKey("areas.id"), index=True)
    first_area_id: Mapped[int] = mapped_column(sa.ForeignKey("areas.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(1000))
    name: Mapped[str] = mapped_column(sa.String(300))
    code: Mapped[str | None] = mapped_column(sa.String(60))
    locality: Mapped[str | None] = mapped_column(sa.String(200))
    district: Mapped[str | None] = mapped_column(sa.String(200))
    zone: Mapped[str | None] = mapped_column(sa.String(200))
    address: Mapped[str | None] = mapped_column(sa.String(400))
    latitude: Mapped[float | None] = mapped_column()
    longitude: Mapped[float | None] = mapped_column()
    is_abroad: Mapped[bool] = mapped_column(default=False)
    # The boundary its point lies in, when that is not its stated area's: flagged, never moved.
    found_in: Mapped[str | None] = mapped_column(sa.String(200))
    is_outside_area: Mapped[bool] = mapped_column(default=False)
    is_missing: Mapped[bool] = mapped_column(default=False)

    area: Mapped[Area] = relationship(foreign_keys=[area_id])
    first_area: Mapped[Area] = relationship(foreign_keys=[first_area_id])

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "key"),
        # What a map of a part of the country reads, and nothing else.
        sa.Index(
            "ix_voting_centres_place", "mission_id", "latitude", "longitude", "is_missing", "first_area_id"
        ),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_on_earth"),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_on_earth"),
    )

    def __str__(self) -> str:
        return self.name


class PollingStation(Base):
    """A table where people vote. Its code need not be unique in the country: its key is, in the mission."""

    __tablename__ = "polling_stations"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_centres.id"), index=True)
    key: Mapped[str] = mapped_column(sa.String(1100))
    code: Mapped[str] = mapped_column(sa.String(60))
    registered_voters: Mapped[int | None] = mapped_column()
    is_missing: Mapped[bool] = mapped_column(default=False)

    centre: Mapped[VotingCentre] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "key"),
        sa.Index("ix_polling_stations_code", "mission_id", "code"),
        sa.CheckConstraint("registered_voters IS NULL OR registered_voters >= 0", name="voters_not_negative"),
    )

    def __str__(self) -> str:
        return self.code


class RegisterImport(Base, Stamped):
    """A load of the authority's file: what it held and what it changed."""

    __tablename__ = "register_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    file_name: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    summary: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    def __str__(self) -> str:
        return self.file_name


class AreaBoundary(Base, Stamped):
    """The outline of an area of level 2 or 3, as the mission loaded it; geometry as well-known binary, WGS 84."""

    __tablename__ = "area_boundaries"
    __audited__ = False

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    level: Mapped[int] = mapped_column(sa.SmallInteger)
    name: Mapped[str] = mapped_column(sa.String(200))
    file_name: Mapped[str] = mapped_column(sa.String(200))
    geometry: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    __table_args__ = (
        sa.Index("ix_area_boundaries_mission_id_level", "mission_id", "level"),
        sa.CheckConstraint("level BETWEEN 2 AND 3", name="level_is_loaded"),
    )

    def __str__(self) -> str:
        return self.name


class FindingKind(Labelled):
    """What may be wrong with a centre's place or name."""

    UNPLACED = "unplaced"
    OUTSIDE = "outside"
    FAR = "far"
    ROUGH = "rough"
    SAME_POINT = "same_point"
    DUPLICATE = "duplicate"
    ALIKE = "alike"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        """The words for people."""
        return {
            "unplaced": lazy("Without coordinates"), "outside": lazy("Outside its stated area"),
            "far": lazy("Far from the other centres of its area"), "rough": lazy("Coordinates too round to be true"),
            "same_point": lazy("At one point with centres of other areas"), "duplicate": lazy("Stands twice in the register"),
            "alike": lazy("Name differs only by accents or capitals"),
        }  # fmt: skip


class FindingState(Labelled):
    """What was done about a finding."""

    OPEN = "open"
    MENDED = "mended"
    DISMISSED = "dismissed"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        """The words for people."""
        return {
            "open": lazy("To look at"),
            "mended": lazy("Mended by hand"),
            "dismissed": lazy("Right as it is"),
        }


class CentreFinding(Base, Stamped):
    """Something doubtful about a centre, and what a person decided.

    ``before`` is what the authority's file said and ``after`` what a person put (name, latitude, longitude):
    a newer file that says the same as before is mended the same way.
    """

    __tablename__ = "centre_findings"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"))
    centre_id: Mapped[int] = mapped_column(sa.ForeignKey("voting_centres.id"), index=True)
    kind: Mapped[FindingKind] = mapped_column(one_of(FindingKind))
    detail: Mapped[dict[str, Any]] = mapped_column(JSONDocument(), default=dict)
    state: Mapped[FindingState] = mapped_column(one_of(FindingState), default=FindingState.OPEN)
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument())
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONDocument())
    decided_by: Mapped[str | None] = mapped_column(sa.String(200))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    centre: Mapped[VotingCentre] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("centre_id", "kind"),
        sa.Index("ix_centre_findings_mission_id_state", "mission_id", "state"),
        sa.CheckConstraint("state = 'open' OR reason IS NOT NULL", name="decision_has_a_reason"),
    )

    def __str__(self) -> str:
        return str(self.kind.label)
