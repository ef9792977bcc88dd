"""Books the invented plan of ``money_plan`` through the services, so every rule of the ledger applies."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from eom.accounts.models import User
from eom.accounts.permissions import Role
from eom.core import clock
from eom.core.money import share_out
from eom.core.storage import Store
from eom.demo import commitments, fundraising
from eom.demo import money_plan as plan
from eom.extensions import db
from eom.finance.models.award import Award, Donor, DonorKind, InKindKind, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import statements as queries
from eom.finance.queries.rates import rate_on
from eom.finance.services import (
    awards,
    closing,
    donors,
    in_kind,
    ledger,
    ledger_intake,
    movements,
    rates,
    statements,
)  # fmt: skip
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

SOURCE = "Demonstration: invented rate"
CLOSED = (2018, 2019)


def book_everything(missions: Mapping[str, Mission], users: Mapping[Role, User], store: Store) -> int:
    """All of the plan, in the order of the days, and what is raised for missions ahead.

    ``users`` are the finance officer, who writes the budgets, and the reviewer, who approves them. Returns
    how many expenditures were booked.
    """
    _rates()
    givers = {key: _donor(name, kind, country) for key, name, kind, country in plan.DONORS}
    made = _awards(givers, missions)
    _move(made, plan.MOVEMENTS)
    for reference, code, dollars, day, decision in plan.ALLOCATIONS:
        awards.allocate(
            made[reference], mission_id=missions[code].id, usd_cents=dollars * 100, allocated_on=day,
            decision=decision, is_demonstration=True,
        )  # fmt: skip
    commitments.approve_budgets(missions, users)
    booked = _spend(made, missions)
    _move(made, plan.REFUNDS)
    _in_kind(givers, missions)
    commitments.commit(missions, users)
    commitments.send_a_file(users, store)
    statements.record_sent(
        made[plan.SENT], up_to=date(2019, 12, 31), sent_on=date(2020, 3, 2), sent_to="Permanent mission (invented)",
        language="es", is_final=True, is_demonstration=True,
    )  # fmt: skip
    _send_statements(clock.today())
    for year in CLOSED:
        closing.close_year(year, by="Fernando Finance (demonstration)")
    fundraising.raise_funds(givers, store)
    return booked


def _send_statements(today: date) -> None:
    """The final statements that have been due for more than a year were sent in their time."""
    for due in queries.due(db.session(), today):
        if due.due_on < today - timedelta(days=365) and due.award.ends_on is not None:
            statements.record_sent(
                due.award, up_to=due.award.ends_on, sent_on=due.due_on - timedelta(days=12),
                sent_to="Permanent mission (invented)", language="en", is_final=True, is_demonstration=True,
            )  # fmt: skip


def _rates() -> None:
    for currency, year, values in plan.RATES:
        for month, value in enumerate(values.split(), start=1):
            rates.record_rate(
                currency=currency, month=date(year, month, 1), units_per_usd=Decimal(value), source=SOURCE,
                is_demonstration=True,
            )  # fmt: skip


def _donor(name: str, kind: str, country: str | None) -> Donor:
    return donors.register_donor(name=name, kind=DonorKind(kind), country=country, is_demonstration=True)


def _awards(givers: Mapping[str, Donor], missions: Mapping[str, Mission]) -> dict[str, Award]:
    made = {}
    for ref, donor, title, currency, code, pledged, agreed, agreed_on, ends_on, icr, basis in plan.AWARDS:
        made[ref] = awards.record_award(
            reference=ref, donor=givers[donor], title=title, currency=currency,
            mission_id=missions[code].id if code else None, pledged_cents=pledged and pledged * 100,
            pledged_on=agreed_on - timedelta(days=10) if pledged else None, agreed_cents=agreed * 100, agreed_on=agreed_on,
            starts_on=agreed_on, ends_on=ends_on, icr_percent=Decimal(icr), icr_basis=basis, is_demonstration=True,
        )  # fmt: skip
    return made


def _move(made: Mapping[str, Award], rows: tuple[tuple[str, str, date, str, int], ...]) -> None:
    for reference, kind, day, paper, amount in rows:
        movements.record_movement(
            made[reference], kind=MovementKind(kind), moved_on=day, reference=paper, amount_cents=amount * 100,
            is_demonstration=True,
        )  # fmt: skip


def _spend(made: Mapping[str, Award], missions: Mapping[str, Mission]) -> int:
    """All expenditures; one mission's come as a file, so that there is a load to look at."""
    dice = random.Random(2019)
    booked: list[Expenditure] = []
    extract: list[Line] = []
    for code, reference, dollars, first, last, currency, lines in plan.SPENDING:
        shares = share_out(dollars * 100, _weights(dice, lines))
        for number, usd_cents in enumerate(shares):
            day = first + (last - first) * number // max(lines - 1, 1)
            entry = _entry(number, day, currency, usd_cents, len(booked) + len(extract))
            if code == plan.LOADED:
                extract.append(Line(row=len(extract) + 2, mission=code, award=reference, **entry))
            else:
                booked.append(
                    ledger.record_expenditure(
                        missions[code], award=made[reference], is_demonstration=True, **entry
                    )
                )
    ledger_intake.take(extract, mission=None, file_name="extract-2020.csv", is_demonstration=True)
    _undo(booked)
    booked.append(_overdrawn(missions["BOL-2019"], made["MEX-2019-01"]))
    return len(booked) + len(extract)


