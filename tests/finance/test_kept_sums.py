"""The sums of closed years: kept when a year closes, the ledger's ever after, and no line passes them by."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from eom.core.errors import Refused
from eom.extensions import db
from eom.finance.models.kept import KeptSum, KeptYear
from eom.finance.models.ledger import Expenditure
from eom.finance.models.period import FiscalYear
from eom.finance.queries import kept
from eom.finance.services import closing
from eom.finance.services.keeping import check_kept_sums, keep_sums, let_go
from eom.reporting.queries.annual import figures_of
from tests.reporting.annual_books import Books, make_books

LINE = """INSERT INTO expenditures (mission_id, award_id, object_number, incurred_on, fiscal_year, voucher, payee,
          amount_cents, currency, rate, usd_cents, icr_cents, is_overdrawn, recorded_by, is_demonstration, created_at)
          SELECT mission_id, award_id, object_number, :on, :year, voucher, payee, amount_cents, currency, rate,
          usd_cents, icr_cents, is_overdrawn, recorded_by, is_demonstration, created_at FROM expenditures
          WHERE voucher = 'V-6' AND reverses_id IS NULL"""


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    db.session.commit()
    return made


def close(*years: int) -> None:
    for year in years:
        closing.close_year(year, by="Clara")
    db.session.commit()


def insert(on: date, year: int) -> None:
    """A line straight into the database, past every service."""
    db.session.execute(sa.text(LINE).bindparams(sa.bindparam("on", type_=sa.Date)), {"on": on, "year": year})


def test_closing_a_year_keeps_what_every_award_paid_on_every_mission(books):
    close(2018)
    rows = db.session.execute(
        sa.select(
            Expenditure.mission_id, Expenditure.award_id, sa.func.count(),
            sa.func.sum(Expenditure.usd_cents + Expenditure.icr_cents),
        ).where(Expenditure.fiscal_year == 2018).group_by(Expenditure.mission_id, Expenditure.award_id)
    )  # fmt: skip
    expected = {(mission, award, count, int(cents)) for mission, award, count, cents in rows}
    made = db.session.scalars(sa.select(KeptSum)).all()
    assert {(s.mission_id, s.award_id, s.line_count, s.booked_cents) for s in made} == expected
    assert all(each.dated_cents == each.booked_cents for each in made)
    head = db.session.get_one(KeptYear, 2018)
    assert (head.sum_count, head.line_count) == (len(made), sum(s.line_count for s in made))
    assert kept.differences(db.session()) == []


def test_a_report_says_the_same_whether_the_years_before_are_kept_or_read(books):
    day = date(2020, 3, 31)
    before = [figures_of(db.session(), year, as_of=day) for year in (2018, 2019, 2020)]
    close(2018, 2019)
    assert kept.sound_years(db.session()) == {2018, 2019}
    assert [figures_of(db.session(), year, as_of=day) for year in (2018, 2019, 2020)] == before


@pytest.mark.parametrize(
    ("on", "year"), [(date(2018, 12, 31), 2018), (date(2018, 7, 1), 2019), (date(2019, 7, 1), 2018)]
)
def test_the_database_refuses_a_line_booked_or_dated_in_a_kept_year(books, on, year):
    close(2018)
    with pytest.raises(sa.exc.DatabaseError, match="takes no more lines"):
        insert(on, year)
    db.session.rollback()


def test_an_open_year_takes_lines_as_before(books):
    close(2018)
    insert(date(2019, 7, 1), 2019)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE kept_sums SET booked_cents = booked_cents + 1",
        "DELETE FROM kept_sums",
        "UPDATE kept_years SET line_count = 0",
        "DELETE FROM kept_years",
    ],
)
def test_the_database_refuses_to_change_or_delete_a_kept_sum(books, statement):
    close(2018)
    with pytest.raises(sa.exc.DatabaseError, match="never changed or deleted"):
        db.session.execute(sa.text(statement))
    db.session.rollback()


def test_a_sum_slipped_in_is_seen_and_the_ledger_is_read_instead(books):
    day = date(2020, 3, 31)
    close(2018)
    before = figures_of(db.session(), 2019, as_of=day)
    db.session.execute(
        sa.insert(KeptSum).values(fiscal_year=2018, mission_id=books.missions["BOL-2019"].id,
                                  award_id=books.awards["CAN-1"].id, line_count=1, booked_cents=5, dated_cents=5)
    )  # fmt: skip
    assert kept.sound_years(db.session()) == set()
    assert figures_of(db.session(), 2019, as_of=day) == before
    found = kept.differences(db.session())
    assert [(each.year, each.kept_cents, each.ledger_cents) for each in found] == [(2018, 5, 0)]
    with pytest.raises(Refused, match="when 2018 was closed"):
        check_kept_sums()


def test_keeping_twice_keeps_once(books):
    close(2018)
    keep_sums(2018)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KeptYear)) == 1


def test_a_year_without_lines_is_kept_too(books):
    close(2017)
    assert db.session.get_one(KeptYear, 2017).line_count == 0
    assert kept.sound_years(db.session()) == {2017}


def test_only_years_with_lines_that_are_not_kept_are_read(books):
    assert kept.open_years(db.session(), 2021, set()) == [2020, 2019, 2018]
    assert kept.open_years(db.session(), 2020, {2018}) == [2019]
    assert kept.open_years(db.session(), 2018, set()) == []


def test_what_an_award_paid_alone_is_asked_for_alone(books):
    close(2018)
    award, mission = books.awards["CAN-1"].id, books.missions["ECU-2018"].id
    every = kept.spent_before(db.session(), 2020)
    some = kept.spent_before(db.session(), 2020, award_id=award, mission_id=mission)
    assert sorted(some, key=str) == sorted(
        (e for e in every if (e.award_id, e.mission_id) == (award, mission)), key=str
    )
    assert {each.year for each in some} == {2018, 2019}


def test_a_year_that_is_opened_again_lets_go_of_its_sums_and_keeps_new_ones(books):
    close(2018)
    with pytest.raises(sa.exc.DatabaseError, match="never changed or deleted"):
        let_go(2018)
    db.session.rollback()
    before = db.session.get_one(KeptYear, 2018).line_count
    year = db.session.get_one(FiscalYear, 2018)
    year.closed_on = year.closed_by = None
    db.session.flush()
    let_go(2018)
    insert(date(2018, 7, 1), 2018)
    close(2018)
    added = db.session.get_one(KeptYear, 2018).line_count - before
    assert added > 0
    assert kept.differences(db.session()) == []
