"""The pages of awards: for those who keep the books, and those who may see a mission's money."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from eom.extensions import db
from eom.finance.models.award import Allocation, Award, AwardMovement, MovementKind
from eom.finance.services import awards, movements
from tests.factories.finance import a_donor, a_rate, an_award, an_expenditure

MISSION = "/missions/BOL-2019"


@pytest.fixture
def clara(as_person):
    return as_person("clara")


def fields(donor, **changes):
    return {
        "reference": "CAN-2019-01", "donor_id": donor.id, "title": "Observation", "mission_id": "", "currency": "USD",
        "pledged_cents": "", "agreed_cents": "250,000.50", "agreed_on": "2019-01-15", "starts_on": "2019-01-15",
        "ends_on": "2019-12-31", "icr_percent": "11.125", "icr_basis": "", "restrictions": "",
    } | changes  # fmt: skip


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def give(award, mission, usd_cents):
    awards.allocate(
        award, mission_id=mission.id, usd_cents=usd_cents, allocated_on=date(2019, 2, 1), decision="Memo"
    )


def test_from_the_agreement_to_what_a_mission_may_spend(cast, clara):
    donor = a_donor(name="Canada")
    db.session.commit()
    page = clara.submit("/finance/awards/new", **fields(donor))
    assert page.h1 == "CAN-2019-01"
    assert "$250,000.50" in page.text
    assert "11.125 per cent" in page.text
    award = db.session.scalar(sa.select(Award))
    page = clara.submit(
        f"/finance/awards/{award.id}/movements/new", kind="receipt", moved_on="2019-02-01", reference="BANK-1",
        amount_cents="100000", currency="USD",
    )  # fmt: skip
    assert "BANK-1" in page.text
    page = clara.submit(
        f"/finance/awards/{award.id}/allocations/new", mission_id=cast.a.id, usd_cents="40 000",
        allocated_on="2019-02-02", decision="Memo 7",
    )  # fmt: skip
    assert "$40,000.00" in page.text
    listed = clara.page(f"{MISSION}/awards")
    assert "CAN-2019-01" in listed.text
    assert "$40,000.00" in listed.one("tfoot").get_text()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"agreed_cents": "abc"}, "“abc” is no number"),
        ({"agreed_cents": "-5"}, "At least 0.01"),
        ({"currency": "XXQ"}, "“XXQ” is not one of the choices"),
        ({"icr_percent": "100.5"}, "At most 100"),
        ({"icr_percent": "-1"}, "At least 0"),
        ({"icr_percent": "0"}, "Say why this award pays no"),
        ({"ends_on": "2019-01-14"}, "cannot end before it starts"),
        ({"ends_on": "14/01/2020"}, "“14/01/2020” is no date"),
        ({"reference": "TAKEN"}, "There is an award TAKEN already"),
        ({"reference": ""}, "This must be given"),
        ({"donor_id": "999"}, "“999” is not one of the choices"),
        ({"mission_id": "999"}, "“999” is not one of the choices"),
        ({"currency": "EUR"}, "no rate of EUR for January 2019"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(cast, clara, wrong, words):
    donor = a_donor()
    an_award(reference="TAKEN", donor=donor, received_cents=0)
    db.session.commit()
    page = clara.submit("/finance/awards/new", 422, **fields(donor, **wrong))
    assert words in page.text
    assert page.one(".error-summary a")
    assert count(Award) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"amount_cents": "abc"}, "“abc” is no number"),
        ({"amount_cents": "0"}, "At least 0.01"),
        ({"amount_cents": "9" * 16}, "At most 1,000,000,000,000"),
        ({"kind": "theft"}, "“theft” is not one of the choices"),
        ({"currency": "EUR"}, "“EUR” is not one of the choices"),
        ({"moved_on": "2999-01-01"}, "lies ahead"),
        ({"kind": "refund", "amount_cents": "100000.01"}, "cannot go out of it"),
        ({"reference": "x" * 91}, "At most 90 characters"),
    ],
)
def test_a_bad_movement_is_named_and_nothing_is_written(cast, clara, wrong, words):
    award = an_award()
    db.session.commit()
    given = {
        "kind": "receipt",
        "moved_on": "2019-02-01",
        "reference": "B-1",
        "amount_cents": "10",
        "currency": "USD",
    }
    page = clara.submit(f"/finance/awards/{award.id}/movements/new", 422, **given | wrong)
    assert words in page.text
    assert count(AwardMovement) == 1


def test_a_movement_is_reversed_after_a_question(cast, clara):
    award = an_award(received_cents=50_000)
    db.session.commit()
    movement = db.session.scalar(sa.select(AwardMovement))
    url = f"/finance/awards/{award.id}/movements/{movement.id}/reverse"
    assert "booked at the same rate" in clara.page(url).text
    assert "This must be given" in clara.submit(url, 422, on="2019-02-01", reason="").text
    page = clara.submit(url, on="2019-02-01", reason="Another award's money")
    assert "Reversal" in page.text
    assert not page.all(f"a[href='{url}']")
    assert "reversed already" in clara.submit(url, 422, on="2019-02-01", reason="Twice").text


def test_a_movement_of_another_award_is_not_found(cast, clara):
    award, other = an_award(), an_award()
    db.session.commit()
    movement = db.session.scalar(sa.select(AwardMovement.id).where(AwardMovement.award_id == other.id))
    clara.page(f"/finance/awards/{award.id}/movements/{movement}/reverse", 404)


def test_an_allocation_above_the_agreement_is_refused_on_its_field(cast, clara):
    award = an_award(received_cents=100_000)
    db.session.commit()
    page = clara.submit(
        f"/finance/awards/{award.id}/allocations/new", 422, mission_id=cast.a.id, usd_cents="1000.01",
        allocated_on="2019-02-02", decision="Memo",
    )  # fmt: skip
    assert "amounts to $1,000.00" in page.one("#usd_cents-error").get_text()
    assert count(Allocation) == 0


def test_a_rate_on_the_form_keeps_all_its_places(cast, clara):
    a_rate("EUR", date(2019, 1, 1), "0.875")
    award = an_award(currency="EUR", received_cents=0, icr_percent=8, agreed_on=date(2019, 1, 1))
    db.session.commit()
    page = clara.submit(
        f"/finance/awards/{award.id}/movements/new", kind="receipt", moved_on="2019-02-01", reference="B",
        amount_cents="1000", currency="EUR", rate="0.87654321",
    )  # fmt: skip
    assert "0.87654321" in page.text
    assert "€1,000.00" in page.text


def test_editing_an_award_shows_what_is_kept(cast, clara):
    donor = a_donor()
    db.session.commit()
    clara.submit("/finance/awards/new", **fields(donor, icr_percent="12.3456", mission_id=cast.a.id))
    award = db.session.scalar(sa.select(Award))
    page = clara.page(f"/finance/awards/{award.id}/edit")
    assert page.one("#icr_percent")["value"] == "12.3456"
    assert page.one("#mission_id option[selected]")["value"] == str(cast.a.id)
    page = clara.submit(
        f"/finance/awards/{award.id}/edit", **fields(donor, reference="CAN-2", mission_id=cast.a.id)
    )
    assert page.h1 == "CAN-2"


def test_a_donor_that_hosts_the_mission_is_pointed_out(cast, clara):
    an_award(cast.a, donor=a_donor(name="Bolivia", country="BOL"))
    award = an_award(cast.b, donor=a_donor(name="Chile", country="CHL"))
    db.session.commit()
    assert "Bolivia hosts this mission" in clara.page(f"{MISSION}/awards").text
    assert "host country" not in clara.page(f"/finance/awards/{award.id}").text


def test_the_list_adds_up_is_filtered_sorted_and_goes_out(cast, clara):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    an_award(cast.a, reference="A-1", received_cents=100_000)
    euro = an_award(reference="B-2", currency="EUR", received_cents=0, agreed_cents=80_000)
    movements.record_movement(euro, kind=MovementKind.RECEIPT, moved_on=date(2019, 1, 3), reference="R",
                              amount_cents=80_000)  # fmt: skip
    an_expenditure(
        cast.a, db.session.scalar(sa.select(Award).where(Award.reference == "A-1")), amount_cents=40_000
    )
    db.session.commit()
    page = clara.page("/finance/awards?sort=available")
    assert [cell.get_text(strip=True) for cell in page.all("tbody td:first-child")] == ["A-1", "B-2"]
    foot = page.one("tfoot").get_text(" ")
    assert "$2,000.00" in foot
    assert "$1,600.00" in foot
    for key in ("-available", "-received", "spent", "-icr", "agreed", "purpose", "donor"):
        clara.page(f"/finance/awards?sort={key}")
    one = clara.page("/finance/awards?currency=EUR&purpose=general&search=b-2")
    assert "A-1" not in one.one("tbody").get_text()
    assert "$1,000.00" in one.one("tfoot").get_text()
    csv = clara.get("/finance/awards?format=csv").text.splitlines()
    assert csv[1].startswith("A-1,")
    assert ",BOL-2019,1000,1000,400,0,600," in csv[1]
    assert len(set(csv[0].split(","))) == len(csv[0].split(","))
    headings = clara.get(f"{MISSION}/awards?format=csv").text.splitlines()[0].split(",")
    assert len(set(headings)) == len(headings)


def test_a_chief_sees_what_awards_hold_for_the_mission_and_no_more(cast, as_person):
    general = an_award(reference="GEN-1", received_cents=900_000)
    give(general, cast.a, 20_000)
    give(general, cast.b, 770_000)
    db.session.commit()
    ana = as_person("ana")
    page = ana.page(f"{MISSION}/awards")
    assert "$200.00" in page.text
    assert "$7,700.00" not in page.text
    assert "$9,000.00" not in page.text
    assert not page.all("tbody a")
    assert "Awards" in page.one(".mission-menu").get_text()
    ana.page(f"/finance/awards/{general.id}", 403)
    ana.page("/finance/awards/new", 403)
    ana.submit(f"/finance/awards/{general.id}/movements/new", 403, kind="receipt")


def test_an_observer_learns_nothing_about_money(cast, as_person):
    an_award(cast.a, reference="SECRET-1")
    db.session.commit()
    bruno = as_person("bruno")
    assert "SECRET-1" not in bruno.page(f"{MISSION}/awards", 403).text
    assert "SECRET-1" not in bruno.get(f"{MISSION}/awards?format=csv", 403).text
    menu = bruno.page(MISSION).one(".mission-menu").get_text()
    assert "Awards" not in menu
    assert "Help in kind" not in menu


def test_a_stranger_is_not_told_of_the_mission(cast, as_person):
    as_person("dario").page(f"{MISSION}/awards", 404)
    as_person("dario").page("/missions/PER-2021/awards")


@pytest.mark.parametrize("name", ["elena", "hugo"])
def test_those_who_only_read_change_nothing(cast, as_person, name):
    award = an_award()
    db.session.commit()
    movement = db.session.scalar(sa.select(AwardMovement))
    person = as_person(name)
    page = person.page(f"/finance/awards/{award.id}")
    assert not page.all(".page-actions a:not([href$='/statement'])")
    for place in ("edit", "allocations/new", "movements/new", f"movements/{movement.id}/reverse"):
        person.page(f"/finance/awards/{award.id}/{place}", 403)
        person.submit(f"/finance/awards/{award.id}/{place}", 403)


def test_what_waits_stands_on_the_finance_page(cast, clara):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    an_award(reference="UNPAID-1", received_cents=0)
    an_award(reference="ENDED-1", ends_on=date(2019, 6, 30))
    an_award(reference="EURO-1", currency="EUR", received_cents=0)
    db.session.commit()
    page = clara.page("/finance")
    assert "UNPAID-1" in page.text
    assert "ended with money left" in page.text
    assert "Record the rate of EUR" in page.text
    assert "Close the fiscal year 2019" in page.text


def test_pages_cost_the_same_queries_for_ten_awards_as_for_two(cast, clara, app):
    def queries_of(url):
        seen = []
        listen = lambda *args: seen.append(args[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", listen)
        clara.page(url)
        sa.event.remove(db.engine, "before_cursor_execute", listen)
        return len(seen)

    def some(number):
        for _ in range(number):
            give(an_award(), cast.a, 100)
        db.session.commit()

    urls = ("/finance", "/finance/awards", "/finance/donors", f"{MISSION}/awards", "/finance/years")
    some(2)
    few = [queries_of(url) for url in urls]
    assert all(few)
    some(8)
    assert [queries_of(url) for url in urls] == few
