"""What the cost model is made from: past missions with their cost, and the missions and elections to come."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from eom.finance import cost_model
from eom.finance.cost_model import ExpectedMission, PastMission
from eom.finance.models.award import Award, Fund
from eom.finance.models.budget import BudgetVersion
from eom.finance.models.calendar import ExpectedElection
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import budgets
from eom.missions.models.mission import Mission, Stage
from eom.missions.models.process import Round
from eom.observers.models import OBSERVING_ROLES, Appointment, AppointmentState

PAST = (Stage.POST_ELECTION, Stage.REPORTED, Stage.CLOSED)
TO_COME = (Stage.REQUESTED, Stage.ACCEPTED, Stage.FUNDED, Stage.PLANNED)


def past_missions(session: Session) -> list[PastMission]:
    """The missions that are over, spent money, and have observers; by code."""
    spent, observed, sizes = _spent(session), _observers(session), _sizes(session)
    days = _polling_days(session)
    found = []
    query = sa.select(Mission).where(Mission.stage.in_(PAST), Mission.id.in_(spent)).order_by(Mission.code)
    for mission in session.scalars(query):
        usd, regular = spent[mission.id]
        planned = sizes.get(mission.id, (None, None))
        observers = observed.get(mission.id) or mission.observers_stated or planned[0]
        length = _length(mission) or planned[1]
        if not observers or usd <= 0:
            continue
        year = (days.get(mission.id) or mission.ends_on or mission.created_at.date()).year
        found.append(
            PastMission(
                mission.code, year, observers, length or cost_model.USUAL_DAYS, bool(length), usd, regular
            )
        )
    return found


def expected_missions(session: Session, first: date, last: date) -> list[ExpectedMission]:
    """The missions that are being prepared and the elections of the calendar between two days, by day."""
    found = [*_prepared(session, first, last), *_calendar(session, first, last)]
    return sorted(found, key=lambda each: (each.polling_on, each.name))


def calendar(session: Session) -> list[ExpectedElection]:
    """Every election of the calendar, by day."""
    query = sa.select(ExpectedElection).order_by(ExpectedElection.polling_on, ExpectedElection.id)
    return list(session.scalars(query))


def _prepared(session: Session, first: date, last: date) -> list[ExpectedMission]:
    approved, sizes, days = budgets.totals(session), _sizes(session), _polling_days(session)
    found = []
    for mission in session.scalars(sa.select(Mission).where(Mission.stage.in_(TO_COME))):
        day = days.get(mission.id) or mission.starts_on
        if day is None or not first <= day <= last:
            continue
        observers, length = sizes.get(mission.id, (None, None))
        found.append(
            ExpectedMission(
                f"{mission.code} {mission.name}", mission.country, day, observers or mission.observers_stated,
                length or _length(mission), 100, approved.get(mission.id), str(mission.stage.label),
            )
        )  # fmt: skip
    return found


def _calendar(session: Session, first: date, last: date) -> list[ExpectedMission]:
    return [
        ExpectedMission(
            each.name, each.country, each.polling_on, each.observer_count, each.day_count, each.likelihood_percent,
            None, each.source, each.id,
        )
        for each in calendar(session) if first <= each.polling_on <= last
    ]  # fmt: skip


def _spent(session: Session) -> dict[int, tuple[int, int]]:
    """Mission id → (what it cost with indirect costs, how much of it the Regular Fund paid)."""
    cost = Expenditure.usd_cents + Expenditure.icr_cents
    regular = sa.case((Award.fund == Fund.REGULAR, cost), else_=0)
    query = (
        sa.select(Expenditure.mission_id, sa.func.sum(cost), sa.func.sum(regular))
        .join(Award, Award.id == Expenditure.award_id)
        .group_by(Expenditure.mission_id)
    )
    return {i: (int(usd), int(part)) for i, usd, part in session.execute(query)}


def _observers(session: Session) -> dict[int, int]:
    query = (
        sa.select(Appointment.mission_id, sa.func.count(sa.distinct(Appointment.person_id)))
        .where(Appointment.state == AppointmentState.CONFIRMED, Appointment.role.in_(OBSERVING_ROLES))
        .group_by(Appointment.mission_id)
    )
    return dict(session.execute(query).tuples().all())


def _sizes(session: Session) -> dict[int, tuple[int | None, int | None]]:
    """Mission id → the observers and days that its newest budget is made for."""
    query = sa.select(BudgetVersion.mission_id, BudgetVersion.observer_count, BudgetVersion.day_count)
    rows = session.execute(query.order_by(BudgetVersion.number))
    return {mission_id: (observers, days) for mission_id, observers, days in rows}


def _polling_days(session: Session) -> dict[int, date]:
    query = sa.select(Round.mission_id, sa.func.min(Round.polling_on)).group_by(Round.mission_id)
    return dict(session.execute(query).tuples().all())


def _length(mission: Mission) -> int | None:
    if mission.starts_on is None or mission.ends_on is None:
        return None
    return (mission.ends_on - mission.starts_on).days + 1
