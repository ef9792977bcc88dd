"""The cases that the annual report must get right, one test each, those that test_annual_figures.py leaves out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from eom.core.errors import Refused
from eom.core.money import convert, portion, share_out
from eom.extensions import db
from eom.finance.models.award import DonorKind
from eom.finance.models.ledger import Expenditure
from eom.finance.services import awards, ledger, movements, rates
from eom.finance.services.donors import register_donor
from eom.reporting.annual import tables
from eom.reporting.annual.controls import controls, differences, in_kind_by_mission, matrix_totals
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import NoteKind, SourceKind
from eom.reporting.annual.places import Place, figure_at
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.queries.annual import figures_of
from tests.factories.missions import make_mission, make_round
from tests.reporting.annual_books import Books, K, make_books
from tests.reporting.recalculate import recalculate


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    db.session.commit()
    return made


def year(number: int) -> AnnualFigures:
    return figures_of(db.session(), number, as_of=date(2020, 12, 31))


def mission(number: int, code: str):
    return next(each for each in year(number).missions if each.code == code)


def test_an_expenditure_in_bolivianos_is_reported_at_its_months_rate(books):
    usd = convert(123_456_78, Decimal("6.91"))
    assert (
        figure_at(year(2019), Place("missions", "direct", mission="BOL-2019", award="NLD-1", object=8)) == usd
    )
    icr = figure_at(year(2019), Place("missions", "icr", mission="BOL-2019", award="NLD-1"))
    lines = [
        line
        for line in books.lines
        if line.award.reference == "NLD-1" and line.mission_id == books.missions["BOL-2019"].id
    ]
    assert icr == sum(portion(line.usd_cents, Decimal(11)) for line in lines if line.fiscal_year == 2019)


def test_a_runoff_in_january_is_of_the_same_mission_and_of_the_next_year(books):
    assert mission(2019, "BOL-2019").polling_days == mission(2020, "BOL-2019").polling_days
    assert date(2020, 1, 12) in mission(2020, "BOL-2019").polling_days
    spent_on_the_runoff = Place("missions", "direct", mission="BOL-2019", award="NLD-1", object=4)
    assert figure_at(year(2020), spent_on_the_runoff) == 9_400_00
    both = mission(2019, "BOL-2019").spent_cents + mission(2020, "BOL-2019").spent_cents
    assert mission(2020, "BOL-2019").spent_since_start_cents == both
    assert mission(2020, "BOL-2019").opening_cents == mission(2019, "BOL-2019").closing_cents


def test_two_missions_to_a_country_in_a_year_are_two_rows(books):
    second = make_mission("BOL-2019-2")
    make_round(second, date(2019, 12, 1))
    awards.allocate(books.awards["CAN-1"], mission_id=second.id, usd_cents=10_000_00, allocated_on=date(2019, 11, 2),
                    decision="Second")  # fmt: skip
    ledger.record_expenditure(second, award=books.awards["CAN-1"], object_number=4, incurred_on=date(2019, 11, 20),
                              voucher="S-1", payee="Someone", amount_cents=1_234_56)  # fmt: skip
    rows = {each.code: each.direct_cents for each in year(2019).missions if each.country == "BOL"}
    assert rows["BOL-2019-2"] == 1_234_56
    assert set(rows) == {"BOL-2019", "BOL-2019-2"}
    assert differences(year(2019)) == []


def test_vehicles_and_staff_in_kind_are_valued_apart_from_cash(books):
    found = year(2019)
    assert in_kind_by_mission(found) == {"BOL-2019": 9_600_00, "PAN-2019": 14_500_01 + 1_200_00}
    panama = next(m for m in found.missions if m.code == "PAN-2019")
    assert (panama.spent_cents, panama.opening_cents, panama.closing_cents) == (0, 0, 0)
    assert not [part for part in found.parts if part.mission_code == "PAN-2019"]


def test_an_expenditure_above_the_balance_is_refused_without_the_permission_for_it(books):
    line = {"award": books.awards["MEX-1"], "object_number": 4, "incurred_on": date(2019, 12, 20), "voucher": "O-1",
            "payee": "Someone", "amount_cents": 100_000_00}  # fmt: skip
    before = db.session.query(Expenditure).count()
    with pytest.raises(Refused, match="is more than that"):
        ledger.record_expenditure(books.missions["BOL-2019"], **line)
    assert db.session.query(Expenditure).count() == before


def test_an_expenditure_above_the_balance_recorded_with_permission_shows_in_the_reconciliation(books):
    noted = [n for n in year(2019).notes if n.kind is NoteKind.OVERDRAWN_LINE]
    assert [(n.mission_code, n.award, n.amount_cents) for n in noted] == [("BOL-2019", "BOL-1", 6_000_00)]
    page = recalculate(write_workbook(year(2019), "en"))[0].worksheets[-2]
    rows = {row[0].value: row[2].value for row in page.iter_rows() if row[0].value}
    assert rows["Overdrawn awards"] == 1
    assert rows["Expenditure recorded above what its award held"] == 6_000
    assert (
        round(rows["Overdrawn amount"] * 100)
        == figure_at(year(2019), Place("sources", "closing", award="BOL-1"))
        < 0
    )


def test_a_donor_that_is_a_permanent_observer_has_its_own_kind_and_subtotal(books):
    found = year(2019)
    netherlands = next(s for s in found.sources if s.award == "NLD-1")
    assert netherlands.kind is SourceKind.PERMANENT_OBSERVER
    sums = [row for row in tables.sources(found).rows if row.is_sum]
    assert "Subtotal: Permanent observer" in [row.cells[0].text for row in sums]
    place = Place("sources", "received", kind="permanent_observer")
    assert figure_at(found, place) == netherlands.received_cents


def test_subtotals_by_kind_add_up_to_the_total(books):
    for column in (
        "pledged",
        "agreed",
        "opening",
        "received",
        "available",
        "direct",
        "icr",
        "refunds",
        "closing",
    ):
        whole = figure_at(year(2019), Place("sources", column))
        assert (
            sum(figure_at(year(2019), Place("sources", column, kind=kind.value)) for kind in SourceKind)
            == whole
        )


def test_rounding_loses_no_cent_between_the_shares_and_the_whole(books):
    """Thirds of an odd sum in a third currency: every share is whole cents, and they are the whole."""
    rates.record_rate(currency="CLP", month=date(2019, 10, 1), units_per_usd=Decimal("728.3333"), source="UN")
    donor = register_donor(name="Chile", kind=DonorKind.MEMBER_STATE, country="CHL")
    award = awards.record_award(reference="CHL-1", donor=donor, title="Award", currency="CLP", agreed_cents=10**9,
                                agreed_on=date(2019, 10, 2), icr_percent=Decimal("11.1111"))  # fmt: skip
    movements.record_movement(
        award, kind=K.RECEIPT, moved_on=date(2019, 10, 3), reference="R1", amount_cents=999_999_99
    )
    received = figure_at(year(2019), Place("sources", "received", award="CHL-1"))
    codes = ("BOL-2019", "GTM-2019", "ECU-2018")
    for code, cents in zip(codes, share_out(received, [1, 1, 1]), strict=True):
        awards.allocate(
            award,
            mission_id=books.missions[code].id,
            usd_cents=cents,
            allocated_on=date(2019, 10, 4),
            decision="A third",
        )
    for number, code in enumerate(codes):
        ledger.record_expenditure(books.missions[code], award=award, object_number=1 + number, incurred_on=date(2019, 10, 20),
                                  voucher=f"C-{number}", payee="Someone", amount_cents=333_333, currency="CLP")  # fmt: skip
    found = year(2019)
    assert differences(found) == []
    parts = [part for part in found.parts if part.award == "CHL-1"]
    assert sum(part.allocated_cents for part in parts) == received
    paid = {code: cents for (reference, code), cents in matrix_totals(found).items() if reference == "CHL-1"}
    assert sum(paid.values()) == figure_at(found, Place("sources", "spent", award="CHL-1"))
    assert sum(part.closing_cents for part in parts) == figure_at(
        found, Place("sources", "closing", award="CHL-1")
    )


def test_the_five_numbers_are_different_numbers(books):
    """Pledged, agreed, received, allocated and spent of the Netherlands: each as itself."""
    found = year(2019)
    five = [
        figure_at(found, Place("sources", column, award="NLD-1"))
        for column in ("pledged", "agreed", "received", "spent")
    ]
    five.append(figure_at(found, Place("missions", "allocated", award="NLD-1")))
    assert len({*five[1:]}) == 4
    assert five[4] == 250_000_00


def test_each_mission_source_and_object_is_the_ledger(books):
    found = year(2019)
    spent = sum(control.right for control in controls(found) if control.key.value == "spent_ledger")
    by_month = sum(month.spent_cents for month in found.months)
    by_part = sum(part.spent_cents for part in found.parts)
    assert spent == by_month == by_part == sum(m.spent_cents for m in found.missions)
    for part in found.parts:
        assert part.closing_cents == part.computed_closing_cents, part
