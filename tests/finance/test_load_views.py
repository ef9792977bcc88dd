"""A file into the ledger by its pages: columns, formats to confirm, every error, one load, its taking back."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
import sqlalchemy as sa

from eom.core.audit import AuditEntry
from eom.core.jobs import Job
from eom.extensions import db
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import ColumnMapping, LedgerLoad
from eom.finance.views import loads_kept
from tests.factories.finance import an_award, an_expenditure
from tests.page import Page

ALL, MISSION = "/finance/loads", "/missions/BOL-2019/expenditures/loads"
HEADS = "Grant;Obj;GL Date;Doc;Vendor;Entered;Line id\n"
CHOSEN = {"award": "Grant", "object": "Obj", "date": "GL Date", "voucher": "Doc", "payee": "Vendor",
          "amount": "Entered", "reference": "Line id"}  # fmt: skip


def row(number, award="CAN-1", amount="10,50", day="20/10/2019"):
    return f"{award};4;{day};V{number};Agency;{amount};L{number}\n"


@pytest.fixture
def award(cast):
    made = an_award(cast.a, reference="CAN-1")
    db.session.commit()
    return made


def count(model=Expenditure) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def send(client, text, base=ALL, name="extract.csv"):
    """Send a file; return the page of its columns and the token that finds the file again."""
    answer = client.http.post(
        f"{base}/new", data={"file": (BytesIO(text.encode()), name)}, content_type="multipart/form-data"
    )
    assert answer.status_code == 200, answer.text[:3000]
    page = Page(answer)
    return page, page.one("input[name=token]")["value"]


def preview(client, text, base=ALL, **fields):
    """Send a file, choose its columns; return the preview's page and address."""
    _page, token = send(client, text, base)
    done = client.submit(f"{base}/columns", token=token, **{**CHOSEN, **fields})
    url = done.one("main a.btn-primary, main .panel a[href*=previews]")["href"]
    return client.page(url), url


def test_the_two_bad_rows_of_a_long_file_are_both_named_and_nothing_is_written(cast, award, as_person):
    clara = as_person("clara")
    rows = [row(n, amount="1,034.50" if n < 5 else "34.50") for n in range(2, 301)]
    rows[116], rows[238] = row(118, amount="1.234,50"), row(240, award="NOBODY-7", amount="34.50")
    page, url = preview(clara, HEADS + "".join(rows))
    told = [[cell.get_text(" ", strip=True) for cell in line.select("td")]
            for line in page.all(".error-list tbody tr")]  # fmt: skip
    assert [each[:3] for each in told] == [["118", "Entered", "1.234,50"], ["240", "Grant", "NOBODY-7"]]
    assert "decimal point" in told[0][3]
    assert "award that is recorded" in told[1][3]
    assert "Amounts have a decimal point" in page.text
    assert count() == 0
    listed = clara.get(f"{url}/errors?format=csv")
    assert "118,Entered" in listed.text.replace(";", ",")
    assert clara.http.post(f"{url}/apply", data={"is_sure": "y"}).status_code == 409
    rows[116], rows[238] = row(118, amount="1,234.50"), row(240, amount="34.50")
    mended = HEADS + "".join(rows)
    page, url = preview(clara, mended)
    assert not page.all(".error-list")
    assert clara.http.post(f"{url}/apply").status_code == 422, "the formats were not confirmed"
    assert count() == 0
    clara.submit(f"{url}/apply", is_sure="y")
    assert count() == 299
    page, _url = preview(clara, mended)
    assert "This very file was loaded" in page.text
    assert "Loading it again adds nothing" in page.text
    assert not page.all("form[action$=apply]")
    assert count() == 299


def test_what_can_be_read_in_two_ways_is_asked(cast, award, as_person):
    clara = as_person("clara")
    page, url = preview(clara, HEADS + row(2, amount="1,234", day="05/11/2019"))
    assert "The amounts can be read in two ways" in page.text
    assert "The dates can be read in two ways" in page.text
    done = clara.submit(f"{url}/formats", decimal_mark=".", date_order="dmy")
    page = clara.page(done.one("main .panel a[href*=previews]")["href"])
    assert "5 November 2019" in page.text.replace("November 5, 2019", "5 November 2019")
    assert "1,234.00" in page.text
    assert not page.all(".error-list")


