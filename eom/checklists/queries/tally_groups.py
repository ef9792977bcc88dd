"""By what answers are told apart: area, team, person, hour."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.accounts.models import User
from eom.checklists.models.app_user import AppUser
from eom.checklists.models.submission import Submission
from eom.core import i18n
from eom.core.i18n import _, lazy
from eom.deployment.models import Team, TeamMember
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment, Person
from eom.stations.models import Area, PollingStation, VotingCentre

Group = Any


class Breakdown(Enum):
    """By what answers are told apart."""

    NONE = ""
    AREA = "area"
    TEAM = "team"
    PERSON = "person"
    HOUR = "hour"

    @property
    def label(self) -> Any:
        """The words for people."""
        return {
            "": lazy("Nothing: all together"),
            "area": lazy("Area"),
            "team": lazy("Team"),
            "person": lazy("Person who sent it"),
            "hour": lazy("Hour"),
        }[self.value]


def labels_of(session: Session, groups: Iterable[Group], by: Breakdown) -> list[tuple[Group, str]]:
    """The groups with their names as the reader sorts them; unknown ones last."""
    groups = list(groups)
    known = [each for each in groups if each is not None]
    if by is Breakdown.HOUR:
        named = [(each, i18n.moment(datetime.fromisoformat(each), UTC)) for each in sorted(known)]
    else:
        words = _names(session, known, by)
        named = sorted(((each, words[each]) for each in known), key=lambda pair: i18n.sort_key(pair[1]))
    return [*named, *([(None, _("Not known"))] if None in groups else [])]


@dataclass(frozen=True)
class Grouping:
    """How reports are told apart: columns of submissions, and the group that follows from their values."""

    columns: tuple[Any, ...]
    group_of: Callable[..., Group]


TOGETHER = Grouping((), lambda: 0)
BY_STATION = Grouping((Submission.polling_station_id,), lambda station: station)


def grouping(session: Session, mission: Mission, by: Breakdown) -> Grouping:
    """How the reports of a mission are told apart."""
    if by is Breakdown.AREA:
        return Grouping((Submission.polling_station_id,), dict(_areas_of_stations(session, mission)).get)
    if by is Breakdown.TEAM:
        of_users, of_devices = _teams(session, mission)
        # Whose device it is says it; else whose account.
        return Grouping(
            (Submission.submitted_by_id, Submission.app_user_id),
            lambda user, device: of_devices.get(device) if device is not None else of_users.get(user),
        )
    if by is Breakdown.PERSON:
        people = dict(_people_of_devices(session, mission))
        # An account, or minus a person on the roster who has none.
        return Grouping(
            (Submission.submitted_by_id, Submission.app_user_id),
            lambda user, device: user if user is not None else people.get(device),
        )
    if by is Breakdown.HOUR:
        at = sa.func.coalesce(Submission.ended_at, Submission.started_at, Submission.received_at)
        return Grouping(
            (_half_hour(session, at),), cache(lambda half_hour: hour_of(half_hour, mission.time_zone))
        )
    return TOGETHER


def _areas_of_stations(session: Session, mission: Mission) -> list[tuple[int, int]]:
    query = (
        sa.select(PollingStation.id, VotingCentre.first_area_id)
        .join(PollingStation.centre)
        .where(PollingStation.mission_id == mission.id)
    )
    return [(station, area) for station, area in session.execute(query)]


def _people_of_devices(session: Session, mission: Mission) -> list[tuple[int, int]]:
    query = (
        sa.select(AppUser.id, -Appointment.person_id)
        .join(Appointment, Appointment.id == AppUser.appointment_id)
        .where(Appointment.mission_id == mission.id)
    )
    return [(device, person) for device, person in session.execute(query)]


def _teams(session: Session, mission: Mission) -> tuple[dict[int, int], dict[int, int]]:
    """The team of each account, and of each device, of who is in one."""
    people = (
        sa.select(Person.user_id, AppUser.id, TeamMember.team_id)
        .join(Appointment, Appointment.id == TeamMember.appointment_id)
        .join(Person, Person.id == Appointment.person_id)
        .outerjoin(AppUser, AppUser.appointment_id == Appointment.id)
        .where(Appointment.mission_id == mission.id)
    )
    users: dict[int, int] = {}
    devices: dict[int, int] = {}
    for user, device, team in session.execute(people):
        users |= {user: team} if user is not None else {}
        devices |= {device: team} if device is not None else {}
    return users, devices


def _half_hour(session: Session, at: Any) -> Any:
    """The half hour in UTC, as text: zones differ from each other by whole ones of them."""
    if session.get_bind().dialect.name == "postgresql":
        utc = sa.func.timezone("UTC", at)
        hour, minute = sa.func.to_char(utc, "YYYY-MM-DD HH24"), sa.func.to_char(utc, "MI")
    else:
        # As it is kept: 2019-10-20 12:34:56.
        text = sa.type_coerce(at, sa.Text)
        hour, minute = sa.func.substr(text, 1, 13), sa.func.substr(text, 15, 2)
    return hour.concat(sa.case((minute < "30", ":00"), else_=":30"))


def hour_of(half_hour: str, zone: str) -> str:
    """The hour in a zone, as ISO 8601 without its offset, in which a half hour of UTC lies."""
    at = datetime.fromisoformat(half_hour).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return (at - timedelta(minutes=at.minute)).replace(tzinfo=UTC).isoformat()


def _names(session: Session, ids: list[int], by: Breakdown) -> dict[int, str]:
    if by is Breakdown.AREA:
        return {each.id: each.words for each in session.scalars(sa.select(Area).where(Area.id.in_(ids)))}
    if by is Breakdown.TEAM:
        rows = session.execute(sa.select(Team.id, Team.name).where(Team.id.in_(ids)))
        return {row.id: row.name for row in rows}
    users = sa.select(User.id, User.name).where(User.id.in_([each for each in ids if each > 0]))
    people = sa.select(Person).where(Person.id.in_([-each for each in ids if each < 0]))
    named = {row.id: row.name for row in session.execute(users)}
    return named | {-each.id: each.name for each in session.scalars(people)}
