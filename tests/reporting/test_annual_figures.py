"""The figures of a year against sums that SQL adds up by itself, to the cent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.extensions import db
from eom.finance.services import ledger, movements
from eom.reporting.annual.controls import controls, differences, matrix_totals
from eom.reporting.annual.figures import AnnualFigures
from eom.reporting.annual.kinds import NoteKind, SourceKind
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import Books, K, make_books

YEARS = (2017, 2018, 2019, 2020, 2021)


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    db.session.commit()
    return made


def figures(year: int) -> AnnualFigures:
    return figures_of(db.session(), year, as_of=date(2020, 3, 31))


def total(statement: str, **values: object) -> int:
    """A sum of the database, by itself."""
    return int(db.session.execute(sa.text(statement), values).scalar() or 0)


def between(year: int) -> dict[str, date]:
    return {"first": date(year, 1, 1), "last": date(year, 12, 31)}


def source(year: int, award: str):
    return next(each for each in figures(year).sources if each.award == award)


def mission(year: int, code: str):
    return next(each for each in figures(year).missions if each.code == code)


def notes(year: int, kind: NoteKind) -> list[tuple[str, str, int | None]]:
    return [(n.mission_code, n.award, n.amount_cents) for n in figures(year).notes if n.kind is kind]


@pytest.mark.parametrize("year", YEARS)
def test_every_identity_holds_in_every_year(books, year):
    found = figures(year)
    assert differences(found) == []
    assert all(control.agrees for control in controls(found))
    for each in (*found.sources, *found.missions):
        assert each.opening_cents == each.carried_forward_cents
        assert each.closing_cents == each.computed_closing_cents


@pytest.mark.parametrize("year", YEARS)
def test_the_sums_are_those_of_the_database(books, year):
    found, days = figures(year), between(year)
    spent = "SELECT SUM({}) FROM expenditures WHERE incurred_on BETWEEN :first AND :last"
    moved = (
        "SELECT SUM(usd_cents) FROM award_movements WHERE kind = :kind AND moved_on BETWEEN :first AND :last"
    )
    assert sum(m.direct_cents for m in found.missions) == total(spent.format("usd_cents"), **days)
    assert sum(s.direct_cents for s in found.sources) == total(spent.format("usd_cents"), **days)
    assert sum(m.icr_cents for m in found.missions) == total(spent.format("icr_cents"), **days)
    assert sum(c.total_cents for c in found.matrix) == total(spent.format("usd_cents + icr_cents"), **days)
    for kind, name in (("receipt", "received"), ("refund", "refunds"), ("interest", "interest"),
                       ("transfer_in", "transfers_in"), ("transfer_out", "transfers_out")):  # fmt: skip
        assert sum(getattr(s, f"{name}_cents") for s in found.sources) == total(moved, kind=kind, **days)
    gain, loss = (total(moved, kind=f"exchange_{way}", **days) for way in ("gain", "loss"))
    assert sum(s.exchange_cents for s in found.sources) == gain - loss
    given = "SELECT SUM(valued_cents) FROM in_kind_contributions WHERE given_on BETWEEN :first AND :last"
    assert sum(gift.valued_cents for gift in found.in_kind) == total(given, **days)


@pytest.mark.parametrize("year", YEARS)
def test_each_balance_is_that_of_the_database(books, year):
    came_in = "kind NOT IN ('exchange_loss', 'refund', 'transfer_out')"
    moved = f"SELECT SUM(CASE WHEN {came_in} THEN usd_cents ELSE -usd_cents END) FROM award_movements"
    spent = "SELECT SUM(usd_cents + icr_cents) FROM expenditures"
    of = "(SELECT id FROM awards WHERE reference = :reference)"
    for each in figures(year).sources:
        for day, cents in (
            (between(year)["first"], each.opening_cents),
            (date(year + 1, 1, 1), each.closing_cents),
        ):
            values = {"day": day, "reference": each.award}
            held = total(f"{moved} WHERE moved_on < :day AND award_id = {of}", **values)
            held -= total(f"{spent} WHERE incurred_on < :day AND award_id = {of}", **values)
            assert cents == held, (each.award, day)


def test_each_cell_object_and_month_is_counted_once(books):
    found, days = figures(2019), between(2019)
    one = """SELECT SUM(e.usd_cents + e.icr_cents) FROM expenditures e JOIN awards a ON a.id = e.award_id
             JOIN missions m ON m.id = e.mission_id WHERE a.reference = :award AND m.code = :code
             AND e.incurred_on BETWEEN :first AND :last"""
    for (award, code), cents in matrix_totals(found).items():
        assert cents == total(one, award=award, code=code, **days)
    by_object = """SELECT SUM(usd_cents) FROM expenditures WHERE object_number = :number
                   AND incurred_on BETWEEN :first AND :last"""
    for number in range(1, 10):
        objects = sum(m.spent_by_object_cents[number - 1] for m in found.missions)
        assert objects == total(by_object, number=number, **days)
        assert objects == sum(c.spent_cents for c in found.matrix if c.object == number)


def test_a_mission_is_paid_by_seven_sources_and_an_award_serves_several_missions(books):
    cells = matrix_totals(figures(2019))
    assert len({award for award, code in cells if code == "BOL-2019"}) == 8
    assert {code for award, code in cells if award == "CAN-1"} == {"BOL-2019", "GTM-2019", "ECU-2018"}


def test_an_award_in_euros_has_the_rate_of_each_instalment(books):
    found = source(2019, "NLD-1")
    assert found.received_cents == round(30000000 / 0.8933) + round(20000007 / 0.9058)
    assert (found.currency, found.agreed_original_cents) == ("EUR", 900_000_00)
    assert found.exchange_cents == -round(31011 / 0.9083)
    used = [(r.currency, r.valid_on) for r in figures(2019).rates]
    assert ("EUR", date(2019, 5, 1)) in used
    assert ("EUR", date(2019, 9, 1)) in used
    assert ("BOB", date(2019, 10, 1)) in used
    assert all(rate.source == "UN operational rates" for rate in figures(2019).rates)


def test_a_rate_of_the_banks_own_is_told_with_its_paper(books):
    movements.record_movement(books.awards["NLD-1"], kind=K.RECEIPT, moved_on=date(2019, 11, 8), reference="R3",
                              amount_cents=100_00, rate=Decimal("0.75"))  # fmt: skip
    own = [r for r in figures(2019).rates if r.source == "NLD-1 · R3"]
    assert [(r.valid_on, r.rate) for r in own] == [(date(2019, 11, 8), Decimal("0.75"))]


def test_a_reversal_belongs_to_its_own_year_and_names_the_first(books):
    first, back = books.lines[1], -(books.lines[1].usd_cents + books.lines[1].icr_cents)
    assert notes(2019, NoteKind.REVERSAL) == [("ECU-2018", "CAN-1", back)]
    assert notes(2018, NoteKind.REVERSED_LATER) == [("ECU-2018", "CAN-1", back)]
    text = next(n.text for n in figures(2019).notes if n.kind is NoteKind.REVERSAL)
    assert text == "V-1: 2018-12-31 → 2019-02-18. Invoiced twice"
    assert mission(2018, "ECU-2018").spent_by_object_cents[7] == first.usd_cents
    assert mission(2019, "ECU-2018").spent_by_object_cents[7] == -first.usd_cents
    assert (
        mission(2019, "BOL-2019").spent_by_object_cents[8] == 6_000_00
    )  # the reversal of the same year is nil
    assert notes(2020, NoteKind.REVERSAL) == [("BOL-2019", "MEX-1", -19_999_99)]


def test_a_receipt_taken_back_in_a_later_year_is_noted_in_both(books):
    assert notes(2019, NoteKind.MOVEMENT_REVERSAL) == [("", "CAN-1", -1_000_00)]
    assert notes(2018, NoteKind.MOVEMENT_REVERSED_LATER) == [("", "CAN-1", -1_000_00)]
    assert source(2019, "CAN-1").received_cents == -1_000_00


def test_unspent_money_is_carried_over_and_refunds_leave(books):
    assert source(2019, "CAN-1").opening_cents == source(2018, "CAN-1").closing_cents > 0
    assert source(2019, "USA-1").refunds_cents == 2_156_06
    assert mission(2019, "BOL-2019").refunds_cents == 2_156_06
    assert mission(2019, "ECU-2018").opening_cents == mission(2018, "ECU-2018").closing_cents
    assert mission(2019, "ECU-2018").allocated_cash_cents == -5_000_00


def test_a_mission_over_two_years_adds_up_since_its_start(books):
    assert mission(2018, "ECU-2018").spent_since_start_cents == mission(2018, "ECU-2018").spent_cents
    both = mission(2018, "ECU-2018").spent_cents + mission(2019, "ECU-2018").spent_cents
    assert mission(2019, "ECU-2018").spent_since_start_cents == both
    assert mission(2019, "BOL-2019").polling_days == (date(2019, 10, 20), date(2020, 1, 12))
    assert mission(2020, "BOL-2019").spent_cents < 0  # 9,400 paid, 19,999.99 returned


def test_allocations_of_the_regular_fund_stand_apart(books):
    bolivia = mission(2019, "BOL-2019")
    assert bolivia.allocated_regular_cents == 25_000_00
    earmarked = (
        "SELECT SUM(usd_cents) FROM award_movements m JOIN awards a ON a.id = m.award_id WHERE m.kind IN "
    )
    arrived = total(earmarked + "('receipt', 'transfer_in') AND a.mission_id IS NOT NULL")
    assert bolivia.allocated_cash_cents == 300_000_00 + arrived


def test_help_in_kind_is_in_no_balance(books):
    panama = mission(2019, "PAN-2019")
    assert (panama.spent_cents, panama.closing_cents) == (0, 0)
    assert notes(2019, NoteKind.NO_CASH) == [("PAN-2019", "", None)]
    assert {gift.donor for gift in figures(2019).in_kind} == {"Bolivia", "Canada"}
    assert source(2019, "CAN-1").available_cents == source(2019, "CAN-1").opening_cents - 1_000_00 + 412_33


def test_a_mission_without_activity_is_noted_and_has_no_row(books):
    assert notes(2019, NoteKind.NO_ACTIVITY) == [("HTI-2019", "", None)]
    assert "HTI-2019" not in {each.code for each in figures(2019).missions}
    assert not [n for n in figures(2019).notes if n.mission_code == "PER-2021"]


def test_a_host_that_gives_is_warned_of(books):
    assert sorted(notes(2019, NoteKind.HOST_DONOR)) == [("BOL-2019", "", None), ("BOL-2019", "BOL-1", None)]


def test_what_was_overdrawn_does_not_hide(books):
    ((award, amount),) = [(a, cents) for _code, a, cents in notes(2019, NoteKind.OVERDRAWN)]
    assert (award, amount) == ("BOL-1", source(2019, "BOL-1").closing_cents)
    assert amount < 0
    assert notes(2019, NoteKind.OVERDRAWN_LINE) == [("BOL-2019", "BOL-1", 6_000_00)]


def test_no_indirect_cost_recovery_has_its_reason(books):
    exempt = {n.award: n.text for n in figures(2019).notes if n.kind is NoteKind.ICR_EXEMPT}
    assert exempt == {"MEX-1": "US$20,000 or less", "BOL-1": "US$20,000 or less"}
    assert source(2019, "MEX-1").icr_cents == 0
    assert source(2019, "USA-1").icr_cents == round(33_333_33 * 0.105)


def test_an_award_that_is_over_and_empty_is_left_out(books):
    assert "OLD-1" in {each.award for each in figures(2018).sources}
    assert "OLD-1" not in {each.award for each in figures(2019).sources}
    assert figures(2017).sources == ()


def test_what_is_said_of_a_mission_beside_its_money(books):
    bolivia, guatemala = mission(2019, "BOL-2019"), mission(2019, "GTM-2019")
    assert (bolivia.process_kinds, bolivia.process) == (("presidential",), "=Consulta")
    assert (bolivia.observers, bolivia.nationalities) == (3, 2)
    assert (guatemala.observers, guatemala.nationalities) == (84, None)
    assert bolivia.budget_cents == 300_000_00
    assert bolivia.open_obligations_cents is None
    kinds = [each.kind for each in figures(2019).sources]
    assert kinds == sorted(kinds, key=list(SourceKind).index)


def test_the_queries_do_not_grow_with_the_books(books):
    def count() -> int:
        seen = []

        def note(_connection, _cursor, statement: str, *_rest: object) -> None:
            if statement.lstrip().startswith(("SELECT", "WITH")):
                seen.append(statement)

        sa.event.listen(db.session().bind or db.engine, "before_cursor_execute", note)
        figures_of(db.session(), 2019)
        sa.event.remove(db.session().bind or db.engine, "before_cursor_execute", note)
        return len(seen)

    before = count()
    for number in range(40):
        ledger.record_expenditure(
            books.missions["BOL-2019"], award=books.awards["NLD-1"], object_number=1 + number % 9,
            incurred_on=date(2019, 10, 1), voucher=f"N-{number}", payee="Someone", amount_cents=100,
        )  # fmt: skip
    assert count() == before <= 30
