"""Sheet «Reconciliation»: each control with both sides, difference and verdict; then award by award."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eom.core.i18n import _
from eom.core.money import to_units
from eom.reporting.annual.columns import column_name, part_name
from eom.reporting.annual.controls import Control, ControlKey, controls, matrix_totals
from eom.reporting.annual.figures import MissionFigures, SourceFigures
from eom.reporting.annual.kinds import NoteKind
from eom.reporting.annual.workbook_book import AMBER, RED, Page, Value, quoted
from eom.reporting.annual.workbook_matrix import MatrixSheet
from eom.reporting.annual.workbook_sources import SourcesSheet
from eom.reporting.annual.workbook_table import Table

LEDGER_LINES = ("direct_cents", "icr_cents", "received_cents", "refunds_cents", "lines",
                "lines_without_award", "lines_without_object", "lines_without_voucher")  # fmt: skip


@dataclass
class Sheets:
    """Where the other sheets' tables stand."""

    sources: SourcesSheet
    missions: Table
    matrix: MatrixSheet


@dataclass(frozen=True)
class Line:
    """An award or a mission: the cells its figures stand in, and what the matrix holds for it in cents."""

    name: str
    figures: SourceFigures | MissionFigures
    opening: str
    closing: str
    spent: str
    matrix: str
    matrix_cents: int


