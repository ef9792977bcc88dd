"""The roster and the appointments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eom.core.db import Base, Stamped
from eom.core.i18n import lazy
from eom.core.privacy import DataClass, classed
from eom.core.types import JSONDocument, Labelled, UTCDateTime, one_of
from eom.core.vault import Sealed
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


PERSONAL = classed(DataClass.PERSONAL)
SENSITIVE = classed(DataClass.SENSITIVE)


class Person(Base, Stamped):
    """One of the roster. Languages are ISO 639-1 codes, expertise values of ``Expertise``."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_names: Mapped[str] = mapped_column(sa.String(100), info=PERSONAL)
    family_names: Mapped[str] = mapped_column(sa.String(100), index=True, info=PERSONAL)
    gender: Mapped[Gender] = mapped_column(one_of(Gender), default=Gender.NOT_STATED)
    languages: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    expertise: Mapped[list[str]] = mapped_column(JSONDocument(), default=list)
    email: Mapped[str | None] = mapped_column(sa.String(254), unique=True, info=PERSONAL)
    phone: Mapped[str | None] = mapped_column(sa.String(40), info=PERSONAL)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), unique=True)
    # From then on nothing says who it was; the appointments stay for the figures.
    anonymised_at: Mapped[datetime | None] = mapped_column(UTCDateTime())

    nationalities: Mapped[list[PersonNationality]] = relationship(
        back_populates="person",
        order_by="PersonNationality.country",
        cascade="all, delete-orphan",
        lazy="selectin",
    )
    appointments: Mapped[list[Appointment]] = relationship(back_populates="person", order_by="Appointment.id")
    dossier: Mapped[PersonDossier | None] = relationship(
        back_populates="person", cascade="all, delete-orphan"
    )

    # What the audit trail calls a person: it is never changed, so no name may get into it.
    def __str__(self) -> str:
        return f"№ {self.id}"

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
    credential_number: Mapped[str | None] = mapped_column(sa.String(60), info=PERSONAL)

    mission: Mapped[Mission] = relationship()
    person: Mapped[Person] = relationship(back_populates="appointments", lazy="joined", innerjoin=True)
    pledges: Mapped[list[Pledge]] = relationship(back_populates="appointment", order_by="Pledge.id")

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


class DossierGroup(Labelled):
    """What is looked at, kept and removed together."""

    PASSPORT = "passport"
    MEDICAL = "medical"
    EMERGENCY = "emergency"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {
            "passport": lazy("Passport and birth date"),
            "medical": lazy("Medical notes"),
            "emergency": lazy("Emergency contact"),
        }

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the dossier's columns in this group."""
        return DOSSIER[self]


DOSSIER: dict[DossierGroup, tuple[str, ...]] = {
    DossierGroup.PASSPORT: ("passport_number", "passport_country", "passport_expires_on", "birth_date"),
    DossierGroup.MEDICAL: ("blood_type", "medical_notes"),
    DossierGroup.EMERGENCY: ("emergency_name", "emergency_relation", "emergency_phone"),
}


def _sealed(name: str) -> Mapped[str | None]:
    """A column that is read from the database, and opened, only when it is asked for."""
    return mapped_column(Sealed(f"person_dossiers.{name}"), deferred=True, info=SENSITIVE)


class PersonDossier(Base, Stamped):
    """What is most delicate of a person, sealed; days are ISO 8601 texts."""

    __tablename__ = "person_dossiers"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), unique=True)
    passport_number: Mapped[str | None] = _sealed("passport_number")
    passport_country: Mapped[str | None] = _sealed("passport_country")
    passport_expires_on: Mapped[str | None] = _sealed("passport_expires_on")
    birth_date: Mapped[str | None] = _sealed("birth_date")
    blood_type: Mapped[str | None] = _sealed("blood_type")
    medical_notes: Mapped[str | None] = _sealed("medical_notes")
    emergency_name: Mapped[str | None] = _sealed("emergency_name")
    emergency_relation: Mapped[str | None] = _sealed("emergency_relation")
    emergency_phone: Mapped[str | None] = _sealed("emergency_phone")

    person: Mapped[Person] = relationship(back_populates="dossier")

    def __str__(self) -> str:
        return f"№ {self.person_id}"


class Pledge(Base):
    """The pledge of the Code of Conduct as someone signed it here, word for word. Never changed after.

    Only anonymisation takes the typed name, the account and the address away.
    """

    __tablename__ = "pledges"

    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(sa.ForeignKey("appointments.id"), index=True)
    text_version: Mapped[str] = mapped_column(sa.String(10))
    language: Mapped[str] = mapped_column(sa.String(2))
    text: Mapped[str] = mapped_column(sa.Text)
    text_sha256: Mapped[str] = mapped_column(sa.String(64))
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime())
    typed_name: Mapped[str | None] = mapped_column(sa.String(200), info=PERSONAL)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    address: Mapped[str | None] = mapped_column(sa.String(45), info=PERSONAL)

    appointment: Mapped[Appointment] = relationship(back_populates="pledges")

    __table_args__ = (sa.UniqueConstraint("appointment_id", "text_version"),)

    def __str__(self) -> str:
        return f"№ {self.appointment_id} v{self.text_version}"
