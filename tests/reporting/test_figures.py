"""The snapshot: its order, its hash, and the identities that hold to the cent."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.core.money import share_out
from eom.reporting.annual.controls import controls, differences, paid_by_fund
from eom.reporting.annual.figures import (
    AnnualFigures,
    LedgerFigures,
    MatrixCell,
    MissionFigures,
    RateFigures,
    SourceFigures,
    SourceKind,
    canonical_json,
    snapshot_hash,
)
from tests.reporting.year_2019 import sources, year_2019

CENTS = st.integers(-(10**11), 10**11)


def test_the_year_holds_every_identity() -> None:
    assert differences(year_2019()) == []


def test_the_hash_is_the_figures_own_and_nothing_else() -> None:
    figures = year_2019()
    shuffled = replace(
        figures, sources=figures.sources[::-1], notes=figures.notes[::-1], rates=figures.rates[::-1]
    )
    assert snapshot_hash(shuffled) == snapshot_hash(figures)
    assert len(snapshot_hash(figures)) == 64
    assert snapshot_hash(replace(figures, year=2020)) != snapshot_hash(figures)


def test_the_hash_does_not_see_how_a_rate_was_written() -> None:
    def with_rate(rate: str) -> AnnualFigures:
        return AnnualFigures(
            2019, date(2020, 1, 1), rates=(RateFigures("EUR", date(2019, 1, 1), Decimal(rate), "UN"),)
        )

    assert snapshot_hash(with_rate("0.90")) == snapshot_hash(with_rate("0.9000"))
    assert json.loads(canonical_json(with_rate("100")))["rates"][0]["rate"] == "100"


def test_the_hash_stays_over_releases() -> None:
    """An issued report prints its hash: the form of the JSON must not change unseen."""
    empty = AnnualFigures(2019, date(2020, 1, 31))
    assert canonical_json(empty).startswith(
        b'{"currency":"USD","in_kind":[],"is_demonstration":false,"ledger":{'
    )
    assert snapshot_hash(empty) == "4de36d6c3be90a629876fdccf2c4ec93e6db0e8ee2868f666807d377139d321d"


def test_no_number_of_the_snapshot_is_a_float() -> None:
    def refuse(text: str) -> None:
        raise AssertionError(text)

    json.loads(canonical_json(year_2019()), parse_float=refuse)


def test_an_award_stands_once() -> None:
    with pytest.raises(ValueError, match="RF-2019 stands twice"):
        year_2019(sources=(*sources(), sources()[0]))


def test_sources_come_in_the_order_of_their_kinds() -> None:
    kinds = [source.kind for source in year_2019().sources]
    assert kinds == sorted(kinds, key=list(SourceKind).index)


@given(st.lists(CENTS, min_size=10, max_size=10))
def test_the_closing_balance_follows_the_identity(amounts: list[int]) -> None:
    opening, received, arrived, interest, exchange, direct, icr, refunds, left, _ = amounts
    source = SourceFigures(
        SourceKind.OTHER, "d", "a", opening_cents=opening, received_cents=received,
        transfers_in_cents=arrived, interest_cents=interest, exchange_cents=exchange, direct_cents=direct,
        icr_cents=icr, refunds_cents=refunds, transfers_out_cents=left,
    )  # fmt: skip
    expected = opening + received + arrived + interest + exchange - direct - icr - refunds - left
    assert source.computed_closing_cents == expected


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(1, 9), CENTS, CENTS), max_size=40)
)
def test_what_awards_paid_is_what_missions_cost(lines: list[tuple[int, int, int, int, int]]) -> None:
    cells = tuple(MatrixCell(f"M{m}", f"A{a}", number, spent, icr) for m, a, number, spent, icr in lines)
    kinds = list(SourceKind)
    awards = tuple(
        SourceFigures(
            kinds[n % 5],
            "d",
            f"A{n}",
            direct_cents=sum(c.spent_cents for c in cells if c.award == f"A{n}"),
            icr_cents=sum(c.icr_cents for c in cells if c.award == f"A{n}"),
        )  # fmt: skip
        for n in range(6)
    )
    awards = tuple(replace(award, closing_cents=award.computed_closing_cents) for award in awards)
    missions = []
    for n in range(5):
        mine = [cell for cell in cells if cell.mission_code == f"M{n}"]
        objects = tuple(sum(c.spent_cents for c in mine if c.object == number) for number in range(1, 10))
        made = MissionFigures(
            f"M{n}", "BOL", spent_by_object_cents=objects, icr_cents=sum(c.icr_cents for c in mine)
        )
        missions.append(replace(made, closing_cents=made.computed_closing_cents))
    ledger = LedgerFigures(
        direct_cents=sum(c.spent_cents for c in cells), icr_cents=sum(c.icr_cents for c in cells)
    )
    figures = AnnualFigures(
        2019, date(2020, 1, 1), sources=awards, missions=tuple(missions), matrix=cells, ledger=ledger
    )
    assert differences(figures) == []
    assert sum(sum(pair) for pair in paid_by_fund(figures).values()) == ledger.direct_cents + ledger.icr_cents


@given(st.integers(0, 10**10), st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_a_cost_shared_over_missions_stays_whole(total: int, weights: list[int]) -> None:
    cells = tuple(MatrixCell(f"M{n}", "A", 4, part) for n, part in enumerate(share_out(total, weights)))
    assert sum(cell.total_cents for cell in cells) == total


@pytest.mark.parametrize(
    "name", ["direct_cents", "icr_cents", "received_cents", "refunds_cents", "lines_without_award"]
)
def test_a_ledger_that_differs_by_one_is_seen(name: str) -> None:
    figures = year_2019()
    ledger = replace(figures.ledger, **{name: getattr(figures.ledger, name) + 1})
    assert [c for c in controls(replace(figures, ledger=ledger)) if not c.agrees]
