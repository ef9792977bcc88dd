"""The last word of each observer on their safety."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, join, outerjoin

from eom.accounts.models import User
from eom.checklists.models.safety import SafetyReport
from eom.core.i18n import lazy
from eom.core.listing import Column, Filter, ListDefinition
from eom.core.types import UTCDateTime
from eom.deployment.models import Assignment
from eom.missions.models.mission import Mission
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState, Person
from eom.observers.queries.people import places_of
from eom.stations.queries import Areas, station_within

STATES = (("safe", lazy("Reported safe")), ("silent", lazy("No word yet")))
# Before every word: who has kept silent stands first on both databases.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# About a metre.
PLACES = 5


def appointment_of(session: Session, mission: Mission, user: User) -> int | None:
    """The living appointment of an account's person in a mission."""
    own = places_of(mission.id, user.id).with_only_columns(Appointment.id)
    return session.scalar(own.order_by(Appointment.id).limit(1))


def last_words(mission: Mission, areas: Areas = None) -> ListDefinition:
    """Everyone who observes with their newest report, or none; who has kept silent longest comes first.

    ``areas`` keeps it to the people who are assigned to a station in one of them.
    """
    zone = mission.time_zone
    columns = (
        Column("person", lazy("Person"), lambda r: f"{r.Person.family_names}, {r.Person.given_names}",
               (Person.family_names, Person.given_names)),
        Column("role", lazy("Role"), lambda r: r.Appointment.role, Appointment.role, "label"),
        Column("said", lazy("Last word"), lambda r: dict(STATES)["safe" if _word(r) else "silent"], kind="badge",
               tone=lambda r: "success" if _word(r) else "warning"),
        Column("at", lazy("Said at"), lambda r: _word(r) and (_word(r).at, zone),
               sa.func.coalesce(SafetyReport.at, sa.literal(NEVER, UTCDateTime())), "moment"),
        Column("received", lazy("Received"), lambda r: _word(r) and (_word(r).received_at, zone),
               SafetyReport.received_at, "moment"),
        Column("position", lazy("Position"), _position),
        Column("accuracy", lazy("Precise to (m)"), lambda r: _word(r) and _word(r).accuracy and round(_word(r).accuracy),
               SafetyReport.accuracy, "number"),
        Column("phone", lazy("Telephone"), lambda r: r.Person.phone),
    )  # fmt: skip
    filters = (Filter("state", lazy("Last word"), _state, choices=STATES),)
    return ListDefinition(
        _query(mission, areas), columns, filters, (Person.family_names, Person.given_names), sort="at",
        entity=False, tie=Appointment.id,
    )  # fmt: skip


def _query(mission: Mission, areas: Areas) -> Any:
    other = aliased(SafetyReport)
    newest = (
        sa.select(other.id)
        .where(other.mission_id == mission.id, other.user_id == Person.user_id)
        .order_by(other.at.desc(), other.id.desc())
        .limit(1)
        .correlate(Person)
        .scalar_subquery()
    )
    people = join(Appointment, Person, Appointment.person_id == Person.id)
    query = (
        sa.select(Appointment, Person, SafetyReport)
        .select_from(outerjoin(people, SafetyReport, SafetyReport.id == newest))
        .where(
            Appointment.mission_id == mission.id, Appointment.state != AppointmentState.WITHDRAWN,
            Appointment.role.in_(OBSERVING_ROLES),
        )
    )  # fmt: skip
    if areas is None:
        return query
    here = sa.select(Assignment.appointment_id).where(
        Assignment.mission_id == mission.id, station_within(areas, Assignment.polling_station_id)
    )
    return query.where(Appointment.id.in_(here))


def _word(row: Any) -> Any:
    """The newest report of a row, or None."""
    return row.SafetyReport


def _position(row: Any) -> str | None:
    report = _word(row)
    if report is None or report.latitude is None or report.longitude is None:
        return None
    return f"({report.latitude:.{PLACES}f}, {report.longitude:.{PLACES}f})"


def _state(value: str) -> sa.ColumnElement[bool]:
    return SafetyReport.id.is_not(None) if value == "safe" else SafetyReport.id.is_(None)
