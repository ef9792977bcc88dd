"""The workbook as its readers get it: calculated anew by LibreOffice, in four languages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from openpyxl import Workbook, load_workbook

from eom.core.i18n import LANGUAGES
from eom.reporting.annual.controls import controls, in_kind_by_mission, matrix_totals, paid_by_fund
from eom.reporting.annual.figures import (
    AnnualFigures,
    Change,
    Issue,
    LedgerFigures,
    MatrixCell,
    MissionFigures,
    ReportStatus,
    SourceFigures,
    SourceKind,
    snapshot_hash,
)
from eom.reporting.annual.workbook import write_workbook
from eom.reporting.annual.workbook_book import sheet_names
from eom.settings import ROOT
from tests.reporting.recalculate import recalculate
from tests.reporting.year_2019 import STATE, mission, sources, year_2019

COVER, SOURCES, MISSIONS, MATRIX, CHARTS, RECONCILIATION, NOTES = 0, 1, 2, 3, -3, -2, -1
HEADING, FIRST = 5, 6


@pytest.fixture(autouse=True)
def _speaking() -> Iterator[None]:
    """An application context with the catalogues, and nothing else of the application."""
    app = Flask("workbook", root_path=str(ROOT))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app)
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def written() -> dict[str, bytes]:
    app = Flask("workbook", root_path=str(ROOT))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "translations")
    Babel(app)
    with app.app_context():
        return {lang: write_workbook(year_2019(), lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def calculated(written: dict[str, bytes]) -> dict[str, Workbook]:
    return dict(zip(written, recalculate(*written.values()), strict=True))


def opened(data: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(data), data_only=values)


def cents(value: object) -> int:
    """A cell's amount; refuses one that is more than rounding noise away from whole cents."""
    assert isinstance(value, int | float), value
    whole = round(value * 100)
    assert abs(value * 100 - whole) < 1e-3
    return whole


