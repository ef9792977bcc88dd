"""Statements for donors: the account of an award in two currencies, as workbook and document, and what is due."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from eom.core import clock
from eom.core.i18n import LANGUAGES, in_locale
from eom.extensions import db
from eom.finance.models.award import MovementKind
from eom.finance.queries import statements as queries
from eom.finance.services import ledger, movements
from eom.finance.services import statements as services
from eom.finance.statement_document import write_document
from eom.finance.statement_workbook import write_statement
from tests.factories.finance import a_rate, a_report_due, an_award, an_expenditure

UP_TO = date(2019, 12, 31)


@pytest.fixture
def award(cast):
    """An award in euros, received in two instalments at two rates, with spending, a reversal and a refund."""
    for month, units in ((1, "0.8"), (3, "0.9")):
        a_rate("EUR", date(2019, month, 1), units)
    made = an_award(cast.a, received_cents=0, currency="EUR", agreed_cents=17_000, icr_percent=Decimal(10),
                    title="=1+1", ends_on=date(2019, 12, 31), agreed_on=date(2019, 1, 1))  # fmt: skip
    for month, cents in ((1, 8_000), (3, 9_000)):
        movements.record_movement(
            made,
            kind=MovementKind.RECEIPT,
            moved_on=date(2019, month, 5),
            reference=f"R{month}",
            amount_cents=cents,
        )
    an_expenditure(cast.a, made, amount_cents=5_000)
    line = an_expenditure(cast.a, made, amount_cents=700, object_number=6, incurred_on=date(2019, 11, 2))
    ledger.reverse_expenditure(line, on=date(2019, 11, 9), reason="Not delivered")
    an_expenditure(cast.a, made, amount_cents=3_333, object_number=6, incurred_on=date(2020, 1, 3))
    return made


def found(award, up_to=UP_TO):
    return queries.statement(db.session(), award, up_to)


def test_the_account_holds_in_both_currencies(award):
    told = found(award)
    assert told.rate == Decimal("0.85")
    assert [(kind.value, own, usd) for kind, own, usd in told.kinds] == [("receipt", 17_000, 20_000)]
    assert [(number, cents) for number, _name, cents in told.objects] == [(4, 5_000), (6, 0)]
    assert (told.spent_cents, told.icr_cents, told.balance_cents) == (5_000, 500, 14_500)
    assert told.own_balance_cents == 17_000 - 4_250 - 425
    assert told.months == ["2019-10", "2019-11"]
    assert told.spent_in(4, "2019-10") == 5_000
    assert found(award, date(2020, 1, 31)).spent_cents == 8_333


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_has_live_formulas_and_no_formula_of_a_person(award, language):
    book = load_workbook(BytesIO(write_statement(found(award), language)))
    assert len(book.sheetnames) == 4
    first, _months, moved, lines = book.worksheets
    formulas = [cell.value for row in first for cell in row if cell.data_type == "f"]
    assert len([each for each in formulas if "SUMIFS" in each]) == 4
    assert any("ROUND" in each for each in formulas)
    assert [cell.data_type for row in first for cell in row if cell.value == "=1+1"] == ["s"]
    assert lines.max_row == 4
    assert sum(Decimal(str(row[9].value)) for row in lines.iter_rows(min_row=2)) == Decimal("50")
    assert moved["D2"].value == 80
    assert "Travel agency" not in str([[cell.value for cell in row] for row in lines]), (
        "a payee may be a person"
    )


def test_signs_that_no_file_can_hold_are_left_out(app, award):
    award.title = "Ti\x0btle\x1f of it"
    told = found(award, date(2020, 12, 31))
    document = Document(BytesIO(write_document(told, "en")))
    assert any("Title of it" in each.text for each in document.paragraphs)
    book = load_workbook(BytesIO(write_statement(told, "en")))
    assert "Title of it" in [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_document_says_the_same(app, award, language):
    document = Document(BytesIO(write_document(found(award), language)))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    with in_locale(language):
        from eom.core import i18n

        assert tables[1][-1][1:] == [i18n.money(14_500), i18n.money(12_325, "EUR")]
    assert len(tables) == 3


def test_the_page_the_files_and_the_record_that_it_was_sent(cast, award, as_person):
    db.session.commit()
    clara, url = as_person("clara"), f"/finance/awards/{award.id}/statement"
    page = clara.page(f"{url}?up_to=2019-12-31")
    assert "$145.00" in page.text
    assert "€123.25" in page.text
    assert clara.get(f"{url}?format=xlsx&language=fr&up_to=2019-12-31").data[:2] == b"PK"
    clara.get(f"{url}?format=pdf", 422)
    clara.get(f"{url}?up_to=soon", 422)
    clara.get(f"{url}?language=xx", 422)
    assert "Send the final statement of award" in clara.page("/finance").text
    page = clara.submit(
        f"{url}/sent", 422, up_to="2020-05-01", sent_on="2020-04-01", sent_to="Embassy", language="en"
    )
    assert "a day after it was sent" in page.text
    page = clara.submit(
        f"{url}/sent",
        up_to="2019-12-31",
        sent_on="2020-03-01",
        sent_to="Embassy",
        language="fr",
        is_final="y",
    )
    assert "Embassy" in page.text
    assert "Send the final statement of award" not in clara.page("/finance").text
    as_person("elena").page(f"{url}/sent", 403)


def test_a_final_statement_is_due_ninety_days_after_the_end(cast):
    today = clock.today()
    for number, ended in enumerate((-120, -70, -30, 10)):
        an_award(cast.a, reference=f"E{number}", ends_on=today + timedelta(ended))
    told = [(each.award.reference, (each.due_on - today).days) for each in queries.due(db.session(), today)]
    assert told == [("E0", -30), ("E1", 20)]
    first = queries.due(db.session(), today)[0].award
    services.record_sent(first, up_to=today, sent_on=today, sent_to="Ministry", is_final=False)
    assert len(queries.due(db.session(), today)) == 2
    services.record_sent(first, up_to=today, sent_on=today, sent_to="Ministry", is_final=True)
    assert [each.award.reference for each in queries.due(db.session(), today)] == ["E1"]


def test_where_an_agreement_names_its_reports_its_own_dates_hold(cast):
    award = an_award(cast.a, ends_on=date(2019, 6, 30))
    assert [each.award for each in queries.due(db.session(), date(2019, 12, 1))] == [award]
    a_report_due(award)
    assert queries.due(db.session(), date(2019, 12, 1)) == []


def test_a_donors_viewer_downloads_the_statements_of_their_own_awards_only(cast, as_person):
    dora = as_person("dora")
    donor = cast.user("dora").donors()
    from eom.finance.models.award import Donor

    own = an_award(cast.a, donor=db.session.get(Donor, next(iter(donor))))
    other = an_award(cast.a)
    db.session.commit()
    for kind in ("xlsx", "docx"):
        assert dora.get(f"/my-awards/{own.id}/statement?format={kind}").data[:2] == b"PK"
        dora.get(f"/my-awards/{other.id}/statement?format={kind}", 404)
    dora.get(f"/finance/awards/{own.id}/statement", 403)


def test_a_statement_that_was_sent_meets_a_reporting_date(cast, award, as_person):
    first = a_report_due(award, due_on=date(2020, 3, 31))
    later = a_report_due(award, due_on=date(2020, 9, 30))
    db.session.commit()
    clara, url = as_person("clara"), f"/finance/awards/{award.id}/statement"
    assert "Final report" in clara.page("/finance").text
    page = clara.page(f"{url}/sent")
    assert page.one("[name=due_id] option[selected]")["value"] == str(first.id)
    given = {"up_to": "2019-12-31", "sent_on": "2020-03-01", "sent_to": "Embassy", "language": "fr"}
    clara.submit(f"{url}/sent", **given, due_id=str(first.id))
    db.session.expire_all()
    assert (first.sent_on, later.sent_on) == (date(2020, 3, 1), None)
    clara.submit(f"{url}/sent", 422, **given, due_id=str(first.id))
    clara.submit(f"{url}/sent", **given, due_id=str(later.id))
    assert "Final report" not in clara.page("/finance").text
    assert not clara.page(f"{url}/sent").all("[name=due_id]")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "October 2019"), ("es", "octubre de 2019"), ("fr", "octobre 2019"), ("pt", "outubro de 2019")],
)
def test_months_are_told_in_the_readers_words(award, cast, as_person, language, words):
    db.session.commit()
    clara = as_person("clara")
    clara.http.set_cookie("language", language)
    page = clara.page(f"/finance/awards/{award.id}/statement?up_to=2019-12-31")
    assert words in page.text
    assert "2019-10" not in page.text
    tables = Document(BytesIO(write_document(found(award), language))).tables
    assert words in [row.cells[0].text for table in tables for row in table.rows]
    book = load_workbook(BytesIO(write_statement(found(award), language)))
    head, cell = book.worksheets[1]["B1"], book.worksheets[3]["B2"]
    assert head.value.date() == cell.value.date() == date(2019, 10, 1)
    assert head.number_format == cell.number_format
    assert "mmm yyyy" in head.number_format
