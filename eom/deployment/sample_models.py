"""Samples of polling stations: how they were drawn, what is in them, what stands in for what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of
from eom.stations.models import PollingStation


class SampleDesign(Labelled):
    """How a sample is drawn."""

    SIMPLE = "simple"
    STRATIFIED = "stratified"
    BY_SIZE = "by_size"
    TWO_STAGES = "two_stages"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "simple": lazy("Simple random"),
            "stratified": lazy("Stratified"),
            "by_size": lazy("Proportional to registered voters"),
            "two_stages": lazy("Areas first, then stations"),
        }


class SampleState(Labelled):
    """Whether a sample is the one that the mission observes. None is ever deleted: who draws again is seen to."""

    DRAFT = "draft"
    ADOPTED = "adopted"
    SET_ASIDE = "set_aside"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {"draft": lazy("Draft"), "adopted": lazy("Adopted"), "set_aside": lazy("Set aside")}


class Sample(Base, Stamped):
    """A sample of the polling stations of a round, drawn from a seed.

    ``parameters`` are what the draw was asked for (``services.samples.Asked``); ``frame_sha256`` is the mark of
    the stations it was drawn from, ``frame_count`` of them; ``figures`` hold strata and balance as drawn.
    """

    __tablename__ = "samples"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    design: Mapped[SampleDesign] = mapped_column(one_of(SampleDesign))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    seed: Mapped[str] = mapped_column(sa.String(60))
    frame_sha256: Mapped[str] = mapped_column(sa.String(64))
    frame_count: Mapped[int] = mapped_column()
    station_count: Mapped[int] = mapped_column()
    reserve_count: Mapped[int] = mapped_column()
    figures: Mapped[dict[str, Any]] = mapped_column(JSONDocument())
    state: Mapped[SampleState] = mapped_column(one_of(SampleState), default=SampleState.DRAFT)
    adopted_at: Mapped[datetime | None] = mapped_column(UTCDateTime())
    set_aside_because: Mapped[str | None] = mapped_column(sa.String(400))

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "name"),
        sa.CheckConstraint(
            "(state = 'set_aside') = (set_aside_because IS NOT NULL)", name="set_aside_has_a_reason"
        ),
        # A round has one sample that counts.
        sa.Index(
            "uq_samples_adopted", "round_id", unique=True,
            sqlite_where=sa.text("state = 'adopted'"), postgresql_where=sa.text("state = 'adopted'"),
        ),
    )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class SampledStation(Base):
    """A station in a sample, or one of its replacements; ``position`` is its place in the order of the draw.

    ``stratum`` is the key of what it was drawn in, ``chance`` (above 0, at most 1) that of being drawn, ``weight``
    the stations it stands for: one over its chance. A replacement has them from when it ``replaces`` a station.
    """

    __tablename__ = "sampled_stations"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(sa.ForeignKey("samples.id"), index=True)
    polling_station_id: Mapped[int] = mapped_column(sa.ForeignKey("polling_stations.id"), index=True)
    position: Mapped[int] = mapped_column()
    stratum: Mapped[str] = mapped_column(sa.String(700))
    chance: Mapped[float | None] = mapped_column()
    weight: Mapped[float | None] = mapped_column()
    is_replacement: Mapped[bool] = mapped_column(default=False)
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sampled_stations.id"), unique=True)
    reason: Mapped[str | None] = mapped_column(sa.String(400))

    sample: Mapped[Sample] = relationship()
    station: Mapped[PollingStation] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("sample_id", "polling_station_id"),
        sa.CheckConstraint("chance IS NULL OR (chance > 0 AND chance <= 1)", name="chance_is_one"),
        sa.CheckConstraint("replaces_id IS NULL OR is_replacement", name="replacements_replace"),
        sa.CheckConstraint("(replaces_id IS NULL) = (reason IS NULL)", name="replacing_has_a_reason"),
    )

    def __str__(self) -> str:
        return f"{self.sample_id} → {self.polling_station_id}"