def _weights(dice: random.Random, lines: int) -> list[int]:
    return [int(plan.NEEDS[n % len(plan.NEEDS)][3] * 100) * dice.randint(80, 120) for n in range(lines)]


def _entry(number: int, day: date, currency: str, usd_cents: int, count: int) -> dict[str, Any]:
    object_number, description, payee, _share = plan.NEEDS[number % len(plan.NEEDS)]
    # Tickets and fees are paid in dollars; what is bought on the spot in the money of the place.
    paid_in = "USD" if object_number == 8 else currency
    rate = rate_on(db.session(), paid_in, day)
    return {
        "object_number": object_number, "incurred_on": day, "voucher": f"DEMO-{count + 1:04d}", "payee": payee,
        "amount_cents": int((usd_cents * rate).quantize(Decimal(1), ROUND_HALF_UP)), "currency": paid_in,
        "description": description,
    }  # fmt: skip


def _undo(booked: list[Expenditure]) -> None:
    """A correction in the same year and one of a closed year's line, in the year after."""
    same_year = next(each for each in booked if each.object_number == 6 and each.fiscal_year == 2019)
    ledger.reverse_expenditure(
        same_year, on=same_year.incurred_on + timedelta(days=12), reason="Booked on the wrong award"
    )
    later = [each for each in booked if each.object_number == 9 and each.fiscal_year == 2019][-1]
    ledger.reverse_expenditure(later, on=date(2020, 2, 18), reason="The hire was invoiced twice")


def _overdrawn(mission: Mission, award: Award) -> Expenditure:
    """The last invoice of the mission goes above what its award still holds: recorded, and shown as such."""
    return ledger.record_expenditure(
        mission, award=award, object_number=9, incurred_on=date(2019, 12, 18), voucher="DEMO-LAST",
        payee="Altiplano Rentals (invented)", amount_cents=2250_00, description="Last invoice of the vehicles",
        overdraft_reason="The receipt announced for December came late", is_demonstration=True,
    )  # fmt: skip


def _in_kind(givers: Mapping[str, Donor], missions: Mapping[str, Mission]) -> None:
    for donor, code, kind, what, quantity, dollars, basis, day in plan.IN_KIND:
        in_kind.record_in_kind(
            givers[donor], mission_id=missions[code].id, kind=InKindKind(kind), description=what, quantity=Decimal(quantity),
            valued_cents=dollars * 100, basis=basis, given_on=day, is_demonstration=True,
        )  # fmt: skip
