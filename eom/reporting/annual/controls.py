"""The controls of the annual report: pairs of sums that must be the same to the cent.

A control fails loudly in the report and does not stop it: an auditor must see a difference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from eom.core.i18n import lazy
from eom.core.types import Labelled
from eom.reporting.annual.figures import AnnualFigures, SourceKind


class ControlKey(Labelled):
    """Which control it is; its words name both sides."""

    MATRIX_MISSIONS = "matrix_missions"
    MISSIONS_SOURCES = "missions_sources"
    OBJECTS_LEDGER = "objects_ledger"
    ICR_LEDGER = "icr_ledger"
    SPENT_LEDGER = "spent_ledger"
    RECEIVED_LEDGER = "received_ledger"
    REFUNDS_LEDGER = "refunds_ledger"
    PAID_BY_KIND = "paid_by_kind"
    SOURCES_CLOSING = "sources_closing"
    MISSIONS_CLOSING = "missions_closing"
    SOURCES_FORWARD = "sources_forward"
    MISSIONS_FORWARD = "missions_forward"
    IN_KIND = "in_kind"
    WITHOUT_AWARD = "without_award"
    WITHOUT_OBJECT = "without_object"
    WITHOUT_VOUCHER = "without_voucher"

    @classmethod
    def labels(cls) -> dict[str, Any]:
        return {key: words[0] for key, words in _WORDS.items()}

    @property
    def sides(self) -> tuple[Any, Any]:
        """What stands on the left and what on the right."""
        return _WORDS[self.value][1:]

    @property
    def is_count(self) -> bool:
        """Whether the sides are numbers of lines and not amounts."""
        return self in (self.WITHOUT_AWARD, self.WITHOUT_OBJECT, self.WITHOUT_VOUCHER)


_NONE = lazy("None expected")
_WORDS: dict[str, tuple[Any, Any, Any]] = {
    "matrix_missions": (
        lazy("The matrix is the missions' spending"),
        lazy("Mission × source"),
        lazy("Spending by mission"),
    ),
    "missions_sources": (
        lazy("The missions' spending is the sources' spending"),
        lazy("Spending by mission"),
        lazy("Sources of funding"),
    ),
    "objects_ledger": (
        lazy("Direct spending by object is the ledger's"),
        lazy("Spending by mission, objects 1–9"),
        lazy("Ledger"),
    ),
    "icr_ledger": (
        lazy("Indirect cost recovery is the ledger's"),
        lazy("Spending by mission, ICR"),
        lazy("Ledger"),
    ),
    "spent_ledger": (
        lazy("The sources' spending is the ledger's"),
        lazy("Sources of funding"),
        lazy("Ledger"),
    ),
    "received_ledger": (
        lazy("What was received is the ledger's"),
        lazy("Sources of funding"),
        lazy("Ledger"),
    ),
    "refunds_ledger": (
        lazy("Refunds to donors are the ledger's"),
        lazy("Sources of funding"),
        lazy("Ledger"),
    ),
    "paid_by_kind": (
        lazy("Paid by the Regular Fund and by specific funds is all that was spent"),
        lazy("Regular Fund + specific funds"),
        lazy("Spending by mission"),
    ),
    "sources_closing": (
        lazy("The sources' closing balance is the ledger's"),
        lazy("Sources of funding"),
        lazy("Ledger"),
    ),
    "missions_closing": (
        lazy("The missions' closing balance is the ledger's"),
        lazy("Spending by mission"),
        lazy("Ledger"),
    ),
    "sources_forward": (
        lazy("The sources' opening balance is last year's closing"),
        lazy("Brought forward"),
        lazy("Carried forward"),
    ),
    "missions_forward": (
        lazy("The missions' opening balance is last year's closing"),
        lazy("Brought forward"),
        lazy("Carried forward"),
    ),
    "in_kind": (
        lazy("In-kind contributions by mission are those by donor"),
        lazy("Spending by mission"),
        lazy("Sources of funding"),
    ),
    "without_award": (lazy("Every expenditure has its award"), lazy("Lines without an award"), _NONE),
    "without_object": (lazy("Every expenditure has its object"), lazy("Lines without an object"), _NONE),
    "without_voucher": (lazy("Every expenditure has its voucher"), lazy("Lines without a voucher"), _NONE),
}


@dataclass(frozen=True)
class Control:
    """Both sides of a control, in cents (or in lines, where the key is a count)."""

    key: ControlKey
    left: int
    right: int

    @property
    def agrees(self) -> bool:
        """Whether both sides are the same."""
        return self.left == self.right


def controls(figures: AnnualFigures) -> tuple[Control, ...]:
    """Every control of the report, in the order they are printed."""
    ledger, sources, missions = figures.ledger, figures.sources, figures.missions
    by_mission = sum(mission.spent_cents for mission in missions)
    by_source = sum(source.spent_cents for source in sources)
    sides = {
        ControlKey.MATRIX_MISSIONS: (sum(cell.total_cents for cell in figures.matrix), by_mission),
        ControlKey.MISSIONS_SOURCES: (by_mission, by_source),
        ControlKey.OBJECTS_LEDGER: (sum(m.direct_cents for m in missions), ledger.direct_cents),
        ControlKey.ICR_LEDGER: (sum(m.icr_cents for m in missions), ledger.icr_cents),
        ControlKey.SPENT_LEDGER: (by_source, ledger.direct_cents + ledger.icr_cents),
        ControlKey.RECEIVED_LEDGER: (sum(s.received_cents for s in sources), ledger.received_cents),
        ControlKey.REFUNDS_LEDGER: (sum(s.refunds_cents for s in sources), ledger.refunds_cents),
        ControlKey.PAID_BY_KIND: (sum(sum(pair) for pair in paid_by_fund(figures).values()), by_mission),
        ControlKey.SOURCES_CLOSING: _sums(sources, "computed_closing_cents", "closing_cents"),
        ControlKey.MISSIONS_CLOSING: _sums(missions, "computed_closing_cents", "closing_cents"),
        ControlKey.SOURCES_FORWARD: _sums(sources, "opening_cents", "carried_forward_cents"),
        ControlKey.MISSIONS_FORWARD: _sums(missions, "opening_cents", "carried_forward_cents"),
        ControlKey.IN_KIND: (
            sum(in_kind_by_mission(figures).get(m.code, 0) for m in missions),
            sum(gift.valued_cents for gift in figures.in_kind),
        ),
        ControlKey.WITHOUT_AWARD: (ledger.lines_without_award, 0),
        ControlKey.WITHOUT_OBJECT: (ledger.lines_without_object, 0),
        ControlKey.WITHOUT_VOUCHER: (ledger.lines_without_voucher, 0),
    }
    return tuple(Control(key, *sides[key]) for key in ControlKey)


def _sums(rows: Any, left: str, right: str) -> tuple[int, int]:
    return sum(getattr(row, left) for row in rows), sum(getattr(row, right) for row in rows)


def matrix_totals(figures: AnnualFigures) -> dict[tuple[str, str], int]:
    """(award, mission code) → cents paid, indirect cost recovery included."""
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for cell in figures.matrix:
        totals[cell.award, cell.mission_code] += cell.total_cents
    return dict(totals)


def paid_by_fund(figures: AnnualFigures) -> dict[str, tuple[int, int]]:
    """Mission code → (paid by the Regular Fund, paid by specific funds), in cents."""
    regular = {source.award for source in figures.sources if source.kind == SourceKind.REGULAR_FUND}
    paid = {mission.code: (0, 0) for mission in figures.missions}
    for (award, code), cents in matrix_totals(figures).items():
        fund, specific = paid.get(code, (0, 0))
        paid[code] = (fund + cents, specific) if award in regular else (fund, specific + cents)
    return paid


def in_kind_by_mission(figures: AnnualFigures) -> dict[str, int]:
    """Mission code → value of what was given in kind, in cents."""
    valued: dict[str, int] = defaultdict(int)
    for gift in figures.in_kind:
        valued[gift.mission_code] += gift.valued_cents
    return dict(valued)


def differences(figures: AnnualFigures) -> list[str]:
    """Every broken identity by row: awards, missions, and the matrix against both. Empty when all is well."""
    cells = matrix_totals(figures)
    found = [str(control.key.label) for control in controls(figures) if not control.agrees]
    for source in figures.sources:
        paid = sum(cents for (award, _code), cents in cells.items() if award == source.award)
        if (source.computed_closing_cents, paid) != (source.closing_cents, source.spent_cents):
            found.append(source.award)
    for mission in figures.missions:
        paid = sum(cents for (_award, code), cents in cells.items() if code == mission.code)
        if (mission.computed_closing_cents, paid) != (mission.closing_cents, mission.spent_cents):
            found.append(mission.code)
    return found
