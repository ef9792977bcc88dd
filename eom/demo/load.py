"""The demonstration, loaded once and whole: missions, people, register, checklists, books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from eom.accounts.permissions import Role
from eom.core.storage import Store
from eom.demo import accounts, field, logistics, missions, money, observers, planning
from eom.extensions import db
from eom.finance.models.award import Award, Donor, DonorKind
from eom.missions.models.mission import Mission


@dataclass(frozen=True)
class Loaded:
    """What came of a load, counted."""

    mission_count: int
    people_count: int
    station_count: int
    submission_count: int
    expenditure_count: int


def is_loaded() -> bool:
    """Whether the demonstration is there: its mission bears its mark."""
    marked = sa.select(Mission.id).where(Mission.code == accounts.CODE, Mission.is_demonstration.is_(True))
    return db.session.scalar(marked) is not None


def load(password: str, store: Store, say: Callable[[str], None] = lambda _text: None) -> Loaded:
    """Load everything in the caller's transaction.

    Raises Conflict when a mission, a donor or an award of the same name is there already.
    """
    say("Missions and people…")
    bolivia = missions.make_bolivia()
    added = missions.load_register()
    users = accounts.make_accounts(bolivia.id, password)
    appointments = observers.make_observers(bolivia, users)
    say("Polling stations of Bolivia…")
    station_count = field.load_stations(bolivia)
    say("Checklists…")
    field.publish_checklists(bolivia, store)
    submission_count = field.observe(bolivia, appointments, users, store)
    say("A plan of the teams…")
    planning.plan_the_day(bolivia)
    say("Journeys, nights, vehicles and credentials…")
    logistics.arrange(bolivia, appointments)
    say("Two years of money…")
    by_code = {each.code: each for each in db.session.scalars(sa.select(Mission))}
    expenditure_count = money.book_everything(by_code, users, store)
    accounts.show_awards_of(users[Role.DONOR_VIEWER], _a_member_state())
    return Loaded(added + 1, len(appointments), station_count, submission_count, expenditure_count)


def _a_member_state() -> int:
    """The member state with the most awards."""
    counted = (
        sa.select(Donor.id)
        .join(Award, Award.donor_id == Donor.id)
        .where(Donor.kind == DonorKind.MEMBER_STATE)
        .group_by(Donor.id)
        .order_by(sa.func.count().desc(), Donor.id)
    )
    return db.session.scalars(counted).first() or 0
