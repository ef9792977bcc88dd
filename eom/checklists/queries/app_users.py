"""Devices with an address of their own: whose they are, and whether they are still admitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from eom.accounts.models import User
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.form import Form, FormVersion
from eom.checklists.queries.addresses import ADDRESS_AS, Directory, Names, address_in
from eom.checklists.queries.destinations import Destination, PollingDay
from eom.core.bulk import Question
from eom.core.tokens import digest
from eom.missions.models.mission import OVER, Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, AppointmentState, Person
from eom.observers.queries.people import places_of
from eom.stations.models import PollingStation


@dataclass(frozen=True)
class Device:
    """A device as its secret was found: its person, its mission, and what may have ended.

    ``user_id`` is the person's account, if there is one; ``time_zone`` the mission's (an IANA name).
    """

    id: int
    last_used_at: datetime | None
    revoked_at: datetime | None
    state: AppointmentState
    ends_on: date | None
    person_id: int
    anonymised_at: datetime | None
    user_id: int | None
    user_name: str | None
    language: str | None
    is_active: bool | None
    time_zone: str
    mission: Destination

    @property
    def actor_name(self) -> str:
        """What the audit trail calls whoever holds the device: their account, or the number on the roster."""
        return self.user_name or f"№ {self.person_id}"


DEVICE_FIELDS = tuple(each.name for each in fields(Device) if each.name != "mission")
_IS_MEANT = (PollingStation.mission_id == Mission.id, PollingStation.code == sa.bindparam("code"))
_FOUND = Question(
    sa.select(
        AppUser.id, AppUser.last_used_at, AppUser.revoked_at, Appointment.state, Appointment.ends_on,
        Appointment.person_id, Person.anonymised_at, User.id.label("user_id"), User.name.label("user_name"),
        User.language, User.active.label("is_active"), Mission.time_zone,
        Mission.id.label("mission_id"), Mission.code, Mission.stage,
        Round.id.label("round_id"), Round.polling_on, Round.time_zone.label("round_zone"),
        sa.select(sa.func.min(PollingStation.id)).where(*_IS_MEANT).scalar_subquery().label("station_id"),
        sa.select(sa.func.count()).select_from(PollingStation).where(*_IS_MEANT).scalar_subquery()
        .label("station_count"),
        *ADDRESS_AS,
    )
    .join(Appointment, Appointment.id == AppUser.appointment_id)
    .join(Person, Person.id == Appointment.person_id)
    .join(Mission, Mission.id == Appointment.mission_id)
    .outerjoin(User, User.id == Person.user_id)
    .outerjoin(Round, Round.mission_id == Mission.id)
    .outerjoin(Form, sa.and_(Form.mission_id == Mission.id, Form.form_id == sa.bindparam("form")))
    .outerjoin(
        FormVersion,
        sa.and_(FormVersion.form_id == Form.id, FormVersion.version == sa.bindparam("version")),
    )
    .where(AppUser.token_sha256 == sa.bindparam("token_sha256"))
    .order_by(Round.polling_on)
)  # fmt: skip


def device_of(
    session: Session, token: str, names: Names = ("", ""), code: str = ""
) -> tuple[Device, Directory] | None:
    """The device of a token with its person, appointment, mission and rounds, in one statement.

    The same statement looks up the form and version that it is going to send, and the station's code.
    """
    return devices_of(session, [(token, names, code)])[0]


def devices_of(
    session: Session, sought: Sequence[tuple[str, Names, str]]
) -> list[tuple[Device, Directory] | None]:
    """As ``device_of`` for each of several tokens, names and codes, in one go."""
    asked = [
        {"token_sha256": digest(token), "form": names[0], "version": names[1], "code": code}
        for token, names, code in sought
    ]
    found = _FOUND.ask(session.connection(), asked)
    return [_found(session, *each) for each in zip(found, sought, strict=True)]


def _found(
    session: Session, rows: Sequence[Mapping[str, Any]], sought: tuple[str, Names, str]
) -> tuple[Device, Directory] | None:
    if not rows:
        return None
    first, (_token, names, code) = rows[0], sought
    device = _device(rows)
    directory = Directory(session, device.mission.id)
    address = address_in(first)
    directory.addresses[names] = address if address.version_id is not None else None
    directory.coded[code] = (first["station_id"], first["station_count"])
    return device, directory


def person_of(session: Session, app_user_id: int) -> int | None:
    """The id of the person on the roster whose device it is."""
    return session.scalar(
        sa.select(Appointment.person_id)
        .join(AppUser, AppUser.appointment_id == Appointment.id)
        .where(AppUser.id == app_user_id)
    )


def appointment_of(session: Session, mission_id: int, user_id: int) -> Appointment | None:
    """The living appointment of an account's person in a mission; the latest, should there be several."""
    return session.scalar(places_of(mission_id, user_id).order_by(Appointment.id.desc()).limit(1))


def devices(session: Session, appointment: Appointment) -> Sequence[AppUser]:
    """The devices of an appointment, those still admitted first, then the newest first."""
    return session.scalars(
        sa.select(AppUser)
        .where(AppUser.appointment_id == appointment.id)
        .options(joinedload(AppUser.created_by))
        .order_by(AppUser.revoked_at.is_not(None), AppUser.id.desc())
    ).all()


def _device(rows: Sequence[Mapping[str, Any]]) -> Device:
    first = rows[0]
    rounds = [
        PollingDay(row["round_id"], row["polling_on"], row["round_zone"])
        for row in rows
        if row["round_id"] is not None
    ]
    mission = Destination(first["mission_id"], first["code"], first["stage"] in OVER, rounds)
    return Device(**{name: first[name] for name in DEVICE_FIELDS}, mission=mission)
