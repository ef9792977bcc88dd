"""What a mission plans to spend, and how it stands against what it spent."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput
from eom.extensions import db
from eom.finance.queries import balances
from eom.finance.services import budgets, ledger
from tests.factories.finance import a_rate, an_award, an_expenditure

URL = "/missions/BOL-2019/budget"


def plan(mission, number=4, description="Tickets", dollars=500):
    return budgets.plan_line(mission, object_number=number, description=description, usd_cents=dollars * 100)


def sheet(mission) -> dict[int, tuple[int, int, int]]:
    """Planned, spent and left in dollars, by the objects that have figures."""
    lines = balances.budget_against_spending(db.session(), mission.id)
    return {
        each.object_number: tuple(c // 100 for c in (each.budget_cents, each.spent_cents, each.left_cents))
        for each in lines
        if each.has_figures
    }


def test_plan_and_spending_by_object(cast):
    a_rate("BOB", date(2019, 10, 1), "7")
    award = an_award(cast.a, icr_percent=Decimal(10))
    plan(cast.a), plan(cast.a, 4, "Vehicles", 200), plan(cast.a, 1, "Chief", 900)
    plan(cast.b, 4, "Tickets", 50)
    an_expenditure(cast.a, award, object_number=4, amount_cents=1_400_00, currency="BOB")
    an_expenditure(cast.a, award, object_number=8, amount_cents=30_00)
    twice = an_expenditure(cast.a, award, object_number=4, amount_cents=600_00)
    ledger.reverse_expenditure(twice, on=date(2019, 11, 1), reason="Twice")
    assert sheet(cast.a) == {1: (900, 0, 900), 4: (700, 200, 500), 8: (0, 30, -30)}
    assert sheet(cast.b) == {4: (50, 0, 50)}
    assert balances.icr_of_mission(db.session(), cast.a.id) == 23_00


@pytest.mark.parametrize(
    ("wrong", "kind", "field"),
    [
        ({"number": 10}, InvalidInput, "object_number"),
        ({"dollars": 0}, InvalidInput, "usd_cents"),
        ({"dollars": -3}, InvalidInput, "usd_cents"),
        ({}, Conflict, "description"),
    ],
)
def test_what_cannot_be_planned_is_refused_on_its_field(cast, wrong, kind, field):
    plan(cast.a)
    with pytest.raises(kind) as refused:
        plan(cast.a, **wrong)
    assert refused.value.field == field


def test_a_line_is_changed_and_removed_and_the_trail_keeps_what_it_was(cast, as_person):
    line, other = plan(cast.a), plan(cast.a, description="Vehicles")
    db.session.commit()
    clara = as_person("clara")
    form = clara.page(f"{URL}/lines/{line.id}/edit")
    assert form.one("[name=usd_cents]")["value"] == "500.00"
    page = clara.submit(
        f"{URL}/lines/{line.id}/edit", object_number=3, description="Grants", usd_cents="1,250.50"
    )
    assert "Grants" in page.text
    assert "1,250.50" in page.text
    again = clara.submit(
        f"{URL}/lines/{other.id}/edit", 422, object_number=3, description="Grants", usd_cents="1"
    )
    assert "has this line already" in again.text
    assert clara.http.post(f"{URL}/lines/{other.id}/remove").status_code == 303
    assert "Vehicles" not in clara.page(URL).text
    trail = sa.select(AuditEntry).where(AuditEntry.object_type == "budget_lines").order_by(AuditEntry.id)
    kept = [
        (each.action, each.object_name, each.changes.get("usd_cents")) for each in db.session.scalars(trail)
    ]
    assert kept == [
        ("created", "Tickets", [None, 500_00]), ("created", "Vehicles", [None, 500_00]),
        ("changed", "Grants", [500_00, 1_250_50]), ("deleted", "Vehicles", [500_00, None]),
    ]  # fmt: skip


def test_the_page_says_it_in_figures_and_draws_it(cast, as_person):
    clara = as_person("clara")
    assert "No budget yet" in clara.page(URL).text
    plan(cast.a)
    an_expenditure(cast.a)
    db.session.commit()
    page = clara.page(URL)
    row = next(each for each in page.all("main table tbody tr") if "4 Travel" in each.get_text())
    assert [cell.get_text(strip=True) for cell in row.select("td")] == ["$500.00", "$100.00"]
    assert page.one("figure.chart canvas")["aria-label"].startswith("Budget and spending by object")
    assert "US$\xa0500,00" in clara.http.get(f"{URL}?lang=pt").text
    assert "500,00\xa0$US" in clara.http.get(f"{URL}?lang=fr").text


def test_who_may_plan(cast, as_person):
    line = plan(cast.a)
    db.session.commit()
    for path in (f"{URL}/lines/new", f"{URL}/lines/{line.id}/edit"):
        as_person("clara").page(path)
        for name in ("ana", "bruno", "elena", "hugo"):
            as_person(name).page(path, 403)
        as_person("dario").page(path, 404)
    as_person("clara").page(f"/missions/PER-2021/budget/lines/{line.id}/edit", 404)
    for name, status in (("ana", 403), ("bruno", 403), ("dario", 404)):
        assert as_person(name).http.post(f"{URL}/lines/{line.id}/remove").status_code == status
    assert sheet(cast.a) == {4: (500, 0, 500)}
