"""Help in kind: rules and pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.core.errors import AppError
from eom.extensions import db
from eom.finance.models.award import InKindContribution, InKindKind
from eom.finance.queries import awards
from eom.finance.services import closing, in_kind
from tests.factories.finance import a_donor, an_award, help_in_kind

URL = "/missions/BOL-2019/in-kind"


def fields(donor, mission, **changes):
    return {
        "donor_id": donor.id, "mission_id": mission.id, "kind": "personnel", "description": "A specialist",
        "given_on": "2019-10-01", "quantity": "1.5", "valued_cents": "14,500.00", "basis": "Salary scale",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"valued_cents": 0}, "value above zero", "valued_cents"),
        ({"valued_cents": -1}, "value above zero", "valued_cents"),
        ({"quantity": Decimal(0)}, "quantity above zero", "quantity"),
        ({"given_on": date(2018, 3, 1)}, "fiscal year 2018 was closed", "given_on"),
    ],
)
def test_each_rule_says_what_is_wrong_and_where(cast, wrong, words, field):
    closing.close_year(2018, by="Clara")
    with pytest.raises(AppError) as refused:
        help_in_kind(cast.a, **wrong)
    assert words in str(refused.value)
    assert refused.value.field == field


def test_it_is_no_part_of_the_cash(cast):
    award = an_award(cast.a, received_cents=100)
    help_in_kind(cast.a, award.donor)
    assert awards.account(db.session(), award).available_cents == 100


def test_what_a_closed_year_holds_is_final(cast):
    row = help_in_kind(cast.a)
    closing.close_year(2019, by="Clara")
    with pytest.raises(AppError) as refused:
        in_kind.edit_in_kind(
            row, donor=row.donor, mission_id=cast.a.id, kind=row.kind, description="Less", quantity=row.quantity,
            valued_cents=1, basis="x", given_on=date(2020, 1, 5),
        )  # fmt: skip
    assert refused.value.field == "given_on"


def test_finance_records_and_corrects_it(cast, as_person):
    donor = a_donor(name="Spain (in kind)")
    db.session.commit()
    clara = as_person("clara")
    page = clara.submit("/finance/in-kind/new", **fields(donor, cast.a))
    assert "A specialist" in page.text
    assert "$14,500.00" in page.one("tfoot").get_text()
    row = db.session.scalar(sa.select(InKindContribution))
    assert row.quantity == Decimal("1.5")
    form = clara.page(f"/finance/in-kind/{row.id}/edit")
    assert form.one("#valued_cents")["value"] == "14,500.00"
    page = clara.submit(f"/finance/in-kind/{row.id}/edit", **fields(donor, cast.a, valued_cents="100"))
    assert "$100.00" in page.one("tfoot").get_text()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"valued_cents": "abc"}, "“abc” is no number"),
        ({"valued_cents": "-3"}, "At least 0.01"),
        ({"quantity": "0"}, "quantity above zero"),
        ({"quantity": "1.234"}, "At most 2 decimal places"),
        ({"kind": "gold"}, "“gold” is not one of the choices"),
        ({"mission_id": "0"}, "“0” is not one of the choices"),
        ({"donor_id": ""}, "This must be given"),
        ({"basis": ""}, "This must be given"),
        ({"given_on": "yesterday"}, "“yesterday” is no date"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(cast, as_person, wrong, words):
    donor = a_donor()
    db.session.commit()
    page = as_person("clara").submit("/finance/in-kind/new", 422, **fields(donor, cast.a, **wrong))
    assert words in page.text
    assert db.session.scalar(sa.select(InKindContribution)) is None


def test_the_lists_add_up_are_filtered_and_go_out(cast, as_person):
    help_in_kind(cast.a)
    help_in_kind(
        cast.b,
        description="Tablets",
        kind=InKindKind.EQUIPMENT,
        valued_cents=4_000,
        given_on=date(2021, 4, 1),
    )
    db.session.commit()
    clara = as_person("clara")
    assert "$9,640.00" in clara.page("/finance/in-kind?sort=-valued").one("tfoot").get_text()
    page = clara.page(f"/finance/in-kind?year=2021&kind=equipment&mission={cast.b.id}&search=tab")
    assert "$40.00" in page.one("tfoot").get_text()
    assert "Vehicles" not in page.one("tbody").get_text()
    assert "Vehicles,Travel and vehicles,Donor" in clara.get("/finance/in-kind?format=csv").text
    assert "Tablets" not in clara.get(f"{URL}?format=csv").text
    clara.get("/finance/in-kind?year=1492", 422)


def test_a_chief_reads_the_missions_and_an_observer_and_a_stranger_nothing(cast, as_person):
    help_in_kind(cast.a, a_donor(name="Bolivia", country="BOL"))
    db.session.commit()
    page = as_person("ana").page(URL)
    assert "$9,600.00" in page.text
    assert "Bolivia hosts this mission" in page.text
    assert not page.all("tbody a")
    assert "Vehicles" not in as_person("bruno").page(URL, 403).text
    as_person("dario").page(URL, 404)
    as_person("ana").page("/finance/in-kind/new", 403)
    as_person("elena").submit("/finance/in-kind/new", 403)


def test_the_empty_list_says_what_comes_next(cast, as_person):
    page = as_person("clara").page(URL)
    assert page.one(f"a[href='/finance/in-kind/new?mission={cast.a.id}']")
    assert "Finance records" in as_person("ana").page(URL).text
