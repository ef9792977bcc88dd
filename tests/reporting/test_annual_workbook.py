"""The workbook from the books, calculated anew by LibreOffice, against sums of the database's own."""

from __future__ import annotations

import io
from datetime import date

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook

from eom.core.i18n import LANGUAGES, _, in_locale
from eom.extensions import db
from eom.reporting.annual.columns import object_heading
from eom.reporting.annual.controls import controls
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import make_books
from tests.reporting.recalculate import recalculate

COVER, SOURCES, MISSIONS, MATRIX, CHARTS, RECONCILIATION, NOTES = 0, 1, 2, 3, -3, -2, -1
HEADINGS = 5
YEAR = {"first": date(2019, 1, 1), "last": date(2019, 12, 31)}


@pytest.fixture
def figures(app):
    make_books()
    db.session.commit()
    return figures_of(db.session(), 2019, as_of=date(2020, 3, 31))


def total(statement: str) -> int:
    return int(db.session.execute(sa.text(statement), YEAR).scalar() or 0)


def cents(value: object) -> int:
    assert isinstance(value, int | float), value
    assert abs(value * 100 - round(value * 100)) < 1e-3
    return round(value * 100)


def totals(book: Workbook, sheet: int, rows: int) -> dict[str, object]:
    """Heading → the cell of the row of totals."""
    page = book.worksheets[sheet]
    heads = [cell.value for cell in page[HEADINGS]]
    return dict(zip(heads, [cell.value for cell in page[HEADINGS + rows + 1]], strict=True))


def test_every_total_in_every_language_is_the_databases(figures):
    books = recalculate(*(write_workbook(figures, lang) for lang in LANGUAGES))
    for lang, book in zip(LANGUAGES, books, strict=True):
        with in_locale(lang):
            _compare(book, figures)
        page = book.worksheets[RECONCILIATION]
        shown = [page.cell(9 + place, 6).value for place in range(len(controls(figures)))]
        assert shown == [0] * len(shown), lang


def _compare(book: Workbook, figures) -> None:
    days = "BETWEEN :first AND :last"
    lines = f"FROM expenditures WHERE incurred_on {days}"
    moved = f"SELECT SUM(usd_cents) FROM award_movements WHERE moved_on {days} AND kind = "
    sources = totals(book, SOURCES, len(figures.sources))
    expected = {
        _("Received"): total(f"{moved}'receipt'"),
        _("Transfers in"): total(f"{moved}'transfer_in'"),
        _("Interest"): total(f"{moved}'interest'"),
        _("Exchange gain or loss"): total(f"{moved}'exchange_gain'") - total(f"{moved}'exchange_loss'"),
        _("Direct spending"): total(f"SELECT SUM(usd_cents) {lines}"),
        _("Indirect cost recovery"): total(f"SELECT SUM(icr_cents) {lines}"),
        _("Refunds to the donor"): total(f"{moved}'refund'"),
        _("Transfers out"): total(f"{moved}'transfer_out'"),
        _("Opening balance"): _held("<", "first"),
        _("Closing balance"): _held("<=", "last"),
    }  # fmt: skip
    assert {name: cents(sources[name]) for name in expected} == expected
    missions = totals(book, MISSIONS, len(figures.missions))
    for number in range(1, 10):
        spent = total(f"SELECT SUM(usd_cents) {lines} AND object_number = {number}")
        assert cents(missions[str(object_heading(number))]) == spent
    both = total(f"SELECT SUM(usd_cents + icr_cents) {lines}")
    assert cents(missions[_("Total spent")]) == both
    paid = cents(missions[_("Paid by the Regular Fund")]) + cents(missions[_("Paid by specific funds")])
    assert paid == both
    given = total(f"SELECT SUM(valued_cents) FROM in_kind_contributions WHERE given_on {days}")
    assert cents(missions[_("In kind (valued)")]) == given
    matrix = totals(book, MATRIX, len(figures.sources))
    assert (
        cents(matrix[_("Total")] if isinstance(matrix[_("Total")], float) else list(matrix.values())[-1])
        == both
    )
    for code in ("BOL-2019", "GTM-2019", "ECU-2018"):
        one = f"SELECT SUM(usd_cents + icr_cents) {lines} AND mission_id = (SELECT id FROM missions WHERE code = '{code}')"
        assert cents(matrix[code]) == total(one)


def _held(sign: str, day: str) -> int:
    """What all awards held up to a day, by the day of each line."""
    out = "('exchange_loss', 'refund', 'transfer_out')"
    moved = f"SELECT SUM(CASE WHEN kind IN {out} THEN -usd_cents ELSE usd_cents END) FROM award_movements"
    spent = "SELECT SUM(usd_cents + icr_cents) FROM expenditures"
    return total(f"{moved} WHERE moved_on {sign} :{day}") - total(f"{spent} WHERE incurred_on {sign} :{day}")


