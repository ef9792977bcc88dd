"""Figures that are kept for a moment are those of the books, whatever happens to the books."""

from __future__ import annotations

from datetime import date

import pytest

from eom.extensions import db
from eom.finance.services import awards, ledger
from eom.reporting.queries import annual_now
from eom.reporting.queries.annual import figures_of
from eom.reporting.services import annual
from tests.reporting.annual_books import Books, make_books


@pytest.fixture
def books(app) -> Books:
    made = make_books()
    db.session.commit()
    return made


def test_the_same_books_are_read_once(books):
    first = annual_now.figures_now(db.session(), 2019)
    assert annual_now.figures_now(db.session(), 2019) is first
    assert annual_now.figures_now(db.session(), 2020) is not first
    assert first == figures_of(db.session(), 2019)


def test_every_change_of_the_books_is_seen_at_once(books):
    def spend() -> None:
        ledger.record_expenditure(books.missions["BOL-2019"], award=books.awards["NLD-1"], object_number=4,
                                  incurred_on=date(2019, 10, 1), voucher="N-1", payee="Someone", amount_cents=100)  # fmt: skip

    def give() -> None:
        awards.allocate(books.awards["CAN-1"], mission_id=books.missions["BOL-2019"].id, usd_cents=5_00,
                        allocated_on=date(2019, 12, 1), decision="Late")  # fmt: skip

    def rename() -> None:
        books.donors["CAN"].name = "Kanata"

    for change in (spend, give, rename):
        before = annual_now.figures_now(db.session(), 2019)
        change()
        db.session.commit()
        after = annual_now.figures_now(db.session(), 2019)
        assert after != before, change.__name__
        assert after == figures_of(db.session(), 2019)


def test_a_change_that_is_not_written_yet_is_not_kept(books):
    before = annual_now.figures_now(db.session(), 2019)
    books.donors["CAN"].name = "Kanata"
    changed = annual_now.figures_now(db.session(), 2019)
    assert "Kanata" in {source.donor for source in changed.sources}
    db.session.rollback()
    assert annual_now.figures_now(db.session(), 2019) == before


def test_a_reports_snapshot_is_kept_under_its_hash(books):
    report = annual.prepare_report(2019)
    assert annual_now.figures_of_report(report) is annual_now.figures_of_report(report)
    assert annual_now.figures_of_report(report) == figures_of(db.session(), 2019)
