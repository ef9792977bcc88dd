"""Figures of an invented year with every case the report must show (annual-report.md)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from eom.reporting.annual.figures import (
    AnnualFigures,
    InKindFigures,
    LedgerFigures,
    MatrixCell,
    MissionFigures,
    Note,
    NoteKind,
    RateFigures,
    SourceFigures,
    SourceKind,
)

RF, STATE, OBSERVER = SourceKind.REGULAR_FUND, SourceKind.MEMBER_STATE, SourceKind.PERMANENT_OBSERVER
ORGANISATION, OTHER = SourceKind.ORGANISATION, SourceKind.OTHER

# mission, award, object, direct cents, ICR cents. BOL-2019 is paid by seven sources; PO-NLD serves
# three missions; a reversal of 2018 stands in ECU-2018; RF pays no ICR.
PAID = (
    ("BOL-2019", "RF-2019", 4, 1_250_033, 0),
    ("BOL-2019", "RF-2019", 8, 999_999, 0),
    ("BOL-2019", "MS-CAN", 4, 5_010_001, 561_120),
    ("BOL-2019", "MS-USA", 8, 7_777_777, 933_333),
    ("BOL-2019", "MS-BOL", 6, 33_333, 0),
    ("BOL-2019", "PO-NLD", 4, 12_345_678, 1_358_025),
    ("BOL-2019", "ORG-EU", 8, 4_400_000, 220_000),
    ("BOL-2019", "=SUM(A1:A9)", 9, 1, 0),
    ("BOL-2019-2", "PO-NLD", 4, 2_000_002, 220_000),
    ("ECU-2018", "MS-CAN", 4, -45_010, -5_041),
    ("GTM-2019", "PO-NLD", 1, 100_000, 11_000),
    ("GTM-2019", "RF-2019", 2, 77, 0),
    ("GTM-2019", "MS-USA", 5, 65_432, 7_852),
)

# kind, donor, award, mission, currency, pledged, agreed, opening, received, transfers in, interest,
# exchange, refunds, transfers out
AWARDS = (
    (RF, "Regular Fund", "RF-2019", "", "USD", 0, 0, 0, 2_500_000, 0, 0, 0, 0, 0),
    (
        STATE,
        "Canada",
        "MS-CAN",
        "",
        "CAD",
        8_000_000,
        7_600_000,
        1_000_001,
        5_000_000,
        0,
        1_234,
        -43_210,
        0,
        12,
    ),
    (
        STATE,
        "United States",
        "MS-USA",
        "BOL-2019",
        "USD",
        9_000_000,
        9_000_000,
        0,
        9_000_000,
        0,
        0,
        0,
        215_606,
        0,
    ),
    (STATE, "Bolivia", "MS-BOL", "BOL-2019", "BOB", 33_333, 33_333, 0, 33_333, 0, 0, 0, 0, 0),
    (
        OBSERVER,
        "Netherlands",
        "PO-NLD",
        "",
        "EUR",
        11_000_000,
        110_000_00,
        0,
        18_000_000,
        12,
        0,
        77_007,
        0,
        0,
    ),
    (
        ORGANISATION,
        "European Union",
        "ORG-EU",
        "BOL-2019",
        "EUR",
        4_620_000,
        4_620_000,
        0,
        4_600_000,
        0,
        0,
        0,
        0,
        0,
    ),
    (OTHER, '+cmd|"/c calc"!A1', "=SUM(A1:A9)", "BOL-2019", "USD", 1, 1, 0, 1, 0, 0, 0, 0, 0),
    (OTHER, "@Zoë & Söhne", "-1+2", "", "USD", 500, 0, 0, 0, 0, 0, 0, 0, 0),
)


def sources(paid: tuple[tuple[str, str, int, int, int], ...] = PAID) -> tuple[SourceFigures, ...]:
    """The awards with their closing balances."""
    made = []
    for kind, donor, award, mission, currency, *amounts in AWARDS:
        pledged, agreed, opening, received, arrived, interest, exchange, refunds, left = amounts
        direct = sum(line[3] for line in paid if line[1] == award)
        icr = sum(line[4] for line in paid if line[1] == award)
        closing = opening + received + arrived + interest + exchange - direct - icr - refunds - left
        made.append(
            SourceFigures(
                kind,
                donor,
                award,
                mission,
                currency,
                agreed,
                pledged,
                agreed,
                opening,
                opening,
                received,
                arrived,
                interest,
                exchange,
                direct,
                icr,
                refunds,
                left,
                closing,
                Decimal("11") if icr else Decimal(0),
            )  # fmt: skip
        )
    return tuple(made)


def mission(code: str, country: str, **known: object) -> MissionFigures:
    """A mission with what was paid on it."""
    objects = tuple(
        sum(line[3] for line in PAID if line[0] == code and line[2] == number) for number in range(1, 10)
    )
    icr = sum(line[4] for line in PAID if line[0] == code)
    opening, cash = int(known.pop("opening", 0)), int(known.pop("cash", 0))  # type: ignore[call-overload]
    regular, exchange = int(known.pop("regular", 0)), int(known.pop("exchange", 0))  # type: ignore[call-overload]
    refunds = int(known.pop("refunds", 0))  # type: ignore[call-overload]
    closing = opening + cash + regular + exchange - sum(objects) - icr - refunds
    return MissionFigures(
        code, country, carried_forward_cents=opening, opening_cents=opening, allocated_cash_cents=cash,
        allocated_regular_cents=regular, spent_by_object_cents=objects, icr_cents=icr,
        exchange_cents=exchange,
        refunds_cents=refunds, closing_cents=closing, spent_since_start_cents=sum(objects) + icr, **known,  # type: ignore[arg-type]
    )  # fmt: skip


def year_2019(**replaced: object) -> AnnualFigures:
    """The snapshot."""
    figures: dict[str, object] = {
        "year": 2019,
        "prepared_as_of": date(2020, 3, 31),
        "is_demonstration": True,
        "sources": sources(),
        "missions": (
            mission(
                "BOL-2019", "BOL", process="=HYPERLINK(\"http://x\",\"Presidential\")",
                polling_days=(date(2019, 10, 20), date(2019, 12, 15)), observers=92, nationalities=24,
                budget_cents=40_000_000, cash=34_000_000, regular=2_250_032, exchange=77_007,
                refunds=215_606, open_obligations_cents=123_456,
            ),
            mission("BOL-2019-2", "BOL", process="Judicial", budget_cents=3_000_000, cash=2_400_000,
                    is_final=True),
            mission("ECU-2018", "ECU", process="-Referendum", opening=90_000, is_final=True,
                    budget_cents=1_000_000),
            mission("GTM-2019", "GTM", polling_days=(date(2020, 1, 5),), cash=100_000, regular=77),
            mission("PAN-2019", "PAN", observers=30, nationalities=9),
        ),
        "matrix": tuple(MatrixCell(*line) for line in PAID),
        "in_kind": (
            InKindFigures("PAN-2019", STATE, "Panama", "Two vehicles for a month", "market price", 450_001),
            InKindFigures("PAN-2019", OBSERVER, "Spain", "=Seconded staff", "salary scale", 1_200_000),
            InKindFigures("BOL-2019", STATE, "Canada", "Six seconded observers", "days × rate", 3_333_333),
        ),
        "ledger": LedgerFigures(
            lines=len(PAID), direct_cents=sum(line[3] for line in PAID),
            icr_cents=sum(line[4] for line in PAID),
            received_cents=sum(award[8] for award in AWARDS),
            refunds_cents=sum(award[12] for award in AWARDS),
        ),
        "rates": (
            RateFigures("EUR", date(2019, 3, 1), Decimal("0.8785"), "UN operational rates"),
            RateFigures("EUR", date(2019, 9, 1), Decimal("0.9058"), "UN operational rates"),
            RateFigures("BOB", date(2019, 10, 1), Decimal("6.91"), "UN operational rates"),
        ),
        "notes": (
            Note(NoteKind.HOST_DONOR, "BOL-2019", "MS-BOL", "Given by the host country."),
            Note(NoteKind.REVERSAL, "ECU-2018", "MS-CAN", "-Voucher 77 of 2018 was paid twice", -50_051),
            Note(NoteKind.OVERDRAWN, "", "ORG-EU", "Authorised by the Secretary", -20_000),
            Note(NoteKind.NO_ACTIVITY, "HTI-2019", "", ""),
            Note(NoteKind.ICR_EXEMPT, "", "MS-BOL", "US$20,000 or less"),
            Note(NoteKind.NO_CASH, "PAN-2019", "", ""),
        ),
    }  # fmt: skip
    return AnnualFigures(**{**figures, **replaced})  # type: ignore[arg-type]