def row_of(book: Workbook, sheet: int, number: int) -> list[object]:
    return [cell.value for cell in book.worksheets[sheet][number]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_calculates_every_value_the_file_holds(
    lang: str, written: dict[str, bytes], calculated: dict[str, Workbook]
) -> None:
    formulas, values = opened(written[lang]), opened(written[lang], values=True)
    compared = 0
    for page, kept, anew in zip(formulas, values, calculated[lang], strict=True):
        for cell in (cell for row in page.iter_rows() for cell in row if cell.data_type == "f"):
            ours, theirs = kept[cell.coordinate].value, anew[cell.coordinate].value
            where = f"{lang} {page.title} {cell.coordinate} {cell.value}"
            if isinstance(ours, int | float):
                assert theirs == pytest.approx(ours, abs=0.0001), where
            else:
                assert theirs == ours, where
            compared += 1
    assert compared > 350


def test_the_calculator_trusts_no_value_it_finds(written: dict[str, bytes]) -> None:
    """Without this, comparing with LibreOffice would compare a file with itself."""
    from eom.reporting.annual.workbook_finish import finish

    book = Workbook()
    book.active["A1"], book.active["A2"] = 2, "=A1*3"
    raw = io.BytesIO()
    book.save(raw)

    class Wrong:
        values = {"A2": 7}

    tampered = finish(raw.getvalue(), [Wrong()], date(2020, 1, 1))  # type: ignore[list-item]
    assert opened(tampered, values=True).active["A2"].value == 7
    assert recalculate(tampered)[0].active["A2"].value == 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sources_add_up_to_the_cent(lang: str, calculated: dict[str, Workbook]) -> None:
    figures = year_2019()
    columns = {
        "pledged": 7, "agreed": 8, "opening": 9, "received": 10, "transfers_in": 11, "interest": 12,
        "exchange": 13, "available": 14, "direct": 15, "icr": 16, "refunds": 17,
        "transfers_out": 18, "closing": 19,
    }  # fmt: skip
    rows = [row_of(calculated[lang], SOURCES, FIRST + place) for place in range(len(figures.sources))]
    totals = row_of(calculated[lang], SOURCES, FIRST + len(figures.sources))
    for name, column in columns.items():
        expected = [getattr(source, f"{name}_cents") for source in figures.sources]
        assert [cents(row[column - 1]) for row in rows] == expected, name
        assert cents(totals[column - 1]) == sum(expected), name
    assert sum(row[20] for row in rows) == pytest.approx(1)  # type: ignore[misc]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_subtotals_by_kind_add_up(lang: str, calculated: dict[str, Workbook]) -> None:
    figures = year_2019()
    start = FIRST + len(figures.sources) + 3
    for place, kind in enumerate(SourceKind):
        row = row_of(calculated[lang], SOURCES, start + place)
        mine = [source for source in figures.sources if source.kind == kind]
        assert cents(row[9]) == sum(source.received_cents for source in mine)
        assert cents(row[18]) == sum(source.closing_cents for source in mine)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_missions_add_up_to_the_cent(lang: str, calculated: dict[str, Workbook]) -> None:
    figures = year_2019()
    paid, gifts = paid_by_fund(figures), in_kind_by_mission(figures)
    rows = [row_of(calculated[lang], MISSIONS, FIRST + place) for place in range(len(figures.missions))]
    totals = row_of(calculated[lang], MISSIONS, FIRST + len(figures.missions))
    for row, expected in zip(rows, figures.missions, strict=True):
        assert row[0] == expected.code
        assert [cents(value) for value in row[10:19]] == list(expected.spent_by_object_cents)
        assert cents(row[19]) == expected.direct_cents
        assert cents(row[21]) == expected.spent_cents
        assert cents(row[25]) == expected.closing_cents
        assert (cents(row[29]), cents(row[30])) == paid[expected.code]
        assert cents(row[31]) == gifts.get(expected.code, 0)
    assert cents(totals[21]) == sum(m.spent_cents for m in figures.missions)
    assert cents(totals[31]) == sum(gifts.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_matrix_adds_up_both_ways(lang: str, calculated: dict[str, Workbook]) -> None:
    figures = year_2019()
    cells = matrix_totals(figures)
    for place, source in enumerate(figures.sources):
        row = row_of(calculated[lang], MATRIX, FIRST + place)
        expected = [cells.get((source.award, m.code), 0) for m in figures.missions]
        assert [cents(value or 0) for value in row[3:8]] == expected
        assert cents(row[8]) == source.spent_cents
    totals = row_of(calculated[lang], MATRIX, FIRST + len(figures.sources))
    assert [cents(value) for value in totals[3:8]] == [m.spent_cents for m in figures.missions]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_control_agrees_when_the_figures_do(lang: str, calculated: dict[str, Workbook]) -> None:
    sheet = calculated[lang].worksheets[RECONCILIATION]
    for place, control in enumerate(controls(year_2019())):
        row = 9 + place
        scale = 1 if control.key.is_count else 100
        assert round(sheet.cell(row, 3).value * scale) == control.left, control.key
        assert round(sheet.cell(row, 5).value * scale) == control.right, control.key
        assert sheet.cell(row, 6).value == 0, control.key
    verdicts = {sheet.cell(9 + place, 7).value for place in range(len(controls(year_2019())))}
    assert len(verdicts) == 1


def test_a_cent_astray_shows_as_a_difference() -> None:
    figures = year_2019()
    astray = replace(figures.ledger, direct_cents=figures.ledger.direct_cents + 1, lines_without_voucher=2)
    book = recalculate(write_workbook(replace(figures, ledger=astray), "en"))[0]
    sheet = book.worksheets[RECONCILIATION]
    wrong = {
        sheet.cell(row, 1).value: sheet.cell(row, 6).value
        for row in range(9, 25)
        if sheet.cell(row, 7).value == "Differs"
    }
    assert wrong == {
        "Direct spending by object is the ledger's": -0.01,
        "The sources' spending is the ledger's": -0.01,
        "Every expenditure has its voucher": 2,
    }
    assert sheet["B5"].value == "At least one control differs"
    assert book.worksheets[COVER]["B27"].value == "At least one control differs"


def test_an_award_that_does_not_close_is_named() -> None:
    first, *others = sources()
    broken = replace(first, closing_cents=first.closing_cents + 5, carried_forward_cents=7)
    book = recalculate(write_workbook(year_2019(sources=(broken, *others)), "en"))[0]
    rows = list(book.worksheets[RECONCILIATION].iter_rows(values_only=True))
    line = next(row for row in rows if row[0] == "RF-2019 · Regular Fund")
    assert (line[5], line[6]) == (0.12, "Differs")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_a_person_is_a_formula(lang: str, written: dict[str, bytes]) -> None:
    hostile = ("=SUM(A1:A9)", '+cmd|"/c calc"!A1', "@Zoë & Söhne", "-1+2", "-Referendum", "=Seconded staff")
    book, seen = opened(written[lang]), set()
    for cell in (cell for page in book for row in page.iter_rows() for cell in row):
        if cell.value in hostile:
            assert cell.data_type == "s"
            assert cell.quotePrefix
            seen.add(cell.value)
    assert seen == set(hostile)


def test_control_signs_and_long_texts_do_not_break_the_file() -> None:
    figures = year_2019(
        missions=(mission("BOL-2019", "BOL", process="a\x00b\x1f" + "é" * 40_000),), matrix=()
    )
    sheet = opened(write_workbook(figures, "en")).worksheets[MISSIONS]
    assert sheet["C6"].value.startswith("abé")
    assert len(sheet["C6"].value) <= 32_767


def test_the_same_snapshot_gives_the_same_bytes(written: dict[str, bytes]) -> None:
    figures = year_2019()
    shuffled = replace(
        figures, sources=figures.sources[::-1], missions=figures.missions[::-1], matrix=figures.matrix[::-1]
    )
    assert write_workbook(shuffled, "es") == written["es"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sheets_are_named_within_the_limits(lang: str, written: dict[str, bytes]) -> None:
    names = opened(written[lang]).sheetnames
    assert len({name.casefold() for name in names}) == 7
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_names_that_become_the_same_are_told_apart() -> None:
    long = "Dépenses par mission et par source"
    names = sheet_names({"a": f"{long} de financement", "b": f"{long}/x",
                         "c": "a/b", "d": "A b", "e": "///", "f": "'quoted'"})  # fmt: skip
    assert names["a"] != names["b"]
    assert names["c"] == "a b"
    assert names["d"] == "A b 2"
    assert names["e"] == "e"
    assert names["f"] == "quoted"
    assert all(len(name) <= 31 for name in names.values())


def test_amounts_are_numbers_with_two_decimals(written: dict[str, bytes]) -> None:
    sheet = opened(written["en"]).worksheets[SOURCES]
    for row in range(FIRST, FIRST + 9):
        for column in range(7, 20):
            cell = sheet.cell(row, column)
            assert cell.data_type in ("n", "f")
            assert "0.00" in cell.number_format


def test_invented_figures_are_marked_on_every_sheet(written: dict[str, bytes]) -> None:
    mark = "DEMONSTRATION: people and amounts are invented"
    for sheet in opened(written["en"]):
        assert sheet["A3"].value == mark
    for sheet in opened(write_workbook(year_2019(is_demonstration=False), "en")):
        assert sheet["A3"].value is None


def test_every_sheet_prints_on_paper(written: dict[str, bytes]) -> None:
    for sheet in opened(written["fr"]):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert "&P" in sheet.oddFooter.right.text
        assert sheet.oddHeader.left.text
    for place in (SOURCES, MISSIONS, MATRIX):
        sheet = opened(written["fr"]).worksheets[place]
        assert sheet.freeze_panes
        assert sheet.auto_filter.ref
        assert sheet.print_title_rows


def test_the_cover_tells_who_signed_what() -> None:
    issue = Issue(ReportStatus.ISSUED, 2, "Ana", "Bruno", "Clara", date(2020, 6, 1),
                  (Change("sources", "=PO-NLD", "received", 100, 250),))  # fmt: skip
    book = opened(write_workbook(year_2019(), "en", issue))
    texts = [cell.value for cell in book.worksheets[COVER]["B"]]
    for expected in ("Issued", "2", "Ana", "Bruno", "Clara", "June 1, 2020", snapshot_hash(year_2019())):
        assert expected in texts
    assert book.properties.created.date() == date(2020, 6, 1)
    assert any(
        cell.value == "=PO-NLD" and cell.data_type == "s" for cell in book.worksheets[RECONCILIATION]["A"]
    )


def test_a_year_without_anything_is_a_report_too() -> None:
    figures = AnnualFigures(2031, date(2032, 1, 31))
    data = write_workbook(figures, "pt")
    book = recalculate(data)[0]
    assert not [
        cell.coordinate for page in book for row in page.iter_rows() for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("#", "Err:"))
    ]  # fmt: skip
    assert book.worksheets[COVER]["B21"].value == 0


def large_year() -> AnnualFigures:
    """40 missions, 120 awards, every award on four missions and nine objects."""
    cells = tuple(
        MatrixCell(f"M{(award * 7 + step) % 40:02}", f"A{award:03}", number, award * 100 + number, number)
        for award in range(120)
        for step in range(4)
        for number in range(1, 10)
    )
    awards = tuple(
        SourceFigures(
            STATE,
            f"Donor {n}",
            f"A{n:03}",
            icr_percent=Decimal(11),
            direct_cents=sum(c.spent_cents for c in cells if c.award == f"A{n:03}"),
            icr_cents=sum(c.icr_cents for c in cells if c.award == f"A{n:03}"),
        )  # fmt: skip
        for n in range(120)
    )
    missions = tuple(MissionFigures(f"M{n:02}", "BOL") for n in range(40))
    return AnnualFigures(
        2030, date(2031, 1, 1), sources=awards, missions=missions, matrix=cells, ledger=LedgerFigures()
    )


def test_a_large_year_is_written_whole() -> None:
    figures = large_year()
    book = load_workbook(io.BytesIO(write_workbook(figures, "en")))
    assert len(book.sheetnames) >= 6
