"""Approved budgets, obligations, advances and entries that wait."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa

from eom.accounts.models import User
from eom.core import audit, clock
from eom.extensions import db
from eom.finance.models.award import Award
from eom.finance.models.budget import Activity, BudgetVersion, LineBasis, StandardLine
from eom.finance.models.calendar import ExpectedElection
from eom.finance.models.commitment import Advance, Obligation, PerDiemRate
from eom.finance.models.entry import PendingEntry
from eom.finance.models.pending_load import PendingLoad
from eom.finance.services import (
    advances,
    approvals,
    budget_templates,
    budgets,
    calendar,
    obligations,
    pending_loads,
    per_diem,
)
from eom.finance.services.advances import Journey
from eom.finance.services.booking import Entry
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission
from tests.factories.checklists import store
from tests.factories.finance import a_line, an_award
from tests.factories.observers import make_appointment

_numbers = count(10_001)


@contextmanager
def acting(user: User) -> Iterator[None]:
    """What is done inside is done by this person."""
    info = db.session().info
    before = (info.get("actor_id"), str(info.get("actor_name", "system")), info.get("request_id"))
    audit.acting(db.session(), user.id, user.name)
    yield
    audit.acting(db.session(), *before)


def somebody() -> User:
    """An account without any role, to be the second person of a story that has none."""
    number = next(_numbers)
    user = User(
        email=f"second{number}@example.org",
        name=f"Second {number}",
        active=True,
        fs_uniquifier=f"second-{number}",
    )
    db.session.add(user)
    db.session.flush()
    return user


def approved_budget(
    mission: Mission, *lines: tuple[int, str, int], observers: int | None = None, days: int | None = None
) -> BudgetVersion:
    """The next version of a mission's budget with some more lines (object, description, US cents), approved."""
    for number, description, cents in lines:
        budgets.plan_line(mission, object_number=number, description=description, usd_cents=cents)
    version = budgets.open_draft(mission)
    if observers:
        budgets.describe_draft(version, observer_count=observers, day_count=days, purpose=None)
    db.session.refresh(version)
    budgets.submit(version)
    with acting(somebody()):
        return budgets.approve(version)


def an_obligation(mission: Mission, award: Award | None = None, **values: Any) -> Obligation:
    """Flights of 1,000 dollars that were ordered a month before polling day."""
    number = next(_numbers)
    given = {
        "award_id": (award or an_award(mission)).id, "object_number": 4, "reference": f"PO-{number}",
        "payee": "Travel agency", "obligated_on": date(2019, 9, 20), "amount_cents": 1000_00,
    } | values  # fmt: skip
    return obligations.oblige(mission, **given)


def an_entry(award: Award | None = None, **values: Any) -> Entry:
    """An entry of 100 dollars of travel on polling day."""
    number = next(_numbers)
    given = {
        "award_id": award.id if award else 0, "object_number": 4, "incurred_on": date(2019, 10, 20),
        "voucher": f"E-{number}", "payee": "Travel agency", "amount_cents": 100_00,
    } | values  # fmt: skip
    return Entry(**given)


def a_waiting_entry(mission: Mission, award: Award | None = None, **values: Any) -> PendingEntry:
    """An entry of 6,000 dollars, which is above the limit."""
    entry = an_entry(award or an_award(mission), **({"amount_cents": 6000_00} | values))
    made = approvals.enter_expenditure(mission, entry, limit_cents=5000_00)
    assert isinstance(made, PendingEntry)
    return made


def a_per_diem(
    place: str = "La Paz", usd_cents: int = 210_00, starts_on: date = date(2019, 1, 1)
) -> PerDiemRate:
    """What a day in a place of Bolivia is worth."""
    return per_diem.record_rate(
        country="BOL", place=place, starts_on=starts_on, usd_cents=usd_cents, source="Scale of 2019"
    )


def a_journey(mission: Mission, award: Award | None = None, **values: Any) -> Journey:
    """Five days in La Paz and 50 dollars for the way to the airport."""
    known = db.session.scalars(sa.select(PerDiemRate)).first()
    given = {
        "appointment_id": values.pop("appointment_id", None) or make_appointment(mission).id,
        "award_id": (award or an_award(mission)).id, "per_diem_rate_id": (known or a_per_diem()).id,
        "days": Decimal(5), "paid_on": date(2019, 10, 10), "voucher": f"ADV-{next(_numbers)}", "other_cents": 50_00,
    } | values  # fmt: skip
    return Journey(**given)


def a_standard_line(**values: Any) -> StandardLine:
    """Insurance for each observer."""
    given = {
        "object_number": 9, "activity": Activity.DEPLOYMENT, "description": f"Insurance {next(_numbers)}", "unit": "policy",
        "basis": LineBasis.OBSERVERS, "quantity": Decimal(1), "unit_cents": 45_00, "source": "Quotation of 2019",
    } | values  # fmt: skip
    return budget_templates.record_standard_line(None, **given)


def an_election(**values: Any) -> ExpectedElection:
    """A general election in Ecuador, two years from now."""
    given = {
        "country": "ECU", "name": f"General election {next(_numbers)}", "polling_on": date(clock.today().year + 1, 2, 28),
        "observer_count": 40, "day_count": 20, "likelihood_percent": 75, "source": "Electoral calendar",
    } | values  # fmt: skip
    return calendar.record_election(None, **given)


def an_advance(mission: Mission, award: Award | None = None, **values: Any) -> Advance:
    """An advance that was paid out."""
    return advances.give(mission, a_journey(mission, award, **values))


def a_waiting_load(mission: Mission, **values: Any) -> PendingLoad:
    """A file of one line of ten dollars of a mission, above a limit of one cent: it waits."""
    line = a_line(mission)
    data = csv_of(line)
    given = {"file_name": "extract.csv", "limit_cents": 1, "choice": {"columns": {}}} | values
    made = pending_loads.enter([line], mission=mission, data=data, digest=store().put(data), **given)
    assert isinstance(made, PendingLoad)
    return made


def csv_of(*lines: Line) -> bytes:
    """Lines as the file that they may have come from."""
    rows = ["award;mission;object;date;voucher;payee;amount;currency;reference;budget line"]
    rows += [
        f"{x.award};{x.mission or ''};{x.object_number};{x.incurred_on.isoformat()};{x.voucher};{x.payee};"
        f"{x.amount_cents / 100:.2f};{x.currency};{x.reference or ''};{x.budget_code or ''}"
        for x in lines
    ]
    return "\n".join(rows).encode()
