"""Invented budgets with versions, obligations, advances, an entry that waits, and elections to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.core import audit, clock
from eom.core.storage import Store
from eom.demo import money_plan as plan
from eom.extensions import db
from eom.finance.imports.expenditures import read_extract
from eom.finance.models.award import Award
from eom.finance.models.budget import Activity, LineBasis
from eom.finance.services import (
    advances,
    approvals,
    booking,
    budget_templates,
    budgets,
    calendar,
    obligations,
    pending_loads,
    per_diem,
)
from eom.finance.services.advances import Journey, Return
from eom.finance.services.booking import Entry
from eom.missions.models.mission import Mission
from eom.observers.models import Appointment

SOURCE = "Demonstration: invented"
EXTRACT = """Award,Mission,Object,Date,Voucher,Payee,Amount,Reference
NLD-2019-01,BOL-2020,4,2020-12-09,ERP-20-1188,Andes Travel Agency (invented),5640.00,ERP-20-1188-1
NLD-2019-01,BOL-2020,7,2020-12-10,ERP-20-1189,Plaza Offices (invented),310.50,ERP-20-1189-1
"""
# Observers and days that the invented budgets are made for.
SIZES = {
    "BOL-2019": (92, 36),
    "GUY-2020": (17, 30),
    "BOL-2020": (40, 30),
    "USA-2020": (28, 25),
    "SUR-2020": (10, 20),
}

STANDARD = (
    (4, Activity.DEPLOYMENT, "Per diem of observers", "observer", LineBasis.OBSERVER_DAYS, 1, 15500),
    (4, Activity.DEPLOYMENT, "Air tickets", "ticket", LineBasis.OBSERVERS, 1, 98000),
    (9, Activity.DEPLOYMENT, "Travel and health insurance", "policy", LineBasis.OBSERVERS, 1, 4200),
    (9, Activity.DEPLOYMENT, "Vehicles with drivers", "vehicle", LineBasis.DAYS, 6, 9000),
    (6, Activity.TRAINING, "Kits of observers", "kit", LineBasis.OBSERVERS, 1, 3500),
    (8, Activity.CORE_GROUP, "Specialists", "contract", LineBasis.FIXED, 6, 480000),
)

# country, election, day of next years (years ahead, month, day), observers, days, likelihood
ELECTIONS = (
    ("BOL", "Subnational elections", (1, 3, 7), 45, 21, 80),
    ("GUY", "Local elections", (1, 11, 15), 12, 14, 50),
    ("PER", "General elections", (2, 4, 12), 60, 30, 90),
    ("HND", "General elections", (3, 11, 30), 85, 35, 90),
)


def approve_budgets(missions: Mapping[str, Mission], users: Mapping[Role, User]) -> None:
    """The plan of the finance officer, approved by the reviewer."""
    for code, lines in plan.BUDGET:
        mission = missions[code]
        with _acting(users[Role.FINANCE]):
            for number, dollars in lines:
                budgets.plan_line(
                    mission, object_number=number, description="Plan of the mission", usd_cents=dollars * 100,
                    is_demonstration=True,
                )  # fmt: skip
            draft = budgets.open_draft(mission)
            observers, days = SIZES[code]
            budgets.describe_draft(draft, observer_count=observers, day_count=days, purpose="First budget")
            db.session.refresh(draft)
            budgets.submit(draft)
        with _acting(users[Role.FINANCE_REVIEWER]):
            budgets.approve(draft)


def commit(missions: Mapping[str, Mission], users: Mapping[Role, User]) -> None:
    """What was bound and given in 2020, an entry that waits, a draft, and what is expected."""
    mission, award = missions["BOL-2020"], _award("KOR-2020-01")
    with _acting(users[Role.FINANCE]):
        _standards()
        _oblige(mission, award)
        _travel(missions["BOL-2019"], _award("USA-2019-01"))
        _expect()
        approvals.enter_expenditure(
            mission,
            _entry(
                _award("NLD-2019-01"), "DEMO-WAIT", date(2020, 11, 20), 6200_00, "Hire of vehicles, last week"
            ),
            limit_cents=500_000,
        )
        budgets.plan_line(
            mission, object_number=9, activity=Activity.RUNOFF, description="Vehicles of a second round", unit="vehicle",
            quantity=Decimal(8), days=Decimal(6), unit_cents=90_00, is_demonstration=True,
        )  # fmt: skip


def send_a_file(users: Mapping[Role, User], store: Store) -> None:
    """An extract with a line above the limit, which waits for the reviewer."""
    with _acting(users[Role.FINANCE]):
        read = read_extract(EXTRACT.encode(), "december-2020.csv")
        pending_loads.enter(
            read.lines, mission=None, file_name="december-2020.csv", data=EXTRACT.encode(),
            digest=store.put(EXTRACT.encode()), choice=read.confirmed.as_dict(), limit_cents=500_000,
            is_demonstration=True,
        )  # fmt: skip


@contextmanager
def _acting(user: User) -> Iterator[None]:
    info = db.session().info
    before = (info.get("actor_id"), str(info.get("actor_name", "system")))
    audit.acting(db.session(), user.id, user.name)
    yield
    audit.acting(db.session(), *before)


def _award(reference: str) -> Award:
    return db.session.scalars(sa.select(Award).where(Award.reference == reference)).one()


def _entry(award: Award, voucher: str, on: date, cents: int, what: str) -> Entry:
    return Entry(
        incurred_on=on, voucher=voucher, payee="Altiplano Rentals (invented)", amount_cents=cents, award_id=award.id,
        object_number=9, description=what, is_demonstration=True,
    )  # fmt: skip


def _standards() -> None:
    for number, activity, what, unit, basis, quantity, cents in STANDARD:
        budget_templates.record_standard_line(
            None, object_number=number, activity=activity, description=what, unit=unit, basis=basis,
            quantity=Decimal(quantity), unit_cents=cents, source=SOURCE, is_demonstration=True,
        )  # fmt: skip


def _oblige(mission: Mission, award: Award) -> None:
    """A contract that is paid in part, and one that is open."""
    code = "9.01"
    first = obligations.oblige(
        mission, award_id=award.id, object_number=9, budget_code=code, reference="DEMO-PO-1",
        payee="Altiplano Rentals (invented)", obligated_on=date(2020, 9, 28), amount_cents=2_800_00,
        description="Vehicles of the coordinators", is_demonstration=True,
    )  # fmt: skip
    booking.book(
        mission,
        Entry(
            incurred_on=date(2020, 11, 5), voucher="DEMO-PO-1/1", payee=first.payee, amount_cents=1_900_00,
            obligation_id=first.id, is_demonstration=True,
        ),
    )  # fmt: skip
    obligations.oblige(
        mission, award_id=award.id, object_number=5, reference="DEMO-PO-2", payee="Imprenta Illimani (invented)",
        obligated_on=date(2020, 12, 14), amount_cents=1_150_00, description="Printing of the report", is_demonstration=True,
    )  # fmt: skip


def _travel(mission: Mission, award: Award) -> None:
    """An advance that was settled, and one that is owed; of the year that is open."""
    place = per_diem.record_rate(
        country="BOL",
        place="La Paz",
        starts_on=date(2018, 1, 1),
        usd_cents=155_00,
        source=SOURCE,
        is_demonstration=True,
    )
    people = db.session.scalars(
        sa.select(Appointment).where(Appointment.mission_id == mission.id).order_by(Appointment.id).limit(2)
    )
    for number, each in enumerate(people, start=1):
        made = advances.give(
            mission, Journey(each.id, award.id, place.id, Decimal(4), date(2020, 1, 20), f"DEMO-ADV-{number}", other_cents=60_00,
                             purpose="Lessons learned, La Paz", is_demonstration=True),
        )  # fmt: skip
        if number == 1:
            advances.settle(
                mission, Return(made.id, date(2020, 1, 31), "DEMO-ADV-1/S", Decimal("3.5"), 48_00)
            )


def _expect() -> None:
    year = clock.today().year
    for country, name, (ahead, month, day), observers, days, likelihood in ELECTIONS:
        calendar.record_election(
            None, country=country, name=name, polling_on=date(year + ahead, month, day), observer_count=observers,
            day_count=days, likelihood_percent=likelihood, source=SOURCE, is_demonstration=True,
        )  # fmt: skip
