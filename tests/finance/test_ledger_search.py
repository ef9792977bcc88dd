"""Lines of the ledger are found by what people look for, whether few or many are found."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from eom.extensions import db
from eom.finance.exports.ledger import expenditures
from eom.finance.queries import ledger as queries
from tests.factories.finance import an_award, an_expenditure
from tests.factories.missions import make_mission

LINES = (
    ("V-100", "Hotel Illimani", None), ("V-101", "Transportes Pérez", "Two cars, 50% paid"),
    ("V_102", "Imprenta", "Badges of illimani"), ("V-103", "Hotel Sucre", None),
)  # fmt: skip


@pytest.fixture(params=[0, 2_000], ids=["many", "few"])
def vouchers(app, request, monkeypatch):
    """What a search finds, as vouchers in their order; found lines are named or looked up again."""
    monkeypatch.setattr(queries, "NAMED", request.param)
    missions = [make_mission("BOL-2019"), make_mission("PER-2021")]
    awards = [an_award(each, reference=f"AW-X7-{each.code}") for each in missions]
    for number, (voucher, payee, description) in enumerate(LINES):
        place = number // 3
        an_expenditure(missions[place], awards[place], voucher=voucher, payee=payee, description=description)
    db.session.commit()

    def found(text: str, mission=None) -> list[str]:
        definition = expenditures(db.session(), mission, lambda code, id_: f"/{code}/{id_}")
        listing = definition.show(db.session(), "/x", MultiDict({"search": text, "sort": "voucher"}))
        assert listing.total == len(listing.rows)
        rows = list(definition.all_rows(db.session(), {"search": text}))[1:]
        assert len(rows) == listing.total
        return sorted(row.Expenditure.voucher for row in listing.rows)

    found.missions = missions
    return found


def test_voucher_payee_and_description_in_any_case(vouchers):
    assert vouchers("illimani") == ["V-100", "V_102"]
    assert vouchers("HOTEL") == ["V-100", "V-103"]
    assert vouchers("-10") == ["V-100", "V-101", "V-103"]
    assert vouchers("nothing of that") == []


def test_the_reference_of_the_award(vouchers):
    assert len(vouchers("aw-x7")) == 4


def test_signs_that_mean_something_in_a_pattern_mean_themselves(vouchers):
    assert vouchers("50%") == ["V-101"]
    assert vouchers("V_10") == ["V_102"]
    assert vouchers("\\") == []


def test_lines_of_a_mission_alone(vouchers):
    bolivia, peru = vouchers.missions
    assert vouchers("hotel", bolivia) == ["V-100"]
    assert vouchers("aw-x7", peru) == ["V-103"]
