"""No cell of a file that goes out is run by a spreadsheet program, whoever named what stands in it.

Everything is given a hostile name as it is written; then every address that hands out csv or xlsx is fetched.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from contextlib import contextmanager

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from eom.core.db import Base
from eom.core.spreadsheets import write_csv, write_xlsx
from eom.extensions import db
from tests.factories.world import make_everything
from tests.rules.test_objects import filled

HOSTILE = (
    '=HYPERLINK("http://evil.example","{n}")', "+1", "-1+1 {n}", "@SUM(A1:A9) {n}", "\t=1+{n}", "\r=1+{n}", "\n=1+{n}",
    "\uff1d1+{n}", " =1+{n}", "a;=1+{n}", 'b"\n=cmd|\' /C calc\'!A0 {n}', "c|@x {n}", "d;\t-2+3+{n}", "+591 7 {n}",
)  # fmt: skip
# Columns that hold what a person typed; codes, kinds and hashes have rules of their own.
TYPED = {
    "name", "title", "description", "note", "payee", "contact", "reason", "origin", "owner", "given_names",
    "family_names", "phone", "reference", "source_reference", "voucher", "host_authority", "chief_name",
    "chief_origin", "cancellation_reason", "observers_qualifier", "deployment_stated", "number_in_country",
    "donors_stated", "donors_list_complete", "source_url", "source", "icr_basis", "restrictions", "basis", "decision",
    "locality", "district", "zone", "address", "found_in", "credential_number", "typed_name", "recorded_by",
    "object_name", "actor_name", "closed_by", "prepared_by", "reviewed_by", "instance_name", "station_answer",
    "device_id", "file_name",
}  # fmt: skip
# These may not be anything: an address on the net, a country's code.
RULED = {
    ("sign_in_sessions", "address"),
    ("audit_entries", "address"),
    ("pledges", "address"),
    ("appointments", "origin"),
}
RUN = re.compile(r"\s*(?:[=+@\uff1d\uff0b\uff0d\uff20]|-(?![\d.,]+$))|[\t\r\n]")
RUN_BEHIND_A_CUT = re.compile('[;|\t\r\n][\\s"]*(?:[=+@\uff1d\uff0b\uff20]|-(?!\\d))')


def typed_columns(table: sa.Table) -> list[sa.Column]:
    return [
        column
        for column in table.columns
        if column.name in TYPED
        and (table.name, column.name) not in RULED
        and type(column.type) in (sa.String, sa.Text)
    ]


@contextmanager
def hostile_names():
    """Whatever is written meanwhile by the models has hostile names."""
    numbers = itertools.count()

    def spoil(_mapper, _connection, row):
        for column in typed_columns(row.__table__):
            if getattr(row, column.name, None):
                setattr(row, column.name, hostile(next(numbers), column.type.length))

    event.listen(Base, "before_insert", spoil, propagate=True)
    try:
        yield
    finally:
        event.remove(Base, "before_insert", spoil)


def hostile(number: int, length: int | None) -> str:
    return HOSTILE[number % len(HOSTILE)].format(n=number)[:length]


@pytest.fixture
def ids(app, cast):
    with hostile_names():
        made = make_everything(cast.a, cast.user("amir"))
        db.session.flush()
    # Submissions are written at the driver's speed, past the models.
    db.session.execute(
        sa.text("UPDATE submissions SET instance_name = '=1+1', device_id = '+1', station_answer = '@x'")
    )
    cast.a.name = '=HYPERLINK("http://evil.example")'
    cast.user("dora").memberships[0].donor_id = made["donor_id"]
    for number, user in enumerate(cast.users.values()):
        user.name = hostile(number, 200)
    db.session.commit()
    return made


@pytest.fixture
def downloads(app, cast, as_person, ids):
    """(address, answer) of every file that an address hands out when asked for csv or xlsx."""
    amir, dora = as_person("amir"), as_person("dora")

    def fetch():
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint.startswith(("security.", "static", "openrosa")):
                continue
            url = filled(rule, cast.a.code, {name: ids.get(name, "none") for name in rule.arguments})
            for kind in ("csv", "xlsx"):
                client = dora if rule.endpoint.startswith("own_awards.") else amir
                answer = client.http.get(f"{url}?format={kind}")
                db.session.rollback()
                if answer.status_code == 200 and answer.mimetype != "text/html":
                    yield rule.endpoint, answer
        for kind in ("csv", "xlsx", "json"):
            answer = amir.http.post("/account/my-data/download", data={"format": kind})
            yield "my_data.download", answer

    return fetch


def wrong_in_csv(data: bytes) -> list[str]:
    """Cells that would be run: where the list separator is a comma, and where another cuts the cell."""
    text = data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    return [cell for cell in cells if RUN.match(cell) or RUN_BEHIND_A_CUT.search(cell)]


def wrong_in_xlsx(data: bytes, *, formulas: bool = False) -> list[str]:
    """Cells that are formulas (of a report: formulas that hold what a person typed), links and the like."""
    wrong = []
    book = openpyxl.load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            is_text = isinstance(cell.value, str)
            if cell.hyperlink is not None:
                wrong.append(str(cell.hyperlink.target))
            if cell.data_type == "f" and (
                not formulas or re.search(r"HYPERLINK|evil|cmd|1\+1", str(cell.value))
            ):
                wrong.append(str(cell.value))
            if is_text and cell.data_type == "s" and RUN.match(cell.value) and not cell.quotePrefix:
                wrong.append(f"not quoted: {cell.value!r}")
    return wrong


# Workbooks whose sums are formulas: theirs alone, none of a person's (their own tests look at the words).
WITH_FORMULAS = {"annual.download", "cost_model.show", "statements.show", "statements.own_file"}


def test_no_download_holds_a_cell_that_is_run(downloads):
    seen: dict[str, set[str]] = {}
    for endpoint, answer in downloads():
        seen.setdefault(endpoint, set()).add(answer.mimetype)
        if answer.mimetype == "text/csv":
            assert wrong_in_csv(answer.data) == [], endpoint
        elif answer.mimetype.endswith("sheet"):
            is_report = endpoint in WITH_FORMULAS
            assert wrong_in_xlsx(answer.data, formulas=is_report) == [], endpoint
        elif answer.mimetype == "application/json":
            json.loads(answer.data)
    assert len([name for name, kinds in seen.items() if "text/csv" in kinds]) >= 20, sorted(seen)
    assert {"own_awards.show", "audit.index", "personal_data.index"} <= set(seen)
    assert any(kind.endswith("sheet") for kind in seen["annual.download"])


def test_the_names_that_people_typed_are_really_in_them(downloads):
    """Or the test before would prove nothing."""
    held = {
        endpoint
        for endpoint, answer in downloads()
        if answer.mimetype == "text/csv" and re.search(rb"'[=+@-]", answer.data)
    }
    assert held >= {
        "missions.index",
        "people.index",
        "awards.index",
        "expenditures.index",
        "stations.index",
    }, held


TEXTS = st.text(alphabet="=+-@\t\r\n ;|,\"'aZ1.\uff1d\xa0", max_size=12) | st.sampled_from(HOSTILE)


@settings(deadline=None)
@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_whatever_was_typed_no_cell_of_a_csv_is_run(rows):
    out = io.BytesIO()
    write_csv(rows, out)
    assert wrong_in_csv(out.getvalue()) == []
    read = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))
    assert [[cell.replace("'", "") for cell in row] for row in read if row] == [
        [cell.replace("'", "") for cell in row] for row in rows if row != [""]
    ] or any(row == [""] for row in rows)


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_whatever_was_typed_no_cell_of_a_workbook_is_run(texts):
    out = io.BytesIO()
    write_xlsx([["heading"], *[[text] for text in texts]], out)
    assert wrong_in_xlsx(out.getvalue()) == []


@pytest.mark.parametrize(
    "text", ["-19.07", "-5", "Escuela; turno mañana", "a-b", "x@example.org", "1;2", "50 %", "a\nb"]
)
def test_harmless_texts_stay_as_they_are(text):
    out = io.BytesIO()
    write_csv([["a", "b"], [text, "x"]], out)
    assert (
        next(
            itertools.islice(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")), 1, None)
        )[0]
        == text
    )
