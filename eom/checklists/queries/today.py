"""What the field app takes along for a person: their stations, the forms with their files, what was sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import User
from eom.checklists.models.form import FormVersion
from eom.checklists.queries import forms, media, mine
from eom.deployment.models import Assignment
from eom.deployment.queries.plans import PlannedStop, planned_for
from eom.missions.models.mission import Mission
from eom.missions.models.process import Round
from eom.observers.models import Appointment, Person


@dataclass(frozen=True)
class CarriedFile:
    """A file of a form as the person has it: ``digest`` is the SHA-256 of its bytes."""

    name: str
    digest: str
    content_type: str


@dataclass(frozen=True)
class CarriedForm:
    """A version to fill in, with its files."""

    version: FormVersion
    files: tuple[CarriedFile, ...]


@dataclass(frozen=True)
class CarriedStation:
    """A station of the person's: the polling days it is theirs, and the ids of the forms sent from there.

    ``planned``: its place in the team's day, where a plan is adopted.
    """

    value: str
    label: str
    days: tuple[date, ...]
    sent: tuple[int, ...]
    planned: PlannedStop | None = None


def carried_forms(session: Session, store: media.Store, mission: Mission, user: User) -> list[CarriedForm]:
    """The current forms of a mission as one person has them, in the order of polling day."""
    return [
        CarriedForm(
            version,
            tuple(
                CarriedFile(file.name, hashlib.sha256(file.data).hexdigest(), file.content_type)
                for file in media.attachments_for(session, store, version, user)
            ),
        )
        for version in forms.current_versions(session, mission)
    ]


def carried_stations(session: Session, mission: Mission, user: User) -> list[CarriedStation]:
    """A person's stations in a mission: in the order of the adopted plan, those that it lacks after them by code."""
    days: dict[int, set[date]] = {}
    rows = session.execute(
        sa.select(Assignment.polling_station_id, Round.polling_on)
        .join(Round, Round.id == Assignment.round_id)
        .join(Appointment, Appointment.id == Assignment.appointment_id)
        .join(Appointment.person)
        .where(Assignment.mission_id == mission.id, Person.user_id == user.id)
    )
    for station_id, polling_on in rows:
        days.setdefault(station_id, set()).add(polling_on)
    planned = planned_for(session, mission, user.id)
    found = [
        CarriedStation(
            each.station.value, each.station.label, tuple(sorted(days.get(each.station.station_id, ()))),
            tuple(task.version.form_id for task in each.tasks if task.is_done), planned.get(each.station.station_id),
        )
        for each in mine.tasks_of(session, mission, user)
    ]  # fmt: skip
    return sorted(
        found, key=lambda each: (each.planned is None, each.planned.position if each.planned else 0)
    )
