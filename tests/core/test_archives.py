"""Zipped documents: known by their parts, bounded, without macros, without a document type in their XML."""

from __future__ import annotations

import io
import subprocess
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eom.core import archives
from eom.core.errors import AppError, InvalidFile, InvalidInput, TooLarge
from eom.core.spreadsheets import read_table, write_xlsx

ODS = "application/vnd.oasis.opendocument.spreadsheet"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>"""


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


@cache
def workbook() -> bytes:
    out = io.BytesIO()
    write_xlsx([["code", "name"], ["1", "Escuela"]], out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part more, or another in its place."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return archive({each: source.read(each) for each in source.namelist()} | {name: content})


@pytest.fixture(scope="module")
def open_document(tmp_path_factory) -> bytes:
    """A workbook that LibreOffice saved as OpenDocument."""
    folder = tmp_path_factory.mktemp("ods")
    (folder / "list.xlsx").write_bytes(workbook())
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "ods",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), str(folder / "list.xlsx")], check=True, capture_output=True
    )
    return (folder / "list.ods").read_bytes()


def test_an_open_document_is_known_by_its_first_entry(open_document):
    assert archives.office_type(open_document) == ODS
    assert archives.office_type(workbook()) == XLSX
    assert archives.office_type(archive({"mimetype": ODS.encode()})) is None
    assert (
        archives.office_type(archive({"mimetype": b"application/epub+zip", "content.xml": b"<a/>"})) is None
    )


@pytest.mark.parametrize("name", ["Basic/Standard/Module1.xml", "Scripts/python/x.py"])
def test_an_open_document_with_macros_is_refused(open_document, name):
    with pytest.raises(InvalidInput, match="macros"):
        archives.office_type(with_part(open_document, name, b"<a/>"))


@pytest.mark.parametrize(
    "name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml", "xl/activeX/activeX1.xml"]
)
def test_a_workbook_with_macros_is_refused(name):
    with pytest.raises(InvalidInput, match="macros"):
        archives.office_type(with_part(workbook(), name, b"<a/>"))


def test_an_open_document_behind_a_password_is_refused(open_document):
    manifest = b'<?xml version="1.0"?><m:manifest xmlns:m="x"><m:encryption-data/></m:manifest>'
    with pytest.raises(InvalidInput, match="password"):
        archives.office_type(with_part(open_document, "META-INF/manifest.xml", manifest))


@pytest.mark.parametrize(
    "content",
    [
        ENTITIES,
        ENTITIES.decode().encode("utf-16"),
        b"<!-- " + b"x" * 1000 + b" -->" + ENTITIES,
        b"<!-- " + b"x" * 70_000 + b" -->" + ENTITIES,
        b"no markup at all",
    ],
)
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "_rels/.rels"]
)
def test_xml_with_a_document_type_is_refused_wherever_it_stands(part, content):
    hostile = with_part(workbook(), part, content)
    with pytest.raises(InvalidInput, match="DOCTYPE"):
        archives.office_type(hostile)
    with pytest.raises(InvalidFile, match="DOCTYPE"):
        read_table(hostile, "x.xlsx")


def test_an_open_document_with_entities_is_refused_by_both_readers(open_document):
    hostile = with_part(open_document, "content.xml", ENTITIES)
    with pytest.raises(InvalidInput, match="DOCTYPE"):
        archives.office_type(hostile)
    with pytest.raises(InvalidFile, match="DOCTYPE"):
        read_table(hostile, "x.ods")


def test_what_libraries_write_is_read():
    assert read_table(workbook(), "x.xlsx").rows == [["1", "Escuela"]]


def test_an_open_document_is_read(open_document):
    assert read_table(open_document, "x.ods").rows == [["1", "Escuela"]]


def test_an_archive_in_an_archive_is_one_part_that_nobody_unpacks():
    inner = archive({"a.xml": b"<a>" + b" " * (60 << 20) + b"</a>"})
    outer = with_part(workbook(), "xl/embeddings/inner.zip", inner)
    assert archives.office_type(outer) == XLSX
    assert read_table(outer, "x.xlsx").rows == [["1", "Escuela"]]


def test_a_size_that_lies_unpacks_no_more_than_it_states():
    """Python reads as many bytes as the directory states, so the sum of the directory is the bound."""
    data = bytearray(with_part(workbook(), "xl/workbook.xml", b"<a>" + b" " * (2 << 20) + b"</a>"))
    directory = data.rindex(b"PK\x01\x02", 0, data.rindex(b"xl/workbook.xml"))
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert archives.check(bytes(data))
    with pytest.raises(InvalidInput):
        archives.office_type(bytes(data))


def test_bombs_are_refused_by_each_of_their_sizes():
    with pytest.raises(TooLarge):
        archives.check(archive({"a": b"\0" * (60 << 20)}))
    with pytest.raises(TooLarge):
        archives.check(archive({"a": b"ab" * 600}), max_unpacked=1000)
    with pytest.raises(TooLarge):
        archives.check(archive({str(number): b"" for number in range(archives.MAX_ENTRIES + 1)}))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_document_is_taken_or_refused_with_a_sentence(data):
    sent = bytearray(workbook())
    for _ in range(data.draw(st.integers(1, 10))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    for read in (archives.office_type, read_table):
        try:
            read(bytes(sent))
        except AppError as error:
            assert str(error.message)


PARTS = ["xl/workbook.xml", "word/document.xml", "content.xml", "mimetype", "META-INF/manifest.xml"]
NAMES = st.sampled_from(PARTS) | st.text(
    st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=9
)
CONTENT = st.sampled_from([b"<a/>", ENTITIES, ODS.encode()]) | st.binary(max_size=60)


@settings(deadline=None)
@given(st.dictionaries(NAMES, CONTENT, max_size=8))
def test_any_archive_is_known_or_refused(entries):
    try:
        kind = archives.office_type(archive(entries))
    except AppError as error:
        assert str(error.message)
    else:
        assert kind is None or set(entries) & set(PARTS[:3])
        assert ENTITIES not in {data for name, data in entries.items() if kind and name.endswith(".xml")}