def test_a_changed_expenditure_runs_through_every_total(figures):
    data = write_workbook(figures, "en")
    before = recalculate(data)[0]
    book = load_workbook(io.BytesIO(data))
    place = next(n for n, m in enumerate(figures.missions) if m.code == "BOL-2019") + HEADINGS + 1
    heads = [cell.value for cell in book.worksheets[MISSIONS][HEADINGS]]
    cell = book.worksheets[MISSIONS].cell(place, heads.index("4. Travel") + 1)
    cell.value = float(cell.value) + 1000.25
    changed = io.BytesIO()
    book.save(changed)
    after = recalculate(changed.getvalue())[0]
    rows = len(figures.missions)
    was, now = totals(before, MISSIONS, rows), totals(after, MISSIONS, rows)
    for name in ("4. Travel", "Direct spending", "Total spent"):
        assert cents(now[name]) - cents(was[name]) == 1000_25
    assert cents(now["Closing balance"]) - cents(was["Closing balance"]) == -1000_25
    page = after.worksheets[RECONCILIATION]
    wrong = {page.cell(9 + n, 1).value: page.cell(9 + n, 6).value for n, _c in enumerate(controls(figures))}
    assert wrong["The matrix is the missions' spending"] == -1000.25
    assert wrong["Direct spending by object is the ledger's"] == 1000.25
    assert page["B5"].value == "At least one control differs"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_each_mission_has_its_sheet_whose_sums_are_its_total(figures, lang):
    book = recalculate(write_workbook(figures, lang))[0]
    with in_locale(lang):
        agrees = str(_("Agrees"))
        for mission in figures.missions:
            page = book[mission.code]
            told = {row[0].value: row[1].value for row in page.iter_rows() if row[0].value}
            for label in (
                _("Spent by source"),
                _("Spent by object"),
                _("Spent by month"),
                _("Spending by mission"),
            ):
                assert cents(told[str(label)]) == mission.spent_cents, (mission.code, label)
            assert told[str(_("Verdict"))] == agrees
            assert cents(told[str(_("Budget"))]) == mission.budget_cents
            _compare_parts(page, figures, mission.code)


def _compare_parts(page, figures, code: str) -> None:
    """Each source's part, its closing balance calculated by its own formula."""
    rows = {row[0].value: [cell.value for cell in row] for row in page.iter_rows() if row[0].value}
    for part in figures.parts:
        if part.mission_code == code:
            *_told, opening, allocated, exchange, spent, refunds, closing = rows[part.award][:9]
            found = [cents(value) for value in (opening, allocated, exchange, spent, refunds, closing)]
            assert found == [part.opening_cents, part.allocated_cents, part.exchange_cents, part.spent_cents,
                             part.refunds_cents, part.closing_cents]  # fmt: skip


def test_a_missions_sheet_has_its_months_rates_and_remarks(figures):
    page = load_workbook(io.BytesIO(write_workbook(figures, "en")))["BOL-2019"]
    texts = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    for words in ("September 2019", "UN operational rates", "BOB", "V-LAST", "The donor is the host country"):
        assert any(words in text for text in texts), words
    assert "EUR" in texts
    none = load_workbook(io.BytesIO(write_workbook(figures, "en")))["PAN-2019"]
    assert "BOB" not in [cell.value for cell in none["A"]]


def test_five_years_stand_beside_each_other(figures):
    page = load_workbook(io.BytesIO(write_workbook(figures, "en"))).worksheets[CHARTS]
    years = {row[0].value: row[2].value for row in page.iter_rows() if str(row[0].value) in ("2018", "2019")}
    spent = "SELECT SUM(usd_cents + icr_cents) FROM expenditures WHERE incurred_on BETWEEN :first AND :last"
    assert cents(years["2019"]) == total(spent)
    assert years["2018"] > 0
    assert len(page._charts) == 3


def test_what_was_overdrawn_stands_in_the_reconciliation(figures):
    page = load_workbook(io.BytesIO(write_workbook(figures, "en"))).worksheets[RECONCILIATION]
    rows = [[cell.value for cell in row[:4]] for row in page.iter_rows()]
    assert ["Expenditure recorded above what its award held", "BOL-2019 · BOL-1", 6000, "V-LAST"] in rows


def test_what_people_wrote_is_never_a_formula(figures):
    book = load_workbook(io.BytesIO(write_workbook(figures, "en")))
    hostile = {"=Institute", "@Zoë & Söhne", "-ZOE", "=Seconded staff"}
    found = {c.value: c for page in book for row in page.iter_rows() for c in row if c.value in hostile}
    assert found.keys() == hostile
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in found.values())
    process = [cell.value for cell in book.worksheets[MISSIONS]["C"] if cell.value]
    assert "Presidential election; =Consulta" in process
    notes = [cell.value for cell in book.worksheets[NOTES]["E"] if cell.value]
    assert any("Invoiced twice" in text for text in notes)
    method = " ".join(str(cell.value) for cell in book.worksheets[NOTES]["B"])
    assert "The ledger does not record them yet" in method
