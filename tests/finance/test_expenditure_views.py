"""The pages of the ledger and the budget, for those who may and may not see money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.extensions import db
from eom.finance.models.ledger import Expenditure
from eom.finance.services import budgets
from tests.factories.commitments import approved_budget
from tests.factories.finance import a_rate, an_award, an_expenditure
from tests.page import words

URL = "/missions/BOL-2019"


@pytest.fixture
def clara(as_person):
    return as_person("clara")


def test_an_expenditure_is_recorded_and_reversed_on_the_page(cast, clara):
    award = an_award(cast.a)
    db.session.commit()
    given = {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
             "amount_cents": "1,234.50", "currency": "USD"}  # fmt: skip
    page = clara.submit(f"{URL}/expenditures/new", **given)
    assert "V-77" in page.h1
    assert "1,234.50" in page.text
    line = an_expenditure(cast.a, award)
    db.session.commit()
    back = clara.submit(f"{URL}/expenditures/{line.id}/reverse", on="2019-11-01", reason="Twice invoiced")
    assert "takes another one back" in back.text
    listed = clara.page(f"{URL}/expenditures")
    assert "1,234.50" in listed.text
    assert "Reversed" in listed.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount_cents": "abc"}, "abc"),
        ({"amount_cents": "-4"}, "0.01"),
        ({"currency": "EUR"}, "no rate of EUR"),
        ({"amount_cents": "999999999"}, "is more than that"),
        ({"voucher": ""}, "must be given"),
        ({"incurred_on": "31.31.2019"}, "31.31.2019"),
    ],
)
def test_what_is_wrong_stands_on_its_field_and_nothing_is_written(cast, clara, wrong, words):
    award = an_award(cast.a)
    db.session.commit()
    given = {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
             "amount_cents": "10", "currency": "USD"}  # fmt: skip
    page = clara.submit(f"{URL}/expenditures/new", 422, **(given | wrong))
    assert words in page.text
    assert "No expenditures yet" in clara.page(f"{URL}/expenditures").text


def test_the_list_adds_up_filters_and_goes_out(cast, clara):
    award = an_award(cast.a)
    for number in (4, 4, 8):
        an_expenditure(cast.a, award, object_number=number)
    an_expenditure(cast.b, an_award(cast.b), payee="In Peru")
    db.session.commit()
    assert "300.00" in clara.page(f"{URL}/expenditures").text
    assert "200.00" in clara.page(f"{URL}/expenditures?object=4").text
    assert clara.get(f"{URL}/expenditures?format=csv&object=8").text.count("\n") == 2
    everything = clara.page("/expenditures")
    assert "In Peru" in everything.text
    assert "400.00" in everything.text
    assert clara.get("/expenditures?format=xlsx").status_code == 200


def test_the_budget_is_planned_and_compared(cast, clara, as_person):
    approved_budget(cast.a, (4, "Tickets", 500_00))
    an_expenditure(cast.a)
    db.session.commit()
    assert "20.0%" in clara.page(f"{URL}/budget").text
    line = budgets.plan_line(cast.b, object_number=1, description="x", usd_cents=1)
    db.session.commit()
    assert clara.http.post(f"{URL}/budget/lines/{line.id}/remove").status_code == 404


def test_who_may_see_money(cast, as_person):
    line = an_expenditure(cast.a)
    db.session.commit()
    paths = [f"{URL}/expenditures", f"{URL}/expenditures/{line.id}", f"{URL}/budget"]
    for path in paths:
        as_person("ana").page(path)
        as_person("elena").page(path)
        as_person("bruno").page(path, 403)
        as_person("carmen").page(path, 403)
        as_person("dario").page(path, 404)
    as_person("dario").page(f"/missions/PER-2021/expenditures/{line.id}", 404)
    for path in (
        f"{URL}/expenditures/new",
        f"{URL}/expenditures/{line.id}/reverse",
        f"{URL}/budget/lines/new",
    ):
        as_person("ana").page(path, 403)
        as_person("elena").page(path, 403)
    as_person("ana").page("/expenditures", 403)


def test_ten_and_a_hundred_lines_cost_the_same(cast, clara):
    award = an_award(cast.a)
    for _each in range(3):
        an_expenditure(cast.a, award, incurred_on=date(2019, 10, 1))
    db.session.commit()
    from sqlalchemy import event

    counted = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: counted.append(1))
    clara.page(f"{URL}/expenditures")
    few = len(counted)
    for _each in range(20):
        an_expenditure(cast.a, award)
    db.session.commit()
    counted.clear()
    clara.page(f"{URL}/expenditures")
    assert len(counted) == few


def test_the_form_says_what_an_amount_is_in_dollars_and_what_the_award_then_holds(cast, clara):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    award = an_award(cast.a, icr_percent=Decimal(10), received_cents=2_000_00)
    db.session.commit()
    asked = f"{URL}/expenditures/equivalent?award={award.id}&incurred_on=2019-10-20&amount_cents=6,860"
    said = clara.get(f"{asked}&currency=BOB").text
    assert "6.86 BOB" in said
    assert ["$1,000.00" in said, "$100.00" in said, "$900.00" in said] == [True, True, True]
    assert "no rate of EUR for October 2019" in clara.get(f"{asked}&currency=EUR").text
    assert "<dl" not in clara.get(f"{asked.replace('6,860', 'abc')}&currency=BOB").text
    assert "<dl" not in clara.get(f"{URL}/expenditures/equivalent").text


def test_above_the_balance_a_reason_is_asked_for_kept_and_shown(cast, clara, as_person):
    award = an_award(cast.a, received_cents=50_00)
    db.session.commit()
    given = {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
             "amount_cents": "100", "currency": "USD"}  # fmt: skip
    assert not clara.page(f"{URL}/expenditures/new").all("[name=overdraft_reason]")
    asked = clara.submit(f"{URL}/expenditures/new", 422, **given)
    assert "$50.00 left for this mission" in asked.text
    asked.one("textarea[name=overdraft_reason]")
    page = clara.submit(f"{URL}/expenditures/new", **given, overdraft_reason="The second receipt is late")
    assert "did not hold this amount" in page.text
    assert "The second receipt is late" in page.text
    other = an_expenditure(cast.a, an_award(cast.a))
    db.session.commit()
    shown = clara.page(f"{URL}/expenditures/{other.id}")
    assert "The second receipt is late" not in shown.text
    assert "1 entry" in clara.page(f"{URL}/expenditures?state=overdrawn").text


def test_a_line_shows_who_recorded_and_who_reversed_it_and_why(cast, clara):
    award = an_award(cast.a)
    db.session.commit()
    given = {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
             "amount_cents": "100", "currency": "USD"}  # fmt: skip
    clara.submit(f"{URL}/expenditures/new", **given)
    line = db.session.scalars(sa.select(Expenditure)).one()
    reversal = clara.submit(f"{URL}/expenditures/{line.id}/reverse", on="2019-11-01", reason="Twice invoiced")
    first = clara.page(f"{URL}/expenditures/{line.id}")
    for page in (reversal, first):
        rows = [[words(cell) for cell in row.select("th, td")][1:] for row in page.all("main tbody tr")]
        assert rows == [["Clara", "Recorded", ""], ["Clara", "Reversed", "Twice invoiced"]]


def test_the_list_is_narrowed_by_period_award_and_payee(cast, clara):
    first, second = an_award(cast.a), an_award(cast.a)
    an_expenditure(cast.a, first, incurred_on=date(2019, 9, 30), payee="Hotel Illimani")
    an_expenditure(cast.a, second, incurred_on=date(2019, 10, 1))
    an_expenditure(cast.a, second, incurred_on=date(2019, 10, 31))
    db.session.commit()

    def count(query):
        return len(clara.page(f"{URL}/expenditures?{query}").all("main tbody tr"))

    assert count("from=2019-10-01") == 2
    assert count("from=2019-10-01&to=2019-10-30") == 1
    assert count(f"award={first.id}") == 1
    assert count("search=illimani") == 1
    assert "31/10/2019" in clara.page(f"{URL}/expenditures?from=31/10/2019", 422).text