def test_columns_are_kept_under_a_name_and_offered_again(cast, award, as_person):
    clara = as_person("clara")
    preview(clara, HEADS + row(2), keep_as="Oracle extract", same_currency="USD")
    kept = db.session.scalars(sa.select(ColumnMapping)).one()
    assert (kept.name, kept.saved_by, kept.choice["columns"]["amount"]) == (
        "Oracle extract",
        "Clara",
        "Entered",
    )
    page, _token = send(clara, "A title of the report\n\n" + HEADS.upper() + row(3))
    assert "Oracle extract" in page.text
    assert page.one("select[name=reference] option[selected]")["value"] == "LINE ID"
    clara.submit(f"{ALL}/mappings/{kept.id}/forget")
    page, _token = send(clara, HEADS + row(3))
    assert "Oracle extract" not in page.text


def test_a_choice_of_columns_that_cannot_be_is_told_on_its_field(cast, award, as_person):
    clara = as_person("clara")
    _page, token = send(clara, HEADS + row(2))
    page = clara.submit(f"{ALL}/columns", 422, token=token, **{**CHOSEN, "payee": "Doc", "award": None})
    assert "is chosen more than once" in page.text
    page = clara.submit(f"{ALL}/columns", 422, token=token, **{**CHOSEN, "award": None})
    assert "say what is the same for all lines" in page.text
    without = {**CHOSEN, "award": None, "same_award": "can-1"}
    clara.submit(f"{ALL}/columns", token=token, **without)


def test_a_load_is_a_record_that_is_taken_back_as_a_whole(cast, award, as_person):
    clara = as_person("clara")
    text = HEADS + row(2) + row(3, amount="20,25")
    _page, url = preview(clara, text)
    clara.submit(f"{url}/apply", is_sure="y")
    load = db.session.scalars(sa.select(LedgerLoad)).one()
    assert (load.line_count, load.usd_cents, load.loaded_by, len(load.sha256)) == (2, 30_75, "Clara", 64)
    page = clara.page(f"{ALL}/{load.id}")
    assert "$30.75" in page.text
    assert "BOL-2019" in clara.get(f"{ALL}/{load.id}?format=csv").text
    assert "extract.csv" in clara.page(ALL).text
    assert len(clara.page(f"/expenditures?load={load.id}").all("tbody tr")) == 2
    clara.submit(f"{ALL}/{load.id}/reverse", 422, reason="")
    page = clara.submit(f"{ALL}/{load.id}/reverse", reason="The wrong month's file")
    assert "Taking back of a load" in page.text
    assert db.session.scalar(sa.select(sa.func.sum(Expenditure.usd_cents))) == 0
    entry = db.session.scalar(
        sa.select(AuditEntry).where(AuditEntry.object_type == "ledger_loads", AuditEntry.action == "reversed")
    )
    assert (entry.reason, entry.actor_name) == ("The wrong month's file", "Clara")
    assert "taken back already" in clara.submit(f"{ALL}/{load.id}/reverse", 422, reason="Again").text
    _page, url = preview(clara, text)
    clara.submit(f"{url}/apply", is_sure="y")
    assert db.session.scalar(sa.select(sa.func.sum(Expenditure.usd_cents))) == 30_75


def test_every_line_of_a_load_is_told_in_the_trail(cast, award, as_person):
    clara = as_person("clara")
    _page, url = preview(clara, HEADS + row(2))
    clara.submit(f"{url}/apply", is_sure="y")
    line = db.session.scalars(sa.select(Expenditure)).one()
    entry = db.session.scalar(
        sa.select(AuditEntry).where(
            AuditEntry.object_type == "expenditures", AuditEntry.object_id == str(line.id)
        )
    )
    assert (entry.action, entry.actor_name, entry.mission_id) == ("created", "Clara", cast.a.id)
    assert entry.changes["amount_cents"] == [None, 1050]
    assert entry.changes["incurred_on"] == [None, "2019-10-20"]


def test_a_mission_loads_its_own_lines_only(cast, award, as_person):
    clara = as_person("clara")
    page, _url = preview(clara, HEADS + row(2), base=MISSION)
    assert not page.all(".error-list")
    page, _url = preview(clara, HEADS + row(2), base="/missions/PER-2021/expenditures/loads")
    assert "does not pay for this mission" in page.text


