"""Donors, awards with money in them, and expenditures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from eom.finance.models.award import Award, Donor, DonorKind, InKindContribution, InKindKind, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.models.rate import ExchangeRate
from eom.finance.services import awards, donors, in_kind, ledger, movements, rates
from eom.finance.services.ledger_lines import Line
from eom.missions.models.mission import Mission

# All with as many digits: names sort as they were made, whichever tests ran before.
_numbers = count(10_001)


def a_donor(**values: Any) -> Donor:
    """A donor, a member state unless told otherwise."""
    number = next(_numbers)
    given = {"name": f"Donor {number}", "kind": DonorKind.MEMBER_STATE, "country": "CAN"} | values
    return donors.register_donor(**given)


def an_award(mission: Mission | None = None, *, received_cents: int = 10_000_000, **values: Any) -> Award:
    """An award in US dollars, earmarked to ``mission`` or general, that was paid on 2 January 2019."""
    number = next(_numbers)
    given = {
        "reference": f"AW-{number}", "donor": values.pop("donor", None) or a_donor(), "title": "Electoral observation",
        "mission_id": mission.id if mission else None, "agreed_cents": received_cents or 100,
        "agreed_on": date(2019, 1, 1), "icr_percent": Decimal(0),
    } | values  # fmt: skip
    award = awards.record_award(**given)
    if received_cents:
        movements.record_movement(
            award, kind=MovementKind.RECEIPT, moved_on=date(2019, 1, 2), reference=f"R-{number}",
            amount_cents=received_cents,
        )  # fmt: skip
    return award


def a_rate(currency: str = "BOB", month: date = date(2019, 10, 1), units: str = "6.86") -> ExchangeRate:
    """A month's rate."""
    return rates.record_rate(currency=currency, month=month, units_per_usd=Decimal(units), source="UN")


def an_expenditure(mission: Mission, award: Award | None = None, **values: Any) -> Expenditure:
    """A line of 100 dollars of travel on polling day."""
    number = next(_numbers)
    given = {
        "award": award or an_award(mission), "object_number": 4, "incurred_on": date(2019, 10, 20),
        "voucher": f"V-{number}", "payee": "Travel agency", "amount_cents": 100_00,
    } | values  # fmt: skip
    return ledger.record_expenditure(mission, **given)


def a_line(mission: Mission, award: Award | None = None, **values: Any) -> Line:
    """A line of an extract: ten dollars of travel on polling day."""
    number = next(_numbers)
    given = {
        "row": number, "mission": mission.code, "award": (award or an_award(mission)).reference, "object_number": 4,
        "incurred_on": date(2019, 10, 20), "voucher": f"V-{number}", "payee": "Travel agency", "amount_cents": 10_00,
        "currency": "USD", "reference": f"L-{number}",
    } | values  # fmt: skip
    return Line(**given)


def help_in_kind(mission: Mission, donor: Donor | None = None, **values: Any) -> InKindContribution:
    """Vehicles worth 9,600 dollars, given some days before polling day."""
    given = {
        "description": "Vehicles", "kind": InKindKind.TRAVEL, "valued_cents": 960_000, "basis": "Local hire",
        "given_on": date(2019, 10, 15),
    } | values  # fmt: skip
    return in_kind.record_in_kind(donor or a_donor(), mission_id=mission.id, **given)
