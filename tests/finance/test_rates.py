"""Rates of exchange: rules and pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from eom.core import clock
from eom.core.errors import AppError, Refused
from eom.extensions import db
from eom.finance.models.award import MovementKind
from eom.finance.models.rate import ExchangeRate
from eom.finance.services import closing, movements, rates
from tests.factories.finance import a_rate, an_award, an_expenditure

FIELDS = {"currency": "EUR", "month": "2019-10", "units_per_usd": "0.914", "source": "UN, 1 October 2019"}


@pytest.mark.parametrize(
    ("wrong", "words", "field"),
    [
        ({"currency": "XYZ"}, "“XYZ” is no currency with a rate", "currency"),
        ({"currency": "USD"}, "“USD” is no currency with a rate", "currency"),
        ({"units": "0"}, "A rate is above zero", "units_per_usd"),
        ({"units": "-1"}, "A rate is above zero", "units_per_usd"),
        ({"units": "0.00001"}, "between 0.0001 and 1,000,000,000", "units_per_usd"),
        ({"units": "1000000001"}, "between 0.0001 and 1,000,000,000", "units_per_usd"),
    ],
)
def test_each_rule_says_what_is_wrong_and_where(cast, wrong, words, field):
    with pytest.raises(AppError) as refused:
        a_rate(**wrong)
    assert words in str(refused.value)
    assert refused.value.field == field


def test_the_same_again_changes_nothing_and_another_corrects(cast):
    first = a_rate("BOB", date(2019, 10, 1), "6.86")
    assert a_rate("bob", date(2019, 10, 31), "6.86") is first
    assert a_rate("BOB", date(2019, 10, 1), "6.9").units_per_usd == Decimal("6.9")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExchangeRate)) == 1


def test_a_rate_that_an_expenditure_took_stays(cast):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    an_expenditure(cast.a, currency="BOB")
    with pytest.raises(Refused) as refused:
        a_rate("BOB", date(2019, 10, 1), "6.9")
    assert refused.value.field == "units_per_usd"
    a_rate("BOB", date(2019, 11, 1), "6.9")


def test_a_rate_that_a_receipt_took_stays_but_the_banks_own_binds_nothing(cast):
    a_rate("EUR", date(2019, 3, 1), "0.88")
    award = an_award(currency="EUR", agreed_cents=None, received_cents=0)
    given = {"kind": MovementKind.RECEIPT, "moved_on": date(2019, 3, 5), "amount_cents": 88_000}
    movements.record_movement(award, reference="bank", rate=Decimal("0.9"), **given)
    a_rate("EUR", date(2019, 3, 1), "0.87")
    movements.record_movement(award, reference="month", **given)
    with pytest.raises(Refused):
        a_rate("EUR", date(2019, 3, 1), "0.86")


def test_a_closed_year_keeps_its_rates_and_takes_one_that_was_missing(cast):
    a_rate("EUR", date(2019, 3, 1), "0.88")
    closing.close_year(2019, by="Clara")
    with pytest.raises(Refused) as refused:
        a_rate("EUR", date(2019, 3, 1), "0.87")
    assert refused.value.field == "month"
    a_rate("CAD", date(2019, 3, 1), "1.3")


def test_finance_records_a_rate_and_sees_all_its_places(cast, as_person):
    clara = as_person("clara")
    page = clara.submit("/finance/rates/new", **FIELDS | {"units_per_usd": "0.91234567"})
    assert "0.91234567" in page.text
    assert "October 2019" in page.text
    form = clara.page("/finance/rates/new?currency=EUR&month=2019-10")
    assert form.h1 == "Correct a rate"
    assert form.one("#units_per_usd")["value"] == "0.91234567"
    assert form.one("#month")["value"] == "2019-10"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"units_per_usd": "abc"}, "“abc” is no number"),
        ({"units_per_usd": "0"}, "A rate is above zero"),
        ({"units_per_usd": "0.123456789"}, "At most 8 decimal places"),
        ({"currency": "XXQ"}, "“XXQ” is not one of the choices"),
        ({"currency": "USD"}, "“USD” is no currency with a rate"),
        ({"month": "13-2019"}, "“13-2019” is no month"),
        ({"month": "2019-13"}, "“2019-13” is no month"),
        ({"month": ""}, "This must be given"),
        ({"source": ""}, "This must be given"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(cast, as_person, wrong, words):
    page = as_person("clara").submit("/finance/rates/new", 422, **FIELDS | wrong)
    assert words in page.text
    assert db.session.scalar(sa.select(ExchangeRate)) is None


def test_the_list_is_by_month_filtered_and_goes_out(cast, as_person):
    a_rate("BOB", date(2019, 9, 1), "6.86")
    a_rate("EUR", date(2019, 10, 1), "0.914")
    a_rate("EUR", date(2020, 1, 1), "0.9")
    db.session.commit()
    clara = as_person("clara")
    months = [each.get_text(strip=True) for each in clara.page("/finance/rates").all("tbody td:first-child")]
    assert months == ["January 2020", "October 2019", "September 2019"]
    assert "6.86" not in clara.page("/finance/rates?currency=EUR&year=2019").one("tbody").get_text()
    by_rate = clara.page("/finance/rates?sort=-rate").all("tbody tr td:nth-child(2)")
    assert [each.get_text(strip=True) for each in by_rate] == ["BOB", "EUR", "EUR"]
    assert "2019-10-01,EUR,Euro,0.914,UN,No" in clara.get("/finance/rates?format=csv").text
    clara.get("/finance/rates?currency=nonsense", 422)
    clara.page("/finance/rates/new?currency=%27&month=x")


@pytest.mark.usefixtures("still_clock")
def test_a_month_without_the_rate_of_a_living_award_is_pointed_out(cast, as_person):
    a_rate("EUR", date(2019, 1, 1), "0.8")
    an_award(currency="EUR", received_cents=0)
    db.session.commit()
    clara = as_person("clara")
    assert "no rate yet of: EUR" in clara.page("/finance/rates").text
    a_rate("EUR", clock.today(), "0.9")
    db.session.commit()
    assert "no rate yet" not in clara.page("/finance/rates").text


def test_those_who_only_read_change_nothing(cast, as_person):
    a_rate()
    db.session.commit()
    elena = as_person("elena")
    assert not elena.page("/finance/rates").all("tbody a")
    elena.page("/finance/rates/new", 403)
    elena.submit("/finance/rates/new", 403, **FIELDS)
    as_person("ana").page("/finance/rates", 403)


def test_a_rate_is_recorded_by_the_service_as_by_the_page(cast):
    row = rates.record_rate(
        currency="gyd", month=date(2020, 3, 17), units_per_usd=Decimal("208.5"), source="UN"
    )
    assert (row.currency, row.month) == ("GYD", date(2020, 3, 1))
