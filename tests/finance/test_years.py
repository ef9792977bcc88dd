"""Fiscal years: their books and their closing."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from eom.core import clock
from eom.core.audit import AuditEntry
from eom.core.errors import AppError, Refused
from eom.extensions import db
from eom.finance.models.period import FiscalYear
from eom.finance.queries import years
from eom.finance.services import closing
from tests.factories.finance import an_award, an_expenditure, help_in_kind


def refused(year):
    with pytest.raises(AppError) as caught:
        closing.close_year(year, by="Clara")
    return str(caught.value)


@pytest.mark.usefixtures("still_clock")
def test_a_year_is_closed_once_when_it_has_ended(cast):
    row = closing.close_year(2019, by="Clara")
    assert (row.is_closed, row.closed_on, row.closed_by) == (True, clock.today(), "Clara")
    assert "closed already" in refused(2019)
    assert "has not ended" in refused(clock.today().year)


@pytest.mark.parametrize("year", [0, -1, 1947, 20190])
def test_what_is_no_year_is_refused(cast, year):
    assert "is no fiscal year" in refused(year)


def test_years_are_closed_in_order_because_one_opens_with_the_others_balance(cast):
    award = an_award(cast.a)
    an_expenditure(cast.a, award, incurred_on=date(2020, 2, 1))
    words = refused(2020)
    assert "The fiscal year 2019 is still open" in words
    assert "closing balances are those that 2020 opens with" in words
    closing.close_year(2019, by="Clara")
    closing.close_year(2020, by="Clara")


def test_the_books_of_each_year_without_gaps(cast):
    award = an_award(cast.a, received_cents=500_000, icr_percent=10)
    an_expenditure(cast.a, award, amount_cents=100_000)
    an_expenditure(cast.a, award, amount_cents=5_000, incurred_on=date(2021, 1, 4))
    help_in_kind(cast.a, award.donor, valued_cents=700)
    books = {each.year: each for each in years.years(db.session())}
    assert list(books) == [2021, 2020, 2019]
    assert (books[2019].received_cents, books[2019].spent_cents, books[2019].icr_cents) == (
        500_000,
        100_000,
        10_000,
    )
    assert (books[2019].in_kind_cents, books[2019].expenditure_count) == (700, 1)
    assert (books[2020].received_cents, books[2020].spent_cents, books[2021].spent_cents) == (0, 0, 5_000)
    assert years.year(db.session(), 2019) == books[2019]


def test_closing_stands_in_the_audit_trail(cast):
    closing.close_year(2019, by="Clara")
    entry = db.session.scalar(
        sa.select(AuditEntry).where(AuditEntry.object_type == "fiscal_years", AuditEntry.action == "closed")
    )
    assert entry.object_id == "2019"


def test_finance_closes_a_year_after_a_question(cast, as_person):
    an_expenditure(cast.a)
    db.session.commit()
    as_person("felix").submit("/finance/years/2019/prepare")
    clara = as_person("clara")
    assert clara.page("/finance/years/2019").one("a[href='/finance/years/2019/close']")
    page = clara.page("/finance/years/2019/close")
    assert "Close 2019 for good?" in page.text
    assert "It holds 1 expenditure of $100.00." in page.text
    assert "Say that the year is complete" in clara.submit("/finance/years/2019/close", 422).text
    assert not db.session.get(FiscalYear, 2019).is_closed
    page = clara.submit("/finance/years/2019/close", is_sure="y")
    assert "by Clara" in page.text
    assert not page.all("a[href='/finance/years/2019/close']")
    assert "closed already" in clara.submit("/finance/years/2019/close", 422, is_sure="y").text


@pytest.mark.usefixtures("still_clock")
def test_a_year_that_cannot_be_closed_says_why(cast, as_person):
    award = an_award(cast.a)
    an_expenditure(cast.a, award, incurred_on=date(2020, 2, 1))
    db.session.commit()
    clara = as_person("clara")
    page = clara.page("/finance/years/2020")
    assert "Earlier years are closed – to mend before closing" in page.text
    assert "2019 is still open" in clara.submit("/finance/years/2020/close", 422, is_sure="y").text
    now = clock.today().year
    assert "has not ended" in clara.page(f"/finance/years/{now}").text
    assert "has not ended" in clara.submit(f"/finance/years/{now}/close", 422, is_sure="y").text
    clara.page("/finance/years/1200", 404)


def test_the_list_goes_out(cast, as_person):
    an_expenditure(cast.a, amount_cents=12_345)
    db.session.commit()
    clara = as_person("clara")
    assert "$123.45" in clara.page("/finance/years").text
    assert "2019,Open,100000.00,123.45,0.00,0.00,1,," in clara.get("/finance/years?format=csv").text
    assert clara.get("/finance/years?format=xlsx").data[:2] == b"PK"
    clara.get("/finance/years?format=pdf", 422)


def test_without_a_line_the_list_says_how_a_year_begins(cast, as_person):
    assert "A year appears here with its first receipt" in as_person("clara").page("/finance/years").text


@pytest.mark.parametrize("name", ["elena", "hugo"])
def test_those_who_only_read_close_nothing(cast, as_person, name):
    an_expenditure(cast.a)
    db.session.commit()
    person = as_person(name)
    assert not person.page("/finance/years/2019").all("a[href$='/close']")
    person.page("/finance/years/2019/close", 403)
    person.submit("/finance/years/2019/close", 403, is_sure="y")
    assert db.session.get(FiscalYear, 2019) is None


def test_amir_may_close_as_administrators_may_all(cast, as_person):
    as_person("felix").submit("/finance/years/2019/prepare")
    assert "Closed on" in as_person("amir").submit("/finance/years/2019/close", is_sure="y").text


def test_a_closed_year_refuses_on_the_page_with_the_day_it_was_closed(cast, as_person):
    award = an_award()
    closing.close_year(2019, by="Clara")
    db.session.commit()
    page = as_person("clara").submit(
        f"/finance/awards/{award.id}/movements/new", 422, kind="receipt", moved_on="2019-02-01", reference="B-1",
        amount_cents="10", currency="USD",
    )  # fmt: skip
    assert "fiscal year 2019 was closed" in page.one("#moved_on-error").get_text()
    with pytest.raises(Refused):
        closing.refuse_closed(date(2019, 12, 31))
    closing.refuse_closed(date(2020, 1, 1))
