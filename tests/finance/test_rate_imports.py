"""A spreadsheet of rates: every error with its place, all or nothing, the same again changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.extensions import db
from eom.finance.imports.rates import read_rates
from eom.finance.models.rate import ExchangeRate
from eom.finance.services import rate_intake
from tests.factories.finance import a_rate, an_award, an_expenditure

URL = "/finance/rates/import"
GOOD = "currency,month,rate,source\nEUR,2019-10,0.914,UN\nBOB,2019-10-01,6.86,\nGYD,10/2019,208.5,UN\n"


def test_rates_are_read_in_the_forms_they_come_in():
    read = read_rates(GOOD.encode(), "un.csv")
    assert read.errors == []
    assert [(each.currency, each.month, each.units_per_usd, each.source) for each in read.lines] == [
        ("EUR", date(2019, 10, 1), Decimal("0.914"), "UN"), ("BOB", date(2019, 10, 1), Decimal("6.86"), "un.csv"),
        ("GYD", date(2019, 10, 1), Decimal("208.5"), "UN"),
    ]  # fmt: skip
    spanish = read_rates(b"Moneda;Mes;Tipo de cambio\nEUR;2019-10;0,914\n", "onu.csv")
    assert (spanish.decimal_mark, spanish.lines[0].units_per_usd) == (",", Decimal("0.914"))


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("EURO,2019-10,0.9", "currency", "three letters"), ("USD,2019-10,1", "currency", "three letters"),
        ("EUR,October,0.9", "month", "as 2019-10"), ("EUR,2019-13,0.9", "month", "as 2019-10"),
        ("EUR,2019-10,about 1", "rate", "units of the currency"), ("EUR,2019-10,0", "rate", "above zero"),
        ("EUR,2019-10,-2", "rate", "above zero"), ("EUR,2019-10,0.1234567891", "rate", "eight decimals"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_row_and_column(app, row, column, words):
    read = read_rates(f"currency,month,rate\nBOB,2019-10,6.86\n{row}\n".encode(), "un.csv")
    (error,) = read.errors
    assert (error.row, error.column) == (3, column)
    assert words in str(error.expected)


def test_missing_columns_are_named(app):
    with pytest.raises(InvalidFile, match="month, rate"):
        read_rates(b"currency,x\nEUR,1\n", "un.csv")


def test_a_used_rate_a_double_and_a_slip_are_refused_and_nothing_is_written(cast):
    a_rate("BOB", date(2019, 10, 1), "6.86")
    an_expenditure(cast.a, an_award(cast.a), amount_cents=686_00, currency="BOB")
    text = "currency,month,rate\nBOB,2019-10,7\nEUR,2019-10,0.9\nEUR,2019-10,0.8\nCAD,2019-10,99999999999\n"
    lines = read_rates(text.encode(), "un.csv").lines
    found = [(each.row, each.column) for each in rate_intake.errors(lines)]
    assert found == [(2, "rate"), (4, "month"), (5, "rate")]
    with pytest.raises(InvalidFile):
        rate_intake.take(lines, file_name="un.csv")
    assert db.session.scalar(sa.select(sa.func.count(ExchangeRate.id))) == 1


def test_a_file_is_looked_at_then_recorded_and_the_same_again_changes_nothing(cast, as_person):
    clara = as_person("clara")
    preview = clara.submit(URL, 200, file=(BytesIO(GOOD.encode()), "un.csv"))
    assert "Record these rates" in preview.text
    token = preview.one("form[action$='/apply'] [name=token]")["value"]
    assert (
        "3 rates recorded, 0 were there already"
        in clara.submit(f"{URL}/apply", token=token, decimal_mark=".").text
    )
    assert (
        "0 rates recorded, 3 were there already"
        in clara.submit(f"{URL}/apply", token=token, decimal_mark=".").text
    )
    wrong = clara.submit(URL, 422, file=(BytesIO(b"currency,month,rate\nEUR,x,1\n"), "bad.csv"))
    assert "2019-10" in wrong.text
    as_person("elena").page(URL, 403)


@given(
    st.lists(
        st.tuples(st.sampled_from(["EUR", "BOB", "xx", ""]), st.text(max_size=8), st.text(max_size=12)),
        max_size=6,
    )
)
def test_any_table_gives_lines_or_errors_and_never_a_fault(rows):
    text = "currency,month,rate\n" + "".join(f'{c},"{m}","{r}"\n' for c, m, r in rows if '"' not in m + r)
    try:
        read = read_rates(text.encode(), "any.csv")
    except InvalidFile:
        return
    assert all(each.units_per_usd > 0 for each in read.lines)
