"""Extracts of a ledger: every error at once, nothing half-written, the same file once."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.core.errors import InvalidFile
from eom.extensions import db
from eom.finance.extract_columns import Choice
from eom.finance.imports.expenditures import read_extract
from eom.finance.models.ledger import Expenditure
from eom.finance.services import ledger_intake
from tests.factories.finance import an_award

HEAD = "award,object,date,voucher,payee,amount,currency\n"


def row(number, award="CAN-1", amount="10.50", date="2019-10-20"):
    return f'{award},4,{date},V{number},Agency,"{amount}",USD\n'


@pytest.fixture
def award(cast):
    made = an_award(cast.a, reference="CAN-1")
    db.session.commit()
    return made


def lines() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Expenditure))


def read(text, mark=None):
    return read_extract(text.encode(), "ledger.csv", Choice({}, {}, mark))


def test_the_two_bad_rows_of_a_long_file_are_both_named(cast, award):
    rows = [row(n) for n in range(2, 301)]
    rows[116] = row(118, amount="1.234,50")
    rows[238] = row(240, award="NOBODY-7")
    found = read(HEAD + "".join(rows))
    _booked, refused = ledger_intake.look(found.lines, mission=cast.a)
    errors = found.named(refused)
    assert [(e.row, e.column, e.value) for e in errors] == [
        (118, "amount", "1.234,50"),
        (240, "award", "NOBODY-7"),
    ]
    assert "decimal point" in str(errors[0].expected)
    assert lines() == 0


def test_a_mended_file_loads_once_and_again_adds_nothing(cast, award):
    text = HEAD + "".join(row(n) for n in range(2, 30))
    first = ledger_intake.take(read(text).lines, mission=cast.a, file_name="l.csv")
    again = ledger_intake.take(read(text).lines, mission=cast.a, file_name="l.csv")
    assert (first.added_count, first.usd_cents, again.added_count, again.known_count) == (
        28,
        28 * 1050,
        0,
        28,
    )


def test_two_lines_that_say_the_same_are_two_lines(cast, award):
    assert ledger_intake.take(read(HEAD + row(2) * 2).lines, mission=cast.a, file_name="l").added_count == 2


def test_a_refusal_of_the_books_is_an_error_of_its_row(cast, award):
    with pytest.raises(InvalidFile) as refused:
        ledger_intake.take(
            read(HEAD + row(2) + row(3, amount="999999.00") + row(4, date="2019-11-01").replace("USD", "EUR")).lines,
            mission=cast.a, file_name="l",
        )  # fmt: skip
    assert [(e.row, e.column) for e in refused.value.errors] == [(3, "amount"), (4, "currency")]


def test_decimal_commas_are_recognised_and_what_is_open_is_asked(cast, award):
    comma = read(HEAD + row(2, amount="1.234,50") + row(3, amount="7,25"))
    assert (comma.decimal_mark, [each.amount_cents for each in comma.lines]) == (",", [123450, 725])
    open_ = read(HEAD + row(2, amount="1,234"))
    assert open_.needs_mark
    assert "one way only" in str(open_.errors[0].expected)
    assert read(HEAD + row(2, amount="1,234"), ".").lines[0].amount_cents == 123400


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["20/10/2019", "05/11/2019"], ["2019-10-20", "2019-11-05"]),
        (["10/20/2019", "11/05/2019"], ["2019-10-20", "2019-11-05"]),
        (["05/11/2019"], None),
        (["2019-02-30"], None),
    ],
)
def test_dates_are_never_guessed(dates, expected):
    found = read(HEAD + "".join(row(n, date=text) for n, text in enumerate(dates, 2)))
    if expected is None:
        assert [e.column for e in found.errors] == ["date"]
    else:
        assert [each.incurred_on.isoformat() for each in found.lines] == expected


def test_headings_in_spanish_and_what_is_missing():
    text = "Aporte,Objeto del gasto,Fecha,Comprobante,Beneficiario,Monto\nX,4 Viajes,2019-10-20,1,A,5\n"
    assert read(text).lines[0].object_number == 4
    with pytest.raises(InvalidFile, match="voucher, payee"):
        read("award,object,date,amount\nX,4,2019-10-20,5\n")


def test_the_shell_does_the_same(app, cast, award, tmp_path):
    file = tmp_path / "ledger.csv"
    file.write_text("mission," + HEAD + "BOL-2019," + row(2), encoding="utf-8")

    def run(*arguments):
        return app.test_cli_runner().invoke(args=["finance", "import", *arguments])

    dry = run("ALL", str(file), "--dry-run", "--json")
    assert json.loads(dry.output)["added"] == 1, dry.output
    assert lines() == 0
    assert "1 recorded" in run("ALL", str(file)).output
    assert "0 recorded, 1 there already" in run("BOL-2019", str(file)).output
    wrong = run("PER-2021", str(file))
    assert wrong.exit_code == 2
    assert "BOL-2019" in wrong.output


@given(st.integers(1, 10**11), st.sampled_from([".", ","]))
@settings(max_examples=50, deadline=None)
def test_any_amount_reads_back_as_it_was_written(cents, mark):
    whole, rest = divmod(cents, 100)
    text = f"{whole:,}".replace(",", "." if mark == "," else ",") + f"{mark}{rest:02d}"
    assert read(HEAD + row(2, amount=text), mark).lines[0].amount_cents == cents
