"""Donors, awards with money in them, and expenditures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from eom.finance.models.agreement import AwardInstalment, AwardReportDue, ReportKind
from eom.finance.models.award import Award, Donor, DonorKind, InKindContribution, InKindKind, MovementKind
from eom.finance.models.contact import DonorContact
from eom.finance.models.ledger import Expenditure
from eom.finance.models.pledge import DonorPledge, PledgeManner
from eom.finance.models.rate import ExchangeRate
from eom.finance.services import (
    awards,
    contacts,
    donors,
    in_kind,
    instalments,
    ledger,
    movements,
    pledges,
    rates,
    report_dues,
)
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


def a_pledge(donor: Donor | None = None, award: Award | None = None, **values: Any) -> DonorPledge:
    """A promise of 5,000 dollars by letter, on 2 January 2019, which ``award`` took up when there is one."""
    given = {
        "amount_cents": 500_000, "pledged_on": date(2019, 1, 2), "manner": PledgeManner.LETTER,
    } | values  # fmt: skip
    pledge = pledges.record_pledge(donor=donor or a_donor(), **given)
    if award is not None:
        pledges.tie(award, pledge)
    return pledge


def an_instalment(award: Award, **values: Any) -> AwardInstalment:
    """A cent that is due in March 2019."""
    given = {"due_on": date(2019, 3, 1), "amount_cents": 1} | values
    return instalments.foresee(award, **given)


def a_report_due(award: Award, **values: Any) -> AwardReportDue:
    """The final report, due at the end of 2019."""
    given = {"kind": ReportKind.FINAL, "due_on": date(2019, 12, 31)} | values
    return report_dues.ask_for_report(award, **given)


def a_contact(donor: Donor | None = None, **values: Any) -> DonorContact:
    """Someone to write to."""
    given = {"name": f"Person {next(_numbers)}", "role": "Desk officer", "email": "desk@example.org"} | values
    return contacts.add_contact(donor or a_donor(), **given)
