"""Codes of the accounting system in place of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eom.core.errors import InvalidInput
from eom.extensions import db
from eom.finance import extract_codes as codes
from eom.finance.extract_columns import Choice, guess
from eom.finance.imports.expenditures import read_extract
from eom.finance.models.ledger import Expenditure
from eom.finance.models.load import ColumnMapping
from tests.finance.test_load_views import ALL, HEADS, award, preview, row, send  # noqa: F401 - a fixture

WORDS = st.text(st.characters(categories=["Lu", "Nd"]), min_size=1, max_size=12)


@given(st.dictionaries(st.sampled_from(codes.CODED), st.dictionaries(WORDS, WORDS, min_size=1), max_size=3))
def test_what_is_written_is_read_again(table):
    once = codes.read("\n".join(f"{n} {a} = {b}" for n, part in table.items() for a, b in part.items())) \
        if _is_plain(table) else {}  # fmt: skip
    assert codes.read(codes.written(once)) == once


def _is_plain(table) -> bool:
    """Whether no two codes are one without regard to case."""
    from eom.core.countries import fold

    return all(len({fold(key) for key in part}) == len(part) for part in table.values())


@pytest.mark.parametrize(("text", "words"), [
    ("award 4711", "Line 1"), ("\n\npayee A = B", "Line 3"), ("award A = B\naward a = C", "has another meaning already"),
])  # fmt: skip
def test_a_table_that_cannot_be_read_names_the_line(app, text, words):
    with pytest.raises(InvalidInput, match=words):
        codes.read(text)


def test_their_codes_become_ours_and_others_stay(app):
    data = b"award,object,date,voucher,payee,amount,mission\n4711,71000,2019-10-20,V1,A,10,X9\nGEN-1,4,2019-10-20,V2,A,10,\n"
    heads = data.decode().splitlines()[0].split(",")
    table = codes.read("award 4711 = CAN-1\nobject 71000 = 4\nmission x9 = BOL-2019")
    read = read_extract(data, "x.csv", Choice(guess(heads), codes=table))
    assert read.errors == []
    assert [(x.award, x.object_number, x.mission) for x in read.lines] == [
        ("CAN-1", 4, "BOL-2019"),
        ("GEN-1", 4, None),
    ]


def test_a_table_of_codes_is_kept_with_the_columns_and_applied(cast, award, as_person):  # noqa: F811
    clara = as_person("clara")
    _page, token = send(clara, HEADS + row(2, award="4711"))
    from tests.finance.test_load_views import CHOSEN

    page = clara.submit(f"{ALL}/columns", 422, token=token, **CHOSEN, codes="award 4711 CAN-1")
    assert "Line 1" in page.text
    page, url = preview(clara, HEADS + row(2, award="4711"), codes="award 4711 = CAN-1", keep_as="ERP")
    assert not page.all(".error-list")
    clara.submit(f"{url}/apply", is_sure="y")
    line = db.session.query(Expenditure).one()
    assert line.award.reference == "CAN-1"
    assert db.session.query(ColumnMapping).one().choice["codes"] == {"award": {"4711": "CAN-1"}}
    page, _token = send(clara, HEADS + row(3, award="4711"))
    assert "award 4711 = CAN-1" in page.one("textarea[name=codes]").text
