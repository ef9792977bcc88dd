"""The mission: the unit of everything, also of the annual report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import Labelled, one_of

if TYPE_CHECKING:
    from eom.missions.models.milestone import Milestone
    from eom.missions.models.process import ElectoralProcess, Round


class Stage(Labelled):
    """A mission's life (product.md, "Facts to build in")."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    FUNDED = "funded"
    PLANNED = "planned"
    DEPLOYED = "deployed"
    POLLING = "polling"
    POST_ELECTION = "post_election"
    REPORTED = "reported"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "requested": lazy("Requested"),
            "accepted": lazy("Accepted"),
            "funded": lazy("Funded"),
            "planned": lazy("Planned"),
            "deployed": lazy("Deployed"),
            "polling": lazy("Polling"),
            "post_election": lazy("Post-election"),
            "reported": lazy("Reported"),
            "closed": lazy("Closed"),
            "cancelled": lazy("Cancelled"),
        }


# Stages in which a mission's life has ended.
OVER = (Stage.CLOSED, Stage.CANCELLED)


class StationWord(Labelled):
    """What the country calls a polling station."""

    STATION = "station"
    MESA = "mesa"
    JRV = "jrv"
    CASILLA = "casilla"
    SECAO = "secao"
    POLL = "poll"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "station": lazy("Polling station"),
            "mesa": lazy("Mesa"),
            "jrv": lazy("JRV"),
            "casilla": lazy("Casilla"),
            "secao": lazy("Seção"),
            "poll": lazy("Poll"),
        }


class Mission(Base, Stamped):
    """An electoral observation mission to one country."""

    __tablename__ = "missions"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    country: Mapped[str] = mapped_column(sa.String(3), index=True)
    stage: Mapped[Stage] = mapped_column(one_of(Stage), default=Stage.REQUESTED, index=True)
    host_authority: Mapped[str | None] = mapped_column(sa.String(200))
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    # The day its life ended: from then on personal data is kept for so many days.
    closed_on: Mapped[date | None] = mapped_column()
    time_zone: Mapped[str] = mapped_column(sa.String(60), default="UTC")
    station_word: Mapped[StationWord] = mapped_column(one_of(StationWord), default=StationWord.STATION)
    # The Secretary General announces who leads a mission.
    chief_name: Mapped[str | None] = mapped_column(sa.String(200), info=classed(DataClass.PUBLIC))
    chief_origin: Mapped[str | None] = mapped_column(sa.String(100), info=classed(DataClass.PUBLIC))
    note: Mapped[str | None] = mapped_column(sa.Text)
    cancellation_reason: Mapped[str | None] = mapped_column(sa.String(500))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    # What a public source states of a past mission; blank is "not stated in what was read".
    observers_stated: Mapped[int | None] = mapped_column()
    observers_qualifier: Mapped[str | None] = mapped_column(sa.String(100))
    nationalities_stated: Mapped[int | None] = mapped_column()
    deployment_stated: Mapped[str | None] = mapped_column(sa.String(300))
    number_in_country: Mapped[str | None] = mapped_column(sa.String(100))
    donors_stated: Mapped[str | None] = mapped_column(sa.String(200))
    donors_list_complete: Mapped[str | None] = mapped_column(sa.String(60))
    source_url: Mapped[str | None] = mapped_column(sa.String(500))
    source_kind: Mapped[str | None] = mapped_column(sa.String(100))

    processes: Mapped[list[ElectoralProcess]] = relationship(
        back_populates="mission", order_by="ElectoralProcess.id", cascade="all, delete-orphan"
    )
    rounds: Mapped[list[Round]] = relationship(
        back_populates="mission", order_by="Round.polling_on", cascade="all, delete-orphan"
    )
    milestones: Mapped[list[Milestone]] = relationship(
        back_populates="mission", order_by="Milestone.due_on", cascade="all, delete-orphan"
    )

    __table_args__ = (
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="dates_in_order"
        ),
    )

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def is_over(self) -> bool:
        """Whether the mission's life has ended."""
        return self.stage in OVER
