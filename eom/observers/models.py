"""The roster and the appointments."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.types import JSONDocument, Labelled, one_of
from eom.missions.models.mission import Mission


class Gender(Labelled):
    """What a person says of their gender."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    NOT_STATED = "not_stated"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "woman": lazy("Woman"),
            "man": lazy("Man"),
            "other": lazy("Other gender"),
            "not_stated": lazy("Not stated"),
        }


class Expertise(Labelled):
    """Areas of expertise (product.md, "Facts to build in")."""

    ELECTORAL_ORGANISATION = "electoral_organisation"
    ELECTORAL_TECHNOLOGY = "electoral_technology"
    ELECTORAL_REGISTERS = "electoral_registers"
    POLITICAL_FINANCE = "political_finance"
    ELECTORAL_JUSTICE = "electoral_justice"
    PARTICIPATION_OF_WOMEN = "participation_of_women"
    INDIGENOUS_AND_AFRO_DESCENDANT = "indigenous_and_afro_descendant"
    MEDIA_AND_DIGITAL = "media_and_digital"
    VOTING_ABROAD = "voting_abroad"
    ELECTORAL_SECURITY = "electoral_security"
    PARTY_SYSTEM = "party_system"
    BOUNDARY_DELIMITATION = "boundary_delimitation"
    QUICK_COUNT = "quick_count"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "electoral_organisation": lazy("Electoral organisation"),
            "electoral_technology": lazy("Electoral technology"),
            "electoral_registers": lazy("Electoral registers"),
            "political_finance": lazy("Political finance"),
            "electoral_justice": lazy("Electoral justice"),
            "participation_of_women": lazy("Participation of women"),
            "indigenous_and_afro_descendant": lazy("Indigenous peoples and people of African descent"),
            "media_and_digital": lazy("Media and digital campaigning"),
            "voting_abroad": lazy("Voting abroad"),
            "electoral_security": lazy("Electoral security"),
            "party_system": lazy("Party system"),
            "boundary_delimitation": lazy("Boundary delimitation"),
            "quick_count": lazy("Quick count"),
        }


class AppointmentRole(Labelled):
    """A person's role in a mission."""

    CHIEF = "chief"
    DEPUTY_CHIEF = "deputy_chief"
    GENERAL_COORDINATOR = "general_coordinator"
    SPECIALIST = "specialist"
    REGIONAL_COORDINATOR = "regional_coordinator"
    OBSERVER = "observer"
    DRIVER = "driver"
    INTERPRETER = "interpreter"
    DATA_GATHERER = "data_gatherer"
    OTHER_SUPPORT = "other_support"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "chief": lazy("Chief of mission"),
            "deputy_chief": lazy("Deputy chief of mission"),
            "general_coordinator": lazy("General coordinator"),
            "specialist": lazy("Specialist"),
            "regional_coordinator": lazy("Regional coordinator"),
            "observer": lazy("Observer"),
            "driver": lazy("Driver"),
            "interpreter": lazy("Interpreter"),
            "data_gatherer": lazy("Data gatherer"),
            "other_support": lazy("Other support"),
        }

    @property
    def is_observing(self) -> bool:
        """Whether the role observes: it counts in the head-count and is closed to host nationals."""
        return self in OBSERVING_ROLES


# Drivers, interpreters and people who only gather counts stay out of the head-count.
OBSERVING_ROLES = (
    AppointmentRole.CHIEF,
    AppointmentRole.DEPUTY_CHIEF,
    AppointmentRole.GENERAL_COORDINATOR,
    AppointmentRole.SPECIALIST,
    AppointmentRole.REGIONAL_COORDINATOR,
    AppointmentRole.OBSERVER,
)


class AppointmentState(Labelled):
    """Whether the person still has the place."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "proposed": lazy("Proposed"),
            "confirmed": lazy("Confirmed"),
            "withdrawn": lazy("Withdrawn"),
        }


class Person(Base, Stamped):
    """One of the roster. Languages are ISO 639-1 codes, expertise values of ``Expertise``."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_names: Mapped[str] = mapped_column(sa.String(100))
    family_names: Mapped[str] = mapped_column(sa.String(100), index=True)
    gender: Mapped[Gender] = mapped_column(one_of(Gender), default=Gender.NOT_STATED)
    languages: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    expertise: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(40))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)

    nationalities: Mapped[list[PersonNationality]] = relationship(
        back_populates="person",
        order_by="PersonNationality.country",
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    appointments: Mapped[list[Appointment]] = relationship(back_populates="person", order_by="Appointment.id")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name as it is spoken: given names first."""
        return f"{self.given_names} {self.family_names}".strip()

    @property
    def countries(self) -> list[str]:
        """All nationalities as ISO 3166-1 alpha-3 codes."""
        return [each.country for each in self.nationalities]


class PersonNationality(Base):
    """One nationality of a person; all are kept, because any of them may be the host country's."""

    __tablename__ = "person_nationalities"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    country: Mapped[str] = mapped_column(sa.String(3), index=True)

    person: Mapped[Person] = relationship(back_populates="nationalities")

    __table_args__ = (sa.UniqueConstraint("person_id", "country"),)

    def __str__(self) -> str:
        return self.country


class Appointment(Base, Stamped):
    """A person's place in a mission. ``origin`` is the country that the press figures count them under."""

    __tablename__ = "appointments"

    id: Mapped[int] = mapped_column(primary_key=True)
    mission_id: Mapped[int] = mapped_column(sa.ForeignKey("missions.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), index=True)
    role: Mapped[AppointmentRole] = mapped_column(one_of(AppointmentRole), index=True)
    expertise: Mapped[Expertise | None] = mapped_column(one_of(Expertise))
    state: Mapped[AppointmentState] = mapped_column(
        one_of(AppointmentState), default=AppointmentState.CONFIRMED
    )
    starts_on: Mapped[date | None] = mapped_column()
    ends_on: Mapped[date | None] = mapped_column()
    is_remote: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str | None] = mapped_column(sa.String(3))
    pledge_signed_on: Mapped[date | None] = mapped_column()
    trained_on: Mapped[date | None] = mapped_column()
    accredited_on: Mapped[date | None] = mapped_column()
    credential_number: Mapped[str | None] = mapped_column(sa.String(60))

    mission: Mapped[Mission] = relationship()
    person: Mapped[Person] = relationship(back_populates="appointments", lazy="joined", innerjoin=True)

    __table_args__ = (
        sa.UniqueConstraint("mission_id", "person_id", "role"),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on",
            name="dates_in_order",
        ),
        sa.CheckConstraint(
            "accredited_on IS NULL OR (pledge_signed_on IS NOT NULL AND trained_on IS NOT NULL)",
            name="accredited_after_pledge_and_training",
        ),
    )

    def __str__(self) -> str:
        return f"{self.role.value} {self.person_id}"

    @property
    def is_accredited(self) -> bool:
        """Whether pledge, training and accreditation are all there."""
        return self.accredited_on is not None
