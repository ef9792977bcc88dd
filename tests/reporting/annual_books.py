"""Books of three years with every case that the annual report must get right, through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from eom.extensions import db
from eom.finance.models.award import Award, Donor, DonorKind, MovementKind
from eom.finance.models.ledger import Expenditure
from eom.finance.services import awards, in_kind, ledger, movements, rates
from eom.finance.services.donors import register_donor
from eom.missions.models.mission import Mission
from eom.missions.models.process import ProcessKind, RoundKind
from eom.missions.services import processes
from tests.factories.commitments import approved_budget
from tests.factories.missions import make_mission, make_round
from tests.factories.observers import make_appointment

K = MovementKind
DONORS = {
    "RF": ("Regular Fund", DonorKind.REGULAR_FUND, None),
    "CAN": ("Canada", DonorKind.MEMBER_STATE, "CAN"),
    "USA": ("United States", DonorKind.MEMBER_STATE, "USA"),
    "MEX": ("Mexico", DonorKind.MEMBER_STATE, "MEX"),
    "BOL": ("Bolivia", DonorKind.MEMBER_STATE, "BOL"),
    "NLD": ("Netherlands", DonorKind.PERMANENT_OBSERVER, "NLD"),
    "IFD": ("=Institute", DonorKind.ORGANISATION, None),
    "ZOE": ("@Zoë & Söhne", DonorKind.OTHER, None),
}
# reference, donor, currency, mission, agreed, ICR %, basis
AWARDS = (
    ("RF-2019", "RF", "USD", None, 900_000_00, "0", None),
    ("CAN-1", "CAN", "USD", None, 900_000_00, "12", None),
    ("NLD-1", "NLD", "EUR", None, 900_000_00, "11", None),
    ("USA-1", "USA", "USD", "BOL-2019", 50_000_00, "10.5", None),
    ("MEX-1", "MEX", "USD", "BOL-2019", 20_000_00, "0", "US$20,000 or less"),
    ("BOL-1", "BOL", "USD", "BOL-2019", 5_000_00, "0", "US$20,000 or less"),
    ("IFD-1", "IFD", "EUR", "BOL-2019", 40_000_00, "5", None),
    ("-ZOE", "ZOE", "USD", "BOL-2019", 3_000_00, "7", None),
    ("OLD-1", "CAN", "USD", None, 1_000_00, "0", "grandfathered"),
)
# award, kind, day, reference, amount in the award's currency
MOVED = (
    ("CAN-1", K.RECEIPT, date(2018, 5, 2), "R1", 200_000_01),
    ("CAN-1", K.RECEIPT, date(2018, 5, 3), "R-wrong", 1_000_00),
    ("OLD-1", K.RECEIPT, date(2018, 2, 1), "R1", 1_000_00),
    ("OLD-1", K.REFUND, date(2018, 3, 1), "B1", 1_000_00),
    ("RF-2019", K.RECEIPT, date(2019, 1, 15), "R1", 60_000_00),
    ("NLD-1", K.RECEIPT, date(2019, 5, 6), "R1", 300_000_00),
    ("NLD-1", K.RECEIPT, date(2019, 9, 9), "R2", 200_000_07),
    ("USA-1", K.RECEIPT, date(2019, 4, 2), "R1", 50_000_00),
    ("MEX-1", K.RECEIPT, date(2019, 9, 12), "R1", 20_000_00),
    ("BOL-1", K.RECEIPT, date(2019, 9, 13), "R1", 5_000_00),
    ("IFD-1", K.RECEIPT, date(2019, 8, 5), "R1", 40_000_00),
    ("-ZOE", K.RECEIPT, date(2019, 8, 6), "R1", 3_000_00),
    ("CAN-1", K.INTEREST, date(2019, 6, 30), "I1", 412_33),
    ("CAN-1", K.TRANSFER_OUT, date(2019, 7, 1), "T1", 10_000_00),
    ("USA-1", K.TRANSFER_IN, date(2019, 7, 1), "T1", 10_000_00),
    ("NLD-1", K.EXCHANGE_LOSS, date(2019, 12, 20), "X1", 310_11),
    ("IFD-1", K.EXCHANGE_GAIN, date(2019, 12, 20), "X1", 12_34),
)
# award, mission, US cents, day
GIVEN = (
    ("CAN-1", "ECU-2018", 30_000_00, date(2018, 6, 1)),
    ("CAN-1", "BOL-2019", 80_000_00, date(2019, 8, 1)),
    ("CAN-1", "GTM-2019", 40_000_00, date(2019, 5, 1)),
    ("CAN-1", "ECU-2018", -5_000_00, date(2019, 11, 1)),
    ("RF-2019", "BOL-2019", 25_000_00, date(2019, 8, 1)),
    ("RF-2019", "GTM-2019", 10_000_00, date(2019, 5, 1)),
    ("NLD-1", "BOL-2019", 220_000_00, date(2019, 9, 12)),
    ("NLD-1", "GTM-2019", 30_000_00, date(2019, 9, 12)),
)
# mission, award, object, day, amount, currency
SPENT = (
    ("ECU-2018", "CAN-1", 4, date(2018, 7, 2), 9_999_99, "USD"),
    ("ECU-2018", "CAN-1", 8, date(2018, 12, 31), 5_000_01, "USD"),
    ("ECU-2018", "CAN-1", 9, date(2019, 1, 1), 777_77, "USD"),
    ("GTM-2019", "CAN-1", 1, date(2019, 6, 3), 1_000_03, "USD"),
    ("GTM-2019", "RF-2019", 2, date(2019, 6, 4), 77, "USD"),
    ("GTM-2019", "NLD-1", 3, date(2019, 9, 20), 2_000_02, "EUR"),
    ("BOL-2019", "CAN-1", 4, date(2019, 9, 18), 50_100_01, "USD"),
    ("BOL-2019", "NLD-1", 8, date(2019, 10, 2), 123_456_78, "BOB"),
    ("BOL-2019", "NLD-1", 4, date(2019, 10, 21), 60_000_00, "EUR"),
    ("BOL-2019", "USA-1", 8, date(2019, 11, 4), 33_333_33, "USD"),
    ("BOL-2019", "MEX-1", 6, date(2019, 11, 5), 19_999_99, "USD"),
    ("BOL-2019", "BOL-1", 5, date(2019, 10, 5), 333_33, "BOB"),
    ("BOL-2019", "IFD-1", 7, date(2019, 9, 10), 31_000_00, "USD"),
    ("BOL-2019", "-ZOE", 9, date(2019, 9, 11), 2_500_00, "USD"),
    ("BOL-2019", "RF-2019", 2, date(2019, 8, 5), 21_000_00, "USD"),
    ("BOL-2019", "NLD-1", 4, date(2020, 1, 14), 9_400_00, "USD"),
)
RATES = (
    ("EUR", "0.8745 0.8754 0.8801 0.8912 0.8933 0.8971 0.8799 0.8975 0.9058 0.9144 0.8981 0.9083"),
    ("BOB", "6.86 6.86 6.86 6.86 6.86 6.86 6.86 6.86 6.86 6.91 6.91 6.91"),
)


@dataclass
class Books:
    """What was made, by code and reference; ``lines`` are the expenditures in the order of ``SPENT``."""

    missions: dict[str, Mission]
    donors: dict[str, Donor]
    awards: dict[str, Award]
    lines: list[Expenditure]


def make_books() -> Books:
    """The books of 2018, 2019 and 2020."""
    missions = _missions()
    for currency, months in RATES:
        for year in (2018, 2019, 2020):
            for number, value in enumerate(months.split(), 1):
                rates.record_rate(currency=currency, month=date(year, number, 1), units_per_usd=Decimal(value),
                                  source="UN operational rates")  # fmt: skip
    donors = {
        key: register_donor(name=name, kind=kind, country=country)
        for key, (name, kind, country) in DONORS.items()
    }
    made = {ref: _award(donors, missions, ref, *rest) for ref, *rest in AWARDS}
    for ref, kind, day, paper, cents in MOVED:
        movements.record_movement(made[ref], kind=kind, moved_on=day, reference=paper, amount_cents=cents)
    for ref, code, cents, day in GIVEN:
        awards.allocate(
            made[ref], mission_id=missions[code].id, usd_cents=cents, allocated_on=day, decision="Decision"
        )
    lines = [
        ledger.record_expenditure(
            missions[code], award=made[ref], object_number=number, incurred_on=day, voucher=f"V-{place}",
            payee="Someone", amount_cents=cents, currency=currency,
        )
        for place, (code, ref, number, day, cents, currency) in enumerate(SPENT)
    ]  # fmt: skip
    books = Books(missions, donors, made, lines)
    _special_cases(books)
    return books


def _missions() -> dict[str, Mission]:
    codes = ("ECU-2018", "GTM-2019", "BOL-2019", "PAN-2019", "HTI-2019", "PER-2021")
    missions = {code: make_mission(code) for code in codes}
    bolivia = missions["BOL-2019"]
    make_round(bolivia, date(2019, 10, 20))
    make_round(bolivia, date(2020, 1, 12), kind=RoundKind.RUNOFF)
    make_round(missions["HTI-2019"], date(2019, 10, 27))
    make_round(missions["PER-2021"], date(2021, 4, 11))
    processes.add_process(bolivia, kind=ProcessKind.PRESIDENTIAL, name=None)
    processes.add_process(bolivia, kind=ProcessKind.OTHER, name="=Consulta")
    for nationality in ("ARG", "ARG", "CHL"):
        make_appointment(bolivia, nationality)
    missions["GTM-2019"].observers_stated = 84
    approved_budget(bolivia, (4, "Tickets", 300_000_00))
    return missions


def _award(
    donors: dict[str, Donor], missions: dict[str, Mission], reference: str, donor: str, currency: str,
    code: str | None, agreed: int, icr: str, basis: str | None,
) -> Award:  # fmt: skip
    return awards.record_award(
        reference=reference, donor=donors[donor], title=f"Award {reference}", currency=currency,
        mission_id=missions[code].id if code else None, pledged_cents=agreed, pledged_on=date(2018, 1, 8),
        agreed_cents=agreed, agreed_on=date(2018, 1, 9), ends_on=date(2018, 12, 31), icr_percent=Decimal(icr),
        icr_basis=basis,
    )  # fmt: skip


def _special_cases(books: Books) -> None:
    """Reversals over the end of a year, money taken back, a refund, an overdrawn line, help in kind."""
    lines, made = books.lines, books.awards
    ledger.reverse_expenditure(lines[1], on=date(2019, 2, 18), reason="Invoiced twice")
    ledger.reverse_expenditure(lines[13], on=date(2019, 9, 30), reason="Wrong award")
    ledger.reverse_expenditure(lines[10], on=date(2020, 2, 20), reason="Returned")
    wrong = db.session.scalars(sa.text("SELECT id FROM award_movements WHERE reference = 'R-wrong'")).one()
    movements.reverse_movement(
        db.session.get_one(movements.AwardMovement, wrong), on=date(2019, 3, 1), reason="Another award's"
    )
    ledger.record_expenditure(
        books.missions["BOL-2019"], award=made["BOL-1"], object_number=9, incurred_on=date(2019, 12, 18),
        voucher="V-LAST", payee="Someone", amount_cents=6_000_00, overdraft_reason="Late receipt",
    )  # fmt: skip
    movements.record_movement(
        made["USA-1"], kind=K.REFUND, moved_on=date(2019, 12, 30), reference="B1", amount_cents=2_156_06
    )
    for donor, code, what, cents in (
        ("BOL", "BOL-2019", "Four vehicles", 9_600_00),
        ("CAN", "PAN-2019", "=Seconded staff", 14_500_01),
        ("CAN", "PAN-2019", "Two laptops", 1_200_00),
    ):
        in_kind.record_in_kind(
            books.donors[donor], mission_id=books.missions[code].id, description=what, quantity=Decimal(1),
            valued_cents=cents, basis="Daily rate", given_on=date(2019, 10, 1),
        )  # fmt: skip
