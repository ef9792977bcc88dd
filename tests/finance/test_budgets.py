"""Budgets: planned line by line, submitted, approved by a second person, compared with spending."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eom.core.audit import AuditEntry
from eom.core.errors import Conflict, InvalidInput, Refused
from eom.extensions import db
from eom.finance.models.budget import Activity, BudgetLine, BudgetVersion, LineBasis
from eom.finance.queries import balances
from eom.finance.queries import budgets as reading
from eom.finance.services import budget_templates, budgets, ledger
from eom.missions.models.milestone import MilestoneKind
from eom.missions.services import milestones
from tests.factories.commitments import a_standard_line, acting, approved_budget
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
    approved_budget(cast.a, (4, "Tickets", 500_00), (4, "Vehicles", 200_00), (1, "Chief", 900_00))
    approved_budget(cast.b, (4, "Tickets", 50_00))
    plan(cast.a, 4, "Not approved yet", 7000)
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
        ({"dollars": 0}, InvalidInput, "unit_cents"),
        ({"dollars": -3}, InvalidInput, "unit_cents"),
        ({}, Conflict, "description"),
    ],
)
def test_what_cannot_be_planned_is_refused_on_its_field(cast, wrong, kind, field):
    plan(cast.a)
    with pytest.raises(kind) as refused:
        plan(cast.a, **wrong)
    assert refused.value.field == field


def sent(**more):
    """What the form of a line sends."""
    return {
        "object_number": 4,
        "activity": "whole",
        "description": "Tickets",
        "quantity": "1",
        "days": "1",
        "unit_cents": "500",
    } | more


def test_a_line_is_changed_and_removed_and_the_trail_keeps_what_it_was(cast, as_person):
    line, other = plan(cast.a), plan(cast.a, description="Vehicles")
    db.session.commit()
    clara = as_person("clara")
    form = clara.page(f"{URL}/lines/{line.id}/edit")
    assert form.one("[name=unit_cents]")["value"] == "500.00"
    grants = sent(object_number=3, description="Grants", quantity="2.5", days="3", unit_cents="166.74")
    page = clara.submit(f"{URL}/lines/{line.id}/edit", **grants)
    assert "3.01" in page.text
    assert "1,250.55" in page.text
    again = clara.submit(f"{URL}/lines/{other.id}/edit", 422, **grants)
    assert "has this line already" in again.text
    assert clara.http.post(f"{URL}/lines/{other.id}/remove").status_code == 303
    assert "Vehicles" not in clara.page(f"{URL}/draft").text
    trail = sa.select(AuditEntry).where(AuditEntry.object_type == "budget_lines").order_by(AuditEntry.id)
    kept = [
        (each.action, each.object_name, each.changes.get("usd_cents")) for each in db.session.scalars(trail)
    ]
    assert kept == [
        ("created", "Tickets", [None, 500_00]), ("created", "Vehicles", [None, 500_00]),
        ("changed", "Grants", [500_00, 1_250_55]), ("deleted", "Vehicles", [500_00, None]),
    ]  # fmt: skip


def test_the_page_says_it_in_figures_and_draws_it(cast, as_person):
    clara = as_person("clara")
    assert "No approved budget yet" in clara.page(URL).text
    approved_budget(cast.a, (4, "Tickets", 500_00))
    an_expenditure(cast.a)
    db.session.commit()
    page = clara.page(URL)
    row = next(each for each in page.all("main table tbody tr") if "4 Travel" in each.get_text())
    assert [cell.get_text(strip=True) for cell in row.select("td")] == ["$500.00", "$100.00", "$0.00"]
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


def test_a_budget_is_written_submitted_and_approved_by_a_second_person(cast, as_person):
    milestones.plan(cast.a)
    db.session.commit()
    clara, felix = as_person("clara"), as_person("felix")
    clara.submit(f"{URL}/draft/begin", observer_count="40", day_count="20", purpose="First round")
    per_diem = sent(
        description="Per diem", quantity="40", days="20", unit_cents="210", scales_with_observers="y"
    )
    page = clara.submit(f"{URL}/lines/new", **per_diem)
    assert "$168,000.00" in page.text
    version = reading.open_version(db.session(), cast.a.id)
    at = f"{URL}/versions/{version.id}"
    assert "waits for a second person" in clara.submit(f"{at}/submit").text
    assert clara.http.post(f"{at}/approve").status_code == 409
    back = felix.submit(f"{at}/send-back", reason="Count the runoff too")
    assert "Count the runoff too" in back.text
    clara.submit(f"{at}/submit")
    done = felix.submit(f"{at}/approve")
    assert "Version 1, approved on" in done.text
    milestone = reading.milestones_of(db.session(), cast.a.id, MilestoneKind.BUDGET_APPROVED)[0]
    assert milestone.is_done
    assert "Felix" in clara.page(at).text
    assert "Per diem" in clara.get(f"{at}/lines.csv").text
    clara.get(f"{at}/lines.xlsx")


def test_an_approved_version_never_changes_and_a_revision_says_what_differs(cast, as_person):
    version = approved_budget(cast.a, (4, "Tickets", 500_00), (8, "Experts", 900_00), observers=20, days=10)
    line = version.lines[0]
    db.session.commit()
    for change in (
        lambda: budgets.remove_line(line),
        lambda: budgets.submit(version),
        lambda: budgets.discard(version),
        lambda: budgets.change_line(line, object_number=4, description="x", unit_cents=1),
    ):
        with pytest.raises(Refused, match="never changes"):
            change()
    draft = budgets.open_draft(cast.a, purpose="Runoff")
    assert (draft.number, draft.observer_count, len(draft.lines)) == (2, 20, 2)
    with pytest.raises(Refused, match="Nothing differs"):
        budgets.submit(draft)
    tickets, experts = draft.lines
    with pytest.raises(Refused, match="another object"):
        budgets.change_line(tickets, object_number=9, description="Tickets", unit_cents=1)
    budgets.change_line(
        tickets, object_number=4, description="Tickets", unit_cents=300_00, quantity=Decimal(2)
    )
    budgets.remove_line(experts)
    plan(cast.a, 9, "Vehicles", 50)
    db.session.refresh(draft)
    found = reading.difference(version.lines, draft.lines)
    assert [(each.line.code, each.usd_cents) for each in found.changes] == [
        ("4.01", 100_00), ("8.01", -900_00), ("9.01", 50_00),
    ]  # fmt: skip
    assert found.usd_cents == -750_00
    assert found.by_object == {4: (500_00, 600_00), 8: (900_00, 0), 9: (0, 50_00)}
    assert reading.totals(db.session()) == {cast.a.id: 1400_00}
    db.session.commit()
    text = as_person("clara").page(f"{URL}/draft").text
    for words in (
        "Taken away: 8.01 Experts",
        "New: 9.01 Vehicles",
        "Changed: 4.01 Tickets",
        "2 × 1 × $300.00 = $600.00",
    ):
        assert words in text


def test_only_one_version_is_open_and_a_submitted_one_takes_no_line(cast):
    plan(cast.a)
    draft = budgets.open_draft(cast.a)
    budgets.submit(draft)
    with pytest.raises(Refused, match="waits for approval"):
        plan(cast.a, description="More")
    db.session.add(BudgetVersion(mission_id=cast.a.id, number=9, prepared_by="x"))
    with pytest.raises(sa.exc.IntegrityError):
        db.session.flush()


def test_a_person_never_approves_their_own_budget(cast):
    with acting(cast.user("clara")):
        plan(cast.a)
        draft = budgets.open_draft(cast.a)
    with acting(cast.user("felix")):
        budgets.submit(draft)
    for name in ("clara", "felix"):
        with acting(cast.user(name)), pytest.raises(Refused, match="cannot approve"):
            budgets.approve(draft)


@pytest.mark.parametrize("statement", ["UPDATE budget_versions SET number = 7", "DELETE FROM budget_versions",
                                       "UPDATE budget_lines SET description = 'x'", "DELETE FROM budget_lines"])  # fmt: skip
def test_the_database_itself_keeps_an_approved_budget(cast, statement):
    approved_budget(cast.a, (4, "Tickets", 500_00))
    with pytest.raises(sa.exc.DBAPIError, match="never changes|only while it is a draft"):
        db.session.execute(sa.text(statement))


def test_the_database_itself_knows_that_a_total_is_the_product(cast):
    line = plan(cast.a)
    with pytest.raises(sa.exc.DBAPIError, match="total_is_the_product"):
        db.session.execute(sa.update(BudgetLine).where(BudgetLine.id == line.id).values(usd_cents=499_99))


amounts = st.decimals("0.1", "9999.99", places=2)


@pytest.mark.usefixtures("cast")
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(quantity=amounts, days=amounts, unit_cents=st.integers(100, 10_000_00))
def test_any_line_is_worth_its_product_to_the_cent_on_both_databases(cast, quantity, days, unit_cents):
    line = budgets.plan_line(
        cast.a, object_number=4, description=f"{quantity} {days} {unit_cents} {db.session.scalar(sa.select(sa.func.count(BudgetLine.id)))}",
        unit_cents=unit_cents, quantity=quantity, days=days,
    )  # fmt: skip
    exact = quantity * days * unit_cents
    assert abs(line.usd_cents - exact) <= Decimal("0.5")
    db.session.refresh(line)
    assert (line.quantity, line.days) == (quantity, days)


def test_another_missions_budget_is_scaled_and_says_by_how_much(cast, as_person):
    given = {"object_number": 4, "quantity": Decimal(40), "days": Decimal(20), "unit_cents": 210_00}
    budgets.plan_line(
        cast.b, description="Per diem", scales_with_observers=True, scales_with_days=True, **given
    )
    source = approved_budget(cast.b, (9, "Office", 3000_00), observers=40, days=20)
    lines = budget_templates.scale(source, observer_count=30, day_count=25)
    assert [(each.quantity, each.days, each.usd_cents, each.observer_factor, each.day_factor) for each in lines] == [
        (Decimal(30), Decimal(25), 157_500_00, Decimal("0.750"), Decimal("1.250")), (Decimal(1), Decimal(1), 3000_00, None, None),
    ]  # fmt: skip
    db.session.commit()
    clara = as_person("clara")
    asked = {"budget_id": source.id, "observer_count": "30", "day_count": "25"}
    preview = clara.submit(f"{URL}/copy", 200, **asked)
    assert "Quantity × 0.75" in preview.text
    assert reading.open_version(db.session(), cast.a.id) is None
    page = clara.submit(f"{URL}/copy", is_seen="y", **asked)
    assert "2 lines copied" in page.text
    assert "$160,500.00" in page.text
    assert "has lines already" in clara.submit(f"{URL}/copy", 422, is_seen="y", **asked).text


def test_a_budget_that_does_not_say_its_size_is_not_scaled(cast):
    budgets.plan_line(
        cast.b,
        object_number=4,
        description="Per diem",
        unit_cents=1,
        quantity=Decimal(40),
        scales_with_observers=True,
    )
    source = approved_budget(cast.b, (9, "Office", 3000_00))
    with pytest.raises(Refused, match="for how many observers"):
        budget_templates.scale(source, observer_count=30, day_count=25)


def test_standard_lines_are_multiplied_by_what_they_say(cast, as_person):
    insurance = a_standard_line()
    car = a_standard_line(description="Car", basis=LineBasis.DAYS, quantity=Decimal(3), unit_cents=80_00)
    db.session.commit()
    clara = as_person("clara")
    chosen = {"line_ids": [insurance.id, car.id], "observer_count": "30", "day_count": "12"}
    page = clara.submit(f"{URL}/standard", **chosen)
    assert "2 lines planned" in page.text
    found = {each.description: each.usd_cents for each in reading.open_version(db.session(), cast.a.id).lines}
    assert found == {insurance.description: 30 * 45_00, "Car": 3 * 12 * 80_00}
    with pytest.raises(Conflict, match="such a standard line"):
        a_standard_line(description="Car")
    with pytest.raises(InvalidInput):
        a_standard_line(unit_cents=0)
    assert car.activity is Activity.DEPLOYMENT