class Reconciliation:
    """Writes the sheet from the top; the controls last, when what they refer to has its place."""

    def __init__(self, page: Page, sheets: Sheets) -> None:
        self.page, self.sheets, self.figures = page, sheets, page.book.figures
        self.agrees, self.differs = _("Agrees"), _("Differs")
        self.verdicts: list[tuple[int, int]] = []
        self.ledger: dict[str, str] = {}

    def write(self) -> str:
        """Write it all; the cell with the verdict over all controls."""
        page = self.page
        page.widths(48, 30, 20, 30, 20, 16, 12, 3, 18, 18, 16, 12)
        overall = page.head()
        heading = page.section(overall + 2, _("Controls"))
        row = self._write_ledger(heading + len(ControlKey) + 2)
        row = self._write_rows(row + 1, _("Award by award"), _("Award"), self._awards())
        awards = (row - 1 - max(len(self.figures.sources), 1), row - 2)
        row = self._write_rows(row + 1, _("Mission by mission"), _("Mission"), self._missions())
        missions = (row - 1 - max(len(self.figures.missions), 1), row - 2)
        self._write_changes(row + 1)
        self._write_controls(heading, awards, missions)
        page.sheet.freeze_panes = f"B{overall + 1}"
        self._mark_differences()
        page.printing()
        return self._write_overall(overall)

    def _mark_differences(self) -> None:
        from openpyxl.formatting.rule import CellIsRule
        from openpyxl.styles import Font, PatternFill

        rule = CellIsRule(  # type: ignore[no-untyped-call]
            operator="equal",
            formula=[quoted(self.differs)],
            font=Font(bold=True, color=RED),
            fill=PatternFill("solid", bgColor=AMBER),
        )
        for letter in "GL":
            self.page.sheet.conditional_formatting.add(f"{letter}1:{letter}{self.page.sheet.max_row}", rule)

    def _write_overall(self, row: int) -> str:
        values = self.page.values
        wrong = any(
            values[self.page.sheet.cell(*place).coordinate] == self.differs for place in self.verdicts
        )
        columns = sorted({column for _row, column in self.verdicts})
        counted = []
        for column in columns:
            rows = [place[0] for place in self.verdicts if place[1] == column]
            counted.append(f"COUNTIF({self.page.span(min(rows), column, max(rows))},{quoted(self.differs)})")
        good, bad = _("Every control agrees"), _("At least one control differs")
        self.page.put(row, 1, _("Result"), "label")
        formula = f"IF({'+'.join(counted)}=0,{quoted(good)},{quoted(bad)})"
        self.page.formula(row, 2, formula, bad if wrong else good, "label")
        return self.page.ref(row, 2)

    def _write_ledger(self, row: int) -> int:
        row = self.page.section(row, _("Sums straight over the ledger"))
        labels = (_("Direct spending"), _("Indirect cost recovery"), _("Received"), _("Refunds to the donor"),
                  _("Lines of expenditure"), _("Lines without an award"), _("Lines without an object"),
                  _("Lines without a voucher"))  # fmt: skip
        for name, label in zip(LEDGER_LINES, labels, strict=True):
            value = getattr(self.figures.ledger, name)
            self.page.put(row, 1, label)
            if name.endswith("_cents"):
                self.page.money(row, 3, value)
            else:
                self.page.put(row, 3, value, "count")
            self.ledger[name] = self.page.ref(row, 3)
            row += 1
        return self._write_overdrawn(row + 1)

    def _write_overdrawn(self, row: int) -> int:
        """An overdrawn award breaks no control, but must not hide among the others."""
        closing = self.sheets.sources.table.span("closing")
        below = [s.computed_closing_cents for s in self.figures.sources if s.computed_closing_cents < 0]
        self.page.put(row, 1, _("Overdrawn awards"))
        self.page.formula(row, 3, f'COUNTIF({closing},"<0")', len(below), "count")
        self.page.put(row + 1, 1, _("Overdrawn amount"))
        self.page.formula(row + 1, 3, f'SUMIF({closing},"<0")', to_units(sum(below)))
        row += 2
        for note in self.figures.notes:
            if note.kind == NoteKind.OVERDRAWN_LINE:
                self.page.put(row, 1, str(NoteKind.OVERDRAWN_LINE.label))
                self.page.put(row, 2, f"{note.mission_code} · {note.award}")
                self.page.money(row, 3, note.amount_cents)
                self.page.put(row, 4, note.text)
                row += 1
        return row

    def _awards(self) -> list[Line]:
        table, matrix, paid = self.sheets.sources.table, self.sheets.matrix, matrix_totals(self.figures)
        lines = []
        for row, source in enumerate(self.figures.sources, table.first):
            opening, closing = table.cell(row, "opening"), table.cell(row, "closing")
            spent = f"{table.cell(row, 'direct')}+{table.cell(row, 'icr')}"
            cells = [paid.get((source.award, code), 0) for code in matrix.columns]
            name = f"{source.award} · {source.donor}"
            by_matrix = matrix.source_total(source.award)
            lines.append(Line(name, source, opening, closing, spent, by_matrix, sum(cells)))
        return lines

    def _missions(self) -> list[Line]:
        table, matrix, paid = self.sheets.missions, self.sheets.matrix, matrix_totals(self.figures)
        lines = []
        for row, mission in enumerate(self.figures.missions, table.first):
            opening, closing = table.cell(row, "opening"), table.cell(row, "closing")
            cells = [paid.get((award, mission.code), 0) for award in matrix.rows]
            by_matrix = matrix.mission_total(mission.code)
            spent = table.cell(row, "spent")
            lines.append(Line(mission.code, mission, opening, closing, spent, by_matrix, sum(cells)))
        return lines

    def _write_rows(self, row: int, title: str, first: str, lines: Sequence[Line]) -> int:
        """Three lines in one: brought forward, closing and spending, each with difference and verdict."""
        page = self.page
        row = page.section(row, title)
        heads = [first, _("Brought forward"), _("Carried forward last year"), _("Closing balance, computed"),
                 _("Closing balance, ledger"), _("Difference"), _("Verdict"), "", _("Spent"),
                 _("Mission × source"), _("Difference"), _("Verdict")]  # fmt: skip
        page.headings(row, heads)
        row += 1
        for line in lines:
            self._write_line(row, line)
            row += 1
        return row + (0 if lines else 1) + 1

    def _write_line(self, row: int, line: Line) -> None:
        page, figures = self.page, line.figures
        page.put(row, 1, line.name)
        page.formula(row, 2, line.opening, to_units(figures.opening_cents))
        page.money(row, 3, figures.carried_forward_cents)
        page.formula(row, 4, line.closing, to_units(figures.computed_closing_cents))
        page.money(row, 5, figures.closing_cents)
        off = abs(figures.opening_cents - figures.carried_forward_cents)
        off += abs(figures.computed_closing_cents - figures.closing_cents)
        page.formula(row, 6, f"ROUND(ABS(B{row}-C{row})+ABS(D{row}-E{row}),2)", to_units(off))
        self._verdict(row, 7, f"F{row}", off == 0)
        page.formula(row, 9, line.spent, to_units(figures.spent_cents))
        page.formula(row, 10, line.matrix, to_units(line.matrix_cents))
        page.formula(row, 11, f"ROUND(I{row}-J{row},2)", to_units(figures.spent_cents - line.matrix_cents))
        self._verdict(row, 12, f"K{row}", figures.spent_cents == line.matrix_cents)

    def _verdict(self, row: int, column: int, difference: str, agrees: bool) -> None:
        formula = f"IF({difference}=0,{quoted(self.agrees)},{quoted(self.differs)})"
        self.page.formula(row, column, formula, self.agrees if agrees else self.differs, "text")
        self.verdicts.append((row, column))

    def _write_controls(self, row: int, awards: tuple[int, int], missions: tuple[int, int]) -> None:
        page, formulas = self.page, self._formulas(awards, missions)
        heads = [
            _("Control"),
            _("Left side"),
            _("Amount"),
            _("Right side"),
            _("Amount"),
            _("Difference"),
            _("Verdict"),
        ]
        page.headings(row, heads, 20)
        for number, control in enumerate(controls(self.figures), row + 1):
            left, right = formulas[control.key]
            style = "count" if control.key.is_count else "money"
            page.put(number, 1, str(control.key.label))
            page.put(number, 2, str(control.key.sides[0]))
            page.formula(number, 3, left, _as_shown(control, control.left), style)
            page.put(number, 4, str(control.key.sides[1]))
            page.formula(number, 5, right, _as_shown(control, control.right), style)
            difference = _as_shown(control, control.left - control.right)
            page.formula(number, 6, f"ROUND(C{number}-E{number},2)", difference, style)
            self._verdict(number, 7, f"F{number}", control.agrees)

    def _formulas(
        self, awards: tuple[int, int], missions: tuple[int, int]
    ) -> dict[ControlKey, tuple[str, str]]:
        sources, by_mission, ledger = self.sheets.sources.table, self.sheets.missions, self.ledger
        by_source = f"{sources.total('direct')}+{sources.total('icr')}"
        spent, key = by_mission.total("spent"), ControlKey

        def down(column: str, rows: tuple[int, int]) -> str:
            return f"SUM({column}{rows[0]}:{column}{rows[1]})"

        return {
            key.MATRIX_MISSIONS: (self.sheets.matrix.total, spent),
            key.MISSIONS_SOURCES: (spent, by_source),
            key.OBJECTS_LEDGER: (by_mission.total("direct"), ledger["direct_cents"]),
            key.ICR_LEDGER: (by_mission.total("icr"), ledger["icr_cents"]),
            key.SPENT_LEDGER: (by_source, f"{ledger['direct_cents']}+{ledger['icr_cents']}"),
            key.RECEIVED_LEDGER: (sources.total("received"), ledger["received_cents"]),
            key.REFUNDS_LEDGER: (sources.total("refunds"), ledger["refunds_cents"]),
            key.PAID_BY_KIND: (f"{by_mission.total('regular')}+{by_mission.total('specific')}", spent),
            key.SOURCES_CLOSING: (sources.total("closing"), down("E", awards)),
            key.MISSIONS_CLOSING: (by_mission.total("closing"), down("E", missions)),
            key.SOURCES_FORWARD: (sources.total("opening"), down("C", awards)),
            key.MISSIONS_FORWARD: (by_mission.total("opening"), down("C", missions)),
            key.IN_KIND: (by_mission.total("in_kind"), self.sheets.sources.in_kind.total("valued")),
            key.WITHOUT_AWARD: (ledger["lines_without_award"], "0"),
            key.WITHOUT_OBJECT: (ledger["lines_without_object"], "0"),
            key.WITHOUT_VOUCHER: (ledger["lines_without_voucher"], "0"),
        }

    def _write_changes(self, row: int) -> None:
        page, changes = self.page, self.page.book.issue.changes
        row = page.section(row, _("Changes since the last revision"))
        if not changes:
            page.put(row, 1, _("None"), "plain")
            return
        heads = [_("Row"), _("Column"), _("Before"), _("List"), _("After"), _("Difference")]
        page.headings(row, heads, 20)
        for number, change in enumerate(changes, row + 1):
            page.put(number, 1, change.key)
            page.put(number, 2, column_name(change.column))
            page.money(number, 3, change.before_cents)
            page.put(number, 4, part_name(change.part))
            page.money(number, 5, change.after_cents)
            moved = to_units(change.after_cents - change.before_cents)
            page.formula(number, 6, f"ROUND(E{number}-C{number},2)", moved)


def _as_shown(control: Control, value: int) -> Value:
    return value if control.key.is_count else to_units(value)
