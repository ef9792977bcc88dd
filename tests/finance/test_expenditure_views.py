"""The pages of the ledger and the budget, for those who may and may not see money."""

from __future__ import annotations

from datetime import date

import pytest

from eom.extensions import db
from eom.finance.services import budgets
from tests.factories.finance import an_award, an_expenditure

URL = "/missions/BOL-2019"


@pytest.fixture
def clara(as_person):
    return as_person("clara")


def test_an_expenditure_is_recorded_and_reversed_on_the_page(cast, clara):
    award = an_award(cast.a)
    db.session.commit()
    given = {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
             "amount_cents": "1,234.50", "currency": "usd"}  # fmt: skip
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
    page = clara.submit(f"{URL}/budget/lines/new", object_number=4, description="Tickets", usd_cents="500")
    assert "Tickets" in page.text
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
