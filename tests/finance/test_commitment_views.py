"""The pages of obligations, approvals, scans, advances and re-charges, as finance uses them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.extensions import db
from eom.finance.models.commitment import Advance, Obligation
from eom.finance.models.entry import Charge, PendingEntry, VoucherScan
from eom.finance.models.ledger import Expenditure
from eom.finance.queries import commitments
from tests.factories.commitments import (
    a_per_diem,
    a_waiting_entry,
    acting,
    an_advance,
    an_obligation,
    approved_budget,
)
from tests.factories.finance import an_award, an_expenditure
from tests.factories.observers import make_appointment

URL = "/missions/BOL-2019"
PDF = b"%PDF-1.7 an invoice of some length"


@pytest.fixture
def clara(as_person):
    return as_person("clara")


@pytest.fixture
def award(cast):
    made = an_award(cast.a)
    approved_budget(cast.a, (4, "Tickets", 8000_00))
    db.session.commit()
    return made


def scan(name: str = "invoice.pdf", data: bytes = PDF):
    return (BytesIO(data), name)


def newest(model):
    return db.session.scalars(
        sa.select(model).order_by(model.__table__.primary_key.columns[0].desc())
    ).first()


def entry(award, **more):
    return {"award": award.id, "object_number": 4, "incurred_on": "2019-10-20", "voucher": "V-77", "payee": "Agencia",
            "amount_cents": "1,234.50", "currency": "USD"} | more  # fmt: skip


def test_an_obligation_is_recorded_paid_and_cancelled_on_its_pages(cast, clara, award):
    given = {"award_id": award.id, "object_number": 4, "budget_code": "4.01", "reference": "PO-1", "payee": "Agencia",
             "obligated_on": "2019-09-20", "amount_cents": "1000", "currency": "USD"}  # fmt: skip
    page = clara.submit(f"{URL}/obligations/new", **given)
    assert "Obligation PO-1" in page.h1
    at = f"{URL}/obligations/{newest(Obligation).id}"
    assert "already" in clara.submit(f"{URL}/obligations/new", 422, **given).text
    paid = clara.submit(
        f"{at}/pay", incurred_on="2019-10-20", voucher="V-1", payee="Agencia", amount_cents="600", file=scan()
    )
    assert "Pays obligation" in paid.text
    assert "invoice.pdf" in paid.text
    assert (
        "more than that"
        in clara.submit(
            f"{at}/pay", 422, incurred_on="2019-10-20", voucher="V-2", payee="x", amount_cents="9,000,000"
        ).text
    )
    assert "$400.00" in clara.page(f"{URL}/obligations?state=open").text
    done = clara.submit(f"{at}/cancel", on="2019-11-02", reason="Fewer flights")
    assert "Fewer flights" in done.text
    assert (
        "nothing open"
        in clara.submit(
            f"{at}/pay", 422, incurred_on="2019-11-20", voucher="V-2", payee="x", amount_cents="1"
        ).text
    )
    assert clara.get(f"{URL}/obligations?format=csv").text.count("\n") == 2
    assert "PO-1" in clara.page("/finance/obligations").text


def test_an_entry_above_the_limit_waits_with_its_scan_until_another_person_approves(
    cast, clara, award, as_person
):
    page = clara.submit(
        f"{URL}/expenditures/new", **entry(award, amount_cents="6,000", budget_code="4.01", file=scan())
    )
    assert "waits for a second person" in page.text
    waiting = newest(PendingEntry)
    at = f"{URL}/entries/{waiting.id}"
    assert newest(Expenditure) is None
    assert "1 entry waits" in clara.page(f"{URL}/expenditures").text
    assert clara.http.post(f"{at}/approve").status_code == 409
    felix = as_person("felix")
    assert "V-77" in felix.page("/finance").text
    assert "invoice.pdf" in felix.page(at).text
    assert "Approved and booked" in felix.submit(f"{at}/approve").text
    line = newest(Expenditure)
    assert (line.usd_cents, line.recorded_by) == (6000_00, "Clara")
    assert newest(VoucherScan).expenditure_id == line.id
    shown = clara.page(f"{URL}/expenditures/{line.id}")
    assert "Felix" in shown.text
    assert "4.01 Tickets" in shown.text
    assert felix.http.post(f"{at}/approve").status_code == 409


def test_a_refusal_needs_its_reason_and_books_nothing(cast, award, as_person):
    with acting(cast.user("clara")):
        waiting = a_waiting_entry(cast.a, award)
    db.session.commit()
    felix, at = as_person("felix"), f"{URL}/entries/{waiting.id}"
    felix.submit(f"{at}/refuse", 422, reason="")
    assert "No invoice" in felix.submit(f"{at}/refuse", reason="No invoice").text
    assert newest(Expenditure) is None
    for name, status in (("ana", 403), ("elena", 403), ("bruno", 403), ("dario", 404)):
        assert as_person(name).http.post(f"{at}/approve").status_code == status


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("virus.exe", b"MZ\x90", "not a PDF"),
        ("empty.pdf", b"", "is empty"),
        ("fake.pdf", b"<html>", "not a PDF"),
    ],
)
def test_a_scan_that_is_none_is_refused_and_nothing_is_booked(cast, clara, award, name, data, words):
    page = clara.submit(f"{URL}/expenditures/new", 422, **entry(award, file=scan(name, data)))
    assert words in page.text
    assert newest(Expenditure) is None


def test_a_scan_is_added_later_opened_and_the_trail_knows_it(cast, clara, award):
    line = an_expenditure(cast.a, award)
    db.session.commit()
    assert "invoice.pdf" in clara.submit(f"{URL}/expenditures/{line.id}/scans/new", file=scan()).text
    answer = clara.get(f"{URL}/scans/{newest(VoucherScan).id}")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "exported")).all()
    assert [each.object_name for each in told] == ["invoice.pdf"]
    clara.get(f"/missions/PER-2021/scans/{newest(VoucherScan).id}", 404)


def test_a_budget_line_is_exceeded_only_with_a_reason(cast, clara, award):
    asked = entry(award, amount_cents="4,500", budget_code="4.01")
    clara.submit(f"{URL}/expenditures/new", **asked)
    asked |= {"voucher": "V-78"}
    page = clara.submit(f"{URL}/expenditures/new", 422, **asked)
    assert "Line 4.01 of the budget" in page.text
    page = clara.submit(f"{URL}/expenditures/new", **asked, overdraft_reason="The fares rose")
    assert "did not hold this amount" in page.text
    assert clara.page(f"{URL}/expenditures?line=4.01").text.count("4,500.00") >= 2
    assert "-$1,000.00" in clara.page(f"{URL}/budget").text


def test_a_recharge_shows_both_lines(cast, clara, award):
    line, other = an_expenditure(cast.a, award), an_award(cast.a)
    db.session.commit()
    asked = {"award_id": other.id, "on": "2019-11-02", "reason": "Canada pays the flights"}
    page = clara.submit(f"{URL}/expenditures/{line.id}/recharge", **asked)
    assert f"Charged before to award {award.reference}" in page.text
    assert f"Charged to award {other.reference}" in clara.page(f"{URL}/expenditures/{line.id}").text
    assert newest(Charge).recharges_id == line.id
    assert "reversed already" in clara.submit(f"{URL}/expenditures/{line.id}/recharge", 422, **asked).text


def test_an_advance_is_paid_and_settled_on_its_pages(cast, clara, award):
    who, place = make_appointment(cast.a, family_names="Quispe"), a_per_diem()
    db.session.commit()
    given = {"appointment_id": who.id, "award_id": award.id, "object_number": 4, "per_diem_rate_id": place.id, "days": "5",
             "other_cents": "50", "paid_on": "2019-10-10", "voucher": "ADV-1"}  # fmt: skip
    page = clara.submit(f"{URL}/advances/new", **given)
    assert "$1,100.00" in page.text
    advance = newest(Advance)
    assert (
        "whole or half"
        in clara.submit(f"{URL}/advances/new", 422, **(given | {"voucher": "ADV-2", "days": "1.3"})).text
    )
    assert "Quispe" in clara.page(f"{URL}/advances?state=owed").text
    page = clara.submit(
        f"{URL}/advances/{advance.id}/settle",
        settled_on="2019-10-25",
        voucher="S-1",
        days="4.5",
        other_cents="30",
    )
    assert "$975.00" in page.text
    assert "$125.00" in page.text
    assert commitments.owed(db.session(), advance) == 0
    line = newest(Expenditure)
    assert (line.usd_cents, line.payee) == (975_00, str(who.person))
    assert "Quispe" in clara.page(f"{URL}/expenditures/{line.id}").text
    assert "ADV-1" in clara.get("/finance/advances?format=csv").text


def test_per_diem_rates_are_kept_by_finance(cast, clara, as_person):
    given = {
        "country": "BOL",
        "place": "Sucre",
        "starts_on": "2019-01-01",
        "usd_cents": "120",
        "source": "Scale",
    }
    assert "$120.00" in clara.submit("/finance/per-diem/new", **given).text
    assert "2,000" in clara.submit("/finance/per-diem/new", 422, **(given | {"usd_cents": "5000"})).text
    as_person("elena").page("/finance/per-diem")
    as_person("elena").page("/finance/per-diem/new", 403)


def test_what_lapsed_stands_among_what_waits(cast, clara, award):
    an_obligation(cast.a, award, reference="PO-OLD", obligated_on=date(2019, 12, 30))
    an_advance(cast.a, award, days=Decimal(1))
    db.session.commit()
    assert "Cancel obligation PO-OLD of BOL-2019" in clara.page("/finance").text
    assert "PO-OLD" in clara.page("/finance/obligations?state=lapsed").text