def test_someone_elses_preview_is_not_found(cast, award, as_person):
    _page, url = preview(as_person("clara"), HEADS + row(2))
    as_person("amir").page(url, 404)
    as_person("amir").http.post(f"{url}/apply", data={"is_sure": "y"})
    assert count() == 0


def test_who_may_load(as_person):
    for base, denied in (
        (MISSION, {"bruno": 403, "dario": 404, "elena": 403}),
        (ALL, {"ana": 403, "felix": 403}),
    ):
        for name, status in denied.items():
            as_person(name).page(f"{base}/new", status)
        as_person("clara").page(f"{base}/new")


def test_a_job_that_finds_the_books_changed_writes_nothing_and_says_why(cast, award, as_person):
    clara = as_person("clara")
    _page, url = preview(clara, HEADS + row(2, amount="99.000,00"))
    an_expenditure(cast.a, award, amount_cents=90_000_00)
    db.session.commit()
    page = clara.submit(f"{url}/apply", is_sure="y")
    assert "has $10,000.00 left" in page.text
    assert count() == 1
    job = db.session.scalars(sa.select(Job).where(Job.kind == "finance.load")).one()
    assert json.dumps(job.error).count('"row": 2') == 1


def test_a_large_load_is_taken_back_in_the_background(cast, award, as_person, monkeypatch):
    monkeypatch.setattr(loads_kept, "AT_ONCE", 1)
    clara = as_person("clara")
    _page, url = preview(clara, HEADS + row(2) + row(3))
    clara.submit(f"{url}/apply", is_sure="y")
    load = db.session.scalars(sa.select(LedgerLoad)).one()
    page = clara.submit(f"{ALL}/{load.id}/reverse", reason="The wrong file")
    back = page.one(f"a[href^='{ALL}/']")["href"]
    assert "-$21.00" in clara.page(back).text.replace("−", "-")
    assert "taken back already" in clara.submit(f"{ALL}/{load.id}/reverse", 422, reason="Again").text


def workbook(**sheets) -> bytes:
    """A workbook of sheets, each given as rows."""
    from openpyxl import Workbook

    book, out = Workbook(), BytesIO()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        made = book.create_sheet(name)
        for each in rows:
            made.append(each)
    book.save(out)
    return out.getvalue()


def lines(award="CAN-1", count=1):
    heads = ["Award", "Object", "Date", "Voucher", "Payee", "Amount"]
    return [heads, *([award, 4, "2019-10-20", f"V{n}", "Agency", 10 + n] for n in range(count))]


def test_the_sheet_that_looks_like_an_extract_is_found_and_another_can_be_chosen(cast, award, as_person):
    clara = as_person("clara")
    data = workbook(Cover=[["A report"], ["Of the mission"]], Lines=lines(count=2), Others=lines(count=3))
    answer = clara.http.post(
        f"{ALL}/new", data={"file": (BytesIO(data), "book.xlsx")}, content_type="multipart/form-data"
    )
    page = Page(answer)
    assert "The sheet “Lines” is read" in page.text
    token = page.one("form[action$='/columns'] input[name=token]")["value"]
    page = Page(clara.http.post(f"{ALL}/sheet", data={"other-token": token, "other-sheet": "Others"}))
    assert "The sheet “Others” is read" in page.text
    assert (
        clara.http.post(f"{ALL}/sheet", data={"other-token": token, "other-sheet": "None"}).status_code == 422
    )
    chosen = {"award": "Award", "object": "Object", "date": "Date", "voucher": "Voucher", "payee": "Payee",
              "amount": "Amount"}  # fmt: skip
    done = clara.submit(f"{ALL}/columns", token=token, sheet="Others", keep_as="Book", **chosen)
    url = done.one("main a.btn-primary, main .panel a[href*=previews]")["href"]
    clara.submit(f"{url}/apply", is_sure="y")
    assert count() == 3
    kept = db.session.scalars(sa.select(ColumnMapping)).one()
    page, _token = send(clara, ";".join(lines()[0]) + "\nCAN-1;4;20/10/2019;V9;Agency;10,50\n")
    assert kept.name in page.text, "what is kept is not tied to the sheet's name"
